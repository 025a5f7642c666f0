//! The columns of tables as texts, looked at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// Names of a table's columns, each with the expression that gives it as text.
pub(in crate::store) type TextColumns = Arc<Vec<(String, String)>>;

/// Shapes that were looked at, by table. Tables do not change while a hub runs.
#[derive(Debug, Default)]
pub(in crate::store) struct Shapes(pub(in crate::store) Mutex<HashMap<&'static str, TextColumns>>);
