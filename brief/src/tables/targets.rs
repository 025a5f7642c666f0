//! One line for each target of the plan, and a summary of all of them.

use crate::{
    content::{Brief, Headline, Outcome},
    table::{Cell, Column, Table},
    words,
};

/// Table of the targets with their outcomes.
pub(crate) fn table(brief: &Brief) -> Table {
    let columns = vec![
        Column::text("行业", 6),
        Column::text("指标", 8),
        Column::text("目标", 9),
        Column::text("实际", 9),
        Column::text("结论", 6),
        Column::text("理由", 13),
        Column::text("责任部门", 6),
    ];
    let rows = brief.headlines.iter().map(|line| {
        vec![
            Cell::head(words::industry(line.industry.as_ref())),
            Cell::coded(&line.indicator),
            Cell::text(&line.target),
            Cell::text(&line.actual),
            Cell::outcome(line.outcome),
            Cell::text(&line.reason),
            Cell::text(line.department.as_ref().map_or("", words::label)),
        ]
    });
    Table::plain(format!("{}年各项目标完成情况", brief.head.year), columns, rows.collect())
}

/// Summary in one sentence: `共15项目标：达标9项，未达标4项，接近目标1项，不判定1项。`
pub(crate) fn sentence(headlines: &[Headline]) -> String {
    let of = |outcome| headlines.iter().filter(|line| line.outcome == outcome).count();
    let parts: Vec<String> = [Outcome::Met, Outcome::NotMet, Outcome::About, Outcome::NotJudged]
        .into_iter()
        .filter(|outcome| of(*outcome) > 0 || matches!(outcome, Outcome::Met | Outcome::NotMet))
        .map(|outcome| format!("{}{}项", words::outcome(outcome), of(outcome)))
        .collect();
    format!("共{}项目标：{}。", headlines.len(), parts.join("，"))
}

/// Name of a target: `煤矿 · 事故起数降幅`.
pub(crate) fn name(line: &Headline) -> String {
    match &line.industry {
        Some(industry) => format!("{} · {}", words::label(industry), words::label(&line.indicator)),
        None => words::label(&line.indicator).to_owned(),
    }
}
