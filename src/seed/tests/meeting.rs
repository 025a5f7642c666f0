//! What the joint meeting looks at: coverage rises, nobody is above a limit or untrained by chance
//! where that would be a lead, rates and sums fit together.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};

use super::{SeedFields, count, rows, text};
use crate::{
    domain::{code::Coded as _, hazard, premium},
    seed::{
        Scale, batches, calendar, county::County, exposures, people, planted, scale::sites,
        trainings,
    },
};

const LISTED: [&str; 4] =
    ["HazardRectification", "ExposureMeasurement", "TrainingRecord", "InsuredUnitYear"];

fn date(row: &SeedFields, field: &str) -> Option<NaiveDate> {
    row.get(field)
        .and_then(serde_json::Value::as_str)
        .map(|text| text.get(..10).unwrap_or_default().parse().expect("a day"))
}

#[test]
fn the_families_of_the_meeting_add_less_than_sixty_per_cent() {
    let (mut new, mut all) = (0, 0);
    for batch in batches(Scale::County) {
        all += batch.rows.len();
        new += if LISTED.contains(&batch.family) { batch.rows.len() } else { 0 };
    }
    assert!(new * 100 < (all - new) * 60, "{new} of {all}");
    for family in LISTED {
        assert!(rows(Scale::County, family).len() > 300, "{family}");
    }
    assert_eq!(rows(Scale::County, "InsuredUnitYear").len(), 200 * 7);
}

/// Holders of key posts on the last day of a year, and those of them trained by then, per mille.
fn coverage(counties: &[County], domain: &str, year: i32) -> u32 {
    let last = calendar::day(year, 12, 31);
    let (mut held, mut covered) = (0, 0);
    for county in counties {
        let trainings = trainings::of(county).all;
        for (person, place) in county.roster.persons.iter().zip(0_u32..) {
            let Some(employer) = county.employer(person.employer) else { continue };
            let employed =
                person.insured_from <= last && person.insured_to.is_none_or(|left| left >= last);
            let post = people::key_post(&county.site, person, employer).is_some();
            if employed && post && (domain == "SAFETY" || employer.sector.dusty > 0) {
                held += 1;
                let trained = |training: &&trainings::Training| {
                    training.person == place && training.domain == domain
                };
                covered += u32::from(
                    trainings
                        .iter()
                        .filter(trained)
                        .any(|training| training.passed && training.ended <= last),
                );
            }
        }
    }
    covered * 1000 / held
}

#[test]
fn training_of_key_posts_rises_from_about_seventy_per_cent_to_nearly_all() {
    let counties: Vec<County> = sites(Scale::City).into_iter().map(County::build).collect();
    for domain in ["SAFETY", "OCCUPATIONAL_HEALTH"] {
        let found: Vec<u32> = (2021..=2025).map(|year| coverage(&counties, domain, year)).collect();
        assert!(found.is_sorted(), "{domain} {found:?}");
        assert!(
            (640..780).contains(&found[0]) && (900..985).contains(&found[3]) && found[4] > 960,
            "{domain} {found:?}"
        );
        let each =
            counties.iter().map(|county| coverage(std::slice::from_ref(county), domain, 2024));
        let short = each.filter(|share| *share < 950).count();
        assert!((1..counties.len() - 3).contains(&short), "{domain} {short} counties are behind");
    }
}

#[test]
fn only_planted_key_posts_are_untrained_at_the_last_accident() {
    for site in
        sites(Scale::County).into_iter().chain(sites(Scale::Province).into_iter().step_by(40))
    {
        let county = County::build(site);
        let built = trainings::of(&county);
        let mut last: HashMap<u32, NaiveDate> = HashMap::new();
        for accident in county
            .accidents
            .iter()
            .filter(|accident| !accident.written_off && accident.toll.degrees().count() > 0)
        {
            let day = last.entry(accident.employer).or_insert(accident.day);
            *day = accident.day.max(*day);
        }
        let mut found = Vec::new();
        for (person, place) in county.roster.persons.iter().zip(0_u32..) {
            let (Some(employer), Some(day)) =
                (county.employer(person.employer), last.get(&person.employer))
            else {
                continue;
            };
            let employed =
                person.insured_from <= *day && person.insured_to.is_none_or(|left| left >= *day);
            if !employed || people::key_post(&site, person, employer).is_none() {
                continue;
            }
            let since = *day - Days::new(1095);
            let trained = |training: &trainings::Training| {
                training.person == place
                    && training.passed
                    && (since..=*day).contains(&training.ended)
            };
            if !built.all.iter().any(trained) {
                found.push(place);
            }
        }
        let mut expected: Vec<u32> = built.untrained.iter().map(|(_, person)| *person).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", site.place.code);
        assert_eq!(expected.len(), site.scale.planted_per_county(), "{}", site.place.code);
    }
}

#[test]
fn only_planted_values_above_a_limit_are_followed_by_the_same_disease() {
    let mut above = (0, 0);
    for site in
        sites(Scale::County).into_iter().chain(sites(Scale::Province).into_iter().step_by(40))
    {
        let county = County::build(site);
        let mut followed = BTreeMap::new();
        for measurement in exposures::of(&county) {
            let row = exposures::row(
                &site,
                &measurement,
                county.employer(measurement.employer).expect("an employer"),
            );
            let exceeds = exposures::exceeds(&measurement);
            above = (above.0 + u32::from(exceeds), above.1 + 1);
            assert_eq!(row.contains_key("freeSilicaPermille"), measurement.silica.is_some());
            let follows = county.cases.iter().any(|case| {
                let employer = county.roster.persons[case.person as usize].employer;
                let same = employer == measurement.employer && case.factor == measurement.factor;
                case.nature == "FIRST" && same && case.diagnosed >= measurement.day
            });
            assert!(exceeds || measurement.followed_by.is_none());
            if exceeds && follows {
                assert!(
                    followed
                        .insert((measurement.employer, measurement.factor), measurement.followed_by)
                        .is_none()
                );
            }
        }
        assert!(followed.values().all(Option::is_some), "{} {followed:?}", site.place.code);
        assert_eq!(followed.len(), site.scale.planted_per_county(), "{}", site.place.code);
    }
    assert!((20..150).contains(&(above.0 * 1000 / above.1)), "{above:?}");
}

#[test]
fn tolls_and_notices_are_in_time_but_for_the_planted_ones() {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (department, row) in rows(Scale::County, "Accident") {
        let occurred = date(&row, "occurredAt").expect("a day");
        let quick =
            row.get("roadTraffic") == Some(&true.into()) || row.get("fire") == Some(&true.into());
        let limit = occurred + Days::new(if quick { 7 } else { 30 });
        let hurt = ["deaths", "missing", "seriousInjuries", "acutePoisonings"]
            .iter()
            .any(|field| count(&row, field) > 0);
        let mut add = |kind, late| {
            if late {
                found
                    .entry(kind)
                    .or_default()
                    .push(format!("Accident {department} {}", text(&row, "accidentNo")));
            }
        };
        if let Some(changed) = date(&row, "tollChangedAt") {
            assert!(occurred < changed && changed <= limit);
            add("TOLL_CHANGED_LATE", date(&row, "tollReportedAt").is_none_or(|day| day > limit));
        }
        let stands = text(&row, "statStatus") != "WRITTEN_OFF";
        add("UNION_NOT_NOTIFIED", hurt && stands && !row.contains_key("unionNotifiedAt"));
        add("HRSS_NOT_NOTIFIED", hurt && stands && !row.contains_key("hrssNotifiedAt"));
    }
    for (kind, mut keys) in found {
        let listed = planted(Scale::County).filter(|planted| planted.kind == kind);
        let mut expected: Vec<String> = listed.flat_map(|planted| planted.keys).collect();
        keys.sort();
        expected.sort();
        assert_eq!(keys, expected, "{kind}");
    }
}

#[test]
fn hazards_stand_in_a_state_their_dates_allow_and_some_are_overdue() {
    let (mut overdue, mut major, all) = (0, 0, rows(Scale::County, "HazardRectification"));
    let today = calendar::day(2026, 1, 1);
    for (department, row) in &all {
        use hazard::Milestone::{
            Closed, Deadline, Extended, Found, Ordered, Rechecked, Submitted, Transferred,
        };
        let state = hazard::HazardState::from_code(text(row, "status")).expect("a state");
        let fields = [
            (Found, "foundAt"),
            (Ordered, "orderedAt"),
            (Deadline, "deadline"),
            (Extended, "extendedDeadline"),
            (Submitted, "submittedAt"),
            (Rechecked, "recheckAt"),
            (Closed, "closedAt"),
            (Transferred, "transferredAt"),
        ];
        let dates = fields
            .into_iter()
            .fold(hazard::Dates::default(), |dates, (of, field)| dates.with(of, date(row, field)));
        assert_eq!(hazard::check_dates(state, &dates, today), [], "{row:?}");
        overdue += u32::from(hazard::is_overdue(state, &dates, today));
        major += u32::from(text(row, "level") == "MAJOR");
        assert!(
            *department != "HEALTH"
                || ["粉尘防护", "个体防护", "警示标识"].contains(&text(row, "category"))
        );
    }
    assert!(overdue > 3 && overdue < all.len() as u32 / 20, "{overdue}");
    assert!(major > 20 && major < all.len() as u32 / 8, "{major}");
}

#[test]
fn premiums_are_wages_times_rate_and_the_fund_can_pay() {
    let (mut benefits, mut premium, mut steps) = (0_i64, 0_i64, BTreeMap::new());
    for (_, row) in rows(Scale::County, "InsuredUnitYear") {
        let fen =
            |field: &str| text(&row, field).replace('.', "").parse::<i64>().expect("an amount");
        let step = premium::FloatStep::from_code(text(&row, "floatStep")).expect("a step");
        let base = count(&row, "baseRatePer100000") as i64;
        let rate = premium::floated_rate(base, step).expect("a whole rate");
        assert!(
            !premium::is_another_premium(fen("premiumDueYuan"), fen("wageBillYuan"), rate),
            "{row:?}"
        );
        assert!(step.is_open_to(count(&row, "riskClass") as i64));
        assert!(count(&row, "newDeaths") <= count(&row, "newInjuries"));
        let kinds =
            ["benefitMedicalYuan", "benefitDisabilityYuan", "benefitDeathYuan", "benefitOtherYuan"];
        benefits += kinds.into_iter().map(fen).sum::<i64>();
        premium += fen("premiumPaidYuan");
        *steps.entry(text(&row, "floatStep").to_owned()).or_insert(0) += 1;
    }
    let ratio = benefits * 100 / premium;
    assert!((45..110).contains(&ratio), "{ratio}");
    assert!(steps.len() >= 4, "{steps:?}");
}
