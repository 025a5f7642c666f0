//! The table that is printed, in Markdown.

use std::{fmt, io::Write as _};

/// One line of the table.
pub struct Line {
    /// What is asked.
    pub name: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// Units a second of the server written by hand.
    pub ideal: f64,
    /// Units a second of the hub.
    pub hub: f64,
    /// Lowest and highest ratio of the rounds.
    pub spread: (f64, f64),
    /// Ratio below which it is too slow.
    pub floor: f64,
    /// Ratio to reach for.
    pub reach: f64,
}

impl Line {
    /// The hub's speed in terms of the other's.
    pub fn ratio(&self) -> f64 {
        self.hub / self.ideal
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, unit, ideal, hub, spread, floor, reach } = self;
        let mark = if self.ratio() < *floor { " ✗" } else { "" };
        write!(
            formatter,
            "| {name} | {ideal:.0} {unit}/s | {hub:.0} {unit}/s | **{:.2}**{mark} ({:.2}–{:.2}) | {floor:.2} | {reach:.2} |",
            self.ratio(),
            spread.0,
            spread.1,
        )
    }
}

/// Head of the table.
pub const HEAD: &str = "| operation | ideal | hub | ratio (rounds) | floor | reach |\n| --- | --- | --- | --- | --- | --- |";

/// Writes a line to the standard output.
pub fn say(text: impl fmt::Display) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}
