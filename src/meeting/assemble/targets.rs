//! Targets of a plan that no indicator measures. Persons trained in the prevention of work injuries
//! are counted here (I14 of the domain reference §6.2); what cannot be counted says which record is
//! not there.

use std::collections::BTreeSet;

use brief::content::{Coded, Headline, Outcome};
use chrono::{Datelike as _, NaiveDate};
use entity::catalogue::Class;

use crate::{
    authz::{
        identity::DepartmentCode,
        scope::{Scope, Use},
    },
    domain::{
        clock,
        code::Coded as _,
        disclosure::sight::RowSight,
        indicator::Indicator,
        plan::{Target, TargetMeasure, TargetScope as Industries},
        region::RegionCode,
    },
    error::HubError,
    meeting::{
        assemble::coded,
        below,
        indicators::{FigureSheet, IndustryGroup},
        returns::MeetingContext,
    },
    store::meeting::figures::{Attended, TrainingGroup},
};

/// The kind of training that these targets ask for.
const DOMAIN: &str = "INJURY_PREVENTION";

/// What is known of a target.
enum TargetFacts {
    /// Who came, and the counties of which nobody has handed in a training of that kind.
    Attended(Attended, Vec<String>),
    /// Not all of the records may be counted by whoever asks.
    Closed,
    /// Not for whoever asks.
    Withheld,
    /// Nobody has handed in a training of that kind.
    Missing,
}

/// A judgement in words.
struct JudgementText {
    actual: String,
    outcome: Outcome,
    code: &'static str,
    reason: String,
}

/// One headline for each target of the region and year that has none yet.
pub(super) async fn headlines(
    sitting: &MeetingContext<'_>,
    sheet: &FigureSheet,
    told: &[Headline],
) -> Result<Vec<Headline>, HubError> {
    let targets = sitting.rules.plans.targets(sitting.seat.region(), sheet.year, None);
    let open =
        |target: &Target| told.iter().all(|line| line.target_id.as_ref() != Some(&target.id));
    let left: Vec<&Target> =
        targets.into_iter().map(|(_, target)| target).filter(|target| open(target)).collect();
    let courses: Vec<Option<TrainingGroup>> =
        left.iter().map(|target| course(sheet, target)).collect();
    let known = attended(sitting, &courses).await?;
    let mut known = known.into_iter();
    let unfinished = sheet.year >= clock::shanghai_date(sitting.ctx.now()).year();
    let mut headlines = Vec::with_capacity(left.len());
    for (target, course) in left.into_iter().zip(&courses) {
        let own = course.as_ref().and_then(|_| known.next());
        headlines.push(headline(sitting, target, said(sheet, target, own, unfinished)));
    }
    Ok(headlines)
}

/// The trainings a target is about.
fn course(sheet: &FigureSheet, target: &Target) -> Option<TrainingGroup> {
    let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    let modes = match target.measure {
        TargetMeasure::TrainedPersons
        | TargetMeasure::TrainedTeamLeaders
        | TargetMeasure::TrainingTask => Vec::new(),
        // Whoever came for a part of it was there.
        TargetMeasure::TrainedOffline => list(&["OFFLINE", "MIXED"]),
        TargetMeasure::TrainedOnline => list(&["ONLINE"]),
        _ => return None,
    };
    let posts = match target.measure {
        TargetMeasure::TrainedTeamLeaders => vec![("TEAM_LEADER".to_owned(), None)],
        TargetMeasure::TrainingTask => sheet.frame.posts.posts.clone(),
        _ => Vec::new(),
    };
    let industry = match &target.scope {
        Industries::Industry(code) => Some(code.clone()),
        _ => None,
    };
    let begun = NaiveDate::from_ymd_opt(target.year, 1, 1)?;
    // A task of several years is done over the years of the plan.
    let first = if target.measure == TargetMeasure::TrainingTask {
        sheet.frame.posts.since.unwrap_or(begun)
    } else {
        begun
    };
    Some(TrainingGroup {
        modes,
        posts,
        industry,
        days: (first, NaiveDate::from_ymd_opt(target.year, 12, 31)?),
    })
}

/// Who came to each course there is.
async fn attended(
    sitting: &MeetingContext<'_>,
    courses: &[Option<TrainingGroup>],
) -> Result<Vec<TargetFacts>, HubError> {
    let wanted: Vec<TrainingGroup> = courses.iter().flatten().cloned().collect();
    let Some(family) = sitting
        .services
        .catalogue
        .of::<entity::training_record::Entity>()
        .filter(|_| !wanted.is_empty())
    else {
        return Ok(wanted.iter().map(|_| TargetFacts::Missing).collect());
    };
    let (services, region) = (sitting.services, sitting.seat.region());
    let scope = services.scope(sitting.actor, family)?;
    let codes = services
        .reference
        .table("key_industry")
        .map(|table| table.codes.as_slice())
        .unwrap_or_default();
    let departments: Vec<&str> =
        services.policy.departments().map(DepartmentCode::as_str).collect();
    let covers = |how: Use, industry: Option<&str>| {
        scope.covers(how, &[Class::Internal], region.as_str(), &departments, industry)
    };
    let all = |how: Use| {
        codes
            .iter()
            .map(|code| Some(code.code.as_str()))
            .chain([None])
            .all(|industry| covers(how, industry))
    };
    let (whole, listed) = (all(Use::Aggregate), all(Use::List));
    let found = services.reader().attended(&scope, region, DOMAIN, &wanted).await?;
    // Whether anything was handed in is the same for every seat.
    let everything = Scope::of_province(sitting.seat, family);
    let anybody = if found.iter().any(Option::is_none) {
        services.reader().attended(&everything, region, DOMAIN, &wanted).await?
    } else {
        vec![None; found.len()]
    };
    let silent = silent(sitting, &everything, &wanted).await?;
    let nobody_came = |one: Option<Attended>| one.map(|_| Attended::default());
    let found = found.into_iter().zip(anybody).map(|(own, all)| own.or(nobody_came(all)));
    // The courses are parts of each other, and of those of the regions around: told to whoever
    // lists the trainings or sees exact figures, and to nobody else, however many came.
    let open = |industry: Option<&str>| {
        let lists = listed || (industry.is_some() && covers(Use::List, industry));
        RowSight { exact: sitting.seat.exact(), lists }.tells()
    };
    let known = |((course, own), silent): ((&TrainingGroup, Option<Attended>), Vec<String>)| {
        let counted = match &course.industry {
            Some(code) => whole || covers(Use::Aggregate, Some(code)),
            None => whole,
        };
        match own {
            _ if !counted => TargetFacts::Closed,
            _ if !open(course.industry.as_deref()) => TargetFacts::Withheld,
            None => TargetFacts::Missing,
            Some(own) => TargetFacts::Attended(own, silent),
        }
    };
    Ok(wanted.iter().zip(found).zip(silent).map(known).collect())
}

/// Names of the counties without any training of that kind, for each course.
async fn silent(
    sitting: &MeetingContext<'_>,
    everything: &Scope,
    courses: &[TrainingGroup],
) -> Result<Vec<Vec<String>>, HubError> {
    let (services, region) = (sitting.services, sitting.seat.region());
    let trained = services.reader().trained_in(everything, region, DOMAIN, courses).await?;
    let of = |(course, trained): (&TrainingGroup, BTreeSet<String>)| {
        // A county that was renamed has its trainings under both codes.
        let present = |code: &String| sitting.rules.regions.present(code).ok();
        let now: Vec<RegionCode> = trained.iter().filter_map(present).collect();
        let places = below::places(&services.reference, region, course.days.1.year()).into_iter();
        let silent = places
            .filter(|place| place.county && !now.iter().any(|own| place.region.contains(own)));
        let name = |place: below::Place| {
            let code = place.region.as_str();
            services.reference.label("region", code).unwrap_or(code).to_owned()
        };
        silent.map(name).collect()
    };
    Ok(courses.iter().zip(trained).map(of).collect())
}

/// `open` says that the year is not over.
fn said(
    sheet: &FigureSheet,
    target: &Target,
    known: Option<TargetFacts>,
    open: bool,
) -> JudgementText {
    let unjudged = |actual: String, code, reason: &str| JudgementText {
        actual,
        outcome: Outcome::NotJudged,
        code,
        reason: reason.to_owned(),
    };
    let none = || "—".to_owned();
    match (target.measure, known) {
        (TargetMeasure::PreventionFee, _) => {
            let own = sheet.figures.iter().find(|figure| {
                figure.indicator == Indicator::I8
                    && figure.group == IndustryGroup::All
                    && figure.region == sheet.region
            });
            let spent = own.and_then(|figure| figure.now.numerator.number());
            let actual =
                spent.map_or_else(none, |fen| format!("已列支{}.{:02}元", fen / 100, fen % 100));
            unjudged(
                actual,
                "NO_FEE_BUDGET",
                "没有工伤预防费预算（提取数）的记录，无法核对提取，不判定；所列为参保单位年度记录中的列支数",
            )
        }
        (TargetMeasure::NewFormInjuryRate | TargetMeasure::PlatformInjuryRate, _) => {
            unjudged(none(), "NO_NEW_FORM_RECORDS", "没有新就业形态人员职业伤害的记录，不判定")
        }
        (TargetMeasure::PneumoconiosisCases, _) => {
            let own = sheet.figures.iter().find(|figure| {
                figure.indicator == Indicator::I3
                    && figure.group == IndustryGroup::Dust
                    && figure.region == sheet.region
            });
            let count =
                |number: Option<i64>| number.map_or_else(none, |number| format!("{number}例"));
            let actual = own.map_or_else(none, |figure| {
                format!(
                    "{}（上年{}）",
                    count(figure.now.denominator.number()),
                    count(figure.last_year.denominator.number())
                )
            });
            unjudged(actual, "TARGET_WITHOUT_NUMBER", "目标没有数值，只列涉尘行业新发例数，不判定")
        }
        (_, Some(TargetFacts::Closed)) => {
            unjudged(none(), "NOT_YOURS", "含有您无权汇总的记录，不显示，不判定")
        }
        (_, Some(TargetFacts::Withheld)) => {
            unjudged(none(), "WITHHELD", "数值过小，按规定不显示，不判定")
        }
        (TargetMeasure::TrainingTask, Some(known)) => {
            let actual = match known {
                TargetFacts::Attended(own, _) => {
                    format!("已训{}人{}，应训人数无记录", own.persons, unposted(own))
                }
                _ => "应训人数无记录".to_owned(),
            };
            unjudged(
                actual,
                "NO_TASK_TOTAL",
                "没有培训任务总数（应训人数）的记录，无法计算完成率，不判定；请人社部门提供",
            )
        }
        (_, Some(TargetFacts::Missing)) => unjudged(
            "缺".to_owned(),
            "NO_FIGURE",
            "缺少所需数据，不判定；请催报：缺人社等部门当年工伤预防培训记录",
        ),
        (_, Some(TargetFacts::Attended(own, silent))) => counted(target, own, &silent, open),
        (_, None) => unjudged(none(), "NO_INDICATOR", "平台没有对应的指标，不判定"),
    }
}

/// Attendances that may count or not: nobody said of which post.
fn unposted(own: Attended) -> String {
    match own.unposted {
        0 => String::new(),
        more => format!("，另有{more}人次未填岗位"),
    }
}

/// Persons against their least number; how often anybody came is told where it is another number.
fn counted(target: &Target, own: Attended, silent: &[String], open: bool) -> JudgementText {
    let times =
        if own.times == own.persons { String::new() } else { format!("（{}人次）", own.times) };
    let actual = format!("{}人{times}{}", own.persons, unposted(own));
    match target.amount {
        Some(least) if own.persons < least && own.persons + own.unposted >= least => {
            JudgementText {
                actual,
                outcome: Outcome::NotJudged,
                code: "RECORDS_INCOMPLETE",
                reason: "未填岗位的培训记录决定是否达标，不判定；请补报岗位".to_owned(),
            }
        }
        // More can only be added to what is enough.
        Some(least) if own.persons < least && !silent.is_empty() => {
            let (names, rest) = (silent.iter().take(8), if silent.len() > 8 { "等" } else { "" });
            let names = names.map(String::as_str).collect::<Vec<_>>().join("、");
            let reason = format!(
                "有县区未上报，已有的数不能代表全域，不判定；请督促上报；{}年未上报相应记录的县区{}（{names}{rest}）",
                target.year,
                silent.len()
            );
            JudgementText { actual, outcome: Outcome::NotJudged, code: "COUNTIES_SILENT", reason }
        }
        // The fewest persons they may have been, against all of them.
        Some(least) if own.persons >= least && own.persons - own.unnumbered < least => {
            JudgementText {
                actual,
                outcome: Outcome::NotJudged,
                code: "RECORDS_INCOMPLETE",
                reason: format!(
                    "其中{}人次无证件号码，不能确定是否为同一人，不判定；请补报",
                    own.unnumbered
                ),
            }
        }
        Some(least) if own.persons >= least => JudgementText {
            actual,
            outcome: Outcome::Met,
            code: "TARGET_MET",
            reason: "达到目标".to_owned(),
        },
        Some(least) if open => {
            let reason = format!("年度未结束，不判定；还差{}人", least - own.persons);
            JudgementText { actual, outcome: Outcome::NotJudged, code: "PRELIMINARY", reason }
        }
        Some(least) => {
            let reason = format!("未达到目标：还差{}人", least - own.persons);
            JudgementText { actual, outcome: Outcome::NotMet, code: "TARGET_NOT_MET", reason }
        }
        None => {
            let reason = "方案未对此设定数值，只列数".to_owned();
            JudgementText { actual, outcome: Outcome::NotJudged, code: "NO_TARGET", reason }
        }
    }
}

fn headline(sitting: &MeetingContext<'_>, target: &Target, said: JudgementText) -> Headline {
    let reference = &sitting.services.reference;
    let (code, label) = match target.measure {
        TargetMeasure::TrainingTask => ("TRAINING_TASK", "培训任务完成率"),
        TargetMeasure::PreventionFee => ("PREVENTION_FEE", "工伤预防费"),
        TargetMeasure::TrainedPersons => ("I14", "工伤预防培训人数"),
        TargetMeasure::TrainedOffline => ("I14", "线下培训人数"),
        TargetMeasure::TrainedOnline => ("I14", "线上培训人数"),
        TargetMeasure::TrainedTeamLeaders => ("I14", "一线班组长培训人数"),
        TargetMeasure::NewFormInjuryRate => {
            ("NEW_FORM_INJURY_RATE", "新就业形态人员职业伤害发生率")
        }
        TargetMeasure::PlatformInjuryRate => ("PLATFORM_INJURY_RATE", "重点平台企业职业伤害发生率"),
        TargetMeasure::PneumoconiosisCases => {
            ("PNEUMOCONIOSIS_CASES", "尘肺病等重点职业病新发例数")
        }
        other => (other.code(), other.name_zh()),
    };
    Headline {
        indicator: Coded { code: code.to_owned(), label: label.to_owned() },
        industry: match &target.scope {
            Industries::Industry(code) => Some(coded(reference, "key_industry", code)),
            _ => None,
        },
        department: target.department.as_deref().map(|code| coded(reference, "department", code)),
        target: target.name_zh.clone(),
        actual: said.actual,
        outcome: said.outcome,
        reason: said.reason,
        target_id: Some(target.id.clone()),
        reason_code: Some(said.code.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Attended, counted};
    use crate::{
        domain::{plan::TargetMeasure, region::RegionCode},
        meeting::plans::PlanSet,
        store::reference::Reference,
    };

    #[test]
    fn persons_who_may_be_the_same_decide_nothing() {
        let reference = Reference::shipped().expect("the code tables read");
        let plans = PlanSet::load(&reference).expect("the shipped plans hold");
        let zibo = RegionCode::parse("370300").expect("a region");
        let targets = plans.targets(&zibo, 2024, None);
        let (_, target) = targets
            .iter()
            .find(|(_, target)| target.measure == TargetMeasure::TrainedPersons)
            .expect("a target");
        for (persons, unnumbered, unfinished, code) in [
            (12_000, 0, false, "TARGET_MET"),
            (12_000, 1, false, "RECORDS_INCOMPLETE"),
            (13_000, 1_000, false, "TARGET_MET"),
            (11_999, 500, false, "TARGET_NOT_MET"),
            (11_999, 0, true, "PRELIMINARY"),
        ] {
            let own = Attended { persons, times: persons, unnumbered, unposted: 0 };
            assert_eq!(counted(target, own, &[], unfinished).code, code, "{persons} {unnumbered}");
        }
    }
}
