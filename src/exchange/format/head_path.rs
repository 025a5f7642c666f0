//! What stands in each column of a head.

use entity::catalogue::Family;

use super::{
    head_row::HeadRow,
    heading::{self, ADDED, Meaning},
    units,
};

/// What stands in the column of a head, from above to below.
pub struct Path {
    /// What stands over the lowest text.
    pub above: Option<String>,
    /// The lowest text.
    pub leaf: String,
    /// The unit that stands alone below the lowest text.
    pub unit: Option<String>,
}

impl Path {
    /// The lowest text, and what stands over it.
    pub fn both(&self) -> (&str, Option<&str>) {
        (&self.leaf, self.above.as_deref())
    }

    pub fn meaning(&self, family: &'static Family, said: &[&str]) -> Meaning {
        match heading::meaning(family, &self.leaf, self.above.as_deref(), said) {
            // What the hub adds stands alone.
            Meaning::Added if !ADDED.contains(&self.leaf.trim()) => Meaning::Unknown,
            meaning => meaning,
        }
    }

    pub fn shown(&self) -> String {
        let text: String = self.leaf.split_whitespace().collect();
        text.chars().take(60).collect()
    }

    /// All that stands in the column, from above to below.
    pub fn whole(&self, lower: Option<&str>) -> String {
        let texts = [self.above.as_deref(), Some(&self.leaf), self.unit.as_deref(), lower];
        let texts = texts.into_iter().flatten().filter(|text| !text.trim().is_empty());
        let texts: Vec<String> = texts.map(|text| text.split_whitespace().collect()).collect();
        texts.join("／").chars().take(60).collect()
    }
}

/// The columns of a block of rows.
pub fn paths(lines: &[HeadRow], from: usize, to: usize) -> Vec<Path> {
    let block = lines.get(from..=to).unwrap_or_default();
    let width = block.iter().map(|line| line.cells.len()).max().unwrap_or_default();
    let text = |line: &HeadRow, column: usize| {
        line.cells.get(column).map_or("", |text| text.trim()).to_owned()
    };
    (0..width)
        .map(|column| {
            let mut texts: Vec<String> = block
                .iter()
                .map(|line| text(line, column))
                .filter(|text| !text.is_empty())
                .collect();
            texts.dedup();
            // 直接经济损失 over （万元）.
            let place = texts.iter().rposition(|own| is_unit(own)).filter(|_| texts.len() > 1);
            let unit = place.and_then(|place| units::alone(&texts.remove(place)));
            let leaf = texts.pop().unwrap_or_default();
            let lowest =
                unit.is_none() && block.last().is_some_and(|line| text(line, column) == leaf);
            // Of cells side by side under one heading, only the first has it above where nothing is
            // merged.
            let beside = || {
                let first =
                    block.first().filter(|_| block.len() > 1 && lowest && !leaf.is_empty())?;
                (0..column).rev().map(|other| text(first, other)).find(|text| !text.is_empty())
            };
            Path { above: texts.pop().or_else(beside), leaf, unit }
        })
        .collect()
}

/// Whether a text is a unit and nothing else. 年, 月 and 日 may be the parts of a day or a period.
fn is_unit(text: &str) -> bool {
    units::alone(text).is_some_and(|unit| !["年", "月", "日"].contains(&unit.as_str()))
        || (text.contains(['(', '（']) && units::alone(text).is_some())
}
