//! Writes records as JSON straight from the rows that were read. The library resolves every field
//! of every record by a future and a tree of values of its own; for lists that costs more than all
//! the rest of a request.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::{code::Coded as _, region::RegionCode},
    error::Language,
    graphql::records::{
        levels::Level,
        remark::Remark,
        shape::{Plain, RecordField, Shape},
    },
    services::Services,
    store::{
        records::{global_id::global_id, json},
        reference::Reference,
        seal::Seal,
        sql::cell::Cell,
    },
    submit::verdict,
};

/// A JSON text being written.
#[derive(Debug)]
pub struct JsonWriter<'a> {
    reference: &'a Reference,
    seal: &'a Seal,
    language: Language,
    out: Vec<u8>,
}

impl<'a> JsonWriter<'a> {
    /// An empty text.
    #[must_use]
    pub fn new(services: &'a Services, language: Language) -> Self {
        Self { reference: &services.reference, seal: &services.seal, language, out: Vec::new() }
    }

    /// The finished JSON, in UTF-8.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    /// Length of the text so far, in bytes.
    #[must_use]
    pub const fn written(&self) -> usize {
        self.out.len()
    }

    /// Writes a value of any serialisable type.
    pub fn value(&mut self, value: &(impl Serialize + ?Sized)) {
        // Plain values into memory: neither their form nor the writer can fail.
        let _ = serde_json::to_writer(&mut self.out, value);
    }

    /// Writes a text, or `null`.
    pub fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.value(text),
            None => self.out.extend_from_slice(b"null"),
        }
    }

    /// Writes the Chinese name (中文名称) of a code, or `null`.
    pub fn label(&mut self, table: &str, code: &str) {
        self.text(self.reference.label(table, code));
    }

    /// Writes an object with one entry for each part.
    pub fn object<P>(&mut self, parts: &[(String, P)], mut write: impl FnMut(&mut Self, &P)) {
        self.out.push(b'{');
        for (index, (key, part)) in parts.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            // Names in GraphQL are letters, digits and `_`.
            self.out.push(b'"');
            self.out.extend_from_slice(key.as_bytes());
            self.out.extend_from_slice(b"\":");
            write(self, part);
        }
        self.out.push(b'}');
    }

    /// Writes the selected fields of an object declared as a struct.
    pub fn plain<T: Serialize + JsonSchema>(&mut self, plain: &Plain, value: &T) {
        // Structs of plain values: their form cannot fail.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.object(plain, |writer, name| match name.as_str() {
            "__typename" => writer.value(&T::schema_name()),
            name => writer.value(&value.get(name)),
        });
    }

    /// Writes an array; `write` writes each item.
    pub fn list<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut write: impl FnMut(&mut Self, I),
    ) {
        self.out.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(self, item);
        }
        self.out.push(b']');
    }

    /// Writes one record of a level, by its index.
    pub fn record(&mut self, shape: &Shape, level: &Level, index: usize) {
        let Some(row) = level.rows.get(index) else { return self.text(None) };
        let cell = |place: &usize| row.cells.get(*place).unwrap_or(&Cell::Null);
        self.object(&shape.parts, |writer, part| match part {
            RecordField::TypeName => writer.value(shape.family.name),
            RecordField::Id => writer.value(&global_id(writer.seal, shape.family, row.id)),
            RecordField::Value(place, kind) => json::write(&mut writer.out, *kind, cell(place)),
            RecordField::Label(place, table) => match cell(place).as_text() {
                Some(code) => writer.label(table, code),
                None => writer.text(None),
            },
            RecordField::Region(place, plain) => match cell(place).as_text() {
                Some(code) => writer.region(plain, code),
                None => writer.text(None),
            },
            RecordField::Findings(place, plain) => writer.findings(plain, cell(place)),
            RecordField::One(number, shape) => {
                match level.below.get(*number).map(|below| (below, below.of(index))) {
                    Some((below, rows)) if !rows.is_empty() => {
                        writer.record(shape, &below.level, rows.start)
                    }
                    _ => writer.text(None),
                }
            }
            RecordField::Many(number, shape) => match level.below.get(*number) {
                Some(below) => writer
                    .list(below.of(index), |writer, row| writer.record(shape, &below.level, row)),
                None => writer.out.extend_from_slice(b"[]"),
            },
        });
    }

    fn region(&mut self, plain: &Plain, code: &str) {
        let reference = self.reference;
        let Some(found) = reference.region(code) else {
            return self.text(None);
        };
        let attribute = |name: &str| found.attributes.get(name).map(String::as_str);
        self.object(plain, |writer, name| match name.as_str() {
            "code" => writer.value(found.code.as_str()),
            "name" => writer.value(found.name_zh.as_str()),
            "level" => {
                let level = || RegionCode::parse(code).ok().map(|code| code.level().code());
                writer.text(attribute("level").or_else(level));
            }
            "fullName" => writer.text(attribute("full_name")),
            "parentCode" => writer.text(found.parent.as_deref()),
            "standard" => writer.text(attribute("standard")),
            "__typename" => writer.value("Region"),
            _ => writer.text(None),
        });
    }

    fn findings(&mut self, plain: &Plain, cell: &Cell) {
        let list: Vec<verdict::RowRemark> =
            cell.as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let language = self.language;
        self.list(list, |writer, remark| writer.plain(plain, &Remark::new(remark, language)));
    }
}
