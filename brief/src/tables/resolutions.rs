//! The resolutions and their progress.

use crate::{
    content::{Brief, Coded},
    table::{Cell, Column, JudgementMark, Table, Value},
};

/// Table of the resolutions with owner, due day, state and progress.
pub(crate) fn table(brief: &Brief) -> Table {
    let columns = vec![
        Column::text("编号", 6),
        Column::text("决议事项", 19),
        Column::text("责任部门", 7),
        Column::text("完成时限", 7),
        Column::text("状态", 8),
        Column::text("进展", 14),
    ];
    let rows = brief.resolutions.iter().map(|resolution| {
        vec![
            Cell::head(&resolution.number),
            Cell::text(&resolution.text),
            Cell::coded(&resolution.owner),
            Cell::day(resolution.due),
            state(&resolution.state),
            Cell::text(resolution.progress.as_deref().unwrap_or_default()),
        ]
    });
    Table::plain("会议决议落实情况", columns, rows.collect())
}

fn state(state: &Coded) -> Cell {
    match state.code.as_str() {
        "DONE" => Value::Mark(JudgementMark::Good, "已办结").into(),
        "OVERDUE" => Value::Mark(JudgementMark::Bad, "逾期").into(),
        "OPEN" => Value::Mark(JudgementMark::Open, "在办").into(),
        "CARRIED" => Value::Mark(JudgementMark::Partly, "转入下次会议").into(),
        _ => Cell::coded(state),
    }
}
