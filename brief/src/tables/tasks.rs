//! The tasks of the plan and what became of them.

use crate::{
    content::{Coded, TaskLine},
    table::{Cell, Column, Group, JudgementMark, Table, Value},
    words,
};

/// Table of the tasks; the departments of one task stand together.
pub(crate) fn table(year: i32, tasks: &[TaskLine]) -> Table {
    let columns = vec![
        Column::text("承担部门", 8),
        Column::text("期限", 7),
        Column::text("状态", 8),
        Column::text("平台记录", 12),
        Column::text("报告及佐证", 22),
    ];
    let mut groups: Vec<Group> = Vec::new();
    let mut before: Option<&str> = None;
    for task in tasks {
        if before != Some(task.text.as_str()) {
            let title = Some(format!("{}（{}）", task.text, task.source));
            groups.push(Group { title, rows: Vec::new() });
            before = Some(&task.text);
        }
        if let Some(group) = groups.last_mut() {
            group.rows.push(row(task));
        }
    }
    Table { caption: format!("{year}年度计划任务落实情况"), columns, groups }
}

/// The same as one list with the task in its first column, for a workbook.
pub(crate) fn flat(year: i32, tasks: &[TaskLine]) -> Table {
    let mut table = table(year, tasks);
    table.columns.insert(0, Column::text("任务", 24));
    let rows = tasks.iter().map(|task| {
        let mut cells = row(task);
        cells.insert(0, Cell::text(&task.text));
        cells
    });
    table.groups = vec![Group { title: None, rows: rows.collect() }];
    table
}

fn row(task: &TaskLine) -> Vec<Cell> {
    let mut report: Vec<String> = task.report.iter().cloned().collect();
    if !task.evidence.is_empty() {
        report.push(format!("佐证：{}", task.evidence.join("；")));
    }
    if let Some(remark) = &task.remark {
        let whose = if task.state.code == "RETURNED" { "退回理由" } else { "确认说明" };
        report.push(format!("{whose}：{remark}"));
    }
    vec![
        Cell::head(words::label(&task.department)),
        Cell::day(task.due),
        state(&task.state),
        list(task.known.clone()),
        list(report),
    ]
}

fn list(texts: Vec<String>) -> Cell {
    if texts.is_empty() { Value::Absent(words::NONE) } else { Value::List(texts) }.into()
}

fn state(state: &Coded) -> Cell {
    match state.code.as_str() {
        "CONFIRMED" => Value::Mark(JudgementMark::Good, "已确认").into(),
        "OVERDUE" => Value::Mark(JudgementMark::Bad, "逾期未报").into(),
        "REPORTED" => Value::Mark(JudgementMark::Partly, "已报告，待确认").into(),
        "RETURNED" => Value::Mark(JudgementMark::Bad, "已退回").into(),
        "OPEN" => Value::Mark(JudgementMark::Open, "未报告").into(),
        _ => Cell::coded(state),
    }
}

/// Summary in one sentence: `计划任务按承担部门共12项：已确认5项，已报告待确认2项，…`.
pub(crate) fn sentence(tasks: &[TaskLine]) -> String {
    let of = |code: &str| tasks.iter().filter(|task| task.state.code == code).count();
    format!(
        "计划任务按承担部门共{}项：已确认{}项，已报告待确认{}项，已退回{}项，逾期未报{}项，未报告（未到期）{}项。",
        tasks.len(),
        of("CONFIRMED"),
        of("REPORTED"),
        of("RETURNED"),
        of("OVERDUE"),
        of("OPEN")
    )
}
