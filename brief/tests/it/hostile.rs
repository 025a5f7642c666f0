//! Whatever stands in a field, it stays text.

use brief::{content::Brief, docx, links::NoLinks, page, xlsx};
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use proptest::prelude::*;
use serde_json::Value;

use crate::{document, markup, samples};

/// Keys whose values are not free text.
const FIXED: [&str; 8] =
    ["outcome", "formula", "due", "day", "deadline", "takenAt", "signedAt", "heldAt"];

/// Materials with something in every field, and not much of it.
fn small() -> Brief {
    let mut brief = samples::shuozhou();
    brief.headlines.truncate(2);
    brief.figures.drain(4..20);
    brief.trends.drain(1..12);
    brief
}

/// The content with every text, in turn, replaced by one of the hostile ones.
fn poisoned(brief: &Brief, texts: &[String]) -> Brief {
    fn walk(value: &mut Value, texts: &[String], next: &mut usize) {
        match value {
            Value::String(text) => {
                *text = texts[*next % texts.len()].clone();
                *next += 1;
            }
            Value::Array(list) => list.iter_mut().for_each(|value| walk(value, texts, next)),
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    // A return's state is a fixed word, a resolution's is a code with its label.
                    let word = key == "state" && value.is_string();
                    if !word && !FIXED.contains(&key.as_str()) {
                        walk(value, texts, next);
                    }
                }
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(brief).expect("JSON");
    walk(&mut value, texts, &mut 0);
    serde_json::from_value(value).expect("the content")
}

fn judge(texts: &[String]) {
    let brief = poisoned(&small(), texts);
    for element in markup::read(&page::html(&brief, &NoLinks)) {
        assert_ne!(element.name, "script");
        assert_ne!(element.name, "img");
        assert!(
            element.attributes.keys().all(|name| !name.starts_with("on") && name != "style"),
            "{element:?}"
        );
        assert!(element.attribute("href").is_none_or(|href| href.starts_with('#')));
    }
    document::text(&document::part(&docx::write(&brief).expect("a document"), "word/document.xml"));
    let bytes = xlsx::write(&brief).expect("a workbook");
    let mut book: Xlsx<_> =
        open_workbook_from_rs(std::io::Cursor::new(&bytes)).expect("a workbook");
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("formulas");
        for (_, _, formula) in formulas.used_cells() {
            assert!(
                ["IF(COUNT(", "SUM(", "E", "I", "G"].iter().any(|start| formula.starts_with(start)),
                "{name}: {formula}"
            );
        }
        assert!(
            book.worksheet_range(&name)
                .expect("cells")
                .used_cells()
                .all(|(_, _, cell)| !matches!(cell, Data::Error(_)))
        );
    }
}

#[test]
fn hostile_text_in_every_field_stays_text() {
    let long = "某".repeat(300);
    let texts = [
        "<script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "&amp;&lt;&#60;",
        "]]><w:tbl><w:trPr>",
        "朔州\u{0}\u{1b}\u{7f}市\u{202e}gnp",
        "{{7*7}} ${7*7}",
        &long,
        &"W".repeat(300),
        "",
        " ",
        "𠮷\u{ffff}\u{fffe}é",
    ]
    .map(ToOwned::to_owned);
    judge(&texts);
    for text in texts {
        judge(&[text]);
    }
}

#[test]
fn what_was_written_is_what_is_read() {
    let text = "<b>\"某&某\"</b> '=1'";
    let brief = poisoned(&small(), &[text.to_owned()]);
    let elements = markup::read(&page::html(&brief, &NoLinks));
    assert!(markup::text_of(&elements, "employers").contains(text));
    assert!(elements.iter().any(|element| element.name == "desc" && element.text.contains(text)));
    assert!(
        document::text(&document::part(
            &docx::write(&brief).expect("a document"),
            "word/document.xml"
        ))
        .contains(text)
    );
    let bytes = xlsx::write(&brief).expect("a workbook");
    let mut book: Xlsx<_> =
        open_workbook_from_rs(std::io::Cursor::new(&bytes)).expect("a workbook");
    assert_eq!(
        book.worksheet_range("走访单位").expect("cells").get_value((1, 0)),
        Some(&Data::String(text.to_owned()))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_field_stays_text(texts in prop::collection::vec(any::<String>(), 1..40)) {
        judge(&texts);
    }
}
