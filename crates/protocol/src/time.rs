//! Times: milliseconds since 1970 inside, RFC 3339 UTC with milliseconds on the wire.
//!
//! Written by hand because it is sixty lines, it sits on the hot path of every message, and a calendar library would be
//! the largest dependency of this crate. A property test holds it to its own inverse over ten thousand years.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

/// 9999-12-31T23:59:59.999Z, the last moment that RFC 3339 can spell.
const LAST: i64 = 253_402_300_799_999;

const DAY: i64 = 86_400_000;

/// When this process began to count by itself.
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
/// What the time was then by the clock that the process follows, in milliseconds since 1970.
static FOLLOWED: AtomicI64 = AtomicI64::new(OWN);
/// It follows none: the machine's clock counts.
const OWN: i64 = i64::MIN;

impl Timestamp {
    /// The time by the machine's clock, or by the one that this process follows.
    pub fn now() -> Self {
        match FOLLOWED.load(Ordering::Relaxed) {
            OWN => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(since.as_millis() as i64)
            }
            then => Timestamp(then.saturating_add(BEGUN.elapsed().as_millis() as i64)),
        }
    }

    /// Follows another clock, which shows `time` now, give or take `doubt`: from here on the time is counted from there,
    /// whatever is done to the machine's clock. Within the doubt, what was followed before goes on without a jump.
    pub fn follow(time: Timestamp, doubt: Duration) {
        let then = time.0.saturating_sub(BEGUN.elapsed().as_millis() as i64);
        let known = FOLLOWED.load(Ordering::Relaxed);
        if known == OWN || u128::from(known.abs_diff(then)) > doubt.as_millis() {
            FOLLOWED.store(then, Ordering::Relaxed);
        }
    }

    pub fn plus_seconds(self, seconds: u64) -> Self {
        Timestamp(self.0.saturating_add(seconds.saturating_mul(1000).min(i64::MAX as u64) as i64).min(LAST))
    }
}

/// Days since 1970 to year, month and day (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn put(out: &mut [u8], mut value: i64) {
    for digit in out.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

impl Timestamp {
    fn spell(self) -> [u8; 24] {
        let clamped = self.0.clamp(0, LAST);
        let (year, month, day) = civil(clamped.div_euclid(DAY));
        let ms = clamped.rem_euclid(DAY);
        let mut out = *b"0000-00-00T00:00:00.000Z";
        put(&mut out[0..4], year);
        put(&mut out[5..7], month);
        put(&mut out[8..10], day);
        put(&mut out[11..13], ms / 3_600_000);
        put(&mut out[14..16], ms / 60_000 % 60);
        put(&mut out[17..19], ms / 1000 % 60);
        put(&mut out[20..23], ms % 1000);
        out
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelled = self.spell();
        f.write_str(std::str::from_utf8(&spelled).unwrap_or_default())
    }
}

/// Text that is not a UTC time in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTime;

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time is spelled like 2030-01-31T23:59:59.000Z (RFC 3339, UTC, fraction optional)")
    }
}

impl std::error::Error for InvalidTime {}

impl FromStr for Timestamp {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let bytes = text.as_bytes();
        let number = |range: std::ops::Range<usize>| -> Result<i64, InvalidTime> {
            let part = bytes.get(range).ok_or(InvalidTime)?;
            part.iter().try_fold(0, |sum, b| {
                if b.is_ascii_digit() { Ok(sum * 10 + i64::from(b - b'0')) } else { Err(InvalidTime) }
            })
        };
        let fixed = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if bytes.len() < 20 || bytes.last() != Some(&b'Z') || fixed.iter().any(|&(at, mark)| bytes[at] != mark) {
            return Err(InvalidTime);
        }
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        let fraction = &bytes[19..bytes.len() - 1];
        let ms = match fraction {
            [] => 0,
            [b'.', digits @ ..] if (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
                (0..3).fold(0, |sum, at| sum * 10 + digits.get(at).map_or(0, |b| i64::from(b - b'0')))
            }
            _ => return Err(InvalidTime),
        };
        let total = days(year, month, day);
        if civil(total) != (year, month, day) || year < 1970 || hour > 23 || minute > 59 || second > 59 {
            return Err(InvalidTime);
        }
        Ok(Timestamp(total * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let spelled = self.spell();
        serializer.serialize_str(std::str::from_utf8(&spelled).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .examples(["2030-01-31T23:59:59.000Z"])
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(951_827_696_789).to_string(), "2000-02-29T12:34:56.789Z");
        assert_eq!("2000-02-29T12:34:56.789Z".parse(), Ok(Timestamp(951_827_696_789)));
        assert_eq!("2000-02-29T12:34:56Z".parse(), Ok(Timestamp(951_827_696_000)));
        for bad in [
            "",
            "2001-02-29T00:00:00Z",
            "2000-13-01T00:00:00Z",
            "2000-01-01T24:00:00Z",
            "2000-01-01T00:00:00+01:00",
            "2000-01-01 00:00:00Z",
        ] {
            assert_eq!(bad.parse::<Timestamp>(), Err(InvalidTime), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn spelling_and_reading_are_inverse(ms in 0..=LAST) {
            prop_assert_eq!(Timestamp(ms).to_string().parse(), Ok(Timestamp(ms)));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,32}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
