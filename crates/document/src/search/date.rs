//! Days as people write them in a filter: `2026`, `2026-03`, `2026-03-31`.

use std::ops::Range;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Returns the milliseconds since 1970 from the beginning of a year, month or day to its end, in UTC.
pub(super) fn span(text: &str) -> Option<Range<i64>> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|month| number(month, 2).filter(|month| (1..=12).contains(month)));
    let day = parts.next().map(|day| number(day, 2));
    if parts.next().is_some() {
        return None;
    }
    let first = |year, month| day_number(year, month, 1);
    let after = |year, month| if month == 12 { first(year + 1, 1) } else { first(year, month + 1) };
    let days = match (month, day) {
        (None, _) => first(year, 1)..first(year + 1, 1),
        (Some(month), None) => first(year, month?)..after(year, month?),
        (Some(month), Some(day)) => {
            let (month, day) = (month?, day?);
            let at = day_number(year, month, day);
            if day < 1 || at >= after(year, month) {
                return None;
            }
            at..at + 1
        }
    };
    Some(days.start * DAY..days.end * DAY)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Counts days from 1970-01-01, by the Gregorian calendar: years begin in March, so that leap days come last.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_years = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let of_months = (153 * month + 2) / 5;
    of_years + of_months + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_a_month_and_a_year_are_as_long_as_they_are() {
        assert_eq!(span("1970-01-01"), Some(0..DAY), "time begins there");
        assert_eq!(span("2024-02-29").map(|it| it.start), Some(1_709_164_800_000), "a leap day");
        let days = |text| span(text).map(|it| (it.end - it.start) / DAY);
        assert_eq!(
            (days("2024"), days("2026"), days("2100"), days("2026-12")),
            (Some(366), Some(365), Some(365), Some(31)),
            "leap years have a day more, but for centuries"
        );
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in
            ["", "26", "2026-", "2026-13", "2026-00", "2026-02-30", "2026-1-1", "2026-01-01-01", "+026"]
        {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
