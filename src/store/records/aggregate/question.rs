//! What a caller asks statistics for, and the answer.

use entity::catalogue::{Class, Field};
use strum::{IntoStaticStr, VariantArray};

use crate::store::records::{aggregate::dimension::GroupDimension, filter::Filter};

/// Groups one answer contains at most.
pub const MOST_GROUPS: u64 = 5_000;

/// One row of a grouped answer: the values that define the group, its count and its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatsGroup {
    /// Values of the dimensions, in order; empty for the remainder.
    pub keys: Vec<Option<String>>,
    /// Number of rows; `None` where it is withheld.
    pub count: Option<i64>,
    /// Sums in the order asked for, money in fen; `None` where withheld or where no row has a
    /// value.
    pub sums: Vec<Option<i64>>,
}

/// How the counts of an answer were made; clients see the code as `DisclosureMethod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// Exact counts, where every row may be listed.
    Exact,
    /// Counted with noise.
    Perturbed,
    /// Exact counts of what may be listed; the rest with noise or left to the remainder.
    Mixed,
}

impl Method {
    /// What it means, in both languages.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Exact => "实数。\n\nExact counts.",
            Self::Perturbed => {
                "加有噪声；同样的记录，噪声相同。\n\nCounts carry noise; the same records always get the same noise."
            }
            Self::Mixed => {
                "可列出的按实数计，其余加有噪声或归入最后一组。\n\nRecords you may list are counted exactly; counts of the rest carry noise or are left to the last group."
            }
        }
    }
}

/// The answer to a [`StatsQuestion`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// How the counts were made: the same for all groups, and independent of what the store holds.
    pub method: Method,
    /// Groups, ordered by their keys, empty ones last; the remainder at the end.
    pub groups: Vec<StatsGroup>,
}

/// What a caller asks statistics for.
#[derive(Clone, Debug)]
pub struct StatsQuestion<'a> {
    /// Rows that are counted.
    pub filter: &'a Filter,
    /// Dimensions to group by; empty for a single total.
    pub by: &'a [GroupDimension],
    /// Fields to sum.
    pub sums: &'a [&'static Field],
}

impl StatsQuestion<'_> {
    /// Classes of the fields in dimensions and condition.
    pub(super) fn row_classes(&self) -> Vec<Class> {
        let mut classes: Vec<Class> =
            self.by.iter().map(|dimension| dimension.field().class).collect();
        self.filter.classes(&mut classes);
        classes
    }

    /// Classes of the sums.
    pub(super) fn sum_classes(&self) -> Vec<Class> {
        self.sums.iter().map(|field| field.class).collect()
    }
}
