//! Counts under labels, with the year before.

use crate::{
    content::Tally,
    table::{Cell, Column, Table},
    words,
};

/// What is counted, this year and last year.
pub(crate) fn table(caption: String, what: &str, year: i32, tallies: &[Tally]) -> Table {
    let columns = vec![
        Column::text(what, 10),
        Column::number(format!("{year}年"), 6),
        Column::number(format!("{}年", year - 1), 6),
        Column::number("增减", 6),
    ];
    let rows = tallies.iter().map(|tally| {
        let change =
            tally.count.zip(tally.last_year).and_then(|(now, before)| now.checked_sub(before));
        vec![
            Cell::head(words::label(&tally.item)),
            Cell::count(tally.count, words::WITHHELD),
            Cell::count(tally.last_year, words::WITHHELD),
            Cell::printed(&change.map_or_else(String::new, signed)),
        ]
    });
    Table::plain(caption, columns, rows.collect())
}

fn signed(number: i64) -> String {
    if number > 0 { format!("+{}", words::count(number)) } else { words::count(number) }
}
