//! What a page is asked for.

use crate::store::records::{
    cursor::{OrderKey, Position},
    filter::Filter,
    row::Selection,
};

/// One page of a family.
#[derive(Clone, Debug)]
pub struct PageQuery<'a> {
    /// Fields and links wanted.
    pub selection: &'a Selection,
    /// Condition that the rows have to meet.
    pub filter: &'a Filter,
    /// Order of the rows; the identifier decides between equal ones.
    pub keys: &'a [OrderKey],
    /// Place to start after; `None` starts at the beginning, or at the end when reading backwards.
    pub from: Option<&'a Position>,
    /// Whether to read the rows before the place, nearest first.
    pub backward: bool,
    /// Rows at most.
    pub limit: u64,
}
