//! The parts of the materials and who signed them, and what has changed since they were frozen.

use crate::{
    content::{Difference, Meeting},
    table::{Cell, Column, JudgementMark, Table, Value},
};

/// Parts by department; what is not signed is said to be missing.
pub(crate) fn parts(meeting: &Meeting) -> Table {
    let columns = vec![
        Column::text("部门", 10),
        Column::text("状态", 10),
        Column::text("签认时间", 9),
        Column::text("说明", 20),
    ];
    let rows = meeting.parts.iter().map(|part| {
        vec![
            Cell::head(crate::words::label(&part.department)),
            match part.signed_at {
                Some(_) => Value::Mark(JudgementMark::Good, "已签认").into(),
                None => Value::Mark(JudgementMark::Bad, "未签认，按缺列示").into(),
            },
            Cell::moment(part.signed_at, "未签认"),
            Cell::text(part.remark.as_deref().unwrap_or_default()),
        ]
    });
    Table::plain("各部门材料签认情况", columns, rows.collect())
}

/// What the frozen materials say and what the records say today.
pub(crate) fn differences(differences: &[Difference]) -> Table {
    let columns =
        vec![Column::text("所在", 20), Column::text("材料所载", 12), Column::text("今日数据", 12)];
    let rows = differences.iter().map(|difference| {
        vec![
            Cell::head(&difference.place),
            Cell::text(&difference.then),
            Cell::text(&difference.now),
        ]
    });
    Table::plain("冻结后的数据变化", columns, rows.collect())
}
