//! How a bench says what it measured: one line of JSON for each figure, which `cargo xtask bench` turns into a table.
//!
//! A figure without a gate is no figure: it is either held against a peer or a limit that was measured in the same run,
//! round by round, or against a number that must hold on any machine. One that does not hold is printed all the same.

#![expect(clippy::print_stdout, reason = "what a bench prints is its result")]

use serde_json::json;

/// What was measured.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// The part of the program that it is about.
    pub group: &'a str,
    /// What it is, in a few words.
    pub what: &'a str,
    /// The unit of `ours` and of what it is held against.
    pub unit: &'a str,
    /// Our number: a median.
    pub ours: f64,
}

impl Figure<'_> {
    /// Prints the figure beside a limit from the same run: ours may be at most so many times the limit.
    pub fn at_most_times(self, most: f64, limit: f64) {
        let ratio = self.ours / limit;
        self.print(Some(limit), Some(ratio), &format!("<= {most} times"), ratio <= most);
    }

    /// Prints the figure beside a number that it may not pass.
    pub fn at_most(self, most: f64) {
        self.print(None, None, &format!("<= {most} {}", self.unit), self.ours <= most);
    }

    /// Prints the figure beside a number that it may not pass, and what a peer took in the same run.
    pub fn at_most_beside(self, most: f64, peer: f64) {
        let gate = format!("<= {most} {}", self.unit);
        self.print(Some(peer), Some(self.ours / peer), &gate, self.ours <= most);
    }

    /// Prints the figure beside a number that it has to reach, and what the limit reached in the same run.
    pub fn at_least(self, least: f64, limit: f64) {
        let gate = format!(">= {least} {}", self.unit);
        self.print(Some(limit), Some(self.ours / limit), &gate, self.ours >= least);
    }

    fn print(self, limit: Option<f64>, ratio: Option<f64>, gate: &str, holds: bool) {
        let Self { group, what, unit, ours } = self;
        let figure = json!({
            "group": group, "what": what, "ours": ours, "limit": limit, "unit": unit, "ratio": ratio, "gate": gate, "holds": holds,
        });
        println!("FIGURE {figure}");
    }
}

/// Returns the middle of the values, 0 of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
