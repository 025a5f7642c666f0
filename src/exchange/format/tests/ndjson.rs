use serde_json::json;

use super::{faults, read, values};
use crate::exchange::format::media::Format;

fn lines(bytes: impl Into<Vec<u8>>) -> Vec<super::FileRow> {
    read(Format::Ndjson, "Accident", bytes)
}

#[test]
fn each_line_is_an_object_and_blank_lines_count_but_are_no_rows() {
    let items = lines(
        "\u{feff}{\"accidentNo\":\"A1\",\"deaths\":1}\r\n\n  \n{\"accidentNo\":\"A2\",\"fire\":true}",
    );
    assert_eq!(faults(&items), [(1, vec![]), (4, vec![])]);
    assert_eq!(values(&items[0]), json!({"accidentNo": "A1", "deaths": 1}));
    assert_eq!(values(&items[1]), json!({"accidentNo": "A2", "fire": true}));
}

#[test]
fn a_line_that_cannot_be_read_is_a_fault_and_the_rest_is_not_lost() {
    let long = format!("{{\"course\":\"{}\"}}", "长".repeat(400_000));
    let text = [
        "{\"accidentNo\":\"A1\"",
        "[1,2]",
        "{\"accidentNo\":\"A1\",\"accidentNo\":\"A2\"}",
        "{\"employer\":{\"name\":\"x\"}}",
        "{\"deaths\":[1]}",
        long.as_str(),
        "{\"accidentNo\":\"A9\"} x",
        "{\"accidentNo\":\"A10\"}",
    ]
    .join("\n");
    let items = lines(text);
    let expected = [
        (1, vec!["JSON_INVALID"]),
        (2, vec!["JSON_INVALID"]),
        (3, vec!["KEY_TWICE"]),
        (4, vec!["NESTED_VALUE"]),
        (5, vec!["NESTED_VALUE"]),
        (6, vec!["ROW_TOO_LONG"]),
        (7, vec!["JSON_INVALID"]),
        (8, vec![]),
    ];
    assert_eq!(faults(&items), expected);
}

#[test]
fn bytes_that_are_no_utf_8_are_a_fault_of_their_line() {
    let items = lines(b"{\"accidentNo\":\"\xb7\xcb\"}\n{\"accidentNo\":\"A2\"}\n\0\0\n".to_vec());
    assert_eq!(
        faults(&items),
        [(1, vec!["ENCODING_INVALID"]), (2, vec![]), (3, vec!["JSON_INVALID"])]
    );
}

#[test]
fn a_list_of_codes_is_no_nesting() {
    let items = read(
        Format::Ndjson,
        "OccupationalDiseaseCase",
        "{\"hazardFactors\":[\"COAL_DUST\",\"SILICA_DUST\"]}",
    );
    assert_eq!(faults(&items), [(1, vec![])]);
}

#[test]
fn messages_do_not_repeat_what_was_sent() {
    for item in lines("{\"王小明\":{}}\n{\"王小明\":1,\"王小明\":2}\n\"王小明\"\n{王小明}")
    {
        for fault in item.faults {
            assert!(
                !fault.zh.contains("王小明")
                    && !fault.en.contains("王小明")
                    && fault.field.is_none(),
                "{fault:?}"
            );
        }
    }
}
