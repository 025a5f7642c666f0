//! What the store must read for an answer: fields, links, and what is wanted behind each use of a
//! link.

use async_graphql::Value;
use entity::catalogue::{Family, Link};

use crate::{
    error::HubError,
    store::records::{filter::Filter, row::Selection},
};

/// Rows behind a many-link when `first` is not given.
pub const DEFAULT_FIRST: u64 = 50;
/// Rows of one list at most.
pub const MOST_FIRST: u64 = 200;

/// What has to be read of a family's rows, and of those behind its links.
#[derive(Debug)]
pub struct ReadPlan {
    /// Family whose rows are read.
    pub family: &'static Family,
    /// Fields and links to read.
    pub selection: Selection,
    /// Uses of links, in the order in which they were selected.
    pub links: Vec<LinkUse>,
}

/// One selection of a link, with its own arguments.
#[derive(Debug)]
pub struct LinkUse {
    /// The link from the rows of the plan above.
    pub link: &'static Link,
    /// Index of the link's own column in the rows above.
    pub place: usize,
    /// Condition on the rows behind it.
    pub filter: Filter,
    /// Rows at most for each row above.
    pub limit: u64,
    /// What has to be read of the linked rows.
    pub plan: ReadPlan,
}

impl ReadPlan {
    /// A plan that reads nothing yet.
    #[must_use]
    pub fn new(family: &'static Family) -> Self {
        Self { family, selection: Selection::default(), links: Vec::new() }
    }
}

/// `first` or `last` within bounds.
///
/// # Errors
///
/// [`HubError::Invalid`] outside 1 to 200.
pub fn first(value: Option<&Value>, default: u64) -> Result<u64, HubError> {
    match value {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Number(number)) => number
            .as_u64()
            .filter(|number| (1..=MOST_FIRST).contains(number))
            .ok_or_else(out_of_bounds),
        Some(_) => Err(out_of_bounds()),
    }
}

fn out_of_bounds() -> HubError {
    HubError::invalid(
        format!("first 和 last 须为 1 至 {MOST_FIRST}。请分页。"),
        format!("`first` and `last` are 1 to {MOST_FIRST}. Page through the list."),
    )
}
