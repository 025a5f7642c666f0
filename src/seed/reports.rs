//! What departments of the demonstration have reported of the tasks of 2024: some of them, so that
//! what was not reported, what waits and what is overdue can be shown.

use super::scale::Scale;

/// A report on a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportedTask {
    /// Region code of the report, such as `140600`.
    pub region: &'static str,
    /// Code of the department that reports.
    pub department: &'static str,
    /// Identifier of the task.
    pub task: &'static str,
    /// Calendar year of the task.
    pub year: i32,
    /// What was done.
    pub content: &'static str,
    /// Title of the evidence.
    pub evidence: &'static str,
}

const fn of(
    department: &'static str,
    task: &'static str,
    content: &'static str,
    evidence: &'static str,
) -> ReportedTask {
    ReportedTask { region: "140600", department, task, year: 2024, content, evidence }
}

const REPORTS: [ReportedTask; 4] = [
    of(
        "EMERGENCY",
        "SHUOZHOU-2021/TASK/2024/1",
        "已在平台签报2023年度煤矿、非煤矿山、危险化学品、机械事故起数和伤亡人数。",
        "签报回执（演示）",
    ),
    of(
        "HEALTH",
        "SHUOZHOU-2021/TASK/2024/2",
        "已在平台签报2023年度尘肺病报告比例。",
        "签报回执（演示）",
    ),
    of(
        "HRSS",
        "SHUOZHOU-2021/TASK/2024/5",
        "专家库增补职业卫生、机械安全专家各一名，调整一名，现有二十一名。",
        "专家库调整名单（演示）",
    ),
    of(
        "HRSS",
        "SHUOZHOU-2021/TERM/ALL/2",
        "煤尘肺警示教育基地在建，预计年内建成。",
        "基地建设方案（演示）",
    ),
];

/// The reports of a scale: those of the demonstration, none of others.
#[must_use]
pub fn reports(scale: Scale) -> &'static [ReportedTask] {
    if scale == Scale::County { &REPORTS } else { &[] }
}
