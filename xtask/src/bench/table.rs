//! Figures as a table that reads well on a terminal and as Markdown.

/// One line of a bench.
#[derive(serde::Deserialize)]
pub struct Figure {
    /// The part of the program.
    pub group: String,
    /// What was measured.
    pub what: String,
    /// The unit of `ours` and `limit`.
    pub unit: String,
    /// Our number.
    pub ours: f64,
    /// The limit or peer of the same run.
    pub limit: Option<f64>,
    /// Ours, so many times the limit.
    pub ratio: Option<f64>,
    /// What has to hold.
    pub gate: String,
    /// Whether it does.
    pub holds: bool,
}

impl Figure {
    /// Returns the figure in one line.
    pub fn sentence(&self) -> String {
        let verdict = if self.holds { "holds" } else { "DOES NOT HOLD" };
        let beside = match (self.limit, self.ratio) {
            (Some(limit), Some(ratio)) => format!(" beside {}: {ratio:.2} times", short(limit)),
            _ => String::new(),
        };
        format!("{}: {} {}{beside} ({}: {verdict})", self.what, short(self.ours), self.unit, self.gate)
    }

    fn cells(&self) -> [String; 7] {
        let or_dash = |number: Option<f64>, show: fn(f64) -> String| number.map_or("–".into(), show);
        [
            self.group.clone(),
            self.what.clone(),
            format!("{} {}", short(self.ours), self.unit),
            or_dash(self.limit, short),
            or_dash(self.ratio, |ratio| format!("{ratio:.2}")),
            self.gate.clone(),
            if self.holds { "yes" } else { "**no**" }.into(),
        ]
    }
}

/// Returns a number with about three digits that mean something.
fn short(number: f64) -> String {
    match number.abs() {
        0.0 => "0".into(),
        size if size < 0.1 => format!("{number:.3}"),
        size if size < 10.0 => format!("{number:.2}"),
        size if size < 100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// Returns the table, its columns level.
pub fn markdown(figures: &[Figure]) -> String {
    let head = ["part", "what", "ours", "limit", "ratio", "gate", "holds"].map(str::to_owned);
    let rows: Vec<[String; 7]> = std::iter::once(head).chain(figures.iter().map(Figure::cells)).collect();
    let widths: [usize; 7] = std::array::from_fn(|column| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    });
    let mut table = String::new();
    for (at, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            table += &format!("| {cell:width$} ");
        }
        table += "|\n";
        if at == 0 {
            widths.iter().for_each(|width| table += &format!("|{}", "-".repeat(width + 2)));
            table += "|\n";
        }
    }
    table
}

/// Returns the page that is kept with the sources.
pub fn page(rows: &str, machine: &str) -> String {
    include_str!("benchmarks.md").replace("{rows}", rows).replace("{machine}", machine)
}

#[cfg(test)]
mod tests {
    use crate::run;

    #[test]
    fn the_page_that_is_kept_says_what_its_template_says() {
        let kept = std::fs::read_to_string(run::root().join("docs/benchmarks.md")).unwrap();
        let mut rest = kept.as_str();
        for words in super::page("{}", "{}").split("{}") {
            let found = rest.split_once(words);
            assert!(found.is_some(), "docs/benchmarks.md lacks, or has not in this place: {words:?}");
            rest = found.map_or("", |(_, behind)| behind);
        }
        assert_eq!(rest, "", "and nothing is added by hand: `cargo xtask bench --write` would take it away");
    }
}
