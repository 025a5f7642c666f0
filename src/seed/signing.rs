//! Which returns the departments of the demonstration have signed: cities and the counties with
//! records all of them, except that the last year of 交通 is preliminary; one county without
//! accidents declares zero; the others sign nothing, so that missing returns can be shown.

use super::scale::{Scale, sites};

/// A return that is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// Region code of the return, such as `140600`.
    pub region: String,
    /// Code of the signing department, one of `DEPARTMENTS`.
    pub department: &'static str,
    /// Year of the figures.
    pub year: i32,
    /// Whether it is only preliminary.
    pub provisional: bool,
}

/// Departments that owe figures.
const DEPARTMENTS: [&str; 4] = ["EMERGENCY", "HOUSING", "TRANSPORT", "HEALTH"];
/// Years whose figures the plans ask for.
const YEARS: [i32; 6] = [2019, 2021, 2022, 2023, 2024, 2025];
/// 右玉县, which declares zero.
const ZERO: &str = "140623";
/// 朔城区, which signs nothing.
const SILENT: &str = "140602";

/// The returns of a scale, region after region.
pub fn signings(scale: Scale) -> impl Iterator<Item = Signing> {
    let mut regions: Vec<String> =
        sites(scale).into_iter().map(|site| site.place.city.clone()).collect();
    // Of two provinces the cities only: their counties are shown by their records.
    if scale != Scale::Province {
        regions.extend(sites(scale).into_iter().map(|site| site.place.code.clone()));
        regions.push(ZERO.to_owned());
    }
    regions.sort();
    regions.dedup();
    regions.into_iter().filter(|region| region != SILENT).flat_map(|region| {
        let of = move |department: &'static str| {
            let region = region.clone();
            YEARS.into_iter().map(move |year| Signing {
                region: region.clone(),
                department,
                year,
                provisional: department == "TRANSPORT" && year == 2025,
            })
        };
        DEPARTMENTS.into_iter().flat_map(of)
    })
}
