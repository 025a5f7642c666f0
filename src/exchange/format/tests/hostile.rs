//! Files made to do harm, or harmed on their way.

use std::io::{Cursor, Error, Read, Seek, SeekFrom, Write};

use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{Format, all, open, opened, reading, refused};
use crate::{domain::code::Coded as _, error::HubError, exchange::format::fault::FileFault};

fn plain() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (place, heading) in
        ["人员编号", "姓名", "证件类型", "参保地区划代码"].into_iter().enumerate()
    {
        sheet.write_string(0, u16::try_from(place).expect("few"), heading).expect("a cell");
    }
    for row in 1..200 {
        sheet.write_string(row, 0, format!("P{row}")).expect("a cell");
        sheet.write_string(row, 1, "王小明").expect("a cell");
    }
    book.save_to_buffer().expect("a workbook")
}

/// The workbook with one part replaced or added.
fn with_part(name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(plain())).expect("a package");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for index in 0..from.len() {
        let mut part = from.by_index(index).expect("a part");
        let own = part.name().expect("a name").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        to.start_file(own.as_str(), SimpleFileOptions::default()).expect("a part");
        found |= own == name;
        to.write_all(if own == name { change(&text) } else { text }.as_bytes()).expect("written");
    }
    if !found {
        to.start_file(name, SimpleFileOptions::default()).expect("a part");
        to.write_all(change("").as_bytes()).expect("written");
    }
    to.finish().expect("a package").into_inner()
}

fn code(bytes: Vec<u8>) -> &'static str {
    refused(Format::Xlsx, "Person", bytes).code()
}

#[test]
fn a_workbook_that_grows_beyond_measure_is_refused_before_it_is_read() {
    assert_eq!(code(with_part("xl/media/image1.bin", |_| "\0".repeat(40 << 20))), "FILE_INFLATED");
    let mut small = reading("Person");
    small.limits.packed = 1000;
    assert!(matches!(
        open(Format::Xlsx, None, Box::new(Cursor::new(plain())), small),
        Err(FileFault::WorkbookTooLarge { .. })
    ));
}

#[test]
fn room_is_not_made_for_what_is_only_promised() {
    for promise in ["\"99999999999999\"", "'99999999999999'", " = \"+99999999999\""] {
        let bytes = with_part("xl/sharedStrings.xml", |text| {
            let at = text.find("uniqueCount=").expect("a count");
            let rest = text[at..]
                .split_once('"')
                .and_then(|(_, rest)| rest.split_once('"'))
                .expect("a value")
                .1;
            format!(
                "{}uniqueCount{}{promise}{rest}",
                &text[..at],
                if promise.starts_with(' ') { "" } else { "=" }
            )
        });
        assert_eq!(code(bytes), "FILE_NOT_A_WORKBOOK", "{promise}");
    }
    let utf16 = |text: &str| text.chars().flat_map(|c| [c, '\0']).collect();
    assert_eq!(code(with_part("xl/sharedStrings.xml", utf16)), "FILE_NOT_A_WORKBOOK");
}

#[test]
fn entities_of_a_document_type_are_not_followed() {
    let bytes = with_part("xl/sharedStrings.xml", |text| {
        let dtd =
            "<!DOCTYPE sst [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY y \"&x;&x;\">]><sst";
        text.replacen("<sst", dtd, 1).replace("王小明", "&y;")
    });
    assert_eq!(code(bytes), "FILE_NOT_A_WORKBOOK");
    let sheet = with_part("xl/worksheets/sheet1.xml", |text| {
        text.replacen("<worksheet", "<!DOCTYPE x><worksheet", 1)
    });
    assert_eq!(code(sheet), "FILE_NOT_A_WORKBOOK");
}

#[test]
fn what_is_no_workbook_is_said_to_be_none() {
    let whole = plain();
    for bytes in [
        Vec::new(),
        b"PK".to_vec(),
        b"a,b\n1,2\n".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        whole[100..].to_vec(),
    ] {
        assert_eq!(code(bytes), "FILE_NOT_A_WORKBOOK");
    }
    assert_eq!(
        code([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].repeat(100)),
        "FILE_OLD_OR_PROTECTED"
    );
}

#[test]
fn a_sheet_with_many_columns_or_a_huge_cell_is_bounded() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for place in 0..10_000 {
        sheet.write_string(0, place, "姓名").expect("a cell");
    }
    assert_eq!(code(book.save_to_buffer().expect("a workbook")), "FILE_TOO_MANY_COLUMNS");
    let with_cell = |place: &str, cell: &str| {
        let row = format!(
            "<row r=\"300\">{place}<c r=\"B300\" t=\"inlineStr\"><is>{cell}</is></c></row></sheetData>"
        );
        with_part("xl/worksheets/sheet1.xml", |text| text.replace("</sheetData>", &row))
    };
    let text = format!("<t>{}</t>", "x".repeat(600 << 10));
    let beside = format!("<c r=\"A300\" t=\"inlineStr\"><is>{text}</is></c>");
    let items =
        all(opened(Format::Xlsx, None, "Person", with_cell(&beside, &text)).expect("it opens"));
    let last = items.last().expect("rows");
    assert_eq!((last.row, last.faults[0].code.as_str()), (300, "ROW_TOO_LONG"));
    let run = format!("<r>{text}</r>");
    assert_eq!(code(with_cell("", &run.repeat(8))), "FILE_INFLATED");
    assert_eq!(code(with_cell("", &text.repeat(4).replace("</t><t>", ""))), "FILE_INFLATED");
    assert_eq!(
        code(with_cell("", &run.replace("<t>", "<t><!-- <c > -->").repeat(8))),
        "FILE_NOT_A_WORKBOOK"
    );
    let styles =
        |text: &str| text.replace("</cellXfs>", &format!("{}</cellXfs>", "<xf/>".repeat(250_000)));
    assert_eq!(code(with_part("xl/styles.xml", styles)), "FILE_INFLATED");
}

#[test]
fn a_sheet_that_is_damaged_anywhere_is_said_to_be_damaged_before_a_row_is_taken() {
    let sheet = |break_off: &str| {
        with_part("xl/worksheets/sheet1.xml", |text| text.replace("</sheetData>", break_off))
    };
    for break_off in [
        "<c",
        "<c r=\"A9999999999999\"><v>1</v></c>",
        "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"",
        "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/>",
        "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/><![CDATA[",
    ] {
        assert_eq!(code(sheet(break_off)), "FILE_SHEET_DAMAGED", "{break_off}");
    }
    let torn = with_part("xl/workbook.xml", |text| text.replace("</workbook>", "<x"));
    assert_eq!(code(torn), "FILE_NOT_A_WORKBOOK");
}

#[test]
fn a_sheet_whose_rows_go_wrong_gives_those_before_and_then_the_fault() {
    for break_off in [
        "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row></sheetData>",
        "<row r=\"300\"><c r=\"A9999999999999\"><v>1</v></c></row></sheetData>",
    ] {
        let bytes =
            with_part("xl/worksheets/sheet1.xml", |text| text.replace("</sheetData>", break_off));
        let mut rows = opened(Format::Xlsx, None, "Person", bytes).expect("it opens");
        let mut count = 0;
        let end = loop {
            match rows.next() {
                Ok(Some(_)) => count += 1,
                Ok(None) => break None,
                Err(fault) => break Some(fault.code()),
            }
        };
        assert!(count >= 198 && end.is_some(), "{break_off}: {count} rows, {end:?}");
        assert!(matches!(rows.next(), Ok(None)));
    }
}

/// A source that fails after some bytes, as a store that goes away.
struct Failing(Cursor<Vec<u8>>, usize);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self
            .1
            .checked_sub(1)
            .ok_or_else(|| Error::other(HubError::Unavailable("the store is away".into())))?;
        let most = buffer.len().min(100);
        self.0.read(&mut buffer[..most])
    }
}

impl Seek for Failing {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_source_that_fails_is_no_fault_of_the_file() {
    let csv = format!(
        "人员编号,姓名,证件类型,参保地区划代码\n{}",
        "P1,王小明,居民身份证,140602\n".repeat(10_000)
    );
    for (format, bytes) in
        [(Format::Xlsx, plain()), (Format::Csv, csv.clone().into()), (Format::Ndjson, csv.into())]
    {
        for reads in [0, 1, 3, 30, 80] {
            let source = Failing(Cursor::new(bytes.clone()), reads);
            let fault = match open(format, Some("utf-8"), Box::new(source), reading("Person")) {
                Err(fault) => fault,
                Ok(mut rows) => loop {
                    match rows.next() {
                        Ok(Some(_)) => {}
                        Ok(None) => unreachable!("{format:?} {reads}: it was read to its end"),
                        Err(fault) => break fault,
                    }
                },
            };
            let error = HubError::from(fault);
            assert!(matches!(error, HubError::Unavailable(_)), "{format:?} {reads}: {error:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_damaged_workbook_ends_with_a_fault_or_with_rows_and_nothing_worse(at in 0_usize..20_000, with in any::<[u8; 4]>()) {
        let mut bytes = plain();
        let at = at % (bytes.len() - 4);
        bytes[at..at + 4].copy_from_slice(&with);
        if let Ok(mut rows) = opened(Format::Xlsx, None, "Person", bytes) {
            while let Ok(Some(_)) = rows.next() {}
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2000), head in any::<bool>()) {
        let head: &[u8] = if head { "人员编号,姓名,证件类型,参保地区划代码\n".as_bytes() } else { b"" };
        for &format in Format::ALL {
            if let Ok(mut rows) = opened(format, None, "Person", [head, &bytes].concat()) {
                while let Ok(Some(_)) = rows.next() {}
            }
        }
    }
}
