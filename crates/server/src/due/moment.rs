//! Moments: when a wall time in a time zone is.
//!
//! Somebody who schedules a message for nine o'clock means nine o'clock, whatever becomes of daylight saving time until
//! then. So the wall time is kept, and the moment is worked out from it again whenever the time zone of the account or the
//! rules of time zones change.
//!
//! When clocks go forward, a wall time in the hour that is left out is as much later as the clocks are put forward: 02:30
//! becomes 03:30. When they go back, an hour comes twice, and the first one is meant.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use laserchat_core::Refusal;
use laserchat_protocol::limits::AHEAD_DAYS;
use laserchat_protocol::{Code, Timestamp};

/// When something is to happen, as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// A wall time.
    pub at: Option<String>,
    /// The time zone of `at`; without one, that of the account.
    pub time_zone: Option<String>,
    /// Instead of a wall time: a moment.
    pub moment: Option<Timestamp>,
    /// The name of the field that says the moment, for refusals.
    pub field: &'static str,
}

/// The moment of a wall time in a time zone. `None`: there is no such time or no such zone.
pub fn work_out(at: &str, time_zone: &str) -> Option<Timestamp> {
    let wall = wall_time(at)?;
    let zone = TimeZone::get(time_zone).ok()?;
    let moment = wall.to_zoned(zone).ok()?.timestamp().as_millisecond();
    (moment >= 0).then_some(Timestamp(moment))
}

/// Reads `2026-12-01T09:00`, with seconds or without.
fn wall_time(text: &str) -> Option<DateTime> {
    let form = |template: &str| {
        text.len() == template.len()
            && text.bytes().zip(template.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                mark => byte == mark,
            })
    };
    if form("0000-00-00T00:00") || form("0000-00-00T00:00:00") { text.parse().ok() } else { None }
}

/// The moment that is wished for, if it is one to come. `account_zone` is the time zone of the account.
pub fn resolve(wish: &Wish, account_zone: Option<&str>, now: Timestamp) -> Result<Timestamp, Refusal> {
    let refuse =
        |field: &'static str, detail: &'static str| Err(Refusal::new(Code::InvalidField).field(field).detail(detail));
    let (moment, field) = match (&wish.at, wish.moment) {
        (None, Some(moment)) if wish.time_zone.is_none() => (moment, wish.field),
        (Some(at), None) => {
            let own = wish.time_zone.is_none();
            let Some(zone) = wish.time_zone.as_deref().or(account_zone) else {
                return refuse("time_zone", "name one, or choose your own in your profile");
            };
            if TimeZone::get(zone).is_err() {
                let detail = if own {
                    "that of your profile is not known here; name one"
                } else {
                    "an IANA name, as Europe/Berlin"
                };
                return refuse("time_zone", detail);
            }
            match work_out(at, zone) {
                Some(moment) => (moment, "at"),
                None => return refuse("at", "a wall time, as 2026-12-01T09:00"),
            }
        }
        _ => return refuse("at", "give either a wall time or a moment"),
    };
    if moment <= now {
        return refuse(field, "this is in the past");
    }
    if moment > now.plus_seconds(AHEAD_DAYS * 86_400) {
        return refuse(field, "at most five years ahead");
    }
    Ok(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone: &str) -> Option<String> {
        work_out(text, zone).map(|moment| moment.to_string())
    }

    #[test]
    fn wall_times_are_moments_in_their_zone() {
        assert_eq!(at("2026-12-01T09:00", "Europe/Berlin").unwrap(), "2026-12-01T08:00:00.000Z");
        assert_eq!(at("2026-07-01T09:00:30", "Europe/Berlin").unwrap(), "2026-07-01T07:00:30.000Z");
        assert_eq!(at("2026-12-01T09:00", "Asia/Kathmandu").unwrap(), "2026-12-01T03:15:00.000Z");
        assert_eq!(at("2026-12-01T09:00", "UTC").unwrap(), "2026-12-01T09:00:00.000Z");
    }

    #[test]
    fn an_hour_that_is_left_out_is_later_and_one_that_comes_twice_is_the_first() {
        assert_eq!(at("2027-03-28T02:30", "Europe/Berlin").unwrap(), "2027-03-28T01:30:00.000Z");
        assert_eq!(at("2027-03-28T03:30", "Europe/Berlin").unwrap(), "2027-03-28T01:30:00.000Z");
        assert_eq!(at("2026-10-25T02:30", "Europe/Berlin").unwrap(), "2026-10-25T00:30:00.000Z");
        assert_eq!(at("2026-11-01T01:30", "America/New_York").unwrap(), "2026-11-01T05:30:00.000Z");
        // Lord Howe Island moves its clocks by half an hour.
        assert_eq!(at("2026-10-04T02:15", "Australia/Lord_Howe").unwrap(), "2026-10-03T15:45:00.000Z");
    }

    #[test]
    fn what_is_no_wall_time() {
        for bad in [
            "",
            "2026-12-01",
            "2026-12-01 09:00",
            "2026-12-01T09:00Z",
            "2026-12-01T09:00+01:00",
            "2026-13-01T09:00",
            "2026-02-30T09:00",
            "2026-12-01T24:00",
            "2026-12-01T9:00",
            "1960-01-01T00:00",
            "2026-12-01T09:00[UTC]",
        ] {
            assert_eq!(at(bad, "UTC"), None, "{bad}");
        }
        for bad in ["", "Mars/Base", "../etc/passwd", "Europe/Berlin\0"] {
            assert_eq!(at("2026-12-01T09:00", bad), None, "{bad}");
        }
    }

    #[test]
    fn wishes() {
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let wish = |at: Option<&str>, zone: Option<&str>, moment: Option<&str>| Wish {
            at: at.map(str::to_owned),
            time_zone: zone.map(str::to_owned),
            moment: moment.map(|text| text.parse().unwrap()),
            field: "send_at",
        };
        let field = |wish: Wish, zone| resolve(&wish, zone, now).unwrap_err().field.unwrap();
        let nine = Some("2026-12-01T09:00");
        let berlin = Some("Europe/Berlin");
        assert_eq!(resolve(&wish(nine, None, None), berlin, now).unwrap().to_string(), "2026-12-01T08:00:00.000Z");
        assert_eq!(
            resolve(&wish(nine, Some("UTC"), None), berlin, now).unwrap().to_string(),
            "2026-12-01T09:00:00.000Z"
        );
        assert!(resolve(&wish(None, None, Some("2026-12-01T09:00:00Z")), None, now).is_ok());
        assert_eq!(field(wish(nine, None, None), None), "time_zone");
        assert_eq!(field(wish(nine, None, None), Some("Mars/Base")), "time_zone");
        assert_eq!(field(wish(nine, Some("Mars/Base"), None), berlin), "time_zone");
        assert_eq!(field(wish(Some("tomorrow"), None, None), berlin), "at");
        assert_eq!(field(wish(None, None, None), berlin), "at");
        assert_eq!(field(wish(nine, None, Some("2026-12-01T09:00:00Z")), berlin), "at");
        assert_eq!(field(wish(None, berlin, Some("2026-12-01T09:00:00Z")), berlin), "at");
        assert_eq!(field(wish(Some("2026-10-01T09:00"), None, None), berlin), "at");
        assert_eq!(field(wish(None, None, Some("2026-11-01T00:00:00Z")), berlin), "send_at");
        assert_eq!(field(wish(None, None, Some("2036-11-01T00:00:00Z")), berlin), "send_at");
    }
}
