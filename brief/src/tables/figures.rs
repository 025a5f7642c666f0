//! The indicator table: every value beside the two numbers it was made of.

use crate::{
    content::{Brief, Figure, Formula},
    links::Links,
    table::{Cell, Column, Group, Table},
    words,
};

/// Figures of the region itself.
pub(crate) fn own(brief: &Brief, links: &dyn Links) -> Table {
    table(
        brief,
        links,
        format!("{}指标，全部与分行业", words::label(&brief.head.region)),
        |figure| figure.region.code == brief.head.region.code,
    )
}

/// Figures of the regions below it.
pub(crate) fn below(brief: &Brief, links: &dyn Links) -> Table {
    table(brief, links, "下级地区指标".to_owned(), |figure| {
        figure.region.code != brief.head.region.code
    })
}

/// A number of a figure as it is printed.
pub(crate) fn number(figure: &Figure, number: Option<i64>, absent: &'static str) -> Cell {
    match number {
        Some(fen) if figure.money => Cell::printed(&words::yuan(fen)),
        number => Cell::count(number, absent),
    }
}

fn table(
    brief: &Brief,
    links: &dyn Links,
    caption: String,
    shown: impl Fn(&Figure) -> bool,
) -> Table {
    let base = brief.head.base_year.map_or_else(|| "基年".to_owned(), |year| format!("{year}年"));
    let columns = vec![
        Column::text("范围", 7),
        Column::number("本期数或分子", 9),
        Column::number("基数或分母", 9),
        Column::number("数值", 5),
        Column::number(format!("{}年", brief.head.year - 1), 5),
        Column::number(base, 5),
        Column::text("目标", 6),
        Column::text("结论", 6),
        Column::text("说明", 11),
    ];
    let mut groups: Vec<((&str, Formula), Group)> = Vec::new();
    for figure in brief.figures.iter().filter(|figure| shown(figure)) {
        let key = (figure.indicator.code.as_str(), figure.formula);
        let row = row(brief, figure, links);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.rows.push(row),
            None => groups.push((key, Group { title: Some(title(figure)), rows: vec![row] })),
        }
    }
    Table { caption, columns, groups: groups.into_iter().map(|(_, group)| group).collect() }
}

fn title(figure: &Figure) -> String {
    format!(
        "{} {}（{}）",
        figure.indicator.code,
        figure.indicator.label,
        words::formula(figure.formula)
    )
}

fn row(brief: &Brief, figure: &Figure, links: &dyn Links) -> Vec<Cell> {
    let absent = words::absent(brief.head.protected);
    let denominator = match (figure.formula, figure.denominator) {
        (Formula::Count, None) => Cell::text(""),
        (_, denominator) => number(figure, denominator, absent),
    };
    vec![
        Cell::head(scope(brief, figure)),
        number(figure, figure.numerator, absent),
        denominator,
        Cell::printed(&figure.shown).link(links.figure(figure)),
        Cell::printed(&figure.last_year),
        Cell::printed(&figure.base_year),
        Cell::text(figure.target.as_deref().unwrap_or_default()),
        figure.outcome.map_or_else(|| Cell::text(""), Cell::outcome),
        Cell::text(&figure.reason),
    ]
}

/// `煤矿`, `平鲁区`, `平鲁区 · 煤矿`.
fn scope(brief: &Brief, figure: &Figure) -> String {
    let industry = figure.industry.as_ref();
    if figure.region.code == brief.head.region.code {
        return words::industry(industry).to_owned();
    }
    match industry {
        Some(industry) => format!("{} · {}", words::label(&figure.region), words::label(industry)),
        None => words::label(&figure.region).to_owned(),
    }
}
