//! Values over the years beside the targets of the years.

use std::collections::BTreeSet;

use crate::{
    content::{Brief, Point, Trend},
    table::{Cell, Column, Group, Table, Value},
    words,
};

/// The numbers behind the lines.
pub(crate) fn table(brief: &Brief) -> Table {
    let years: BTreeSet<i32> = brief
        .trends
        .iter()
        .flat_map(|trend| trend.points.iter().chain(&trend.stair))
        .map(|point| point.year)
        .collect();
    let mut columns = vec![Column::text("数列", 8)];
    columns.extend(years.iter().map(|year| Column::number(format!("{year}年"), 5)));
    let row = |head: String, points: &[Point], trend: &Trend, absent| {
        let cells = years
            .iter()
            .map(|year| cell(points.iter().find(|point| point.year == *year), trend, absent));
        std::iter::once(Cell::head(head)).chain(cells).collect()
    };
    let groups = brief.trends.iter().map(|trend| Group {
        title: Some(title(trend)),
        rows: vec![
            row("实际".to_owned(), &trend.points, trend, words::absent(brief.head.protected)),
            row(format!("目标（{}）", bound(trend)), &trend.stair, trend, words::NONE),
        ],
    });
    Table {
        caption: "各年度数值与目标（带*为未定稿）".to_owned(),
        columns,
        groups: groups.collect(),
    }
}

fn cell(point: Option<&Point>, trend: &Trend, absent: &'static str) -> Cell {
    let Some(point) = point else { return Cell::text("") };
    match value(point, trend) {
        Some(text) if point.provisional => Cell::printed(&format!("{text}*")),
        Some(text) => Cell::printed(&text),
        None => match &point.instead {
            Some(words) => Cell::text(words),
            None => Value::Absent(absent).into(),
        },
    }
}

/// `煤矿 · 事故起数（起）`.
pub(crate) fn title(trend: &Trend) -> String {
    format!(
        "{} · {}（{}）",
        words::industry(trend.industry.as_ref()),
        words::label(&trend.measure),
        trend.unit
    )
}

/// Whether the targets are lower limits, as for trainings, rather than upper limits.
pub(crate) fn at_least(trend: &Trend) -> bool {
    matches!(trend.measure.code.as_str(), "SAFETY_TRAINING" | "HEALTH_TRAINING")
}

/// The Chinese wording of the limit: 不低于 (at least) or 不高于 (at most).
pub(crate) fn bound(trend: &Trend) -> &'static str {
    if at_least(trend) { "不低于" } else { "不高于" }
}

/// The factor that converts a fraction into the unit of the trend.
pub(crate) fn times(trend: &Trend) -> i64 {
    match trend.unit.as_str() {
        "%" => 100,
        "‰" => 1000,
        _ => 1,
    }
}

/// The formatted value, without its unit.
pub(crate) fn value(point: &Point, trend: &Trend) -> Option<String> {
    words::fraction(point.numerator?, point.denominator, times(trend), true)
}
