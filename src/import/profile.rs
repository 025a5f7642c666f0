//! The profile: what a TOML file says about a source. `examples/profiles/` shows every part of it
//! in use.
//!
//! A row is read in this order: every cell is trimmed and cleaned (`empty`, `[clean]`), derived
//! columns are computed (`[[derive]]`), the first `[[skip]]` rule that holds leaves the row out,
//! every `[[reject]]` rule that holds refuses it, and each `[[output]]` whose `when` holds makes a
//! record of it or adds it to one.

use std::collections::BTreeMap;

use chrono::FixedOffset;

use super::encoding::{self, Encoding};
use super::error::ImportError;
use super::rejects;
use super::source::Rewind;
use super::spec::{EncodingName, ProfileFile, json};
use super::validate;

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, an unknown key or a value of the wrong kind; the message shows the place.
    #[error("导入配置语法错误 (the profile cannot be read): {0}")]
    Syntax(#[from] toml::de::Error),
    /// Well written but contradictory.
    #[error("导入配置{place}：{message_zh} ({place}: {message_en})")]
    Invalid {
        /// Where, such as `output Accident, field deaths`.
        place: String,
        /// What, in Chinese.
        message_zh: String,
        /// What, in English.
        message_en: String,
    },
}

impl ProfileError {
    /// Stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "PROFILE_SYNTAX",
            Self::Invalid { .. } => "PROFILE_INVALID",
        }
    }

    /// What is wrong, in Chinese and in English, with its line in the text that was read.
    #[must_use]
    pub fn said(&self, text: &str) -> (String, String) {
        match self {
            Self::Syntax(error) => {
                let before = error.span().and_then(|span| text.get(..span.start));
                let line = before.map_or(1, |before| before.matches('\n').count() + 1);
                (
                    format!(
                        "导入配置第{line}行不能读取。请核对该行的语法、键名和取值类型（TOML）。"
                    ),
                    format!("The profile cannot be read at line {line}: {}", error.message()),
                )
            }
            Self::Invalid { place, message_zh, message_en } => (
                format!("导入配置{place}：{message_zh}"),
                format!("The profile, {place}: {message_en}"),
            ),
        }
    }
}

/// A checked profile.
#[derive(Debug, Clone)]
pub struct Profile {
    pub(super) file: ProfileFile,
    pub(super) offset: Option<FixedOffset>,
}

impl Profile {
    /// Reads and checks a profile.
    ///
    /// # Errors
    /// [`ProfileError`] with the place of the first fault.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: ProfileFile = toml::from_str(text)?;
        let offset = validate::check(&file)?;
        Ok(Self { file, offset })
    }

    /// Its name.
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

    /// The encoding of a source. That of a rejects file is always found out: a spreadsheet on a
    /// Chinese desk saves CSV in GBK, whatever it was.
    ///
    /// # Errors
    /// [`ImportError::Io`]; [`ImportError::Utf16`] if it has to be found out.
    pub fn encoding_of(&self, source: &dyn Rewind) -> Result<Encoding, ImportError> {
        if rejects::is_rejects_file(source)? {
            return encoding::detect(source);
        }
        match self.file.profile.encoding {
            EncodingName::Utf8 => Ok(Encoding::Utf8),
            EncodingName::Gb18030 => Ok(Encoding::Gb18030),
            EncodingName::Auto => encoding::detect(source),
        }
    }
}
