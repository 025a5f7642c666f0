//! Targets of a plan that no indicator measures: numbers of trained persons are counted here (I14 of the domain reference
//! §6.2); what cannot be counted from the records is said not to be judged.

use brief::content::{Coded, Headline, Outcome};
use chrono::NaiveDate;
use entity::catalogue::{Class, Family};

use crate::{
    authz::scope::Use,
    domain::plan::{Measure, Scope as Industries, Target},
    error::HubError,
    meeting::{assemble::coded, returns::Sitting},
    store::{
        aggregate::{Dimension, Method, Question},
        cell::Cell,
        filter::{Filter, Test},
    },
};

/// One headline for each such target of the plan that judges the region and year.
pub(super) async fn headlines(sitting: &Sitting<'_>, year: i32) -> Result<Vec<Headline>, HubError> {
    let Some(plan) = sitting.rules.plans.nearest(sitting.seat.region(), year) else { return Ok(Vec::new()) };
    let mut headlines = Vec::new();
    for target in plan.targets.iter().filter(|target| target.year == year) {
        let counted = match target.measure {
            Measure::TrainedPersons => Some(trained(sitting, target, &["OFFLINE", "ONLINE", "MIXED"]).await?),
            // Whoever came for a part of it was there.
            Measure::TrainedOffline => Some(trained(sitting, target, &["OFFLINE", "MIXED"]).await?),
            Measure::TrainedOnline => Some(trained(sitting, target, &["ONLINE"]).await?),
            Measure::TrainedTeamLeaders => Some(trained(sitting, target, &["OFFLINE", "ONLINE", "MIXED"]).await?),
            Measure::TrainingTask | Measure::PreventionFee => None,
            _ => continue,
        };
        headlines.push(headline(sitting, target, counted.flatten()));
    }
    Ok(headlines)
}

fn headline(sitting: &Sitting<'_>, target: &Target, counted: Option<i64>) -> Headline {
    let reference = &sitting.services.reference;
    let (code, label) = match target.measure {
        Measure::TrainingTask => ("TRAINING_TASK", "培训任务完成率"),
        Measure::PreventionFee => ("PREVENTION_FEE", "工伤预防费"),
        Measure::TrainedOffline => ("I14", "线下培训人次"),
        Measure::TrainedOnline => ("I14", "线上培训人次"),
        Measure::TrainedTeamLeaders => ("I14", "一线班组长培训人次"),
        _ => ("I14", "培训人次"),
    };
    let (actual, outcome, reason) = match (target.measure, counted, target.amount) {
        (Measure::TrainingTask, ..) => {
            ("—".to_owned(), Outcome::NotJudged, "培训任务总数不在平台记录中，不判定；完成情况由人社部门报告".to_owned())
        }
        (Measure::PreventionFee, ..) => ("—".to_owned(), Outcome::NotJudged, "为经费安排，据实列支，不判定".to_owned()),
        (_, None, _) => ("—".to_owned(), Outcome::NotJudged, "缺少所需数据或您无权汇总，不判定".to_owned()),
        (_, Some(count), Some(least)) if count >= least => (format!("{count}人次"), Outcome::Met, "达到目标".to_owned()),
        (_, Some(count), Some(least)) => {
            (format!("{count}人次"), Outcome::NotMet, format!("未达到目标：还差{}人次", least - count))
        }
        (_, Some(count), None) => (format!("{count}人次"), Outcome::NotJudged, "方案未对此设定数值，只列数".to_owned()),
    };
    Headline {
        indicator: Coded { code: code.to_owned(), label: label.to_owned() },
        industry: match &target.scope {
            Industries::Industry(code) => Some(coded(reference, "key_industry", code)),
            _ => None,
        },
        department: target.department.as_deref().map(|code| coded(reference, "department", code)),
        target: target.name_zh.clone(),
        actual,
        outcome,
        reason,
    }
}

/// Trainings that ended in the target's year by mode, as far as they may be counted.
async fn trained(sitting: &Sitting<'_>, target: &Target, modes: &[&str]) -> Result<Option<i64>, HubError> {
    let Some(family) = sitting.services.catalogue.find("TrainingRecord") else { return Ok(None) };
    let scope = sitting.services.scope(sitting.actor, family)?;
    if !scope.allows(Use::List, &[Class::Internal]) {
        return Ok(None);
    }
    let Some((filter, mode)) = condition(family, sitting.seat.region().prefix(), target).zip(family.field("mode")) else {
        return Ok(None);
    };
    let question = Question { filter: &filter, by: &[Dimension::Field(mode)], sums: &[] };
    let answer = sitting.services.reader().statistics(&scope, &sitting.services.disclosure, &question).await?;
    // Nothing handed in is nothing known, and no zero; and what is not exact is no ground for a verdict.
    if answer.groups.is_empty() || answer.method != Method::Exact {
        return Ok(None);
    }
    let mut sum = 0;
    for group in answer.groups {
        let own = group.keys.first().and_then(Option::as_deref).is_some_and(|mode| modes.contains(&mode));
        sum += group.count.filter(|_| own).unwrap_or_default();
    }
    Ok(Some(sum))
}

fn condition(family: &'static Family, prefix: &str, target: &Target) -> Option<Filter> {
    let field = |name: &str| family.field(name);
    let text = |text: &str| Cell::Text(text.to_owned());
    let day = |month, day| NaiveDate::from_ymd_opt(target.year, month, day).map(|day| (Cell::Date(day), true));
    let mut all = vec![
        Filter::Field(field("regionCode")?, Test::Prefix(prefix.to_owned())),
        Filter::Field(field("endedOn")?, Test::Range(day(1, 1), day(12, 31))),
    ];
    if target.measure == Measure::TrainedTeamLeaders {
        all.push(Filter::Field(field("keyPost")?, Test::In(vec![text("TEAM_LEADER")])));
    }
    if let Industries::Industry(code) = &target.scope {
        all.push(Filter::Field(field("keyIndustry")?, Test::In(vec![text(code)])));
    }
    Some(Filter::All(all))
}
