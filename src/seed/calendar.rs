//! Days of the demonstration: 2019 to 2025, and the day up to which procedures are told.

use chrono::{Days, NaiveDate};

use super::stream::SplitMix64;

/// The years the data cover.
pub(super) const YEARS: [i32; 7] = [2019, 2020, 2021, 2022, 2023, 2024, 2025];

/// Nothing is told after this day.
pub(super) const HORIZON: NaiveDate = day(2026, 6, 30);

/// Weights of the months: fewer accidents in the month of the Spring Festival, more in the building
/// season.
const MONTHS: [u32; 12] = [62, 50, 84, 90, 96, 102, 106, 106, 95, 90, 85, 74];

/// Weights of the hours: most work is done from 8 to 18.
const HOURS: [u32; 24] = [
    14, 13, 13, 12, 13, 16, 24, 44, 74, 92, 98, 84, 52, 58, 84, 94, 90, 76, 52, 36, 30, 26, 22, 18,
];

/// That day; the first day of time for a day that does not exist.
pub(super) const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

/// So many days later.
pub(super) fn after(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(date)
}

/// So many days earlier.
pub(super) fn before(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(days))).unwrap_or(date)
}

/// The day of one of `count` events of a year that are numbered in order of time and follow the
/// seasons.
pub(super) fn seasonal(stream: &mut SplitMix64, year: i32, number: u32, count: u32) -> NaiveDate {
    let total: u64 = MONTHS.iter().map(|weight| u64::from(*weight) * 1000).sum();
    let place = u64::from(number) * 1000 + u64::from(stream.below(1000));
    let mut rest = place * total / (u64::from(count.max(1)) * 1000);
    for (month, weight) in (1..).zip(MONTHS) {
        let width = u64::from(weight) * 1000;
        if rest < width {
            let first = day(year, month, 1);
            let days = first
                .checked_add_months(chrono::Months::new(1))
                .map_or(28, |next| (next - first).num_days() as u64);
            return after(first, (rest * days / width) as u32);
        }
        rest -= width;
    }
    day(year, 12, 31)
}

/// The day of one of `count` events of a year that are numbered in order of time and spread evenly.
pub(super) fn even(stream: &mut SplitMix64, year: i32, number: u32, count: u32) -> NaiveDate {
    let place = (u64::from(number) * 1000 + u64::from(stream.below(1000))) * 365
        / (u64::from(count.max(1)) * 1000);
    after(day(year, 1, 1), place as u32)
}

/// An hour and a minute of a working day.
pub(super) fn clock(stream: &mut SplitMix64) -> (u32, u32) {
    (stream.weighted(HOURS) as u32, stream.below(60))
}
