//! The parts of the materials and who signed them.

use crate::{
    content::Meeting,
    table::{Cell, Column, Mark, Table, Value},
};

/// Parts by department; what is not signed is said to be missing.
pub(crate) fn parts(meeting: &Meeting) -> Table {
    let columns = vec![Column::text("部门", 10), Column::text("状态", 10), Column::text("签认时间", 9), Column::text("说明", 20)];
    let rows = meeting.parts.iter().map(|part| {
        vec![
            Cell::head(crate::words::label(&part.department)),
            match part.signed_at {
                Some(_) => Value::Mark(Mark::Good, "已签认").into(),
                None => Value::Mark(Mark::Bad, "未签认，按缺列示").into(),
            },
            Cell::moment(part.signed_at, "未签认"),
            Cell::text(part.remark.as_deref().unwrap_or_default()),
        ]
    });
    Table::plain("各部门材料签认情况", columns, rows.collect())
}
