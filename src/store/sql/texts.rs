//! Texts of statements that are the same at every call, made once.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use sea_orm::DbBackend;

/// What a text depends on: the database, the table, what is done to it, and whether it is done to a
/// single row.
type TextKey = (bool, &'static str, &'static str, bool);

static TEXTS: LazyLock<RwLock<HashMap<TextKey, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The text of a statement on a table: `verb` names what it does, `make` writes it the first time.
pub(in crate::store) fn text(
    backend: DbBackend,
    table: &'static str,
    verb: &'static str,
    single: bool,
    make: impl FnOnce() -> String,
) -> Arc<str> {
    let key = (backend == DbBackend::Postgres, table, verb, single);
    let known = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    known.unwrap_or_else(|| {
        let made: Arc<str> = make().into();
        TEXTS.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made).clone()
    })
}
