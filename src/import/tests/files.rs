//! Broken and odd files: nothing aborts, nothing is lost, every row keeps its line.

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{profile, records, refused, rejects_file};
use crate::import::detect::detect;
use crate::import::encoding::Encoding;
use crate::import::error::ImportError;
use crate::import::reader::MAX_RECORD_BYTES;
use crate::import::rejects::Rejects;
use crate::import::source::Rewind;
use crate::import::survey::Survey;

const PROFILE: &str = r#"
[profile]
name = "small"
description = "a, b, c"
encoding = "auto"
source_system = "TEST"
[[output]]
family = "Employer"
key = { field = "employerNo", compose = ["a"] }
fields = { name = { column = "b" }, address = { column = "c" } }
"#;

fn survey_of(source: &[u8], check: impl Fn(&Survey<'_>, &Vec<u8>)) {
    let (profile, source) = (profile(PROFILE), source.to_vec());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    assert!(survey.counts().is_complete());
    check(&survey, &source);
}

fn keys(survey: &Survey<'_>, source: &Vec<u8>) -> Vec<String> {
    records(survey, source)
        .into_iter()
        .map(|record| format!("{}@{}", record.key, record.lines[0]))
        .collect()
}

#[test]
fn a_mark_windows_line_ends_blank_rows_and_trailing_delimiters_do_no_harm() {
    survey_of(
        "\u{feff} a ,b,c\r\n1,x,y\r\n\r\n,,\r\n2,\"x\r\ny\",z,,\r\n3,x,y".as_bytes(),
        |survey, source| {
            assert_eq!(keys(survey, source), ["1@2", "2@5", "3@7"]);
            assert_eq!(survey.skipped(), [(3, "blank-row"), (4, "blank-row")]);
        },
    );
}

#[test]
fn malformed_rows_are_rejected_one_by_one_and_reading_goes_on() {
    let file = b"a,b,c\n1,x\n2,x,y,z\n3,\xff\xfe,y\n4,x\0,y\n5,x,y\n6,\xef\xbf\xbd,y\n";
    survey_of(file, |survey, source| {
        assert_eq!(keys(survey, source), ["5@6"]);
        let expected = [
            "2 ROW_RAGGED",
            "3 ROW_RAGGED",
            "4 ENCODING_INVALID",
            "5 TEXT_DAMAGED",
            "7 TEXT_DAMAGED",
        ];
        assert_eq!(refused(survey), expected.map(str::to_owned));
        let profile = profile(PROFILE);
        let rejects = rejects_file(survey, source);
        let again = Survey::new(&profile, &rejects).expect("the rejects file is readable");
        assert_eq!(
            (again.counts().read, again.counts().rejected),
            (5, 5),
            "nothing slips in unmended"
        );
    });
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_row_only() {
    survey_of(b"a,b,c\n1,\"x,y\n2,x,y\n3,\"x\",y\n4,6\" pipe,y\n", |survey, source| {
        assert_eq!(refused(survey), ["2 ROW_QUOTE_UNBALANCED".to_owned()]);
        assert_eq!(keys(survey, source), ["2@3", "3@4", "4@5"]);
    });
    survey_of(b"a,b,c\n1,\"6\" pipe\",y\n2,x,y\n", |survey, source| {
        assert_eq!(
            refused(survey),
            ["2 ROW_QUOTE_UNBALANCED".to_owned()],
            "quotes inside are not doubled"
        );
        assert_eq!(keys(survey, source), ["2@3"]);
    });
    survey_of(b"a,b,c\n1,x,y\n2,\"x,y\n", |survey, source| {
        assert_eq!(refused(survey), ["3 ROW_QUOTE_UNBALANCED".to_owned()]);
        assert_eq!(keys(survey, source), ["1@2"]);
    });
}

#[test]
fn two_broken_quotes_do_not_hide_the_row_between_them() {
    survey_of(b"a,b,c\n1,\"x\n2,x,y\n3\",x,y\n4,x,y\n", |survey, source| {
        assert_eq!(refused(survey), ["2 ROW_QUOTE_UNBALANCED".to_owned()]);
        assert_eq!(keys(survey, source), ["2@3", "3\"@4", "4@5"]);
    });
    survey_of(b"a,b,c\n1,\"x\ny\",z,too,many\n2,x,y\n", |survey, source| {
        assert_eq!(
            refused(survey),
            ["2 ROW_RAGGED".to_owned()],
            "a cell over two lines in a ragged row stays one row"
        );
        assert_eq!(keys(survey, source), ["2@4"]);
    });
}

#[test]
fn a_cell_over_several_lines_with_quotes_and_delimiters_is_one_cell() {
    survey_of(b"a,b,c\n1,\"x, \"\"y\"\"\n\nz\",w\n2,x,y\n", |survey, source| {
        let mapped = records(survey, source);
        assert_eq!(mapped[0].row.get("name"), Some(&"x, \"y\"\n\nz".into()));
        assert_eq!(mapped[1].lines, [5]);
    });
}

#[test]
fn a_line_without_end_is_cut_and_rejected_in_bounded_memory() {
    let mut file = b"a,b,c\n1,".to_vec();
    file.extend(std::iter::repeat_n(b'x', MAX_RECORD_BYTES + 10));
    file.extend(b",y\n2,x,y\n");
    survey_of(&file, |survey, source| {
        assert_eq!(refused(survey), ["2 ROW_TOO_LONG".to_owned()]);
        assert_eq!(keys(survey, source), ["2@3"]);
    });
}

#[test]
fn the_encoding_is_found_and_one_damaged_line_does_not_change_it() {
    let chinese = "a,b,c\n1,朔州市,煤矿\n2,淄博市,机械\n";
    let gb = Encoding::Gb18030.encode(chinese).into_owned();
    assert!(matches!(detect(&gb), Ok(Encoding::Gb18030)));
    assert!(matches!(detect(&chinese.as_bytes().to_vec()), Ok(Encoding::Utf8)));
    let mut damaged = chinese.as_bytes().to_vec();
    damaged.extend(b"3,\xc4\xea,y\n");
    assert!(matches!(detect(&damaged), Ok(Encoding::Utf8)));
    survey_of(&damaged, |survey, _| assert_eq!(refused(survey), ["4 ENCODING_INVALID".to_owned()]));
    survey_of(&gb, |survey, source| {
        assert_eq!(records(survey, source)[0].row.get("name"), Some(&"朔州市".into()));
    });
}

#[test]
fn a_file_that_cannot_be_used_at_all_says_why() {
    let profile = profile(PROFILE);
    let code =
        |source: &[u8]| Survey::new(&profile, &source.to_vec()).err().map(|error| error.code());
    assert_eq!(code(b""), Some("IMPORT_HEADER_MISSING"));
    assert_eq!(code(b"\n1,2,3\n"), Some("IMPORT_HEADER_MISSING"));
    assert_eq!(code(b"a,c\n1,2\n"), Some("IMPORT_COLUMNS_MISSING"));
    assert_eq!(code(b"a,b,c,b\n1,2,3,4\n"), Some("IMPORT_COLUMN_AMBIGUOUS"));
    assert_eq!(code(b"\xff\xfea\0,\0b\0"), Some("IMPORT_UTF16"));
    assert_eq!(code(b"a,\"b,c\n1,2,3\n"), Some("IMPORT_HEADER_UNREADABLE"));
    let missing = Survey::new(&profile, &b"x,y\n".to_vec()).err().map(|error| error.message_zh());
    assert!(missing.is_some_and(|message| message.contains("a、b、c")));
}

/// Gives another file from a certain opening on.
struct Changing(AtomicUsize, [&'static [u8]; 2]);

impl Rewind for Changing {
    fn open(&self) -> std::io::Result<Box<dyn Read + Send + '_>> {
        // The first column, the encoding, and the survey are looked at before.
        let turn = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(self.1[usize::from(turn > 2)]))
    }
}

#[test]
fn a_file_that_changes_between_passes_is_noticed() {
    let profile = profile(PROFILE);
    let first = b"a,b,c\n1,x,y\n2,x,y\n".as_slice();
    let others = [
        b"a,b,c\n1,x,y\n".as_slice(),
        b"a,b,c\n1,x,y\n2,x,y\n3,x,y\n",
        b"a,b,c\n2,x,y\n1,x,y\n",
        b"a,b,c\n\n1,x,y\n2,x,y\n",
        b"c,b,a\n1,x,y\n2,x,y\n",
    ];
    for changed in others {
        let source = Changing(AtomicUsize::new(0), [first, changed]);
        let survey = Survey::new(&profile, &source).expect("the first passes are fine");
        let outcome: Result<Vec<_>, ImportError> = survey.records(&source).collect();
        assert!(matches!(outcome, Err(ImportError::SourceChanged { .. })), "{outcome:?}");
        let written = Rejects::from_survey(&survey).write(&survey, &source, Vec::new());
        assert!(matches!(written, Err(ImportError::SourceChanged { .. })), "{written:?}");
    }
}

#[test]
fn records_can_be_awaited_between() {
    fn sendable<T: Send>(_: &T) {}
    survey_of(b"a,b,c\n1,x,y\n", |survey, source| sendable(&survey.records(source)));
}

#[test]
fn a_file_full_of_broken_quotes_is_read_in_linear_time() {
    let mut file = b"a,b,c\n".to_vec();
    for row in 0..20_000 {
        file.extend(format!("{row},\"x,y\n").bytes());
    }
    survey_of(&file, |survey, _| assert_eq!(survey.counts().rejected, 20_000));
}
