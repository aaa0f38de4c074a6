//! Saying things: to people as text, to programs as one JSON object a line.
//!
//! Each command's report has both faces, so that neither can say what the other does not know. What colleagues wrote is
//! theirs to choose, so a terminal gets no control characters: it would obey them.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use sheaf_protocol::entry::Millis;

use crate::failure::Failure;

/// Where reports go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Whether programs are listening.
    pub json: bool,
}

impl Output {
    /// Prints a report.
    ///
    /// # Errors
    /// When nobody listens any more.
    pub fn print(self, report: &(impl Serialize + Display)) -> Result<(), Failure> {
        let text = match self.json {
            true => serde_json::to_string(report).map_err(io::Error::from)? + "\n",
            false => report.to_string(),
        };
        let mut out = io::stdout().lock();
        out.write_all(fit(&text, &out).as_bytes())?;
        Ok(out.flush()?)
    }

    /// Says on standard error why a command failed.
    pub fn complain(self, failure: &Failure) {
        let text = match self.json {
            true => serde_json::json!({ "error": failure }).to_string(),
            false => failure.message.clone(),
        };
        self.whisper(&text);
    }

    /// Says something to people that is no part of the report.
    pub fn whisper(self, text: &str) {
        // Where standard error is closed, there is nobody left to tell.
        let mut out = io::stderr().lock();
        let _ = writeln!(out, "{}", fit(text, &out));
    }
}

/// Returns a text as it may be shown there: a program gets it as it is.
fn fit<'a>(text: &'a str, out: &impl IsTerminal) -> Cow<'a, str> {
    if out.is_terminal() { plain(text) } else { text.into() }
}

/// Replaces what a terminal would obey instead of showing it, line ends and tabs excepted.
fn plain(text: &str) -> Cow<'_, str> {
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(is_command) { text.replace(is_command, "\u{fffd}").into() } else { text.into() }
}

/// Returns a moment as people in any country read it: `2026-11-21 12:30`, in UTC.
pub fn moment(at: Millis) -> String {
    let minutes = at / 60_000;
    let (days, minute) = (minutes / 1_440, minutes % 1_440);
    // Counted from 1 March 0000, so that a leap day ends a year; eras of 400 years have 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{date:02} {:02}:{:02}", era * 400 + year + later, minute / 60, minute % 60)
}

/// Returns a number with its noun: `1 change`, `3 changes`.
pub fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        assert_eq!(moment(0), "1970-01-01 00:00");
        assert_eq!(moment(951_825_599_000), "2000-02-29 11:59", "a leap day");
        assert_eq!(moment(1_735_689_540_000), "2024-12-31 23:59");
        assert_eq!(moment(1_795_264_200_000), "2026-11-21 12:30");
    }

    #[test]
    fn a_title_does_not_command_the_terminal_of_whoever_lists_it() {
        let title = "Minutes\u{1b}]0;owned\u{7}\u{9b}2J\r\u{7f}";
        assert_eq!(plain(title), "Minutes\u{fffd}]0;owned\u{fffd}\u{fffd}2J\u{fffd}\u{fffd}");
        let page = "Fähre\n\t18:40 · 夕方の船 🚢\n";
        assert_eq!(plain(page), page, "what people write is shown as it is");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!((count(1, "change"), count(0, "change")), ("1 change".into(), "0 changes".into()));
    }
}
