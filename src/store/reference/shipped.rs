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

/// The codes of a table.
pub(super) fn codes(table: &str) -> Result<Vec<ReferenceCode>, String> {
    let file = format!("{table}.csv");
    let read = |record| code(record).map_err(|fault| format!("reference/{file}: {fault}"));
    records(&file)?.into_iter().map(read).collect()
}

fn code(mut record: BTreeMap<String, String>) -> Result<ReferenceCode, String> {
    let mut take = |column: &str| record.remove(column).filter(|text| !text.is_empty());
    let name = take("code").unwrap_or_default();
    // A day that cannot be read would leave the code valid without end.
    let mut day = |column: &str| {
        let read = |text: String| {
            text.parse().map_err(|_| format!("{column} of {name} is no day: {text}"))
        };
        take(column).map(read).transpose()
    };
    Ok(ReferenceCode {
        valid_from: day("valid_from")?,
        valid_to: day("valid_to")?,
        edition: take("edition").unwrap_or_default(),
        name_zh: take("name_zh").unwrap_or_default(),
        name_en: take("name_en").unwrap_or_default(),
        parent: take("parent"),
        replaced_by: take("replaced_by"),
        source: take("source").unwrap_or_default(),
        code: name,
        attributes: record.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_cannot_be_read_is_told_with_its_code() {
        let of = |valid_to: &str| {
            let record = [("code", "COAL_MINE"), ("valid_to", valid_to)];
            code(record.map(|(column, text)| (column.to_owned(), text.to_owned())).into())
        };
        assert_eq!(of("").expect("no day").valid_to, None);
        assert!(of("2025-12-31").expect("a day").valid_to.is_some());
        for wrong in ["2025-13-01", "2025", "31.12.2025"] {
            let fault = of(wrong).expect_err(wrong);
            assert!(["valid_to", "COAL_MINE", wrong].iter().all(|word| fault.contains(word)));
        }
    }
}
