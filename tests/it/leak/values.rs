//! Made-up values of every kind in two variants: everything of variant `A` lies below the middle,
//! everything of `B` above it, and what a mask shows is the same in both.

use std::{cell::RefCell, collections::HashMap};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::catalogue::{Family, Field, Kind, Mask};
use lianfang::{
    domain::money::Fen,
    store::{
        proof::prover::Prover,
        reference::Reference,
        seal::{Bond, Seal},
    },
};
use sea_orm_migration::sea_orm::Value;
use serde_json::json;

use crate::support::TestHub;

/// Which value stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    A,
    B,
    Null,
}

/// Rows with the same number here hold the same person, employer and so on.
pub const fn group(row: usize) -> usize {
    row % 7
}

/// What makes and seals values.
pub struct Values<'a> {
    pub seal: &'a Seal,
    pub prover: &'a Prover,
    pub reference: &'a Reference,
    /// Sealing takes time: what was sealed once is used again.
    pub sealed: RefCell<HashMap<(String, String), Vec<u8>>>,
}

/// A value before it is sealed.
#[derive(Clone, Debug)]
pub enum Plain {
    Null,
    Text(String),
    Int(i64),
    Money(i64),
    Bool(bool),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
}

impl<'a> Values<'a> {
    /// With what a hub has.
    pub fn of(hub: &'a TestHub) -> Self {
        let services = &hub.services;
        let prover = hub.database.prover().expect("a key to prove with");
        Self {
            seal: &services.seal,
            prover,
            reference: &services.reference,
            sealed: RefCell::default(),
        }
    }

    /// The value of a field in a row.
    pub fn plain(&self, field: &Field, row: usize, variant: Variant) -> Plain {
        let b = match variant {
            Variant::Null => return Plain::Null,
            Variant::A => false,
            Variant::B => true,
        };
        let letter = if b { 'B' } else { 'A' };
        let day = NaiveDate::from_ymd_opt(if b { 2024 } else { 2020 }, 1, 1).expect("a day")
            + Days::new(row as u64);
        let number = row as i64 + if b { 1000 } else { 0 };
        match field.kind {
            // The last four characters are the same in both variants, and the number is that of the
            // person.
            Kind::Text if field.mask == Mask::LastFour => {
                Plain::Text(format!("14060219{}000{:04}", if b { 99 } else { 11 }, group(row)))
            }
            Kind::Text => Plain::Text(format!("王{letter}{}x{row:04}", field.column)),
            Kind::Int => Plain::Int(number),
            Kind::Money => Plain::Money(number * 100),
            Kind::Bool => Plain::Bool(!b),
            Kind::Date => Plain::Date(day),
            Kind::DateTime => Plain::Instant(day.and_hms_opt(4, 0, 0).expect("a time").and_utc()),
            Kind::Code(table) => Plain::Text(self.code(table, b)),
            Kind::Codes(table) => Plain::Text(json!([self.code(table, b)]).to_string()),
        }
    }

    fn code(&self, table: &str, b: bool) -> String {
        let codes = &self.reference.table(table).expect("a code table").codes;
        let found = if b { codes.last() } else { codes.first() };
        found.expect("a code").code.clone()
    }

    /// The value as the table keeps it.
    pub fn kept(&self, family: &Family, bond: &Bond<'_>, field: &Field, plain: &Plain) -> Value {
        if field.sealed {
            return Value::from(plain.text().map(|text| self.sealed(family, bond, field, text)));
        }
        match plain {
            Plain::Null => null(field.kind),
            Plain::Text(text) => text.as_str().into(),
            Plain::Int(number) => i32::try_from(*number).expect("a small number").into(),
            Plain::Money(fen) => (*fen).into(),
            Plain::Bool(yes) => (*yes).into(),
            Plain::Date(day) => (*day).into(),
            Plain::Instant(instant) => (*instant).into(),
        }
    }

    fn sealed(&self, family: &Family, bond: &Bond<'_>, field: &Field, text: String) -> Vec<u8> {
        let place = bond.place(family.table, field.column);
        let mut sealed = self.sealed.borrow_mut();
        let make = |(place, text): &(String, String)| self.seal.seal(place, text).expect("sealed");
        sealed.entry((place, text)).or_insert_with_key(make).clone()
    }

    /// The value as a version keeps it.
    pub fn content(
        &self,
        family: &Family,
        bond: &Bond<'_>,
        field: &Field,
        plain: &Plain,
    ) -> serde_json::Value {
        match (field.sealed, plain) {
            (_, Plain::Null) => serde_json::Value::Null,
            (true, plain) => BASE64_STANDARD
                .encode(self.sealed(family, bond, field, plain.text().unwrap_or_default()))
                .into(),
            (false, Plain::Int(number)) => (*number).into(),
            (false, Plain::Bool(yes)) => (*yes).into(),
            (false, plain) => plain.text().into(),
        }
    }

    /// The value as a literal of a document.
    pub fn literal(&self, field: &Field, plain: &Plain) -> String {
        let is_enum = |table: &str| {
            self.reference.table(table).is_some_and(|table| table.graphql_enum.is_some())
        };
        match (field.kind, plain) {
            (_, Plain::Int(number)) => number.to_string(),
            (_, Plain::Bool(yes)) => yes.to_string(),
            (Kind::Code(table), Plain::Text(code)) if is_enum(table) => code.clone(),
            (_, plain) => json!(plain.text()).to_string(),
        }
    }
}

impl Plain {
    /// The value as text.
    pub fn text(&self) -> Option<String> {
        Some(match self {
            Self::Null => return None,
            Self::Text(text) => text.clone(),
            Self::Int(number) => number.to_string(),
            Self::Money(fen) => Fen(*fen).to_string(),
            Self::Bool(yes) => yes.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Instant(instant) => instant.to_rfc3339(),
        })
    }
}

/// An empty value of the column's type.
fn null(kind: Kind) -> Value {
    match kind {
        Kind::Int => Value::Int(None),
        Kind::Money => Value::BigInt(None),
        Kind::Bool => Value::Bool(None),
        Kind::Date => Value::from(None::<NaiveDate>),
        Kind::DateTime => Value::from(None::<DateTime<Utc>>),
        Kind::Text | Kind::Code(_) | Kind::Codes(_) => Value::String(None),
    }
}

/// A literal between the variants, for kinds with an order.
pub const fn middle(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Int => Some("500"),
        Kind::Money => Some("\"500.00\""),
        Kind::Date => Some("\"2022-01-01\""),
        Kind::DateTime => Some("\"2022-01-01T00:00:00+08:00\""),
        _ => None,
    }
}
