//! Keys of records, and what happens when two rows have the same one. No two records ever share a
//! key.
//!
//! A row that comes back from a rejects file stands alone: the rows it collided with are not there.
//! It therefore keeps the key it was given in the first run (`lianfang_keys`). Where it has none,
//! or the person changed a column of the key, an ordinal counted anew would hit a record that is
//! already stored; the key then ends in the line of the first file (`#L44`), which no counted
//! ordinal can equal.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::problem::RowProblem;
use super::row::Resent;
use super::spec::{Collision, Output};

/// The key of a row before collisions are looked at.
pub(super) struct Base {
    /// The key as text.
    pub text: String,
    /// What makes rows with this key one record: its parts, and the columns of `same`.
    pub identity: String,
}

/// The records of one output: group numbers by identity, keys by group number.
pub(super) struct OutputKeys {
    collision: Collision,
    counted: bool,
    index: HashMap<String, u32>,
    names: IndexSet<String>,
    first_line: Vec<u64>,
    ordinals: HashMap<String, u32>,
}

impl OutputKeys {
    pub fn new(output: &Output) -> Self {
        Self {
            collision: output.key.on_collision,
            counted: output.is_counted(),
            index: HashMap::new(),
            names: IndexSet::new(),
            first_line: Vec::new(),
            ordinals: HashMap::new(),
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The key of a record.
    pub fn name(&self, group: u32) -> Option<&str> {
        self.names.get_index(usize::try_from(group).ok()?).map(String::as_str)
    }

    /// The record that a row belongs to, a new one where needed.
    pub fn assign(
        &mut self,
        base: &Base,
        family: &str,
        resent: Option<&Resent>,
        line: u64,
    ) -> Result<u32, RowProblem> {
        let numbered = match self.collision {
            Collision::Ordinal | Collision::OrdinalAlways => true,
            Collision::Merge => self.counted,
            Collision::Reject => false,
        };
        if let Some(resent) = resent.filter(|_| numbered) {
            let merging = self.collision == Collision::Merge;
            if let Some(key) = carried(base, family, resent) {
                match self.names.get_index_of(key) {
                    Some(group) if merging => return Ok(group_number(group)),
                    Some(_) => {}
                    None => return Ok(self.insert(key.to_owned(), line)),
                }
            }
            let key = self.free(&format!("{}#L{}", base.text, resent.line), false);
            return Ok(self.insert(key, line));
        }
        match self.collision {
            Collision::Reject => match self.names.get_index_of(&base.text) {
                Some(group) => Err(RowProblem::KeyDuplicate {
                    line: self.first_line.get(group).copied().unwrap_or_default(),
                }),
                None => Ok(self.insert(base.text.clone(), line)),
            },
            Collision::Merge => {
                if let Some(group) = self.index.get(&base.identity) {
                    return Ok(*group);
                }
                let key = self.free(&base.text, false);
                let group = self.insert(key, line);
                self.index.insert(base.identity.clone(), group);
                Ok(group)
            }
            Collision::Ordinal | Collision::OrdinalAlways => {
                let key = self.free(&base.text, self.collision == Collision::OrdinalAlways);
                Ok(self.insert(key, line))
            }
        }
    }

    /// The key itself, or with the next ordinal that is free.
    fn free(&mut self, base: &str, always: bool) -> String {
        if !always && !self.names.contains(base) {
            return base.to_owned();
        }
        let ordinal = self.ordinals.entry(base.to_owned()).or_insert(u32::from(!always));
        loop {
            *ordinal += 1;
            let key = format!("{base}#{ordinal}");
            if !self.names.contains(&key) {
                return key;
            }
        }
    }

    fn insert(&mut self, key: String, line: u64) -> u32 {
        self.first_line.push(line);
        group_number(self.names.insert_full(key).0)
    }
}

/// The key that the row was given before, if it still fits.
pub(super) fn carried<'k>(base: &Base, family: &str, resent: &'k Resent) -> Option<&'k str> {
    let key = resent.keys.get(family)?;
    let rest = key.strip_prefix(&base.text)?;
    (rest.is_empty() || rest.starts_with('#')).then_some(key.as_str())
}

/// A file of four thousand million records would not fit anyway; the last number stands for all
/// beyond.
fn group_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX - 1)
}
