//! A table of the page: with a caption, headings that name their rows and columns, and a frame that
//! scrolls on a narrow screen.

use maud::{Markup, html};

use crate::{
    links::on_site,
    page::targets,
    table::{Cell, Group, Table, Value},
    words,
};

/// A table under an id that no other element of the page has.
pub(crate) fn table(id: &str, table: &Table) -> Markup {
    let caption = format!("{id}-caption");
    html! {
        div.scroll role="region" aria-labelledby=(caption) tabindex="0" {
            table id=(id) {
                caption id=(caption) { (table.caption) }
                thead {
                    tr {
                        @for column in &table.columns {
                            th.number[column.number].short[short(&column.title)] scope="col" { (column.title) }
                        }
                    }
                }
                @for group in &table.groups {
                    (body(group, table))
                }
            }
        }
    }
}

/// Few rows stay together on one page of paper.
fn body(group: &Group, table: &Table) -> Markup {
    html! {
        tbody.together[group.rows.len() <= 12] {
            @if let Some(title) = &group.title {
                tr.group { th scope="rowgroup" colspan=(table.columns.len()) { (title) } }
            }
            @for row in &group.rows {
                tr {
                    @for (cell, column) in row.iter().zip(&table.columns) {
                        (self::cell(cell, column.number))
                    }
                }
            }
        }
    }
}

fn cell(cell: &Cell, number: bool) -> Markup {
    let inner = linked(cell);
    match &cell.value {
        Value::Head(text) => {
            html! { th.short[short(text)].long[!short(text)] scope="row" { (inner) } }
        }
        Value::Absent(_) => html! { td.absent.short.number[number] { (inner) } },
        Value::Day(_) | Value::Moment(_) => html! { td.day { (inner) } },
        Value::Shaded(_, shade) => html! { td.number.{ "heat-" (shade) } { (inner) } },
        Value::Mark(..) => html! { td.judged { (inner) } },
        Value::Text(text) => {
            html! { td.short[short(text)].long[!short(text)].wide[text.chars().count() > 24].number[number] { (inner) } }
        }
        Value::List(_) => html! { td.long { (inner) } },
        _ => html! { td.number[number] { (inner) } },
    }
}

/// Whether a text is so short that it looks broken when it is broken: `平鲁区`, `YH-2024-0113`.
fn short(text: &str) -> bool {
    let width = |letter: char| if letter.is_ascii() { 1 } else { 2 };
    let most = if text.is_ascii() { 18 } else { 12 };
    text.chars().take(20).map(width).sum::<usize>() <= most
}

/// The value, with a link where there is more about it. A bare number does not say where it leads;
/// a screen reader is told.
fn linked(cell: &Cell) -> Markup {
    let shown = value(&cell.value);
    match (on_site(cell.href.clone()), &cell.value) {
        (None, _) | (_, Value::Absent(_)) => shown,
        (Some(href), Value::Printed(text)) => {
            html! { a href=(href) aria-label={ (text) "，查看明细记录" } { (shown) } }
        }
        (Some(href), _) => html! { a href=(href) { (shown) } },
    }
}

fn value(value: &Value) -> Markup {
    match value {
        Value::Text(text) | Value::Head(text) | Value::Printed(text) => html! { (text) },
        Value::Count(count) | Value::Shaded(count, _) => html! { (words::count(*count)) },
        Value::Day(day) => html! { (words::day(*day)) },
        Value::Moment(at) => html! { (words::moment(*at)) },
        Value::Absent(said) => html! { (said) },
        Value::Mark(mark, word) => targets::badge(*mark, word),
        Value::List(list) => html! { ul { @for sentence in list { li { (sentence) } } } },
    }
}
