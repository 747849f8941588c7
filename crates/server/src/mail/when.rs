//! When a digest is due.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use laserchat_protocol::Timestamp;
use laserchat_protocol::notification::DigestEvery;

const HOUR_SECONDS: u64 = 3600;
/// The hour of the morning at which daily digests go out.
const MORNING: i8 = 8;

/// When to tell of what comes at a moment: an hour later, by when most things are read, or on the next morning where the
/// reader lives. Whoever has no time zone, or one that is not known, lives by UTC.
pub fn due(every: DigestEvery, zone: Option<&str>, at: Timestamp) -> Option<Timestamp> {
    match every {
        DigestEvery::Off => None,
        DigestEvery::Hourly => Some(at.plus_seconds(HOUR_SECONDS)),
        DigestEvery::Daily => Some(morning(zone, at).unwrap_or_else(|| at.plus_seconds(24 * HOUR_SECONDS))),
    }
}

/// `None` only at the end of the calendar.
fn morning(zone: Option<&str>, at: Timestamp) -> Option<Timestamp> {
    let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let now = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone());
    let on = |date: jiff::civil::Date| Some(date.at(MORNING, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp());
    let today = on(now.date())?;
    let next = if today > now.timestamp() { today } else { on(now.date().checked_add(1.day()).ok()?)? };
    Some(Timestamp(next.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_later_or_on_the_next_morning() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let daily = |zone, text: &str| due(DigestEvery::Daily, zone, at(text)).unwrap().to_string();
        assert_eq!(due(DigestEvery::Off, None, at("2026-03-01T12:00:00Z")), None);
        let hourly = due(DigestEvery::Hourly, None, at("2026-03-01T12:00:00Z"));
        assert_eq!(hourly, Some(at("2026-03-01T13:00:00Z")));
        assert_eq!(daily(None, "2026-03-01T07:59:59Z"), "2026-03-01T08:00:00.000Z");
        assert_eq!(daily(None, "2026-03-01T08:00:00Z"), "2026-03-02T08:00:00.000Z");
        assert_eq!(daily(Some("No/Such"), "2026-03-01T09:00:00Z"), "2026-03-02T08:00:00.000Z");
        // The clocks go forward in the night between.
        assert_eq!(daily(Some("Europe/Berlin"), "2026-03-28T12:00:00Z"), "2026-03-29T06:00:00.000Z");
        assert_eq!(daily(Some("Pacific/Auckland"), "2026-07-01T19:00:00Z"), "2026-07-01T20:00:00.000Z");
    }
}
