//! Rows read from the result of a statement: every value is masked here by the zone of its row.

use entity::catalogue::{Family, Field, Mask};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::{
    authz::{
        policy::Openness,
        scope::{Scope, Zone},
    },
    domain::mask,
    error::HubError,
    store::{
        records::{
            column_plan::RowLayout,
            read::Reader,
            row::{Classes, Row},
        },
        seal::Bond,
        sql::cell::{Cell, value},
    },
};

impl Reader<'_> {
    /// A row of a result, from a column on; `None` where it may not be seen.
    pub(in crate::store) fn row(
        &self,
        scope: &Scope,
        layout: &RowLayout<'_>,
        result: &QueryResult,
        start: usize,
    ) -> Result<Option<Row>, HubError> {
        let family = layout.family;
        let missing = || HubError::internal("a record without identifier, region or department");
        let id: Uuid = value(result, start)?.ok_or_else(missing)?;
        let region: String = value(result, start + 1)?.ok_or_else(missing)?;
        let department: String = value(result, start + 2)?.ok_or_else(missing)?;
        let mut index = start + 3;
        let mut industry: Option<String> = None;
        if family.industry.is_some() {
            industry = value(result, index)?;
            index += 1;
        }
        let bond = Bond {
            record: id,
            department: &department,
            region: &region,
            industry: industry.as_deref(),
        };
        let Some(zone) = scope.zone_of(&region, &department, industry.as_deref()) else {
            return Ok(None);
        };
        let mut cells = Vec::with_capacity(layout.fields.len());
        let mut shown = Classes::default();
        for field in &layout.fields {
            let outcome = zone.outcome(field.class);
            let mut cell = Cell::Null;
            if outcome >= Openness::Masked {
                cell =
                    self.masked(family, field, outcome, Cell::read(field, result, index)?, &bond)?;
                if field.name == "findings" {
                    cell = open_findings(family, zone, &cell);
                }
                if !cell.is_null() {
                    shown.add(field.class);
                }
            }
            cells.push(cell);
            index += 1;
        }
        let mut links = Vec::with_capacity(layout.links.len());
        for link in &layout.links {
            let open = zone.outcome(link.class) >= Openness::Masked;
            links.push(if open { value(result, index)? } else { None });
            index += 1;
        }
        let mut keys = Vec::with_capacity(layout.keys.len());
        for key in layout.keys {
            keys.push(match key.field.sort {
                Some(_) => value(result, index)?.map_or(Cell::Null, Cell::Text),
                None => Cell::read(key.field, result, index)?,
            });
            index += 1;
        }
        let found = if layout.found.is_some() { value(result, index)? } else { None };
        Ok(Some(Row { id, region, department, industry, cells, links, keys, found, shown }))
    }

    pub(in crate::store) fn masked(
        &self,
        family: &Family,
        field: &Field,
        outcome: Openness,
        raw: Cell,
        bond: &Bond<'_>,
    ) -> Result<Cell, HubError> {
        if outcome == Openness::Masked && field.mask == Mask::Hide {
            return Ok(Cell::Null);
        }
        let plain = match raw {
            Cell::Sealed(bytes) => Cell::parse(
                field.kind,
                &self.seal.open(&bond.place(family.table, field.column), &bytes)?,
            ),
            other => other,
        };
        if outcome == Openness::Full {
            return Ok(plain);
        }
        let Some(text) = plain.as_text() else { return Ok(Cell::Null) };
        Ok(Cell::Text(match field.mask {
            Mask::Hide => return Ok(Cell::Null),
            Mask::Name => mask::name(text),
            Mask::LastFour => mask::identity_last_four(text),
            Mask::County => mask::address_to_county(
                text,
                self.reference.region_name(bond.region).unwrap_or_default(),
            ),
        }))
    }
}

/// The findings without those about fields that are not shown: that a stage is missing tells of the
/// disease.
fn open_findings(family: &Family, zone: &Zone, kept: &Cell) -> Cell {
    let list =
        kept.as_text().and_then(|text| serde_json::from_str::<Vec<serde_json::Value>>(text).ok());
    let Some(mut list) = list else { return Cell::Null };
    list.retain(|finding| {
        let field = finding
            .get("field")
            .and_then(serde_json::Value::as_str)
            .and_then(|name| family.field(name).or_else(|| family.versioned(name)));
        field.is_none_or(|field| zone.outcome(field.class) == Openness::Full)
    });
    if list.is_empty() { Cell::Null } else { Cell::Text(serde_json::Value::from(list).to_string()) }
}
