//! The real file: 2,000 rows of MSHA Part 50. The figures were computed a second time outside of
//! this program.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::json;

use super::{example, records, refused, rejects_file, repository};
use crate::import::encoding::Encoding;
use crate::import::records::Mapped;
use crate::import::survey::Survey;

fn file() -> Vec<u8> {
    std::fs::read(repository().join("tests/data/us_msha_part50_accidents.csv"))
        .expect("the MSHA file is there")
}

fn of<'m>(mapped: &'m [Mapped], family: &str) -> Vec<&'m Mapped> {
    mapped.iter().filter(|record| record.family == family).collect()
}

fn sum(records: &[&Mapped], field: &str) -> i64 {
    records.iter().filter_map(|record| record.row.get(field)?.as_i64()).sum()
}

fn tally(records: &[&Mapped], field: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for value in records.iter().filter_map(|record| record.row.get(field)?.as_str()) {
        *counts.entry(value.to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn every_row_of_the_file_is_used_skipped_by_name_or_rejected_with_a_reason() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let counts = survey.counts();
    assert!(counts.is_complete());
    assert_eq!((counts.read, counts.used, counts.rejected), (2000, 1909, 24));
    let skipped =
        [("natural-cause-is-written-off", 10), ("occupational-illness-is-not-an-accident", 57)];
    assert_eq!(counts.skipped, skipped.map(|(rule, number)| (rule.to_owned(), number)).into());
    let mapped: Vec<(&str, u64)> =
        counts.mapped.iter().map(|(family, number)| (family.as_str(), *number)).collect();
    assert_eq!(mapped, [("Employer", 1029), ("Accident", 1908), ("AccidentVictim", 1690)]);
    assert_eq!(counts.fallbacks, [("time-not-recorded".to_owned(), 100)].into());

    let missing = |field: &str| {
        let fields = survey.rejected().flat_map(|rejected| &rejected.problems);
        fields
            .filter(|problem| {
                problem.code == "VALUE_MISSING" && problem.field.as_deref() == Some(field)
            })
            .count()
    };
    assert_eq!((missing("injuryDegree"), missing("accidentType")), (11, 21));
    assert!(refused(&survey).contains(&"1888 ROW_REFUSED_BY_RULE".to_owned()));

    let mapped = records(&survey, &source);
    let lines: BTreeSet<u64> = mapped.iter().flat_map(|record| record.lines.clone()).collect();
    assert_eq!(lines.len(), 1909, "every used row is in a record");
    let others = survey
        .skipped()
        .iter()
        .map(|(line, _)| *line)
        .chain(survey.rejected().map(|rejected| rejected.line));
    let all: BTreeSet<u64> = others.chain(lines).collect();
    assert_eq!(all, (2..=2001).collect(), "no row is missing and none is counted twice");
}

#[test]
fn records_come_out_in_order_of_dependence_with_keys_that_never_collide() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let mapped = records(&survey, &source);
    let mut order: Vec<&str> = mapped.iter().map(|record| record.family.as_str()).collect();
    order.dedup();
    assert_eq!(order, ["Employer", "Accident", "AccidentVictim"]);
    let keys: HashSet<(&str, &str)> =
        mapped.iter().map(|record| (record.family.as_str(), record.key.as_str())).collect();
    assert_eq!(keys.len(), mapped.len());
    let accidents: HashSet<&str> =
        of(&mapped, "Accident").iter().map(|record| record.key.as_str()).collect();
    for victim in of(&mapped, "AccidentVictim") {
        let accident = victim
            .row
            .get("accidentNo")
            .and_then(|value| value.as_str())
            .expect("a victim names its accident");
        assert!(
            accidents.contains(accident) && victim.key.starts_with(&format!("{accident}#")),
            "{}",
            victim.key
        );
        assert_eq!(victim.lines.len(), 1, "each person keeps a row of his own");
    }
}

#[test]
fn the_numbers_of_accidents_are_those_of_their_victims() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let mapped = records(&survey, &source);
    let (accidents, victims) = (of(&mapped, "Accident"), of(&mapped, "AccidentVictim"));
    let degrees = tally(&victims, "injuryDegree");
    assert_eq!(
        degrees,
        [("DEATH", 12), ("MINOR", 1572), ("SERIOUS", 106)].map(|(k, n)| (k.to_owned(), n)).into()
    );
    let counted =
        ["deaths", "seriousInjuries", "minorInjuries"].map(|field| sum(&accidents, field));
    assert_eq!(counted, [12, 106, 1572]);
    assert_eq!(
        (sum(&accidents, "lostWorkdays"), sum(&victims, "lostWorkdays")),
        (107_879, 107_879)
    );
    assert_eq!(
        victims
            .iter()
            .filter(|victim| victim.row.get("employmentForm") == Some(&json!("EXTERNAL")))
            .count(),
        3
    );
    assert_eq!(tally(&accidents, "keyIndustry").get("COAL_MINE"), Some(&755));
    let types = tally(&accidents, "accidentType");
    assert_eq!(types.values().sum::<usize>(), 1908, "every accident has a type");
    for (kind, number) in [
        ("ROOF_FALL", 206),
        ("LIFTING", 37),
        ("ELECTRIC_SHOCK", 13),
        ("FIRE", 17),
        ("WATER_INRUSH", 2),
    ] {
        assert_eq!(types.get(kind), Some(&number), "{kind}: {types:?}");
    }
}

#[test]
fn two_men_killed_by_one_explosion_share_the_accident_and_keep_two_keys() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let mapped = records(&survey, &source);
    let accident = of(&mapped, "Accident")
        .into_iter()
        .find(|record| record.lines.len() > 1)
        .expect("one shared accident");
    assert_eq!(accident.lines, [43, 44]);
    assert_eq!(accident.key, "0101322-2001-09-23-1715");
    assert_eq!(of(&mapped, "Accident").iter().filter(|record| record.lines.len() > 1).count(), 1);
    let expected = json!({
        "accidentNo": "0101322-2001-09-23-1715", "occurredAt": "2001-09-23T17:15:00-06:00", "regionCode": "140600",
        "employerNo": "0101322", "employerName": accident.row.get("employerName"), "keyIndustry": "COAL_MINE",
        "accidentType": "GAS_EXPLOSION", "deaths": 2, "missing": 0, "seriousInjuries": 0, "acutePoisonings": 0,
        "minorInjuries": 0, "lostWorkdays": 12000, "injuryAgent": accident.row.get("injuryAgent"),
        "course": "STRUCK BY FORCE AND CONCUSSION FROM METHANE EXPLOSION.",
    });
    assert_eq!(serde_json::Value::from(accident.row.clone()), expected);
    let victims = of(&mapped, "AccidentVictim")
        .into_iter()
        .filter(|record| matches!(record.lines.as_slice(), [43 | 44]));
    let victims: Vec<&str> = victims.map(|record| record.key.as_str()).collect();
    assert_eq!(victims, ["0101322-2001-09-23-1715#1", "0101322-2001-09-23-1715#2"]);
}

#[test]
fn the_first_row_becomes_these_three_records() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let mapped = records(&survey, &source);
    let from_line_2: Vec<&Mapped> =
        mapped.iter().filter(|record| record.lines.contains(&2)).collect();
    let [employer, accident, victim] = from_line_2.as_slice() else {
        unreachable!("three records")
    };
    let mine = json!({"employerNo": "0100003", "name": "Lhoist North America", "regionCode": "140600", "keyIndustry": "NON_COAL_MINE"});
    assert_eq!(serde_json::Value::from(employer.row.clone()), mine);
    assert_eq!(accident.row.get("occurredAt"), Some(&json!("2012-03-14T09:45:00-06:00")));
    let person = json!({
        "victimNo": "0100003-2012-03-14-0945#1", "accidentNo": "0100003-2012-03-14-0945", "injuryDegree": "MINOR",
        "lostWorkdays": 0, "serviceMonths": 52, "bodyPart": "MULTIPLE PARTS (MORE THAN ONE MAJOR)",
        "injuryNature": "CONTUSN,BRUISE,INTAC SKIN",
        "workType": "Warehouseman, Bagger, Palletizer/Stacker, Store keeper, Packager, Fabricator, Cleaning plant operator",
    });
    assert_eq!(serde_json::Value::from(victim.row.clone()), person);
}

#[test]
fn the_rejects_file_holds_every_refused_row_and_can_be_mended_and_sent_again() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let rejects = rejects_file(&survey, &source);
    let unmended = Survey::new(&profile, &rejects).expect("the rejects file is readable");
    assert_eq!(unmended.counts().rejected, 24, "what nobody mended is refused again");

    let text = String::from_utf8(rejects).expect("UTF-8");
    assert!(
        text.contains("VALUE_MISSING")
            && text.contains("第35行，字段injuryDegree：必填，但由列DEGREE_INJURY_CD得不到值")
            && text.contains("CLASSIFICATION_CD")
    );
    let mut theirs = csv::Reader::from_reader(source.as_slice());
    let originals: Vec<csv::StringRecord> =
        theirs.records().map(|row| row.expect("well formed")).collect();
    let mut ours = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    for row in ours.records() {
        let row = row.expect("well formed");
        let line: usize = row[0].parse().expect("a line number");
        assert!(
            row.iter().skip(6).eq(originals[line - 2].iter()),
            "line {line} is the original row, cell by cell"
        );
    }

    // A person reads the narratives: all became known as days away, handling of materials.
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at =
        |name: &str| header.iter().position(|column| column == name).expect("the column is there");
    let (degree, class, charge) =
        (at("DEGREE_INJURY_CD"), at("CLASSIFICATION_CD"), at("SCHEDULE_CHARGE"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("written");
    for row in reader.records() {
        let row = row.expect("well formed");
        let mended = row.iter().enumerate().map(|(index, cell)| match (index, cell) {
            (index, "?") if index == degree => "3",
            (index, "?") if index == class => "9",
            (index, "6000") if index == charge => "",
            (_, cell) => cell,
        });
        writer.write_record(mended).expect("written");
    }
    let mended = writer.into_inner().expect("written");
    let again = Survey::new(&profile, &mended).expect("the mended file is readable");
    assert_eq!((again.counts().read, again.counts().used, again.counts().rejected), (24, 24, 0));
    let first: HashSet<(String, String)> =
        records(&survey, &source).into_iter().map(|record| (record.family, record.key)).collect();
    for record in records(&again, &mended) {
        let stored = first.contains(&(record.family.clone(), record.key.clone()));
        assert!(!stored, "{} {} would overwrite a stored record", record.family, record.key);
        assert!(!record.key.contains("#L"), "{} kept its key", record.key);
    }
}

#[test]
fn a_rejects_file_saved_by_a_chinese_spreadsheet_still_comes_in_under_the_same_keys() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let rejects = String::from_utf8(rejects_file(&survey, &source)).expect("UTF-8");
    // A spreadsheet writes days its own way and saves in GBK with Windows line ends.
    let slashed = |cell: &str| match cell.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] if cell.len() == 10 && year.len() == 4 => {
            format!("{year}/{}/{}", month.trim_start_matches('0'), day.trim_start_matches('0'))
        }
        _ => cell.to_owned(),
    };
    let mut reader = csv::Reader::from_reader(rejects.trim_start_matches('\u{feff}').as_bytes());
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let header = reader.headers().expect("a header").clone();
    let class =
        header.iter().position(|name| name == "CLASSIFICATION_CD").expect("the column is there");
    writer.write_record(&header).expect("written");
    for row in reader.records() {
        let row = row.expect("well formed");
        let cells = row
            .iter()
            .enumerate()
            .map(|(index, cell)| if index == class { "9".to_owned() } else { slashed(cell) });
        writer.write_record(cells).expect("written");
    }
    let saved = String::from_utf8(writer.into_inner().expect("written")).expect("UTF-8");
    assert!(saved.contains("/20") || saved.contains(",2008/"));
    let saved = Encoding::Gb18030.encode(&saved).into_owned();
    let again = Survey::new(&profile, &saved).expect("the saved file is readable");
    assert_eq!((again.counts().read, again.counts().used, again.counts().rejected), (24, 12, 12));
    let mapped = records(&again, &saved);
    assert!(mapped.iter().all(|record| !record.key.contains("#L") && !record.key.contains('/')));
    assert!(of(&mapped, "AccidentVictim").iter().all(|record| record.key.ends_with("#1")));
}

#[test]
fn messages_name_row_and_field_and_never_a_value() {
    let (profile, source) = (example("msha.toml"), file());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    for problem in survey.rejected().flat_map(|rejected| &rejected.problems) {
        assert!(
            problem.message_zh.starts_with(&format!("第{}行，字段", problem.line)),
            "{}",
            problem.message_zh
        );
        assert!(
            problem.message_en.starts_with(&format!("line {}, field ", problem.line)),
            "{}",
            problem.message_en
        );
        assert!(!problem.message_en.contains("GUN"), "{}", problem.message_en);
    }
}
