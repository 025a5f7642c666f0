//! The regions below one in a year, as the table of regions has them.

use chrono::NaiveDate;

use crate::{
    domain::region::RegionCode,
    store::reference::{Reference, ReferenceCode},
};

/// A place that may have records of its own.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its code.
    pub region: RegionCode,
    /// Whether it is a county, which has employers and departments of its own. A zone may have
    /// records, or leave them to the county around it.
    pub county: bool,
}

/// Regions right below one: cities of a province, counties and zones of a city.
#[must_use]
pub fn next(reference: &Reference, region: &RegionCode, year: i32) -> Vec<RegionCode> {
    let found = of(reference, year, |code| code.parent.as_deref() == Some(region.as_str()));
    found.into_iter().map(|(region, _)| region).collect()
}

/// Counties and zones of a region, none of a county.
#[must_use]
pub fn places(reference: &Reference, region: &RegionCode, year: i32) -> Vec<Place> {
    let level = |code: &ReferenceCode| code.attributes.get("level").cloned().unwrap_or_default();
    let found = of(reference, year, |code| {
        matches!(level(code).as_str(), "COUNTY" | "ZONE")
            && code.code != region.as_str()
            && code.code.starts_with(region.prefix())
    });
    found
        .into_iter()
        .map(|(region, code)| Place { region, county: level(code) == "COUNTY" })
        .collect()
}

/// The regions of a year that `wanted` says yes to, in the order of their codes.
fn of(
    reference: &Reference,
    year: i32,
    wanted: impl Fn(&ReferenceCode) -> bool,
) -> Vec<(RegionCode, &ReferenceCode)> {
    let codes = reference.table("region").map(|table| table.codes.as_slice()).unwrap_or_default();
    let day = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    let now = codes.iter().filter(|code| wanted(code)).filter(|code| {
        code.valid_to.is_none_or(|last| last >= day || code.replaced_by.is_none())
            && code.valid_from.is_none_or(|first| first <= day)
    });
    let mut found: Vec<(RegionCode, &ReferenceCode)> =
        now.filter_map(|code| Some((RegionCode::parse(&code.code).ok()?, code))).collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.dedup_by(|(one, _), (other, _)| one == other);
    found
}
