//! Records that may say the same as rows under other numbers: those of the same person, or of the
//! same day.

use std::collections::HashMap;

use entity::catalogue::{Family, Field};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};

use crate::{
    authz::permit::Permit,
    domain::region::RegionCode,
    error::HubError,
    store::{
        records::computed,
        seal::Seal,
        sql::{
            cell::Cell,
            condition::{built, column},
            database::Database,
        },
    },
};

/// Most records of one person or day that a row is compared with.
const MOST: usize = 50;

/// A record as it is compared.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The value of its key field.
    pub number: String,
    /// Digest of its content.
    pub fingerprint: String,
}

/// What records are looked for by.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    /// Keyed hash of the identity number.
    Person,
    /// The day that decides editions.
    Day(&'static Field),
}

fn anchor(family: &'static Family) -> Option<Anchor> {
    let person = family.fields.iter().any(|field| field.key == Some("person_key"));
    let day =
        || family.dated.and_then(|index| family.fields.get(index)).filter(|field| !field.sealed);
    if person { Some(Anchor::Person) } else { day().map(Anchor::Day) }
}

impl Database {
    /// For each row the current records of the permit's organisation that are of the same person or
    /// day.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn alike(
        &self,
        seal: &Seal,
        permit: &Permit,
        rows: &[&[Cell]],
    ) -> Result<Vec<Vec<Alike>>, HubError> {
        let family = permit.family();
        let Some((anchor, key)) = anchor(family).zip(family.key_field()) else {
            return Ok(vec![Vec::new(); rows.len()]);
        };
        let text = Cell::Text;
        let by = |cells: &[Cell]| match anchor {
            Anchor::Person => computed::person_key(seal, family, cells).map(text),
            Anchor::Day(_) => family
                .dated
                .and_then(|index| cells.get(index))
                .cloned()
                .filter(|cell| *cell != Cell::Null),
        };
        let (name, kind) = match anchor {
            Anchor::Person => ("person_key", entity::catalogue::Kind::Text),
            Anchor::Day(field) => (field.column, field.kind),
        };
        let own: Vec<Option<Cell>> = rows.iter().map(|cells| by(cells)).collect();
        let of = |name: &'static str| column(family.table, name);
        let wanted: Vec<Expr> =
            own.iter().flatten().map(|cell| Expr::val(cell.bind(kind))).collect();
        if wanted.is_empty() {
            return Ok(vec![Vec::new(); rows.len()]);
        }
        let mut select = Query::select();
        select.from(Alias::new(family.table)).and_where(of("withdrawn_at").is_null());
        select
            .and_where(of("department").eq(permit.department().as_str()))
            .and_where(of(name).is_in(wanted));
        for name in [name, key.column, "fingerprint", family.region_column()] {
            select.expr(of(name));
        }
        let mut found: HashMap<String, Vec<Alike>> = HashMap::new();
        for row in self.all(built(self.backend(), &select)).await? {
            let of = match anchor {
                Anchor::Person => row.try_get_by_index(0)?,
                Anchor::Day(field) => Cell::read(field, &row, 0)?.text(kind).unwrap_or_default(),
            };
            let region: String = row.try_get_by_index(3)?;
            let list = found.entry(of).or_default();
            if list.len() < MOST
                && RegionCode::parse(&region).is_ok_and(|region| permit.covers_region(&region))
            {
                list.push(Alike {
                    number: row.try_get_by_index(1)?,
                    fingerprint: row.try_get_by_index(2)?,
                });
            }
        }
        let alike = |cell: &Option<Cell>| {
            cell.as_ref().and_then(|cell| found.get(&cell.text(kind)?)).cloned().unwrap_or_default()
        };
        Ok(own.iter().map(alike).collect())
    }
}
