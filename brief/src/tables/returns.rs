//! Which returns were due, and whether they were handed in.

use crate::{
    content::{Brief, Return, ReturnState},
    table::{Cell, Column, Table},
    words,
};

/// Table of the returns, with their state.
pub(crate) fn table(brief: &Brief) -> Table {
    let columns = vec![
        Column::text("部门", 8),
        Column::text("报送事项", 13),
        Column::text("截止日期", 7),
        Column::text("状态", 7),
        Column::text("签认时间", 9),
        Column::text("数据状态", 5),
        Column::text("与记录汇总的差异", 13),
    ];
    let rows = brief.returns.iter().map(row);
    Table::plain(format!("{}年度数据报送情况", brief.head.year), columns, rows.collect())
}

fn row(owed: &Return) -> Vec<Cell> {
    vec![
        Cell::head(words::label(&owed.department)),
        Cell::text(&match &owed.carried {
            Some(source) => format!("{}（沿用{source}）", owed.title),
            None => owed.title.clone(),
        }),
        Cell::day(Some(owed.due)),
        Cell::return_state(owed.state),
        Cell::moment(
            owed.signed_at,
            if owed.state == ReturnState::NotDue { words::NONE } else { "未报送" },
        ),
        Cell::text(match owed.signed_at {
            None => "",
            Some(_) if owed.provisional => "初步",
            Some(_) => "定稿",
        }),
        Cell::text(owed.difference.as_deref().unwrap_or_default()),
    ]
}

/// Summary in one sentence: `应报送8项：按时报送6项，逾期报送1项，逾期未报1项，未到期0项。`
pub(crate) fn sentence(returns: &[Return]) -> String {
    let of = |state| returns.iter().filter(|owed| owed.state == state).count();
    let mut sentence = format!(
        "应报送{}项：按时报送{}项，逾期报送{}项，逾期未报{}项，未到期{}项。",
        returns.len(),
        of(ReturnState::OnTime),
        of(ReturnState::Late),
        of(ReturnState::Overdue),
        of(ReturnState::NotDue)
    );
    if of(ReturnState::Overdue) > 0 {
        sentence.push_str("未报送的数据按“缺”列示，不按零计算。");
    }
    sentence
}
