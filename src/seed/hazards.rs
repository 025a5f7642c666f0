//! Hazards at employers: a few for each in seven years, most of them closed in time, some late,
//! some still open.

use chrono::{Datelike, NaiveDate};
use entity::hazard_rectification::names as field;
use serde_json::{Map, Value};

use super::{
    calendar::{self, YEARS},
    county::County,
    employers::SeedEmployer,
    names,
    row::SeedRow,
    scale::SeedSite,
    stream::SplitMix64,
};

const TOPIC: u64 = 13;

/// The day to which the state of hazards is told.
const TOLD: NaiveDate = calendar::day(2025, 12, 31);

/// A hazard as the whole data set knows it.
#[derive(Debug)]
pub(super) struct SeedHazard {
    /// Number in the county, from 0.
    pub index: u32,
    /// Number of the employer in the county.
    pub employer: u32,
    pub found: NaiveDate,
    pub department: &'static str,
}

/// Categories with what is wrong and what is done, for the departments of safety and for 卫健.
const SAFETY: [(&str, &str, &str); 8] = [
    ("用电安全", "临时用电线路未架空，配电箱无漏电保护", "更换线路，加装漏电保护器"),
    ("消防安全", "消防通道堆放物料，灭火器过期", "清理通道，更换灭火器"),
    ("设备设施", "传动部位防护罩缺失", "加装防护罩并验收"),
    ("作业环境", "临边洞口无防护栏杆", "设置防护栏杆和警示标志"),
    ("危险作业", "动火作业未办理审批", "停止作业，补办审批并培训"),
    ("安全管理", "岗位安全操作规程未更新", "修订规程并组织学习"),
    ("应急管理", "应急预案未演练", "制定计划并完成演练"),
    ("运输安全", "车辆制动检测超期", "停用车辆，检测合格后恢复"),
];
const HEALTH: [(&str, &str, &str); 3] = [
    ("粉尘防护", "除尘设施未正常运行", "检修除尘设施并检测"),
    ("个体防护", "接尘人员未佩戴防尘口罩", "配发防护用品并监督佩戴"),
    ("警示标识", "产尘岗位无警示标识", "设置警示标识和告知卡"),
];

/// The hazards of a county.
pub(super) fn of(county: &County) -> Vec<SeedHazard> {
    let mut built = Vec::new();
    for employer in &county.employers.all {
        let mut stream = county.site.stream(TOPIC, employer.index);
        for year in YEARS {
            let most = if employer.persons.len() > 40 { 3 } else { 1 };
            let least = u32::from(employer.sector.key != "OTHER" && stream.chance(650));
            for _ in 0..stream.between(least, most) {
                let found = calendar::after(calendar::day(year, 1, 5), stream.below(350));
                let department = match stream.below(1000) {
                    0..80 if employer.sector.dusty > 0 => "HEALTH",
                    80..120 => "UNION",
                    _ => employer.sector.department,
                };
                built.push(SeedHazard {
                    index: built.len() as u32,
                    employer: employer.index,
                    found,
                    department,
                });
            }
        }
    }
    built
}

/// What has happened to a hazard by the day to which states are told.
#[derive(Default)]
struct HazardCourse {
    status: &'static str,
    ordered: Option<NaiveDate>,
    deadline: Option<NaiveDate>,
    extended: Option<NaiveDate>,
    submitted: Option<NaiveDate>,
    recheck: Option<NaiveDate>,
    closed: Option<NaiveDate>,
    transferred: Option<NaiveDate>,
}

fn course(stream: &mut SplitMix64, hazard: &SeedHazard, major: bool) -> HazardCourse {
    let ordered = calendar::after(hazard.found, stream.between(0, 4));
    if stream.chance(8) {
        return HazardCourse {
            status: "TRANSFERRED",
            transferred: Some(ordered),
            ..HazardCourse::default()
        };
    }
    if ordered > TOLD {
        return HazardCourse { status: "REGISTERED", ..HazardCourse::default() };
    }
    let term = if major { stream.between(60, 180) } else { stream.between(10, 45) };
    let deadline = calendar::after(ordered, term);
    let extended = stream.chance(40).then(|| calendar::after(deadline, stream.between(10, 30)));
    let due = extended.unwrap_or(deadline);
    let begun = HazardCourse {
        status: "",
        ordered: Some(ordered),
        deadline: Some(deadline),
        extended,
        ..HazardCourse::default()
    };
    // Nine in ten are put right in time, one in twenty late, the rest stays open; before 2024
    // nothing does.
    let submitted = match stream.below(1000) {
        0..900 => {
            calendar::after(ordered, stream.between(1, (due - ordered).num_days().max(1) as u32))
        }
        900..975 => calendar::after(due, stream.between(3, 60)),
        _ if hazard.found.year() < 2024 => calendar::after(due, stream.between(30, 200)),
        _ => NaiveDate::MAX,
    };
    if submitted > TOLD {
        let status = match stream.below(100) {
            _ if major => stream.choose(&[("SUPERVISED", 7), ("SUSPENDED_PRODUCTION", 3)]),
            0..20 => "ORDERED",
            _ => "RECTIFYING",
        };
        return HazardCourse { status, ..begun };
    }
    let recheck = calendar::after(submitted, stream.between(1, 12));
    if recheck > TOLD {
        return HazardCourse { status: "SUBMITTED", submitted: Some(submitted), ..begun };
    }
    let closed = calendar::after(recheck, stream.between(0, 5));
    let checked = HazardCourse { submitted: Some(submitted), recheck: Some(recheck), ..begun };
    match closed > TOLD {
        true => {
            HazardCourse { status: stream.choose(&[("RECHECKED", 8), ("REJECTED", 2)]), ..checked }
        }
        false => HazardCourse { status: "CLOSED", closed: Some(closed), ..checked },
    }
}

/// The hazard as its department hands it in.
pub(super) fn row(
    site: &SeedSite,
    hazard: &SeedHazard,
    employer: &SeedEmployer,
) -> Map<String, Value> {
    let mut stream = site.stream(TOPIC + 1, hazard.index);
    let major = hazard.department != "UNION" && stream.chance(60);
    let source = match hazard.department {
        "UNION" => "UNION",
        _ => stream.choose(&[
            ("SPOT_CHECK", 35),
            ("ENTERPRISE_SELF", 30),
            ("JOINT_INSPECTION", 20),
            ("MONITORING", 8),
            ("REPORT", 7),
        ]),
    };
    let kinds: &[(&str, &str, &str)] =
        if hazard.department == "HEALTH" { &HEALTH } else { &SAFETY };
    let kind = kinds.get(stream.below(kinds.len() as u32) as usize).copied().unwrap_or_default();
    let course = course(&mut stream, hazard, major);
    let supervised = major && (course.status == "SUPERVISED" || stream.chance(920));
    let since = supervised.then_some(course.ordered).flatten();
    let checked = course.recheck.is_some();
    let elsewhere = if hazard.department == "EMERGENCY" { "MARKET" } else { "EMERGENCY" };
    let fund = stream.between(2, 80) * if major { 40_000 } else { 500 };
    let [responsible, rechecker] = [1, 2].map(|_| {
        let male = stream.chance(800);
        names::person(&mut stream, male)
    });
    SeedRow::default()
        .text(
            field::HAZARD_NO,
            format!("H{}-{}-{:05}", site.place.code, hazard.found.year(), hazard.index + 1),
        )
        .day(field::FOUND_AT, Some(hazard.found))
        .text(field::SOURCE, source)
        .text(field::REGION_CODE, site.place.code.as_str())
        .text(field::EMPLOYER_USCC, employer.uscc.as_str())
        .text(field::EMPLOYER_NAME, employer.name.as_str())
        .text(field::INDUSTRY_CODE, employer.industry)
        .text(field::KEY_INDUSTRY, employer.sector.key)
        .text(field::LEVEL, if major { "MAJOR" } else { "GENERAL" })
        .text(field::CATEGORY, kind.0)
        .text(field::SITE, stream.word(employer.sector.places))
        .text(field::DESCRIPTION, kind.1)
        .text(field::MEASURES, kind.2)
        .day(field::ORDERED_AT, course.ordered)
        .day(field::DEADLINE, course.deadline)
        .day(field::EXTENDED_DEADLINE, course.extended)
        .day(field::SUBMITTED_AT, course.submitted)
        .day(field::RECHECK_AT, course.recheck)
        .day(field::CLOSED_AT, course.closed)
        .text(field::STATUS, course.status)
        .flag(field::SUPERVISED, supervised)
        .day(field::SUPERVISED_AT, since)
        .day(field::TRANSFERRED_AT, course.transferred)
        .maybe(field::TRANSFERRED_TO, course.transferred.map(|_| elsewhere))
        .maybe(field::FUND_FEN, course.submitted.map(|_| format!("{fund}.00")))
        .maybe(field::RESPONSIBLE_PERSON, course.ordered.map(|_| responsible))
        .maybe(field::RECHECKER, checked.then_some(rechecker))
        .done()
}
