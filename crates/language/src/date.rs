//! Months, days and moments as each language writes them, from ICU's data.

use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{YM, YMD, YMDT};
use icu_datetime::input::{Date as IcuDate, DateTime as IcuDateTime, Time as IcuTime};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use obole_domain::Period;

use crate::language::{Language, PerLanguage};

struct Formatters {
    month: Formatter<Gregorian, YM>,
    month_short: Formatter<Gregorian, YM>,
    day: Formatter<Gregorian, YMD>,
    minute: Formatter<Gregorian, YMDT>,
}

impl Formatters {
    fn new(language: Language) -> Self {
        let data = "the data of every language is compiled in";
        let prefs = || language.locale().into();
        Self {
            month: Formatter::try_new(prefs(), YM::long()).expect(data),
            month_short: Formatter::try_new(prefs(), YM::medium()).expect(data),
            day: Formatter::try_new(prefs(), YMD::long()).expect(data),
            minute: Formatter::try_new(prefs(), YMD::long().with_time_hm()).expect(data),
        }
    }
}

thread_local! {
    // Not shared between threads: ICU's formatters cannot be.
    static FORMATTERS: PerLanguage<Formatters> = PerLanguage::new(Formatters::new);
}

/// A month in full: `November 2026`, `novembre 2026`.
#[must_use]
pub fn period(language: Language, period: Period) -> String {
    let day = gregorian(period.first_day());
    with(language, |formatters| formatters.month.format(&day).to_string())
}

/// A month where room is scarce: `Nov 2026`, `nov. 2026`.
#[must_use]
pub fn period_short(language: Language, period: Period) -> String {
    let day = gregorian(period.first_day());
    with(language, |formatters| formatters.month_short.format(&day).to_string())
}

/// A day: `22 November 2026`, `22 novembre 2026`.
#[must_use]
pub fn date(language: Language, date: Date) -> String {
    let day = gregorian(date);
    let printed = with(language, |formatters| formatters.day.format(&day).to_string());
    ordinal(language, printed)
}

/// A moment to the minute, in the zone given: `22 November 2026 at 19:05`.
#[must_use]
pub fn moment(language: Language, moment: Timestamp, zone: &TimeZone) -> String {
    let local = moment.to_zoned(zone.clone());
    let minute = IcuDateTime { date: gregorian(local.date()), time: clock(local.time()) };
    let printed = with(language, |formatters| formatters.minute.format(&minute).to_string());
    ordinal(language, printed)
}

fn with(language: Language, print: impl Fn(&Formatters) -> String) -> String {
    FORMATTERS.with(|formatters| print(formatters.get(language)))
}

/// The French first of a month is an ordinal, which ICU does not know.
fn ordinal(language: Language, printed: String) -> String {
    match (language, printed.strip_prefix("1 ")) {
        (Language::French, Some(rest)) => format!("1er {rest}"),
        _ => printed,
    }
}

fn gregorian(date: Date) -> IcuDate<Gregorian> {
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    IcuDate::try_new_gregorian(i32::from(date.year()), month, day)
        .expect("every day of jiff is a Gregorian day")
}

fn clock(time: Time) -> IcuTime {
    let (hour, minute) = (time.hour().unsigned_abs(), time.minute().unsigned_abs());
    IcuTime::try_new(hour, minute, 0, 0).expect("every time of jiff is a time of day")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_two_lengths() {
        let november = Period::parse("2026-11").expect("a month");
        assert_eq!(period(Language::English, november), "November 2026");
        assert_eq!(period(Language::French, november), "novembre 2026");
        assert_eq!(period_short(Language::English, november), "Nov 2026");
        assert_eq!(period_short(Language::French, november), "nov. 2026");
    }

    #[test]
    fn days_are_written_out() {
        let day = |day| Date::new(2026, 11, day).expect("a day");
        assert_eq!(date(Language::English, day(22)), "22 November 2026");
        assert_eq!(date(Language::French, day(22)), "22 novembre 2026");
        assert_eq!(date(Language::English, day(1)), "1 November 2026");
        assert_eq!(date(Language::French, day(1)), "1er novembre 2026");
    }

    #[test]
    fn moments_are_of_the_readers_zone() {
        let paris = TimeZone::get("Europe/Paris").expect("bundled zone");
        let late: Timestamp = "2026-11-30T23:05:59Z".parse().expect("a moment");
        assert_eq!(moment(Language::English, late, &TimeZone::UTC), "30 November 2026 at 23:05");
        assert_eq!(moment(Language::English, late, &paris), "1 December 2026 at 00:05");
        assert_eq!(moment(Language::French, late, &paris), "1er décembre 2026 à 00:05");
    }

    #[test]
    fn the_ends_of_the_calendar_are_printed() {
        for language in Language::ALL {
            for day in [Date::MIN, Date::MAX] {
                assert!(!date(language, day).is_empty());
            }
            for end in [Timestamp::MIN, Timestamp::MAX] {
                assert!(!moment(language, end, &TimeZone::UTC).is_empty());
            }
        }
    }
}
