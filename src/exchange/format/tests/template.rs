use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xlsx};
use entity::catalogue::{Family, Kind};
use zip::ZipArchive;

use super::{Format, REFERENCE, all, faults, opened, today};
use crate::{
    domain::{identity, region::RegionCode},
    exchange::format::{
        body::EXAMPLE_KEY, codes::table_of, heading, lists::CodeLists, template::template,
    },
    submit::parse,
};

fn region() -> RegionCode {
    RegionCode::parse("140600").expect("a region")
}

fn made(family: &'static Family) -> Vec<u8> {
    template(family, &REFERENCE, Some(&region()), today()).expect("a template")
}

fn sheet_xml(bytes: &[u8]) -> String {
    let mut package = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut text = String::new();
    package
        .by_name("xl/worksheets/sheet1.xml")
        .expect("the sheet")
        .read_to_string(&mut text)
        .expect("text");
    text
}

#[test]
fn the_template_of_every_family_is_read_back_and_its_example_passed_over() {
    for family in entity::families() {
        let rows = opened(Format::Xlsx, None, family.name, made(family)).expect("it opens");
        assert_eq!(faults(&all(rows)), [], "{}", family.name);
        assert_eq!(made(family), made(family), "the same on one day");
    }
}

#[test]
fn the_template_says_what_each_field_is() {
    for family in entity::families() {
        let mut book = Xlsx::new(Cursor::new(made(family))).expect("a workbook");
        let sheets: Vec<_> = book
            .sheets_metadata()
            .iter()
            .map(|sheet| (sheet.name.clone(), sheet.visible))
            .collect();
        let [visible, hidden] = [SheetVisible::Visible, SheetVisible::Hidden];
        assert_eq!(
            sheets,
            [
                ("数据".to_owned(), visible),
                ("说明".to_owned(), visible),
                ("代码".to_owned(), hidden)
            ]
        );
        let data = book.worksheet_range("数据").expect("the sheet");
        let explained = book.worksheet_range("说明").expect("the sheet");
        for field in family.inputs() {
            let heading = Data::String(heading::written(field));
            assert_eq!(
                data.rows()
                    .next()
                    .expect("headings")
                    .iter()
                    .filter(|cell| **cell == heading)
                    .count(),
                1
            );
            let line = explained.rows().find(|line| line[0] == heading).expect("a line of its own");
            assert_eq!(line[1], Data::String(field.name.to_owned()));
            assert_eq!(line[2], Data::String(if field.required { "是" } else { "否" }.to_owned()));
        }
    }
}

#[test]
fn every_column_has_its_format_and_its_limits() {
    for family in entity::families() {
        let xml = sheet_xml(&made(family));
        assert_eq!(
            xml.matches("<dataValidation ").count(),
            family.inputs().count(),
            "{}",
            family.name
        );
        assert_eq!(
            xml.matches("<col ").count(),
            xml.matches("style=").count(),
            "every column has a format"
        );
        assert!(xml.contains("<pane xSplit=\"1\" ySplit=\"1\""), "headings and key stay in sight");
        let coded = family.inputs().filter(|field| table_of(field).is_some()).count();
        assert_eq!(xml.matches("<formula1>代码!$").count(), coded, "{}", family.name);
        assert_eq!(
            xml.matches("\"是,否\"").count(),
            family.inputs().filter(|field| field.kind == Kind::Bool).count()
        );
        assert!(!xml.contains("<f>"), "no formulas");
    }
}

#[test]
fn a_code_that_a_list_offers_is_taken() {
    for family in entity::families() {
        let lists = CodeLists::new(family, &REFERENCE, None, today());
        for field in family.inputs() {
            let Some(list) = table_of(field).and_then(|table| lists.of(table)) else { continue };
            assert!(!list.lines.is_empty(), "{} {}", family.name, field.name);
            let names: Vec<_> = family
                .inputs()
                .filter(|other| other.required || other.name == field.name)
                .collect();
            let head = names.iter().map(|field| field.name).collect::<Vec<_>>().join(",");
            let line = |line: &String| {
                let cells = names.iter().map(|other| {
                    if other.name == field.name { format!("\"{line}\"") } else { "x".to_owned() }
                });
                cells.collect::<Vec<_>>().join(",")
            };
            let text =
                format!("{head}\n{}\n", list.lines.iter().map(line).collect::<Vec<_>>().join("\n"));
            let items =
                all(opened(Format::Csv, Some("utf-8"), family.name, text).expect("it opens"));
            assert_eq!(items.len(), list.codes.len());
            for (item, code) in items.iter().zip(&list.codes) {
                assert_eq!(item.values[field.name], serde_json::json!(code));
                let draft = parse::read(family, &item.values, &REFERENCE, today());
                assert!(
                    draft.faults().iter().all(|fault| fault.field.as_deref() != Some(field.name)),
                    "{code}: {:?}",
                    draft.faults()
                );
            }
        }
    }
}

#[test]
fn the_list_of_regions_ends_at_the_organisation() {
    let family = super::family("Employer");
    let lists = CodeLists::new(family, &REFERENCE, Some(&region()), today());
    let list = lists.of("region").expect("a list");
    assert!(
        list.codes.len() > 5
            && list.codes.iter().all(|code| code.starts_with("1406"))
            && !list.whole
    );
    assert!(list.lines.contains(&"140602 山西省朔州市朔城区".to_owned()));
}

#[test]
fn nobody_in_the_example_can_exist() {
    let mut book = Xlsx::new(Cursor::new(made(super::family("Person")))).expect("a workbook");
    let data = book.worksheet_range("数据").expect("the sheet");
    let texts: Vec<String> =
        data.rows().nth(1).expect("the example").iter().map(ToString::to_string).collect();
    assert_eq!(texts[0], EXAMPLE_KEY);
    let number = texts
        .iter()
        .find(|text| text.len() == 18 && text.starts_with("110101"))
        .expect("an identity number");
    let check = identity::check(number, today(), |_| identity::AddressKnown::Current);
    assert!(check.faults.is_empty() && number[6..10] == *"1901", "{number}");
}
