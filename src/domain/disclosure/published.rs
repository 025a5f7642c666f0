//! Published dimensions: the fields by which a family may be counted by actors who may not list its
//! records, and how finely.
//!
//! Together they form a fixed, finite cube of cells. Such an actor can ask about a cell and about
//! nothing between two cells: no set of values, no range inside a year, no identifier, no text.

use crate::domain::code::Coded as _;
use strum::{IntoStaticStr, VariantArray};

/// How finely a field is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum PublishedLevel {
    /// The value itself.
    Value,
    /// The region code itself.
    Region,
    /// The city of a region code.
    City,
    /// The province of a region code.
    Province,
    /// The calendar year of a date, in Asia/Shanghai.
    Year,
    /// The calendar month of a date, in Asia/Shanghai.
    Month,
}

/// A published dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Name of the family, such as `Accident`.
    pub family: String,
    /// Name of the field in the schema, such as `regionCode`.
    pub field: String,
    /// Levels of detail at which the field may be used; each gives cells of its own.
    pub levels: Vec<PublishedLevel>,
    /// Whether the value reveals something sensitive about the persons in a cell: then the cell
    /// must be large enough when counted without this dimension.
    pub sensitive: bool,
}

/// All published dimensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedCube(Vec<Published>);

impl PublishedCube {
    /// Of these dimensions.
    #[must_use]
    pub const fn new(dimensions: Vec<Published>) -> Self {
        Self(dimensions)
    }

    /// The dimensions of a family.
    pub fn of<'a>(&'a self, family: &'a str) -> impl Iterator<Item = &'a Published> {
        self.0.iter().filter(move |dimension| dimension.family == family)
    }

    /// The dimension of a field, if it is published at this level.
    #[must_use]
    pub fn find<'a>(
        &'a self,
        family: &'a str,
        field: &str,
        level: PublishedLevel,
    ) -> Option<&'a Published> {
        self.of(family)
            .find(|dimension| dimension.field == field && dimension.levels.contains(&level))
    }

    /// What is published of a family, for a message: `regionCode (PROVINCE CITY)`.
    #[must_use]
    pub fn in_words(&self, family: &str) -> String {
        let one = |dimension: &Published| {
            let levels: Vec<&str> = dimension.levels.iter().map(|level| level.code()).collect();
            format!("{} ({})", dimension.field, levels.join(" "))
        };
        self.of(family).map(one).collect::<Vec<_>>().join(", ")
    }
}
