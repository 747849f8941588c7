//! When: the dates of a query, as spans of time in the zone of whoever asks.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant, ToSpan};
use laserchat_protocol::Timestamp;

/// Where and when somebody asks.
#[derive(Debug, Clone)]
pub struct Asked {
    pub now: Timestamp,
    pub zone: TimeZone,
}

/// From the first moment on, before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Period {
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Asked {
    fn today(&self) -> Option<Date> {
        let now = Instant::from_millisecond(self.now.0).ok()?;
        Some(now.to_zoned(self.zone.clone()).date())
    }

    fn start(&self, day: Date) -> Option<Timestamp> {
        let start = day.to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp(start.timestamp().as_millisecond()))
    }

    fn period(&self, first: Date, length: Span) -> Option<Period> {
        Some(Period { from: self.start(first)?, until: self.start(first.checked_add(length).ok()?)? })
    }

    /// A day, a month or a year: `2026-11-21`, `21.11.2026`, `2026-11`, `november`, `2026`, `today`, `yesterday`, `week`,
    /// `month`, `year`. `None` if it is none.
    pub fn read(&self, text: &str) -> Option<Period> {
        let text = text.to_ascii_lowercase();
        let today = self.today()?;
        match text.as_str() {
            "today" => return self.period(today, 1.day()),
            "yesterday" => return self.period(today.yesterday().ok()?, 1.day()),
            "week" => {
                let since_monday = i64::from(today.weekday().to_monday_zero_offset());
                return self.period(today.checked_sub(since_monday.days()).ok()?, 1.week());
            }
            "month" => return self.period(today.first_of_month(), 1.month()),
            "year" => return self.period(today.first_of_year(), 1.year()),
            _ => {}
        }
        let named = |name: &&str| text.len() >= 3 && name.starts_with(text.as_str());
        if let Some(month) = MONTHS.iter().position(named) {
            // The latest such month that has begun.
            let month = month as i8 + 1;
            let year = if month > today.month() { today.year() - 1 } else { today.year() };
            return self.period(Date::new(year, month, 1).ok()?, 1.month());
        }
        let numbers = |mark: char| -> Option<Vec<i16>> { text.split(mark).map(number).collect() };
        if let Some(&[day, month, year]) = numbers('.').as_deref() {
            return self.period(day_of(year, month, day)?, 1.day());
        }
        match *numbers('-').or_else(|| numbers('/'))?.as_slice() {
            [year] => self.period(day_of(year, 1, 1)?, 1.year()),
            [year, month] => self.period(day_of(year, month, 1)?, 1.month()),
            [year, month, day] => self.period(day_of(year, month, day)?, 1.day()),
            _ => None,
        }
    }
}

fn number(text: &str) -> Option<i16> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn day_of(year: i16, month: i16, day: i16) -> Option<Date> {
    // Years that a conversation can have.
    let possible = (1970..=9000).contains(&year);
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok().filter(|_| possible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(zone: &str, now: &str, text: &str) -> Option<(String, String)> {
        let now = Timestamp(now.parse::<Instant>().unwrap().as_millisecond());
        let asked = Asked { now, zone: TimeZone::get(zone).unwrap() };
        let show = |at: Timestamp| Instant::from_millisecond(at.0).unwrap().to_string();
        asked.read(text).map(|found| (show(found.from), show(found.until)))
    }

    fn utc(text: &str) -> Option<(String, String)> {
        read("UTC", "2026-11-21T10:00:00Z", text)
    }

    fn days(from: &str, until: &str) -> Option<(String, String)> {
        Some((format!("{from}T00:00:00Z"), format!("{until}T00:00:00Z")))
    }

    #[test]
    fn days_months_and_years() {
        assert_eq!(utc("2026-02-28"), days("2026-02-28", "2026-03-01"));
        assert_eq!(utc("28.2.2026"), utc("2026/02/28"));
        assert_eq!(utc("2026-12"), days("2026-12-01", "2027-01-01"));
        assert_eq!(utc("2025"), days("2025-01-01", "2026-01-01"));
        assert_eq!(utc("today"), days("2026-11-21", "2026-11-22"));
        assert_eq!(utc("Yesterday"), days("2026-11-20", "2026-11-21"));
        assert_eq!(utc("week"), days("2026-11-16", "2026-11-23"));
        assert_eq!(utc("nov"), days("2026-11-01", "2026-12-01"));
        assert_eq!(utc("December"), days("2025-12-01", "2026-01-01"));
        for bad in
            ["", "-", "2026-13", "2026-02-30", "99999", "1", "2026-1-1-1", "tomorrow", "１９", "٢٠٢٦", "-2026", "ma"]
        {
            assert_eq!(utc(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_is_as_long_as_where_one_asks() {
        let late = "2026-03-29T22:30:00Z";
        let span = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
        assert_eq!(read("Europe/Berlin", late, "today"), span("2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"));
        assert_eq!(
            read("Europe/Berlin", late, "yesterday"),
            span("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            "the day on which the clocks went forward has 23 hours"
        );
        assert_eq!(read("America/New_York", late, "today"), span("2026-03-29T04:00:00Z", "2026-03-30T04:00:00Z"));
    }
}
