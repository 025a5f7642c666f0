//! Statements written by hand: parameters are `?`, whatever the database calls them.

use sea_orm::{DbBackend, Statement, Value};

/// A statement with its parameters.
pub(in crate::store) fn statement(backend: DbBackend, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(backend, numbered(backend, sql), values)
}

/// `?` as the database in use writes parameters.
pub(in crate::store) fn numbered(backend: DbBackend, sql: &str) -> String {
    if backend != DbBackend::Postgres {
        return sql.to_owned();
    }
    let mut number = 0;
    let mut text = String::with_capacity(sql.len() + 8);
    for letter in sql.chars() {
        if letter == '?' {
            number += 1;
            text.push('$');
            text.push_str(&number.to_string());
        } else {
            text.push(letter);
        }
    }
    text
}
