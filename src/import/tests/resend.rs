//! Collisions, records of several rows, and rows that come back: nothing is overwritten, nothing
//! counted short.

use super::{profile, records, refused, rejects_file};
use crate::import::records::Mapped;
use crate::import::rejects::Rejects;
use crate::import::survey::Survey;

const PROFILE: &str = r#"
[profile]
name = "events"
description = "one row per person"
encoding = "utf-8"
source_system = "TEST"
[[output]]
family = "Employer"
key = { field = "employerNo", compose = ["mine"], on_collision = "merge" }
fields = { name = { column = "operator", take = "latest", by = "day" } }
[[output]]
family = "Accident"
[output.key]
field = "accidentNo"
compose = ["mine", "day"]
on_collision = "merge"
same = ["kind"]
merge_when = { hurt = { at_least = 2 } }
[output.fields]
employerNo = { key_of = "Employer" }
deaths = { count_when = { degree = { equals = "D" } } }
lostWorkdays = { column = "lost", number = {}, take = "sum" }
course = { column = "story" }
[[output]]
family = "AccidentVictim"
key = { field = "victimNo", under = "Accident", on_collision = "ordinal_always" }
when = { degree = { not_in = ["N"] } }
fields = { accidentNo = { key_of = "Accident" }, injuryDegree = { column = "degree", map = { D = "DEATH", M = "MINOR" }, required = true } }
"#;

const HEADER: &str = "mine,day,kind,hurt,degree,lost,operator,story";

fn with(rows: &[&str], check: impl Fn(&Survey<'_>, &Vec<u8>)) {
    let profile = profile(PROFILE);
    let source = format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes();
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    assert!(survey.counts().is_complete());
    check(&survey, &source);
}

fn again(file: Vec<u8>, mend: impl Fn(&str) -> String, check: impl Fn(&Survey<'_>, &Vec<u8>)) {
    let profile = profile(PROFILE);
    let file = mend(&String::from_utf8(file).expect("UTF-8")).into_bytes();
    let survey = Survey::new(&profile, &file).expect("the rejects file is readable");
    check(&survey, &file);
}

fn shown(mapped: &[Mapped]) -> Vec<String> {
    let deaths = |record: &Mapped| {
        record.row.get("deaths").map(|deaths| format!(" deaths {deaths}")).unwrap_or_default()
    };
    mapped
        .iter()
        .map(|record| format!("{}{} {:?}", record.key, deaths(record), record.lines))
        .collect()
}

#[test]
fn rows_of_one_event_share_it_and_other_events_of_the_same_moment_do_not() {
    let rows = [
        "1,d1,gas,2,D,6000,Old,first",
        "1,d1,gas,2,M,,,",
        "1,d1,fall,2,M,5,,",
        "1,d1,strain,1,M,1,,",
        "1,d1,strain,1,M,2,,",
        "1,d2,gas,0,N,,New,",
    ];
    with(&rows, |survey, source| {
        let mapped = records(survey, source);
        assert_eq!(
            shown(&mapped),
            [
                "1 [2, 3, 4, 5, 6, 7]",
                "1-d1 deaths 1 [2, 3]",
                "1-d1#2 deaths 0 [4]",
                "1-d1#3 deaths 0 [5]",
                "1-d1#4 deaths 0 [6]",
                "1-d2 deaths 0 [7]",
                "1-d1#1 [2]",
                "1-d1#2 [3]",
                "1-d1#2#1 [4]",
                "1-d1#3#1 [5]",
                "1-d1#4#1 [6]",
            ]
        );
        assert_eq!(mapped[0].row.get("name"), Some(&"New".into()));
        assert_eq!(mapped[1].row.get("lostWorkdays"), Some(&6000.into()));
        assert_eq!(mapped[1].row.get("course"), Some(&"first".into()));
    });
}

#[test]
fn an_accident_that_lost_a_row_waits_for_it_and_the_employer_does_not() {
    with(&["1,d1,gas,2,D,6000,A,", "1,d1,gas,2,?,,A,", "1,d2,gas,1,M,,A,"], |survey, source| {
        assert_eq!(
            refused(survey),
            ["2 GROUP_INCOMPLETE".to_owned(), "3 VALUE_NOT_MAPPED".to_owned()]
        );
        assert_eq!(shown(&records(survey, source)), ["1 [4]", "1-d2 deaths 0 [4]", "1-d2#1 [4]"]);
        again(
            rejects_file(survey, source),
            |text| text.replace(",?,", ",D,"),
            |survey, source| {
                let expected = ["1-d1 deaths 2 [2, 3]", "1-d1#1 [2]", "1-d1#2 [3]"];
                assert_eq!(
                    shown(&records(survey, source)),
                    expected,
                    "the employer was made from other rows and is not sent again"
                );
            },
        );
    });
}

#[test]
fn a_victim_that_the_hub_refused_comes_back_alone_under_its_own_key() {
    with(&["1,d1,gas,2,D,6000,A,", "1,d1,gas,2,M,3,A,"], |survey, source| {
        let mut rejects = Rejects::from_survey(survey);
        let second = records(survey, source)
            .into_iter()
            .find(|record| record.key == "1-d1#2")
            .expect("the second victim");
        rejects.add_record(
            &second.lines,
            &second.family,
            Some("injuryDegree"),
            "SOME_CODE",
            "请更正",
            "mend it",
        );
        let mut file = Vec::new();
        assert_eq!(rejects.write(survey, source, &mut file).ok(), Some(1));
        let text = String::from_utf8(file.clone()).expect("UTF-8");
        assert!(
            text.contains("3,AccidentVictim,injuryDegree,SOME_CODE,请更正 (mend it),"),
            "{text}"
        );
        again(
            file,
            |text| text.replace(",M,3,", ",D,3,"),
            |survey, source| {
                let mapped = records(survey, source);
                assert_eq!(
                    shown(&mapped),
                    ["1-d1#2 [2]"],
                    "neither the first victim nor the accident is touched"
                );
                assert_eq!(mapped[0].row.get("accidentNo"), Some(&"1-d1".into()));
            },
        );
    });
}

#[test]
fn a_row_whose_key_columns_were_mended_cannot_hit_a_stored_record() {
    with(
        &["1,d1,gas,2,D,1,A,", "1,,gas,2,D,1,A,", "1,d9,gas,2,?,1,A,", "1,d1,gas"],
        |survey, source| {
            let codes = ["3 KEY_EMPTY", "4 VALUE_NOT_MAPPED", "5 ROW_RAGGED"];
            assert_eq!(refused(survey), codes.map(str::to_owned));
            let mend = |text: &str| {
                let text =
                    text.replace("1,,gas", "1,d1,gas").replace("1,d9,gas,2,?", "1,d1,gas,2,M");
                text.replace("1,d1,gas\n", "1,d1,gas,2,M,,,\n")
            };
            again(rejects_file(survey, source), mend, |survey, source| {
                let mapped = shown(&records(survey, source));
                for key in [
                    "1-d1#L3 ",
                    "1-d1#L4 ",
                    "1-d1#L5 ",
                    "1-d1#L3#L3 ",
                    "1-d1#L4#L4 ",
                    "1-d1#L5#L5 ",
                ] {
                    assert!(
                        mapped.iter().any(|record| record.starts_with(key)),
                        "{key}: {mapped:?}"
                    );
                }
            });
        },
    );
}

#[test]
fn a_mended_key_that_begins_like_the_old_one_is_another_key() {
    with(&["1,d1,gas,1,M,1,A,", "1,d11,gas,1,?,1,A,"], |survey, source| {
        let mend = |text: &str| text.replace("1,d11,gas,1,?", "1,d1,gas,1,M");
        again(rejects_file(survey, source), mend, |survey, source| {
            assert_eq!(shown(&records(survey, source)), ["1-d1#L3 deaths 0 [2]", "1-d1#L3#L3 [2]"]);
        });
    });
}

#[test]
fn an_ordinal_never_takes_a_key_that_another_row_has_by_itself() {
    with(
        &["1,d1#2,gas,1,N,,A,", "1,d1,gas,1,N,,A,", "1,d1,gas,1,N,,A,", "1,d1#3,gas,1,N,,A,"],
        |survey, source| {
            let keys: Vec<String> =
                records(survey, source).into_iter().skip(1).map(|record| record.key).collect();
            assert_eq!(keys, ["1-d1#2", "1-d1", "1-d1#3", "1-d1#3#2"]);
        },
    );
}

#[test]
fn a_second_round_of_rejects_still_knows_the_first_file() {
    with(&["1,d1,gas,1,M,1,A,", "1,d1,gas,1,?,1,A,"], |survey, source| {
        again(rejects_file(survey, source), str::to_owned, |survey, source| {
            assert_eq!(refused(survey), ["2 VALUE_NOT_MAPPED".to_owned()]);
            let file = rejects_file(survey, source);
            assert!(
                String::from_utf8_lossy(&file)
                    .lines()
                    .nth(1)
                    .is_some_and(|row| row.starts_with("3,"))
            );
            again(
                file,
                |text| text.replace(",?,", ",M,"),
                |survey, source| {
                    assert_eq!(
                        shown(&records(survey, source)),
                        ["1-d1#2 deaths 0 [2]", "1-d1#2#1 [2]"]
                    );
                },
            );
        });
    });
}

#[test]
fn a_row_that_no_output_takes_is_rejected() {
    let text = PROFILE.replace(
        "family = \"Employer\"",
        "family = \"Employer\"\nwhen = { operator = { empty = false } }",
    );
    let text = text.replace(
        "family = \"Accident\"\n",
        "family = \"Accident\"\nwhen = { hurt = { empty = false } }\n",
    );
    let profile = profile(&text);
    let source = format!("{HEADER}\n1,d1,gas,,N,,,\n").into_bytes();
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    assert_eq!(refused(&survey), ["2 ROW_NOT_MAPPED".to_owned()]);
}
