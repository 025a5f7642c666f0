//! The columns of an export: those requested by name, or all in which the actor may see something.

use entity::catalogue::{Class, Family, Field, Kind, Mask};

use crate::{
    authz::{policy::Openness, scope::Scope},
    error::HubError,
    store::records::row::Selection,
};

/// A column of an exported file.
#[derive(Clone, Debug)]
pub struct ExportColumn {
    /// Name of the field, as in the GraphQL schema.
    pub name: String,
    /// Chinese heading (中文名), used when the client asks for Chinese headings.
    pub label: String,
    /// What the column contains.
    pub what: ColumnContent,
}

/// What a column contains.
#[derive(Clone, Copy, Debug)]
pub enum ColumnContent {
    /// The global identifier.
    Id,
    /// The value of a field, by its place in a row.
    Value(usize, Kind),
    /// The findings, by their place in a row.
    Findings(usize),
    /// Chinese name (中文名称) of the code at a place in a row, from the given table.
    Label(usize, &'static str),
}

/// The columns, and the fields that have to be read for them.
#[derive(Clone, Debug)]
pub struct ExportColumns {
    /// Columns in file order.
    pub list: Vec<ExportColumn>,
    /// Fields to read for the columns.
    pub selection: Selection,
    /// Whether a column may contain personal values.
    pub personal: bool,
}

impl ExportColumns {
    /// The columns with these names, separated by commas; without names, the identifier and every
    /// field of which the actor may see a value in some row.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for a name that is unknown, given twice or missing.
    pub fn of(scope: &Scope, names: Option<&str>) -> Result<Self, HubError> {
        let family = scope.family();
        let mut columns =
            Self { list: Vec::new(), selection: Selection::default(), personal: false };
        match names {
            Some(names) => {
                names.split(',').map(str::trim).try_for_each(|name| columns.add(scope, name))?
            }
            None => {
                columns.add(scope, "id")?;
                let open = family.all_fields().filter(|field| !field.hidden && seen(scope, field));
                open.map(|field| field.name).try_for_each(|name| columns.add(scope, name))?;
            }
        }
        Ok(columns)
    }

    fn add(&mut self, scope: &Scope, name: &str) -> Result<(), HubError> {
        let family = scope.family();
        let (field, label) = match (family.position(name), name.strip_suffix("Label")) {
            (Some(position), _) => (Some(position), false),
            (None, Some(coded)) => {
                (family.position(coded).filter(|position| is_coded(family, *position)), true)
            }
            (None, None) => (None, false),
        };
        let found = field.and_then(|position| family.at(position).map(|field| (position, field)));
        let column = match found {
            _ if self.list.iter().any(|own| own.name == name) => {
                return Err(unusable(family, name));
            }
            None if name == "id" => ExportColumn {
                name: "id".to_owned(),
                label: "全局标识".to_owned(),
                what: ColumnContent::Id,
            },
            None => return Err(unusable(family, name)),
            Some((position, field)) => {
                self.personal |= field.class >= Class::Personal && seen(scope, field);
                let place = self.selection.field(position);
                let (what, heading) = match field.kind {
                    Kind::Code(table) if label => {
                        (ColumnContent::Label(place, table), format!("{}名称", field.label))
                    }
                    _ if field.name == "findings" => {
                        (ColumnContent::Findings(place), field.label.to_owned())
                    }
                    // With its unit, without which a clerk's own file is not taken again.
                    kind => {
                        let unit = field.unit.map(|unit| format!("（{unit}）")).unwrap_or_default();
                        (ColumnContent::Value(place, kind), format!("{}{unit}", field.label))
                    }
                };
                ExportColumn { name: name.to_owned(), label: heading, what }
            }
        };
        self.list.push(column);
        Ok(())
    }

    /// Names of the columns in file order, as the manifest stores them.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.list.iter().map(|column| column.name.clone()).collect()
    }
}

/// Whether a value of a field is shown in some row.
fn seen(scope: &Scope, field: &Field) -> bool {
    match scope.widest(field.class) {
        Openness::Full => true,
        Openness::Masked => field.mask != Mask::Hide,
        _ => false,
    }
}

/// Whether the schema has a name for the codes of a field.
fn is_coded(family: &Family, position: usize) -> bool {
    family
        .at(position)
        .is_some_and(|field| matches!(field.kind, Kind::Code(table) if table != "region"))
}

fn unusable(family: &Family, name: &str) -> HubError {
    // Any text may be here, so only what could be a name is repeated.
    let name = if name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        name
    } else {
        "…"
    };
    HubError::invalid(
        format!(
            "fields 中的“{name}”不是{}的字段，或重复。可用 id 和 catalogue {{ families {{ fields {{ name }} }} }} 中的字段名，以逗号分隔。",
            family.label
        ),
        format!(
            "`{name}` in `fields` is no field of {}, or stands there twice. Use `id` and the names in `catalogue {{ families {{ \
             fields {{ name }} }} }}`, separated by commas.",
            family.name
        ),
    )
}
