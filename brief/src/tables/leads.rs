//! Differences between departments: how many, what two lists have in common, and the oldest that
//! are open.

use crate::{
    content::{LeadGroup, Overlap},
    links::Links,
    table::{Cell, Column, Table},
    words,
};

/// What has to be said before any of them is read.
pub(crate) const WARNING: &str =
    "以下均为线索，不是结论：只说明两个部门的记录不一致，须经核实后才能认定。";

/// In the place of a number that the seat may not know.
const NOT_SHOWN: &str = "不显示";

/// How many of each kind.
pub(crate) fn summary(leads: &[LeadGroup]) -> Table {
    let columns = vec![
        Column::text("类别", 12),
        Column::number("确定线索", 5),
        Column::number("待核候选", 5),
        Column::number("已关闭", 5),
        Column::text("含义", 24),
    ];
    let rows = leads.iter().map(|group| {
        // 缺 is for what was not handed in.
        let none = match group.reason.as_deref() {
            Some("NOT_YOURS") => NOT_SHOWN,
            _ => words::MISSING,
        };
        vec![
            Cell::head(words::label(&group.kind)),
            Cell::count(group.certain, none),
            Cell::count(group.candidates, none),
            Cell::count(group.closed, none),
            Cell::text(&group.explanation),
        ]
    });
    Table::plain("各类线索数量", columns, rows.collect())
}

/// Two lists of the same events, for each kind that compares two.
pub(crate) fn overlaps(leads: &[LeadGroup]) -> Table {
    let columns = vec![
        Column::text("类别", 10),
        Column::text("两份名单", 8),
        Column::number("两边都有", 5),
        Column::text("只在一边", 10),
        Column::number("估计总数", 5),
        Column::number("95%区间", 6),
        Column::text("估计的前提", 16),
    ];
    let rows = leads.iter().filter_map(|group| Some((group, group.overlap.as_ref()?))).map(
        |(group, overlap)| {
            vec![
                Cell::head(words::label(&group.kind)),
                Cell::text(format!("{} / {}", overlap.here, overlap.there)),
                Cell::count(overlap.matched, words::MISSING),
                Cell::text(format!(
                    "只在{}{}，只在{}{}",
                    overlap.here,
                    count_text(overlap.only_here),
                    overlap.there,
                    count_text(overlap.only_there)
                )),
                Cell::count(overlap.estimate, "不估计"),
                Cell::printed(&interval(overlap)),
                Cell::text(&overlap.caveat),
            ]
        },
    );
    Table::plain("名单比对与总数估计（Chapman 法）", columns, rows.collect())
}

fn count_text(count: Option<i64>) -> String {
    count.map_or_else(|| words::MISSING.to_owned(), words::count)
}

fn interval(overlap: &Overlap) -> String {
    match (overlap.low, overlap.high) {
        (Some(low), Some(high)) => format!("{}–{}", words::count(low), words::count(high)),
        _ => String::new(),
    }
}

/// The oldest open leads of all kinds.
pub(crate) fn lines(leads: &[LeadGroup], links: &dyn Links) -> Table {
    let columns = vec![
        Column::text("编号", 8),
        Column::text("类别", 9),
        Column::text("地区", 5),
        Column::text("单位", 10),
        Column::text("日期", 7),
        Column::text("不一致之处", 16),
        Column::text("交办部门", 6),
    ];
    let rows = leads
        .iter()
        .flat_map(|group| group.lines.iter().map(move |line| (group, line)))
        .map(|(group, line)| {
            vec![
                Cell::head(&line.number).link(links.lead(line)),
                Cell::coded(&group.kind),
                Cell::coded(&line.region),
                Cell::text(&line.employer),
                Cell::day(line.day),
                Cell::text(&line.reason),
                Cell::text(line.assigned.as_ref().map_or("未交办", words::label)),
            ]
        });
    Table::plain("未关闭线索（每类列最早的）", columns, rows.collect())
}
