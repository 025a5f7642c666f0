//! What a record family says about itself, as data.
//!
//! Everything that has to know a family's fields (GraphQL types, filters, masks, import columns,
//! the published catalogue, the access tests) reads it here. The values are written by `#[record]`;
//! nobody builds them by hand.

use crate::system::{self, system_fields};

/// Sensitivity of a field or link. Source: domain reference §5; 个人信息保护法 arts 28 and 51.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 公开。What law makes public.
    Public,
    /// 内部。For government bodies only.
    Internal,
    /// 个人信息。About an identified person.
    Personal,
    /// 敏感个人信息。Medical facts, identity numbers, home addresses.
    Sensitive,
}

impl Class {
    /// All classes, least sensitive first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Personal, Self::Sensitive];

    /// One letter, as used in the access matrix and in audit entries.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Public => "P",
            Self::Internal => "I",
            Self::Personal => "N",
            Self::Sensitive => "S",
        }
    }

    /// Name of the enum value in the schema.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::Internal => "INTERNAL",
            Self::Personal => "PERSONAL",
            Self::Sensitive => "SENSITIVE",
        }
    }

    /// 中文名称。
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Public => "公开",
            Self::Internal => "内部",
            Self::Personal => "个人信息",
            Self::Sensitive => "敏感个人信息",
        }
    }
}

/// Logical type of a field, whatever the database keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text in UTF-8.
    Text,
    /// Whole number of 32 bits.
    Int,
    /// Yes or no.
    Bool,
    /// Calendar day.
    Date,
    /// Instant in UTC, shown in Asia/Shanghai.
    DateTime,
    /// Money in fen, shown in yuan with two decimals.
    Money,
    /// Code of the named reference table.
    Code(&'static str),
    /// List of codes of the named reference table.
    Codes(&'static str),
}

/// How a value looks to those who may see it masked only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Nothing is shown.
    Hide,
    /// `王*`.
    Name,
    /// Last four characters.
    LastFour,
    /// The county of the record.
    County,
}

/// One field of a family.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in the schema, in files and in messages.
    pub name: &'static str,
    /// Name in what versions keep: that which the field had when it was declared. Versions are
    /// proved as they were written, so it stays when the field gets another name, and files of that
    /// time are still read by it.
    pub kept: &'static str,
    /// Column in the table.
    pub column: &'static str,
    /// 中文名。
    pub label: &'static str,
    /// Chinese description.
    pub zh: &'static str,
    /// English description.
    pub en: &'static str,
    /// Sensitivity.
    pub class: Class,
    /// Logical type.
    pub kind: Kind,
    /// A submission must give it (unless derived).
    pub required: bool,
    /// May stand in `where`.
    pub filter: bool,
    /// `where` offers a search inside the text.
    pub contains: bool,
    /// May stand in `orderBy`.
    pub order: bool,
    /// May stand in `groupBy`.
    pub group: bool,
    /// Summed by statistics.
    pub sum: bool,
    /// Computed by the hub; never accepted as input.
    pub derived: bool,
    /// Exists for links only; never shown.
    pub hidden: bool,
    /// Encrypted at rest.
    pub sealed: bool,
    /// Column of its keyed hash.
    pub key: Option<&'static str>,
    /// Column of its pinyin sort key.
    pub sort: Option<&'static str>,
    /// What a masked outcome shows.
    pub mask: Mask,
    /// Unit of a number.
    pub unit: Option<&'static str>,
    /// Most characters of a text.
    pub max: usize,
}

/// A relation to another family: rows whose `foreign` column equals this row's `local` column.
#[derive(Debug)]
pub struct Link {
    /// Name in the schema.
    pub name: &'static str,
    /// Name of the other family.
    pub to: &'static str,
    /// Many rows or one.
    pub many: bool,
    /// Column here.
    pub local: &'static str,
    /// Column there.
    pub foreign: &'static str,
    /// What one must be able to read of this row, at least masked, to follow it.
    pub class: Class,
    /// Chinese description.
    pub zh: &'static str,
    /// English description.
    pub en: &'static str,
}

/// A record family.
#[derive(Debug)]
pub struct Family {
    /// Type name in the schema.
    pub name: &'static str,
    /// Plural, for list fields.
    pub plural: &'static str,
    /// Table in the store.
    pub table: &'static str,
    /// 中文名。
    pub label: &'static str,
    /// Chinese description.
    pub zh: &'static str,
    /// English description.
    pub en: &'static str,
    /// Index of the field that is unique in its source system.
    pub source_key: usize,
    /// Index of the field that decides the region of the row.
    pub region: usize,
    /// Index of the field that decides the key industry of the row.
    pub industry: Option<usize>,
    /// Index of the date that decides which edition of a code table holds.
    pub dated: Option<usize>,
    /// Index of the last day of a record that lasts: its codes are those in force on that day or
    /// today.
    pub until: Option<usize>,
    /// Index of the state whose changes are guarded: a submission is judged by the state the store
    /// has.
    pub state: Option<usize>,
    /// Fields in order of declaration.
    pub fields: &'static [Field],
    /// Relations.
    pub links: &'static [Link],
}

impl Family {
    /// All fields that can be read: those every family has, then its own. Positions in this order
    /// are used throughout.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        system_fields(self.highest()).iter().chain(self.fields)
    }

    /// The most sensitive class among its own fields.
    #[must_use]
    pub fn highest(&self) -> Class {
        self.fields
            .iter()
            .filter(|field| !field.hidden)
            .map(|field| field.class)
            .max()
            .unwrap_or(Class::Internal)
    }

    /// Number of fields that can be read.
    #[must_use]
    pub const fn width(&self) -> usize {
        system::COUNT + self.fields.len()
    }

    /// The field at a position of [`Family::all_fields`].
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&'static Field> {
        system_fields(self.highest())
            .get(position)
            .or_else(|| self.fields.get(position.checked_sub(system::COUNT)?))
    }

    /// The field of that name in the schema.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.all_fields().find(|field| field.name == name && !field.hidden)
    }

    /// The field that versions keep under that name.
    #[must_use]
    pub fn versioned(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.kept == name && !field.hidden)
    }

    /// Position of the field of that name in the schema.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.all_fields().position(|field| field.name == name && !field.hidden)
    }

    /// Fields a submission may give.
    pub fn inputs(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(|field| !field.derived && !field.hidden)
    }

    /// The field that is unique in its source system.
    #[must_use]
    pub fn key_field(&self) -> Option<&'static Field> {
        self.fields.get(self.source_key)
    }

    /// Column of the key industry of a row.
    #[must_use]
    pub fn industry_column(&self) -> Option<&'static str> {
        self.industry.and_then(|index| self.fields.get(index)).map(|field| field.column)
    }

    /// Column of the guarded state of a row.
    #[must_use]
    pub fn state_column(&self) -> Option<&'static str> {
        self.state.and_then(|index| self.fields.get(index)).map(|field| field.column)
    }

    /// The link through which it takes its region, and its industry, from a row of another family;
    /// nothing for a family that says its region itself.
    #[must_use]
    pub fn inherited(&self) -> Option<&'static Link> {
        let derived = self.fields.get(self.region)?.derived;
        self.links.iter().find(|link| derived && !link.many && link.foreign == "ref")
    }

    /// The link of that name.
    #[must_use]
    pub fn link(&self, name: &str) -> Option<&'static Link> {
        self.links.iter().find(|link| link.name == name)
    }

    /// What one must be able to read of a row to learn what stands in a column that links go
    /// through: the least class of the links from there. Nothing for the reference of the record
    /// itself.
    #[must_use]
    pub fn key_class(&self, column: &str) -> Option<Class> {
        let links =
            self.links.iter().filter(|link| link.local == column).map(|link| link.class).min();
        let own = |field: &&Field| field.column == column || field.key == Some(column);
        links.or_else(|| self.fields.iter().find(own).map(|field| field.class))
    }

    /// Column of the region of a row.
    #[must_use]
    pub fn region_column(&self) -> &'static str {
        self.fields.get(self.region).map_or("region_code", |field| field.column)
    }

    /// Name of the list field: `accidents`.
    #[must_use]
    pub fn list_name(&self) -> String {
        decapitalised(self.plural)
    }

    /// Name of the single field: `accident`.
    #[must_use]
    pub fn single_name(&self) -> String {
        decapitalised(self.name)
    }

    /// Columns that every family has before its own, in table order.
    pub const SYSTEM_COLUMNS: [&'static str; 12] = [
        "id",
        "ref",
        "department",
        "source_system",
        "version",
        "fingerprint",
        "findings",
        "created_at",
        "updated_at",
        "withdrawn_at",
        "record_key",
        "number_ref",
    ];
}

fn decapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The families a hub serves.
#[derive(Clone, Debug)]
pub struct Catalogue {
    families: Vec<&'static Family>,
}

impl Catalogue {
    /// A catalogue of these families.
    ///
    /// # Errors
    ///
    /// Says which link names a family or column that does not exist, or which name stands twice.
    pub fn new(families: Vec<&'static Family>) -> Result<Self, String> {
        let catalogue = Self { families };
        for family in &catalogue.families {
            if catalogue
                .families
                .iter()
                .filter(|other| other.name == family.name || other.table == family.table)
                .count()
                > 1
            {
                return Err(format!("family {} is declared twice", family.name));
            }
            for link in family.links {
                let Some(target) = catalogue.find(link.to) else {
                    return Err(format!(
                        "{}.{} links to {}, which is not in the catalogue",
                        family.name, link.name, link.to
                    ));
                };
                for (owner, column) in [(*family, link.local), (target, link.foreign)] {
                    if !matches!(column, "ref" | "number_ref") && !owner.has_column(column) {
                        return Err(format!(
                            "{}.{} names column {column}, which {} lacks",
                            family.name, link.name, owner.name
                        ));
                    }
                }
            }
        }
        Ok(catalogue)
    }

    /// All families, in order.
    pub fn families(&self) -> impl Iterator<Item = &'static Family> + '_ {
        self.families.iter().copied()
    }

    /// The family of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'static Family> {
        self.families.iter().copied().find(|family| family.name == name)
    }

    /// Position of a family, stable for one catalogue.
    #[must_use]
    pub fn position(&self, family: &Family) -> usize {
        self.families.iter().position(|other| other.name == family.name).unwrap_or(usize::MAX)
    }
}

impl Family {
    fn has_column(&self, column: &str) -> bool {
        self.fields.iter().any(|field| field.column == column || field.key == Some(column))
    }
}
