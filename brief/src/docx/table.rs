//! A table in the document: as wide as the text, its headings on every page, no row broken over two
//! pages.

use docx_rs::{
    BorderType, Paragraph, Run, Shading, TableBorder, TableBorderPosition, TableBorders, TableCell,
    TableCellMargins, TableLayoutType, TableRow, WidthType,
};

use crate::{
    docx::{Block, styled},
    table::{Cell, Table, Value},
    words,
};

/// Between the margins of the page, in twentieths of a point.
const WIDE: usize = 9298;
const HEAD: &str = "F6F4F0";
/// Fills for the shades of a number; dark letters stay readable on all of them, also when printed
/// in grey.
const SHADES: [&str; 6] = ["FFFFFF", "FDF1E7", "F9D9BF", "F2B68D", "EA9A6B", "E08152"];

/// The caption and the table.
pub(crate) fn blocks(table: &Table) -> Vec<Block> {
    let sum: usize =
        table.columns.iter().map(|column| usize::from(column.width)).sum::<usize>().max(1);
    let size = if sum > 50 { "Small" } else { "" };
    let widths: Vec<usize> =
        table.columns.iter().map(|column| WIDE * usize::from(column.width) / sum).collect();
    let head = table.columns.iter().zip(&widths).map(|(column, width)| {
        cell(*width)
            .shading(Shading::new().fill(HEAD))
            .add_paragraph(styled(&format!("TableHead{size}"), &column.title))
    });
    let mut rows = vec![TableRow::new(head.collect()).cant_split()];
    for group in &table.groups {
        if let Some(title) = &group.title {
            let cell = cell(WIDE)
                .grid_span(table.columns.len())
                .shading(Shading::new().fill(HEAD))
                .add_paragraph(styled(&format!("TableHead{size}"), title).keep_next(true));
            rows.push(TableRow::new(vec![cell]).cant_split());
        }
        rows.extend(group.rows.iter().enumerate().map(|(at, row)| {
            // Rows under a heading stay together with it, on one page.
            let keep = group.title.is_some() && at + 1 < group.rows.len();
            let cells = row.iter().zip(&table.columns).zip(&widths);
            let style = |number: bool| {
                format!("{}{size}", if number { "TableNumber" } else { "TableText" })
            };
            TableRow::new(
                cells
                    .map(|((value, column), width)| {
                        filled(value, *width, &style(column.number), keep)
                    })
                    .collect(),
            )
            .cant_split()
        }));
    }
    let line = |position| {
        TableBorder::new(position).border_type(BorderType::Single).size(4).color("8C8C8C")
    };
    let borders = [
        TableBorderPosition::Top,
        TableBorderPosition::Bottom,
        TableBorderPosition::Left,
        TableBorderPosition::Right,
        TableBorderPosition::InsideH,
        TableBorderPosition::InsideV,
    ]
    .into_iter()
    .fold(TableBorders::with_empty(), |borders, position| borders.set(line(position)));
    let body = docx_rs::Table::new(rows)
        .set_grid(widths)
        .width(WIDE, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .set_borders(borders)
        .margins(TableCellMargins::new().margin(30, 50, 30, 50));
    vec![
        Block::Paragraph(Box::new(styled("Caption", &table.caption).keep_next(true))),
        Block::Table(Box::new(body)),
    ]
}

fn cell(width: usize) -> TableCell {
    TableCell::new().width(width, WidthType::Dxa)
}

fn filled(value: &Cell, width: usize, style: &str, keep: bool) -> TableCell {
    let one = |text: &str| cell(width).add_paragraph(styled(style, text).keep_next(keep));
    match &value.value {
        Value::Text(text) | Value::Head(text) | Value::Printed(text) => one(text),
        Value::Count(count) => one(&words::count(*count)),
        Value::Shaded(count, shade) => {
            let fill = SHADES.get(usize::from(*shade)).copied().unwrap_or("FFFFFF");
            one(&words::count(*count)).shading(Shading::new().fill(fill))
        }
        Value::Day(day) => one(&words::day(*day)),
        Value::Moment(at) => one(&words::moment(*at)),
        Value::Absent(said) => one(said),
        Value::Mark(mark, word) => {
            let run = Run::new().add_text(format!("{} {word}", mark.sign())).bold();
            cell(width).add_paragraph(Paragraph::new().style(style).add_run(run).keep_next(keep))
        }
        Value::List(list) => list.iter().fold(cell(width), |cell, sentence| {
            cell.add_paragraph(styled(style, &format!("· {sentence}")).keep_next(keep))
        }),
    }
}

/// Puts the layout of tables before their margins, where the schema has it; docx-rs writes it after
/// them.
pub(crate) fn in_order(document: &str) -> String {
    const LAYOUT: &str = "<w:tblLayout w:type=\"fixed\" />";
    let without = document.replace(&format!("</w:tblCellMar>{LAYOUT}"), "</w:tblCellMar>");
    without
        .replace("</w:tblBorders><w:tblCellMar>", &format!("</w:tblBorders>{LAYOUT}<w:tblCellMar>"))
}

/// Marks the first row of every table as a heading that is repeated. docx-rs has no word for it; no
/// text can be mistaken for a tag, because its angle brackets are escaped.
pub(crate) fn repeat_headings(document: String) -> String {
    const ROW: &str = "<w:trPr><w:cantSplit />";
    let mut marked = String::with_capacity(document.len() + 1024);
    let mut tables = document.split("<w:tbl>");
    marked.extend(tables.next());
    for table in tables {
        marked.push_str("<w:tbl>");
        match table.split_once(ROW) {
            Some((before, after)) => marked.extend([before, ROW, "<w:tblHeader />", after]),
            None => marked.push_str(table),
        }
    }
    marked
}
