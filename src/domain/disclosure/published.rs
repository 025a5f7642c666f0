//! Published dimensions: along which of its fields a family may be counted by whoever may not list
//! it, and how finely.
//!
//! Together they make a fixed, finite cube of cells. Whoever is held to it can ask about a cell and
//! about nothing between two cells: no set of values, no range inside a year, no identifier, no
//! text.

use crate::domain::code::Coded as _;
use strum::{IntoStaticStr, VariantArray};

/// How finely a field is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum PublishedLevel {
    /// Its value as it is.
    Value,
    /// A region code as it is.
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
    /// Family.
    pub family: String,
    /// Name of the field in the schema.
    pub field: String,
    /// How finely.
    pub levels: Vec<PublishedLevel>,
    /// Whether it tells something sensitive of the persons in a cell: then the cell without it has
    /// to be large enough.
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

    /// Those of a family.
    pub fn of<'a>(&'a self, family: &'a str) -> impl Iterator<Item = &'a Published> {
        self.0.iter().filter(move |dimension| dimension.family == family)
    }

    /// The dimension of a field at a level, if it is published so.
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

    /// What is published of a family, for a message: `regionCode（PROVINCE CITY）`.
    #[must_use]
    pub fn in_words(&self, family: &str) -> String {
        let one = |dimension: &Published| {
            let levels: Vec<&str> = dimension.levels.iter().map(|level| level.code()).collect();
            format!("{} ({})", dimension.field, levels.join(" "))
        };
        self.of(family).map(one).collect::<Vec<_>>().join(", ")
    }
}
