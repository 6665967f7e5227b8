//! A period: a calendar month of the instance's time zone, written 2026-11.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::refusal::Refusal;

/// A calendar month, counted from year 0: it orders, and the next one is one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(i32);

impl Period {
    /// The month of a year; none outside year 1 to 9999 or month 1 to 12.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let is_known = (1..=9999).contains(&year) && (1..=12).contains(&month);
        is_known.then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// The number it is stored as.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0 as i64
    }

    /// Reads back [`Self::number`].
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        let year = i16::try_from(number.div_euclid(12)).ok()?;
        Self::new(year, i8::try_from(number.rem_euclid(12) + 1).ok()?)
    }

    /// The month of a moment in the instance's zone.
    #[must_use]
    pub fn at(now: Timestamp, zone: &TimeZone) -> Self {
        let date = now.to_zoned(zone.clone()).date();
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let is_shaped = text.len() == 7
            && text
                .bytes()
                .enumerate()
                .all(|(place, byte)| if place == 4 { byte == b'-' } else { byte.is_ascii_digit() });
        let parts = text.split_once('-').filter(|_| is_shaped);
        let numbers =
            parts.and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
        numbers.and_then(|(year, month)| Self::new(year, month)).ok_or(Refusal::PeriodMalformed {})
    }

    /// Its year.
    #[must_use]
    pub const fn year(self) -> i16 {
        (self.0 / 12) as i16
    }

    /// Its month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        (self.0 % 12 + 1) as i8
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// So many months earlier.
    #[must_use]
    pub const fn back(self, months: i32) -> Self {
        Self(self.0 - months)
    }

    /// How many months lie between `earlier` and this one.
    #[must_use]
    pub const fn months_since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::new(self.year(), self.month(), 1).unwrap_or(Date::MAX)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The moment it begins in a zone.
    #[must_use]
    pub fn begins(self, zone: &TimeZone) -> Timestamp {
        let midnight = self.first_day().to_zoned(zone.clone());
        midnight.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// The moment it is over: when the next one begins.
    #[must_use]
    pub fn ends(self, zone: &TimeZone) -> Timestamp {
        self.next().begins(zone)
    }

    /// Whole days from a moment until its last day; 0 on the last day and after.
    #[must_use]
    pub fn days_left(self, now: Timestamp, zone: &TimeZone) -> i64 {
        let today = now.to_zoned(zone.clone()).date();
        let days = today.until(self.last_day()).map_or(0, |span| i64::from(span.get_days()));
        days.max(0)
    }

    /// A moment within it, for tests and demonstrations: so many days after it begins.
    #[must_use]
    pub fn day(self, days: i32, zone: &TimeZone) -> Timestamp {
        let hours = (i64::from(days) * 24 + 12).hours();
        self.begins(zone).checked_add(hours).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year(), self.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_month_belongs_to_the_instances_zone() {
        let paris = TimeZone::get("Europe/Paris").expect("bundled zone");
        let moment: Timestamp = "2026-11-30T23:30:00Z".parse().expect("a moment");
        assert_eq!(Period::at(moment, &TimeZone::UTC).to_string(), "2026-11");
        assert_eq!(Period::at(moment, &paris).to_string(), "2026-12");
    }

    #[test]
    fn it_ends_where_the_next_begins() {
        let paris = TimeZone::get("Europe/Paris").expect("bundled zone");
        let march = Period::parse("2026-03").expect("a month");
        assert_eq!(march.ends(&paris).to_string(), "2026-03-31T22:00:00Z");
        assert_eq!(Period::at(march.ends(&paris), &paris), march.next());
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-11",
            "2026-1",
            "2026/11",
            "２０２６-11",
            "+026-11",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_numbers_read_back(year in 1_i16..=9999, month in 1_i8..=12) {
            let period = Period::new(year, month).expect("in range");
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
            prop_assert_eq!(Period::from_number(period.number()), Some(period));
            prop_assert_eq!(period.next().back(1), period);
        }
    }
}
