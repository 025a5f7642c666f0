//! Import profiles: how rows of another system's file become rows of record families.
//!
//! A profile (TOML, [`profile`]) names the columns, the keys, the value maps and the rows to leave
//! out. [`survey::Survey`] reads the file once and decides every row: used, skipped by a named
//! rule, or rejected with a reason. [`records::RecordIter`] then reads it again, once for each
//! output of the profile in the order written there, and yields finished rows (`serde_json::Map` by
//! field name); an output can only refer to outputs above it, so records come out in the order in
//! which they depend on each other. [`rejects::Rejects`] collects what was refused, here or later
//! by the hub, and writes it with the original rows to be mended and sent again.
//!
//! Memory: the survey keeps the keys of all records, the reasons against refused rows and some
//! thirty bytes for each row, never the text of the rows; a pass keeps only the records whose last
//! row is still to come. Nothing here knows the database, the catalogue of families or GraphQL, and
//! nothing aborts because of one bad row: only a file that cannot be read, or without the columns a
//! profile needs, is an error ([`error::ImportError`]).
//!
//! ```text
//! let profile = Profile::parse(&toml)?;                    // profile.outputs(): check against the catalogue
//! let survey = Survey::new(&profile, &source)?;            // survey.counts(), survey.rejected()
//! let mut rejects = Rejects::from_survey(&survey);
//! for record in survey.records(&source) { … submit …; rejects.add_record(&record?.lines, family, field, code, zh, en); }
//! rejects.write(&survey, &source, file)?;
//! ```

mod cell_spec;
pub mod condition;
pub mod counts;
pub mod detect;
pub mod encoding;
pub mod error;
pub mod field_spec;
pub mod groups;
pub mod keys;
pub mod mapping;
pub mod own_columns;
pub mod problem;
pub mod profile;
pub mod profile_error;
pub mod reader;
pub mod records;
pub mod rejects;
pub mod row;
pub mod rows;
pub mod source;
pub mod spec;
pub mod split;
pub mod survey;
pub mod table;
pub mod transforms;
pub mod validate;
pub mod values;

#[cfg(test)]
mod tests;
