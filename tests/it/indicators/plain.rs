//! Every figure equals a plain count over the records, as their holders list them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::made_up::{fill, listed};
use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY},
    support::{TestHub, backends},
};

const SHEET: &str = "query($region: String!, $year: Int!, $casualties: CasualtyBasis, $denominator: DenominatorBasis, $injuries: InjuryBasis) \
    { indicators(region: $region, year: $year, casualtyBasis: $casualties, denominatorBasis: $denominator, injuryBasis: $injuries) { \
      provisional protected differences { indicator scope own sum } \
      accidentTypes { item label count lastYear } \
      rows { indicator region scope numerator denominator lastYear { numerator denominator } outcome reasonCode shown value \
        records { field where } } } }";

/// The records of a hub.
struct Records {
    accidents: Vec<Value>,
    cases: Vec<Value>,
    injuries: Vec<Value>,
    roll: Vec<Value>,
    training: Vec<Value>,
    units: Vec<Value>,
}

impl Records {
    async fn of(hub: &TestHub) -> Self {
        let token = |department: &str| hub.reader(department, CITY);
        let place = "department regionCode keyIndustry";
        let mut accidents = Vec::new();
        for department in ["EMERGENCY", "HOUSING", "TRANSPORT"] {
            let fields = format!(
                "{place} accidentNo occurredAt statStatus deaths missing seriousInjuries acutePoisonings minorInjuries"
            );
            let seen = listed(hub, &token(department), "accidents", &fields).await;
            accidents.extend(seen.into_iter().filter(|row| row["department"] == department));
        }
        let health = token("HEALTH");
        let cases = format!("{place} diagnosedAt reportNature diseaseCode underFiveYears");
        let hrss = token("HRSS");
        let injuries = format!("{place} injuredAt decidedAt acceptedAt appliedAt result article");
        let roll = format!("{place} idNumber employmentNo keyPost insuredFrom insuredTo");
        let training = format!("{place} idNumber trainingDomain endedOn examAt passed");
        let units =
            format!("{place} year insuredPersons premiumPaidYuan benefitsYuan preventionYuan");
        Self {
            accidents,
            cases: listed(hub, &health, "occupationalDiseaseCases", &cases).await,
            injuries: listed(hub, &hrss, "workInjuries", &injuries).await,
            roll: listed(hub, &hrss, "employments", &roll).await,
            training: listed(hub, &hrss, "trainingRecords", &training).await,
            units: listed(hub, &hrss, "insuredUnitYears", &units).await,
        }
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn number(row: &Value, name: &str) -> i64 {
    row[name].as_i64().unwrap_or_default()
}

/// Yuan with two decimals as fen.
fn fen(row: &Value, name: &str) -> i64 {
    text(row, name).replace('.', "").parse().unwrap_or_default()
}

const KEY: [&str; 6] =
    ["HAZARDOUS_CHEMICALS", "COAL_MINE", "NON_COAL_MINE", "CONSTRUCTION", "TRANSPORT", "MACHINERY"];
const DUST: [&str; 4] = ["COAL_MINE", "NON_COAL_MINE", "METALLURGY", "BUILDING_MATERIALS"];

fn inside(row: &Value, region: &str, scope: &str) -> bool {
    let industry = text(row, "keyIndustry");
    let of = match scope {
        "KEY" => KEY.contains(&industry),
        "DUST" => DUST.contains(&industry),
        "ALL" => true,
        own => own == industry,
    };
    of && text(row, "regionCode").starts_with(region.trim_end_matches("00"))
}

fn responsible(industry: &str) -> &'static str {
    match industry {
        "CONSTRUCTION" => "HOUSING",
        "TRANSPORT" => "TRANSPORT",
        _ => "EMERGENCY",
    }
}

/// What is counted of the records.
struct Plain<'a> {
    records: &'a Records,
    region: &'a str,
    scope: &'a str,
}

impl Plain<'_> {
    fn accidents(&self, year: i32, of: &dyn Fn(&Value) -> i64) -> i64 {
        let counts = |row: &&Value| {
            text(row, "department") == responsible(text(row, "keyIndustry"))
                && text(row, "statStatus") != "WRITTEN_OFF"
                // Times are shown in Asia/Shanghai.
                && text(row, "occurredAt").starts_with(&year.to_string())
                && inside(row, self.region, self.scope)
        };
        self.records.accidents.iter().filter(counts).map(of).sum()
    }

    fn cases(&self, year: i32, of: &dyn Fn(&Value) -> bool) -> i64 {
        let counts = |row: &&Value| {
            text(row, "reportNature") == "FIRST"
                && text(row, "diagnosedAt").starts_with(&year.to_string())
                && of(row)
                && inside(row, self.region, self.scope)
        };
        self.records.cases.iter().filter(counts).count() as i64
    }

    fn injuries(&self, year: i32, basis: &str) -> i64 {
        let counts = |row: &&Value| {
            let (result, article) = (text(row, "result"), text(row, "article"));
            let days = ["injuredAt", "decidedAt", "acceptedAt", "appliedAt"];
            let day = days.iter().map(|name| text(row, name)).find(|day| !day.is_empty());
            let day = day.unwrap_or_default();
            let of = match basis {
                "ALL_RECOGNIZED" => true,
                "WITHOUT_COMMUTING" => article != "ART14_6",
                _ => result == "RECOGNIZED" && article != "ART14_6" && article != "ART14_4",
            };
            of && ["RECOGNIZED", "DEEMED"].contains(&result)
                && day.starts_with(&year.to_string())
                && inside(row, self.region, self.scope)
        };
        self.records.injuries.iter().filter(counts).count() as i64
    }

    /// Persons once in each place and industry, as the roll is kept.
    fn posts(&self, year: i32, domain: Option<&str>) -> i64 {
        let last = format!("{year}-12-31");
        // What the plan of 2021 asks for is trained from 2021 on.
        let first = "2021-01-01";
        let trained = |person: &str| {
            domain.is_none_or(|domain| {
                self.records.training.iter().any(|row| {
                    let day = if row["examAt"].is_null() {
                        text(row, "endedOn")
                    } else {
                        text(row, "examAt")
                    };
                    text(row, "idNumber") == person
                        && (domain == "ANY" || text(row, "trainingDomain") == domain)
                        && row["passed"] == true
                        && day >= first
                        && day <= last.as_str()
                })
            })
        };
        let on_roll = |row: &&Value| {
            !row["keyPost"].is_null()
                && text(row, "insuredFrom") <= last.as_str()
                && (row["insuredTo"].is_null() || text(row, "insuredTo") >= last.as_str())
                && inside(row, self.region, self.scope)
                && trained(text(row, "idNumber"))
        };
        let persons: BTreeSet<_> = self
            .records
            .roll
            .iter()
            .filter(on_roll)
            .map(|row| (text(row, "regionCode"), text(row, "keyIndustry"), text(row, "idNumber")))
            .collect();
        persons.len() as i64
    }

    fn units(&self, year: i32, of: &dyn Fn(&Value) -> i64) -> i64 {
        let counts = |row: &&Value| {
            number(row, "year") == i64::from(year) && inside(row, self.region, self.scope)
        };
        self.records.units.iter().filter(counts).map(of).sum()
    }

    /// The same records of the region, whatever their industry.
    const fn everything(&self) -> Plain<'_> {
        Plain { records: self.records, region: self.region, scope: "ALL" }
    }

    /// Whether somebody answers for the accidents of a year: the city has signed, of a county there
    /// is one of each industry.
    fn answered(&self, year: i32) -> bool {
        let own = [self.scope];
        let industries: &[&str] = match self.scope {
            "KEY" => &KEY,
            "DUST" => &DUST,
            _ => &own,
        };
        let any = |scope: &&str| {
            Plain { records: self.records, region: self.region, scope }.accidents(year, &|_| 1) > 0
        };
        self.region == CITY || industries.iter().all(any)
    }

    /// Whether trainings were handed in: those in safety by each department with holders of key
    /// posts in its industries.
    fn trained(&self, year: i32, domain: &str) -> bool {
        let of = |scope| Plain { records: self.records, region: self.region, scope };
        let held = |of_department: &dyn Fn(&str) -> bool| {
            self.records.training.iter().any(|row| {
                (domain == "ANY" || text(row, "trainingDomain") == domain)
                    && ("2021-01-01"..=format!("{year}-12-31").as_str())
                        .contains(&text(row, "endedOn"))
                    && inside(row, self.region, "ALL")
                    && of_department(text(row, "keyIndustry"))
            })
        };
        if domain != "SAFETY" {
            return held(&|_| true) || self.everything().posts(year, Some(domain)) > 0;
        }
        let own = [self.scope];
        let industries: &[&str] = if self.scope == "KEY" { &KEY } else { &own };
        let any = industries.iter().any(|scope| of(scope).posts(year, None) > 0);
        let every: BTreeSet<&str> =
            self.records.roll.iter().map(|row| text(row, "keyIndustry")).collect();
        industries.iter().filter(|scope| !any || of(scope).posts(year, None) > 0).all(|scope| {
            let department = responsible(scope);
            held(&|industry| industry.is_empty() || responsible(industry) == department)
                || every.iter().any(|own| {
                    (own.is_empty() || responsible(own) == department)
                        && of(own).posts(year, Some(domain)) > 0
                })
        })
    }

    /// Whether there is a numerator and a denominator at all.
    fn known(&self, indicator: &str, year: i32) -> (bool, bool) {
        let all = self.everything();
        let units = |year| {
            self.records.units.iter().any(|row| {
                number(row, "year") == i64::from(year) && inside(row, self.region, "ALL")
            })
        };
        let cases = self.region == CITY || all.cases(year, &|_| true) > 0;
        let trained = |domain| year >= 2021 && self.trained(year, domain);
        match indicator {
            "I1" | "I2" => (self.answered(year), self.answered(2019)),
            "I3" => (cases, cases),
            "I4" => (trained("SAFETY"), all.posts(year, None) > 0),
            "I5" => (trained("OCCUPATIONAL_HEALTH"), all.posts(year, None) > 0),
            "I16" => (trained("ANY"), all.posts(year, None) > 0),
            "I6" => (all.injuries(year, "ALL_RECOGNIZED") > 0, units(year)),
            "I8" => (units(year), units(year - 1)),
            _ => (units(year), units(year)),
        }
    }

    /// Numerator and denominator of an indicator.
    fn parts(&self, indicator: &str, year: i32, basis: &Value) -> Option<(i64, i64)> {
        let severe = basis["casualties"] == "DEATHS_SERIOUS";
        let hurt = |row: &Value| {
            let minor = if severe { 0 } else { number(row, "minorInjuries") };
            ["deaths", "missing", "seriousInjuries", "acutePoisonings"]
                .iter()
                .map(|name| number(row, name))
                .sum::<i64>()
                + minor
        };
        let dust = |row: &Value| text(row, "diseaseCode").starts_with("RESP-");
        let all = basis["denominator"] == "ALL_OCCUPATIONAL_DISEASE_NEW";
        let injuries = basis["injuries"].as_str().unwrap_or("ALL_RECOGNIZED");
        Some(match indicator {
            "I1" => (self.accidents(year, &|_| 1), self.accidents(2019, &|_| 1)),
            "I2" => (self.accidents(year, &hurt), self.accidents(2019, &hurt)),
            "I3" => (
                self.cases(year, &|row| dust(row) && row["underFiveYears"] == true),
                self.cases(year, &|row| all || dust(row)),
            ),
            "I4" => (self.posts(year, Some("SAFETY")), self.posts(year, None)),
            "I5" => (self.posts(year, Some("OCCUPATIONAL_HEALTH")), self.posts(year, None)),
            "I16" => (self.posts(year, Some("ANY")), self.posts(year, None)),
            "I6" => (
                self.injuries(year, injuries),
                self.units(year, &|row| number(row, "insuredPersons")),
            ),
            "I7" => (
                self.units(year, &|row| fen(row, "benefitsYuan")),
                self.units(year, &|row| fen(row, "premiumPaidYuan")),
            ),
            "I8" => (
                self.units(year, &|row| fen(row, "preventionYuan")),
                self.units(year - 1, &|row| fen(row, "premiumPaidYuan")),
            ),
            _ => return None,
        })
    }
}

#[tokio::test]
async fn every_figure_equals_a_plain_count_over_the_records() {
    for backend in backends() {
        for seed in [1, 2] {
            let hub = TestHub::on(backend).await;
            fill(&hub, seed, 120).await;
            let records = Records::of(&hub).await;
            let office = hub.token("HRSS", CITY, &["SECRETARY"]);
            for (region, year, basis) in [
                (CITY, 2022, json!({})),
                (
                    CITY,
                    2024,
                    json!({"casualties": "DEATHS_SERIOUS", "denominator": "ALL_OCCUPATIONAL_DISEASE_NEW", "injuries": "WITHOUT_COMMUTING"}),
                ),
                (COUNTY, 2021, json!({"injuries": "ACCIDENTS_ONLY"})),
            ] {
                let mut variables = basis.clone();
                variables["region"] = region.into();
                variables["year"] = year.into();
                let answer = hub.ask(&office, SHEET, variables).await;
                assert!(answer.get("errors").is_none(), "{answer}");
                let sheet = &answer["data"]["indicators"];
                let mut compared = 0;
                for row in sheet["rows"].as_array().expect("rows") {
                    let plain = Plain {
                        records: &records,
                        region: text(row, "region"),
                        scope: text(row, "scope"),
                    };
                    let indicator = text(row, "indicator");
                    for (told, year) in [(row, year), (&row["lastYear"], year - 1)] {
                        let Some((numerator, denominator)) = plain.parts(indicator, year, &basis)
                        else {
                            continue;
                        };
                        let found = (told["numerator"].as_i64(), told["denominator"].as_i64());
                        let of = format!(
                            "{indicator} {} {} {year} seed {seed}",
                            plain.region, plain.scope
                        );
                        let (upper, lower) = plain.known(indicator, year);
                        assert_eq!(
                            found,
                            (upper.then_some(numerator), lower.then_some(denominator)),
                            "{of}"
                        );
                        compared += i32::from(upper && lower);
                    }
                }
                assert!(compared > 50, "{compared}");
                for own in sheet["differences"].as_array().expect("differences") {
                    assert_ne!(own["own"], own["sum"], "{own}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_figure_opens_down_to_exactly_its_records() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub, 3, 80).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let sheet = hub.ask(&office, SHEET, json!({"region": CITY, "year": 2022})).await;
        let mut opened = 0;
        // What nobody answers for has no number to open.
        let known = sheet["data"]["indicators"]["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["numerator"].is_number());
        for row in known {
            // Others have sums or distinct persons as numerator, or a class that only their holder
            // may ask about.
            let (indicator, field) = (text(row, "indicator"), text(&row["records"], "field"));
            let token = match indicator {
                "I1" | "I6" => office.clone(),
                "I3" => hub.reader("HEALTH", CITY),
                _ => continue,
            };
            let family = if field == "accidents" {
                "Accident"
            } else if field == "workInjuries" {
                "WorkInjury"
            } else {
                "OccupationalDiseaseCase"
            };
            let document = format!(
                "query($where: {family}Where) {{ list: {field}(where: $where) {{ totalCount }} }}"
            );
            let answer =
                hub.ask(&token, &document, json!({"where": row["records"]["where"]})).await;
            assert_eq!(
                answer["data"]["list"]["totalCount"], row["numerator"],
                "{indicator} {row} {answer}"
            );
            opened += 1;
        }
        assert!(opened > 30, "{opened}");
    }
}

#[tokio::test]
async fn what_a_city_runs_itself_is_its_difference_from_its_counties() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let made = [(CITY, 3), (COUNTY, 2), (OTHER_COUNTY, 1)];
        let mut rows = Vec::new();
        for (region, count) in made {
            for number in 0..count {
                let row = crate::samples::accident(&format!("{region}-{number}"));
                rows.push(crate::samples::with(row, json!({"regionCode": region})));
            }
        }
        hub.take("EMERGENCY", "Accident", "k", rows).await;
        hub.sign_all(CITY, &[2024]).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let sheet = hub.ask(&office, SHEET, json!({"region": CITY, "year": 2024})).await;
        let differences =
            sheet["data"]["indicators"]["differences"].as_array().expect("differences").clone();
        let accidents: Vec<_> = differences.iter().filter(|own| own["indicator"] == "I1").collect();
        assert_eq!(accidents.len(), 2, "for coal mines and for all key industries: {accidents:?}");
        assert!(accidents.iter().all(|own| own["own"] == 6 && own["sum"] == 3), "{accidents:?}");
    }
}
