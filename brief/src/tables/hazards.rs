//! Hazards past their deadline, and employers to visit.

use crate::{
    content::Brief,
    links::Links,
    table::{Cell, Column, Table, Value},
    words,
};

/// Hazards, the longest overdue first.
pub(crate) fn overdue(brief: &Brief, links: &dyn Links) -> Table {
    let columns = vec![
        Column::text("编号", 9),
        Column::text("单位", 10),
        Column::text("地区", 5),
        Column::text("级别", 5),
        Column::text("内容", 14),
        Column::text("期限", 7),
        Column::number("逾期天数", 4),
        Column::text("挂牌督办", 4),
        Column::text("监管部门", 6),
    ];
    let rows = brief.hazards.iter().map(|hazard| {
        vec![
            Cell::head(&hazard.number).link(links.hazard(hazard)),
            Cell::text(&hazard.employer),
            Cell::coded(&hazard.region),
            Cell::coded(&hazard.level),
            Cell::text(&hazard.description),
            Cell::day(Some(hazard.deadline)),
            Cell::count(Some(hazard.days_overdue), words::MISSING),
            match hazard.supervised {
                Some(true) => Cell::text("是"),
                Some(false) => Cell::text("否"),
                None => Value::Absent(words::UNREPORTED).into(),
            },
            Cell::coded(&hazard.department),
        ]
    });
    Table::plain("逾期未整改隐患，逾期最长的在前", columns, rows.collect())
}

/// Employers with the reasons to visit them.
pub(crate) fn employers(brief: &Brief, links: &dyn Links) -> Table {
    let columns = vec![
        Column::text("单位", 14),
        Column::text("统一社会信用代码", 12),
        Column::text("地区", 6),
        Column::text("行业", 6),
        Column::text("走访理由", 21),
    ];
    let rows = brief.employers.iter().map(|employer| {
        vec![
            Cell::head(&employer.name).link(links.employer(employer)),
            Cell::text(employer.uscc.as_deref().unwrap_or_default()),
            Cell::coded(&employer.region),
            Cell::text(employer.industry.as_ref().map_or("", words::label)),
            if employer.reasons.is_empty() {
                Cell::text("")
            } else {
                Value::List(employer.reasons.clone()).into()
            },
        ]
    });
    Table::plain("拟走访单位及理由", columns, rows.collect())
}
