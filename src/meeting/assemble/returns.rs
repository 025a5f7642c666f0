//! The returns board: who owed which year's figures to 人社, and whether they were signed.

use brief::content::{Return, ReturnState};

use crate::{
    domain::{
        deadline::DueState,
        plan::{Finality, ObligationKind},
    },
    error::HubError,
    meeting::{
        assemble::coded,
        obligations::{DutyKind, ObligationsQuery},
        returns::{
            MeetingContext,
            board::{BoardLine, BoardReturn},
        },
    },
};

/// Figures of that year, of the base year, and of earlier years that are still missing.
pub(super) async fn board(
    sitting: &MeetingContext<'_>,
    year: i32,
) -> Result<Vec<Return>, HubError> {
    let base =
        sitting.rules.plans.nearest(sitting.seat.region(), year).and_then(|plan| plan.base_year);
    let entries = sitting.board(year).await?;
    let items = sitting.yearly(&ObligationsQuery::default()).await?;
    let reference = &sitting.services.reference;
    let mut returns = Vec::new();
    for item in items {
        let DutyKind::Yearly(
            kind @ (ObligationKind::AccidentReturn | ObligationKind::DiseaseReturn),
        ) = item.kind
        else {
            continue;
        };
        let Some((_, data_year, finality)) = item.yearly else { continue };
        let wanted = data_year == year
            || base == Some(data_year)
            || (data_year < year && item.state == DueState::Overdue);
        if !wanted {
            continue;
        }
        let own = entries.iter().find(|entry| {
            data_year == year
                && entry.last
                && entry.kind == kind
                && entry.department == item.department
                && entry.finality == finality
        });
        let signed =
            own.and_then(|entry| entry.signed.as_ref()).map(|(signed, _)| signed.signed_at);
        let provisional = finality == Finality::Provisional;
        returns.push(Return {
            department: coded(reference, "department", &item.department),
            title: format!(
                "{data_year}年{}{}",
                kind.subject_zh(),
                if provisional { "（预报）" } else { "" }
            ),
            due: item.due,
            state: match item.state {
                DueState::Done => ReturnState::OnTime,
                DueState::DoneLate => ReturnState::Late,
                DueState::Overdue => ReturnState::Overdue,
                // A fixed day of the year is neither suspended nor undecided.
                DueState::NotDue
                | DueState::DueSoon
                | DueState::Suspended
                | DueState::Undecided => ReturnState::NotDue,
            },
            // Of another year the day is known; the instant stands in its own return.
            signed_at: signed.or_else(|| item.done.map(noon)),
            provisional,
            carried: item.carried.then_some(item.source),
            difference: own.and_then(|entry| difference(sitting, entry)),
        });
    }
    Ok(returns)
}

/// The middle of a day in China.
fn noon(day: chrono::NaiveDate) -> chrono::DateTime<chrono::Utc> {
    (day.and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::hours(4)).and_utc()
}

/// Where what was signed and what the records say differ, with the explanation that was given.
fn difference(sitting: &MeetingContext<'_>, entry: &BoardReturn) -> Option<String> {
    let different: Vec<&BoardLine> = entry.lines.iter().filter(|line| line.differs()).collect();
    let told = different.iter().take(3).map(|line| {
        let industry = line
            .industry
            .as_deref()
            .map(|code| coded(&sitting.services.reference, "key_industry", code).label);
        let number = |count: Option<i64>, none: &str| {
            count.map_or_else(|| none.to_owned(), |count| count.to_string())
        };
        let explained =
            line.explanation.as_deref().map_or_else(String::new, |text| format!("，说明：{text}"));
        format!(
            "{}{}签报{}，记录汇总{}，今日{}{explained}",
            industry.unwrap_or_default(),
            line.count.name_zh(),
            number(line.signed, "—"),
            number(line.records, "—"),
            number(line.today, "无权汇总")
        )
    });
    let mut told: Vec<String> = told.collect();
    if different.len() > told.len() {
        told.push(format!("另有{}项不同", different.len() - told.len()));
    }
    if let Some(count) = entry.without_industry.filter(|count| *count > 0) {
        told.push(format!("今日另有{count}起未填行业的事故，不在签报之内"));
    }
    (!told.is_empty()).then(|| told.join("；"))
}
