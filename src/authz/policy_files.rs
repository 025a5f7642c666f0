//! The files of the policy: those shipped, or those of a directory.

use std::{collections::BTreeSet, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

const FILES: [(&str, &str); 5] = [
    ("access.csv", include_str!("../../policy/access.csv")),
    ("roles.csv", include_str!("../../policy/roles.csv")),
    ("departments.csv", include_str!("../../policy/departments.csv")),
    ("levels.csv", include_str!("../../policy/levels.csv")),
    ("purpose.csv", include_str!("../../reference/purpose.csv")),
];

/// The key industries a department may answer for; no file of the policy.
const INDUSTRIES: &str = include_str!("../../reference/key_industry.csv");

pub(super) fn split(list: &str) -> Vec<String> {
    list.split('|').map(str::trim).filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

pub(super) fn text(name: &str, directory: Option<&Path>) -> Result<String, String> {
    if let Some(path) = directory.map(|directory| directory.join(name)).filter(|path| path.exists())
    {
        return std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()));
    }
    FILES
        .iter()
        .find(|(file, _)| *file == name)
        .map(|(_, content)| (*content).to_owned())
        .ok_or_else(|| format!("no policy file {name}"))
}

/// Refuses a directory with a table that the policy does not know: a misspelt name would leave the
/// built-in file in force.
pub(super) fn known_files(directory: &Path) -> Result<(), String> {
    let entries = std::fs::read_dir(directory)
        .map_err(|error| format!("{}: {error}", directory.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| format!("{}: {error}", directory.display()))?;
        let name = entry.file_name();
        let table = Path::new(&name).extension().is_some_and(|extension| extension == "csv");
        if table && !FILES.iter().any(|(file, _)| *file == name) {
            return Err(format!("{}: no file of the policy has this name", entry.path().display()));
        }
    }
    Ok(())
}

/// Refuses a table that has two lines for one code.
pub(super) fn once<'a>(name: &str, mut codes: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match codes.find(|code| !seen.insert(*code)) {
        Some(code) => Err(format!("{name} has two lines for {code}")),
        None => Ok(()),
    }
}

pub(super) fn lines<T: DeserializeOwned>(name: &str, content: &str) -> Result<Vec<T>, String> {
    csv::Reader::from_reader(content.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{name}: {error}"))
}

/// Codes of the key industries.
pub(super) fn key_industries() -> Result<BTreeSet<String>, String> {
    #[derive(Deserialize)]
    struct IndustryLine {
        code: String,
    }
    let read: Vec<IndustryLine> = lines("key_industry.csv", INDUSTRIES)?;
    Ok(read.into_iter().map(|line| line.code).collect())
}
