//! The profile: what a TOML file says about a source. `examples/profiles/` shows every part of it
//! in use.
//!
//! A row is read in this order: every cell is trimmed and cleaned (`empty`, `[clean]`), derived
//! columns are computed (`[[derive]]`), the first `[[skip]]` rule that holds leaves the row out,
//! every `[[reject]]` rule that holds refuses it, and each `[[output]]` whose `when` holds makes a
//! record of it or adds it to one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::FixedOffset;

use super::condition::ColumnCondition;
use super::detect::detect;
use super::encoding::Encoding;
use super::error::ImportError;
use super::own_columns::is_rejects_file;
use super::profile_error::ProfileError;
use super::source::Rewind;
use super::spec::{EncodingName, ProfileFile, json};
use super::validate;

/// A checked profile.
#[derive(Debug, Clone)]
pub struct Profile {
    pub(super) file: ProfileFile,
    pub(super) offset: Option<FixedOffset>,
    /// The encoding that the sender of the file states; `None` when it is left to the profile.
    stated: Option<Encoding>,
}

impl Profile {
    /// Reads and checks a profile.
    ///
    /// # Errors
    /// [`ProfileError`] with the place of the first fault.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: ProfileFile = toml::from_str(text)?;
        let offset = validate::check(&file)?;
        Ok(Self { file, offset, stated: None })
    }

    /// The profile for a file whose encoding its sender states.
    ///
    /// # Errors
    /// The encoding of the profile, where it is another one.
    pub fn stating(self, stated: Encoding) -> Result<Self, Encoding> {
        match self.encoding() {
            Some(own) if own != stated => Err(own),
            _ => Ok(Self { stated: Some(stated), ..self }),
        }
    }

    /// The encoding that the profile names; `None` where it leaves that open.
    const fn encoding(&self) -> Option<Encoding> {
        match self.file.profile.encoding {
            EncodingName::Utf8 => Some(Encoding::Utf8),
            EncodingName::Gb18030 => Some(Encoding::Gb18030),
            EncodingName::Auto => None,
        }
    }

    /// Name of the profile, from `[profile]`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.profile.name
    }

    /// What it is for.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.file.profile.description
    }

    /// The source system to submit under; with the department and the key it identifies a record.
    #[must_use]
    pub fn source_system(&self) -> &str {
        &self.file.profile.source_system
    }

    /// The families it feeds, in order of submission, each with its fields: for the check against
    /// the catalogue.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.file.outputs.iter().map(|output| {
            let fields = output.fields.keys().map(String::as_str);
            (
                output.family.as_str(),
                std::iter::once(output.key.field.as_str()).chain(fields).collect(),
            )
        })
    }

    /// Constants by family and field, for the check against code tables.
    pub fn constants(&self) -> impl Iterator<Item = (&str, &str, serde_json::Value)> {
        self.file.outputs.iter().flat_map(|output| {
            let spelled = output.fields.iter().flat_map(|(name, field)| {
                let values = field.constant.iter().chain(&field.otherwise).chain(&field.when_empty);
                let values = values.chain(field.map.iter().flat_map(BTreeMap::values));
                values.map(move |value| (name.as_str(), json(value)))
            });
            spelled.map(|(name, value)| (output.family.as_str(), name, value))
        })
    }

    /// How often the source is read from its beginning, at most: once to decide, once for each
    /// output, once for the rejects file, and once before if the encoding has to be found out.
    #[must_use]
    pub fn passes(&self) -> usize {
        2 + self.file.outputs.len() + usize::from(self.file.profile.encoding == EncodingName::Auto)
    }

    /// Every column that the profile names, derived ones too.
    pub(super) fn columns(&self) -> BTreeSet<&str> {
        let file = &self.file;
        let mut used: BTreeSet<&str> = file.clean.keys().map(String::as_str).collect();
        let cases = file.derived.iter().flat_map(|derived| &derived.cases);
        used.extend(cases.flat_map(|case| case.when.columns().chain(case.columns())));
        used.extend(file.skips.iter().flat_map(|rule| rule.when.columns()));
        used.extend(file.refusals.iter().flat_map(|rule| rule.when.columns()));
        for output in &file.outputs {
            used.extend(output.when.columns());
            used.extend(output.key.merge_when.iter().flat_map(ColumnCondition::columns));
            used.extend(
                output
                    .key
                    .compose
                    .iter()
                    .chain(&output.key.same)
                    .chain(&output.key.content)
                    .map(String::as_str),
            );
            for field in output.fields.values() {
                used.extend(field.column.as_deref().into_iter().chain(field.by.as_deref()));
                used.extend(field.time.iter().map(|time| time.column.as_str()));
                used.extend(field.count_when.iter().flat_map(ColumnCondition::columns));
            }
        }
        used
    }

    /// The columns that a file has to have for the profile.
    pub(super) fn source_columns(&self) -> Vec<&str> {
        let derived = |name: &&str| self.file.derived.iter().any(|column| column.name == **name);
        self.columns().into_iter().filter(|name| !derived(name)).collect()
    }

    /// The encoding of a source: what its sender states, else what the profile names. That of a
    /// rejects file is found out where nobody states it: a spreadsheet on a Chinese desk saves CSV
    /// in GBK, whatever it was.
    ///
    /// # Errors
    /// [`ImportError::Io`]; [`ImportError::Utf16`] if it has to be found out.
    pub fn encoding_of(&self, source: &dyn Rewind) -> Result<Encoding, ImportError> {
        if let Some(stated) = self.stated {
            return Ok(stated);
        }
        match (is_rejects_file(source)?, self.encoding()) {
            (false, Some(own)) => Ok(own),
            _ => detect(source),
        }
    }
}
