//! The files of `reference/` as they are shipped with the program.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::ReferenceCode;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/reference");

pub(super) fn records(file: &str) -> Result<Vec<BTreeMap<String, String>>, String> {
    let content =
        FILES.get_file(file).ok_or_else(|| format!("reference/{file} is missing"))?.contents();
    csv::Reader::from_reader(content)
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("reference/{file}: {error}"))
}

pub(super) fn code(mut record: BTreeMap<String, String>) -> ReferenceCode {
    let mut take = |column: &str| record.remove(column).filter(|text| !text.is_empty());
    let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
    ReferenceCode {
        code: take("code").unwrap_or_default(),
        edition: take("edition").unwrap_or_default(),
        name_zh: take("name_zh").unwrap_or_default(),
        name_en: take("name_en").unwrap_or_default(),
        valid_from: day(take("valid_from")),
        valid_to: day(take("valid_to")),
        parent: take("parent"),
        replaced_by: take("replaced_by"),
        source: take("source").unwrap_or_default(),
        attributes: record.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
    }
}
