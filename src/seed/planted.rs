//! The discrepancies between departments that the data contain on purpose, as a list to check
//! findings against.

use super::{
    accidents::Late,
    county::County,
    discrepancies::again,
    exposures,
    injuries::InjuryCause,
    people,
    scale::{Scale, sites},
    trainings,
    victims::{Flaw, Who},
};

/// A discrepancy planted on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// Stable code of the kind, one of [`KINDS`].
    pub kind: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// Records concerned: family, department and number in the source system, `AccidentVictim
    /// EMERGENCY A140602-2024-00017-1`; a credit code stands as `uscc …`.
    pub keys: Vec<String>,
}

/// Kinds of planted discrepancies, with their Chinese names.
pub const KINDS: [(&str, &str); 16] = [
    ("ACCIDENT_DEATH_WITHOUT_RECOGNITION", "事故死亡职工未见工伤认定申请"),
    ("RECOGNIZED_DEATH_WITHOUT_ACCIDENT", "认定工亡但各部门均无事故记录"),
    ("DISEASE_WITHOUT_APPLICATION", "确诊职业病未见工伤认定申请"),
    ("DISEASE_RECOGNITION_WITHOUT_REPORT", "认定职业病工伤但无职业病报告"),
    ("ACCIDENT_EMPLOYER_NOT_INSURED", "事故发生单位不在参保单位之列"),
    ("VICTIM_WITHOUT_IDENTITY", "伤亡人员无证件号码，仅姓名、单位和事故可比"),
    ("DISEASE_CASE_WITHOUT_IDENTITY", "职业病病例无证件号码，仅姓名、出生日期和单位可比"),
    ("IDENTITY_NAME_CONFLICT", "同一证件号码在两个部门姓名不同"),
    ("VICTIM_LIST_INCOMPLETE", "伤亡人员名单少于事故伤亡人数"),
    ("TOLL_CHANGED_LATE", "伤亡人数变化逾期补报或未补报"),
    ("UNION_NOT_NOTIFIED", "有伤亡的事故未见通知工会"),
    ("HRSS_NOT_NOTIFIED", "有伤亡的事故未见通知人社部门"),
    ("UNTRAINED_KEY_POST", "事故单位重点岗位人员未见培训合格记录"),
    ("EXPOSURE_THEN_DISEASE", "检测超标的单位此后发生同因素职业病"),
    ("EVENT_REPORTED_TWICE", "同一事故重复报送"),
    ("IDENTITY_UNDER_TWO_NUMBERS", "同一证件号码在一个部门有两个人员编号"),
];

/// The planted discrepancies of a scale, county by county: of every kind five per county at the
/// scales county and city, two at the scale province.
pub fn planted(scale: Scale) -> impl Iterator<Item = Planted> {
    sites(scale).into_iter().flat_map(|site| of_county(&County::build(site)))
}

fn of_county(county: &County) -> Vec<Planted> {
    let site = &county.site;
    let mut found = Vec::new();
    let mut add = |kind: usize, keys: Vec<String>| {
        if let Some((kind, zh)) = KINDS.get(kind).copied() {
            found.push(Planted { kind, zh, keys });
        }
    };
    for accident in &county.accidents {
        if let Some(employer) = county.employer(accident.employer)
            && employer.index as usize >= county.employers.all.len()
        {
            let key = format!("Accident {} {}", accident.sector.department, accident.number(site));
            add(4, vec![key, format!("uscc {}", employer.uscc)]);
        }
    }
    for accident in &county.accidents {
        let kind = match accident.late {
            Late::None => continue,
            Late::Toll => 9,
            Late::UnionNotice => 10,
            Late::HrssNotice => 11,
        };
        add(
            kind,
            vec![format!("Accident {} {}", accident.sector.department, accident.number(site))],
        );
    }
    for (accident, person) in trainings::of(county).untrained {
        let accident = county.accidents.get(accident as usize);
        let accident = accident.map(|accident| {
            format!("Accident {} {}", accident.sector.department, accident.number(site))
        });
        let person = county.roster.persons.get(person as usize);
        let employment = person
            .map(|person| format!("Employment HRSS {}", people::employment_number(site, person)));
        add(12, accident.into_iter().chain(employment).collect());
    }
    for measurement in exposures::of(county) {
        let Some(case) = measurement.followed_by.and_then(|case| county.cases.get(case as usize))
        else {
            continue;
        };
        let key = format!("ExposureMeasurement HEALTH {}", measurement.number(site));
        add(13, vec![key, format!("OccupationalDiseaseCase HEALTH {}", case.number(site))]);
    }
    for accident in county.reported_twice() {
        let (department, number) = (accident.sector.department, accident.number(site));
        add(
            14,
            vec![
                format!("Accident {department} {}", again(&number)),
                format!("Accident {department} {number}"),
            ],
        );
    }
    for person in county.numbered_twice() {
        let number = person.number(site);
        add(15, vec![format!("Person HRSS {}", again(&number)), format!("Person HRSS {number}")]);
    }
    for victim in &county.victims {
        let (Who::Insured(place), Some(accident)) =
            (&victim.person, county.accidents.get(victim.accident as usize))
        else {
            continue;
        };
        let department = accident.sector.department;
        let key = format!("AccidentVictim {department} {}", victim.number(site, accident));
        let person = county
            .roster
            .persons
            .get(*place as usize)
            .map(|person| format!("Person HRSS {}", person.number(site)));
        let injury = county
            .injuries
            .iter()
            .filter(|injury| injury.basis == InjuryCause::Victim(victim.index));
        let injury = injury.map(|injury| format!("WorkInjury HRSS {}", injury.number(site)));
        match victim.flaw {
            Flaw::None => {}
            Flaw::NoRecognition => add(0, [key].into_iter().chain(person).collect()),
            Flaw::NoIdentity => add(5, [key].into_iter().chain(person).chain(injury).collect()),
            Flaw::OtherName => add(7, [key].into_iter().chain(person).chain(injury).collect()),
            Flaw::NotListed => {
                let accident = format!("Accident {department} {}", accident.number(site));
                add(8, [accident].into_iter().chain(person).chain(injury).collect());
            }
        }
    }
    for case in county.cases.iter().filter(|case| case.no_application || case.no_identity) {
        let key = format!("OccupationalDiseaseCase HEALTH {}", case.number(site));
        let person = county
            .roster
            .persons
            .get(case.person as usize)
            .map(|person| format!("Person HRSS {}", person.number(site)));
        add(if case.no_application { 2 } else { 6 }, [key].into_iter().chain(person).collect());
    }
    for injury in &county.injuries {
        let kind = match injury.basis {
            InjuryCause::UnreportedDeath => 1,
            InjuryCause::UnreportedDisease => 3,
            InjuryCause::Victim(_) | InjuryCause::Case(_) | InjuryCause::Ordinary => continue,
        };
        add(kind, vec![format!("WorkInjury HRSS {}", injury.number(site))]);
    }
    found
}
