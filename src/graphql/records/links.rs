//! Rows behind a link, in one statement for all rows of the level above.

use std::{collections::HashMap, ops::Range, sync::Arc};

use crate::{
    error::HubError,
    graphql::records::{plan::Deeper, session::Session},
    store::records::row::Row,
};

/// Rows of a level, those of one value of the link next to each other.
#[derive(Debug, Default)]
pub struct Linked {
    /// The rows.
    pub rows: Arc<Vec<Row>>,
    of: HashMap<String, Range<usize>>,
}

impl Linked {
    /// Reads what is behind a use of a link, for the values of the link's own column, each once.
    ///
    /// # Errors
    ///
    /// What the store says, and [`HubError::Forbidden`] where nothing of the family is read at all.
    pub async fn read(session: &Session, deeper: &Deeper, values: &[String]) -> Result<Self, HubError> {
        let Deeper { link, filter, limit, plan, .. } = deeper;
        let scope = session.scope(plan.family)?;
        let mut rows = session.services.reader().behind(&scope, link, values, &plan.selection, filter, *limit).await?;
        if link.many {
            rows.sort_by(|one, other| one.found.cmp(&other.found));
        } else {
            // Several departments may hold the same employer or person.
            rows.sort_by_cached_key(|row| (row.found.clone(), !scope.prefers(row.place()), row.id));
            rows.dedup_by(|one, kept| one.found == kept.found);
        }
        let mut of: HashMap<String, Range<usize>> = HashMap::with_capacity(values.len());
        for (index, row) in rows.iter().enumerate() {
            if let Some(value) = &row.found {
                of.entry(value.clone()).or_insert(index..index).end = index + 1;
            }
        }
        Ok(Self { rows: Arc::new(rows), of })
    }

    /// Which rows belong to a value.
    #[must_use]
    pub fn of(&self, value: &str) -> Range<usize> {
        self.of.get(value).cloned().unwrap_or_default()
    }
}
