//! What the formats promise, for every family of the catalogue.

mod as_written;
mod csv;
mod hostile;
mod ledger;
mod marked;
mod ndjson;
mod template;
mod units;
mod units_below;
mod verdicts;
mod xlsx;

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use entity::catalogue::Family;
use serde_json::{Value, json};

use super::{
    FileRows,
    fault::FileFault,
    media::Format,
    open,
    rows::{FileRow, ReadOptions, WorkbookLimits},
};
use crate::{store::reference::Reference, submit::parse};

static REFERENCE: LazyLock<Arc<Reference>> =
    LazyLock::new(|| Arc::new(Reference::shipped().expect("the code tables")));

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

fn family(name: &str) -> &'static Family {
    entity::families().into_iter().find(|family| family.name == name).expect(name)
}

fn reading(name: &str) -> ReadOptions {
    ReadOptions {
        family: family(name),
        reference: Arc::clone(&REFERENCE),
        today: today(),
        limits: WorkbookLimits::default(),
        leave_hidden: false,
    }
}

fn opened(
    format: Format,
    charset: Option<&str>,
    name: &str,
    bytes: impl Into<Vec<u8>>,
) -> Result<FileRows, FileFault> {
    open(format, charset, Box::new(Cursor::new(bytes.into())), reading(name))
}

fn read(format: Format, name: &str, bytes: impl Into<Vec<u8>>) -> Vec<FileRow> {
    all(opened(format, None, name, bytes).expect("the file opens"))
}

fn all(mut rows: FileRows) -> Vec<FileRow> {
    std::iter::from_fn(|| rows.next().expect("the file can be read to its end")).collect()
}

fn refused(format: Format, name: &str, bytes: impl Into<Vec<u8>>) -> FileFault {
    match opened(format, None, name, bytes) {
        Ok(_) => unreachable!("the file was opened"),
        Err(fault) => fault,
    }
}

/// Row and codes of the faults.
fn faults(items: &[FileRow]) -> Vec<(u64, Vec<&str>)> {
    items
        .iter()
        .map(|item| (item.row, item.faults.iter().map(|fault| fault.code.as_str()).collect()))
        .collect()
}

fn values(item: &FileRow) -> Value {
    json!(item.values)
}

#[test]
fn every_code_of_a_fault_is_explained() {
    let sources = [
        include_str!("../fault.rs"),
        include_str!("../head_fault.rs"),
        include_str!("../row_fault.rs"),
    ];
    let (code, manual) = (sources.concat(), include_str!("../../../../docs/files.md"));
    let codes = code.split('"').filter(|text| {
        text.len() > 6
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    });
    let missing: Vec<_> =
        codes.clone().filter(|code| !manual.contains(&format!("`{code}`"))).collect();
    assert!(codes.count() > 20 && missing.is_empty(), "docs/files.md lacks {missing:?}");
}

const ACCIDENT: &str = "事故编号,发生时间,区县,事故类型,死亡,失踪,重伤,急性中毒,轻伤";
const ROW: &str = "A-1,2024-3-5,右玉县,物体打击,0,0,0,0,1";

/// Rows of a table in text.
fn rows(name: &str, text: &str) -> Vec<FileRow> {
    match opened(Format::Csv, None, name, text) {
        Ok(rows) => all(rows),
        Err(fault) => unreachable!("{text}: {:?}", fault.text()),
    }
}

/// What the hub keeps of a value of the first row; the codes of its faults.
fn kept(name: &str, text: &str, field: &str) -> Result<Value, Vec<String>> {
    let items = rows(name, text);
    let item = items.first().unwrap_or_else(|| unreachable!("{text}: no row"));
    if !item.faults.is_empty() {
        return Err(item.faults.iter().map(|fault| fault.code.clone()).collect());
    }
    let draft = parse::read(family(name), &item.values, &REFERENCE, today());
    let wrong: Vec<String> = draft
        .faults()
        .iter()
        .filter(|fault| fault.field.as_deref() == Some(field))
        .map(|fault| fault.code.clone())
        .collect();
    if wrong.is_empty() {
        let index = family(name).fields.iter().position(|own| own.name == field).expect(field);
        Ok(draft.cells()[index].json(family(name).fields[index].kind))
    } else {
        Err(wrong)
    }
}

/// The rows of a file, or the fault that ends it.
fn all_or_fault(mut rows: FileRows) -> Result<Vec<FileRow>, FileFault> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(row);
    }
    Ok(found)
}
