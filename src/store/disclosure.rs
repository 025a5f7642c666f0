//! The rules of disclosure as the code tables have them, checked against the catalogue when the hub
//! starts.

use entity::catalogue::{Catalogue, Family, Kind};

use crate::{
    domain::{
        code::Coded as _,
        disclosure::{
            noise::Noise,
            published::{Published, PublishedCube, PublishedLevel},
            rules::Rules,
        },
    },
    error::HubError,
    store::{
        records::aggregate::GroupDimension,
        reference::{Reference, ReferenceCode},
    },
};

/// Code of the rule for the least count that is told in statistics.
const COUNT: &str = "STATISTICS_COUNT";
/// Code of the rule for the least group before anything sensitive is told of its members.
const MINIMUM: &str = "STATISTICS_MINIMUM_GROUP";

/// Reads the rules.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the table, the row and what is wrong with it.
pub fn load(reference: &Reference, catalogue: &Catalogue) -> Result<Rules, HubError> {
    let rows = |table: &str| {
        reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default()
    };
    let cube = rows("published_dimension")
        .iter()
        .map(|row| published(row, catalogue))
        .collect::<Result<Vec<_>, _>>()?;
    let weights = rows("statistics_noise")
        .iter()
        .map(|row| Ok((number(row, "noise")?, number(row, "weight")?)));
    let noise = Noise::new(&weights.collect::<Result<Vec<_>, HubError>>()?)
        .map_err(|fault| broken("statistics_noise", "", &fault))?;
    let thresholds = |code: &str| {
        let own = rows("disclosure_rule")
            .iter()
            .filter(move |row| row.code.split('.').next() == Some(code));
        own.map(|row| {
            let family = row.code.split_once('.').map(|(_, family)| family.to_owned());
            if family.as_deref().is_some_and(|name| catalogue.find(name).is_none()) {
                return Err(broken("disclosure_rule", &row.code, "no such family"));
            }
            Ok((family, number(row, "threshold")?))
        })
        .collect::<Result<Vec<_>, _>>()
    };
    let whole = |list: &[(Option<String>, i64)]| {
        list.iter().find(|(family, _)| family.is_none()).map(|(_, least)| *least)
    };
    let minimum = thresholds(MINIMUM)?;
    let threshold =
        whole(&thresholds(COUNT)?).ok_or_else(|| broken("disclosure_rule", COUNT, "missing"))?;
    whole(&minimum).ok_or_else(|| broken("disclosure_rule", MINIMUM, "missing"))?;
    Ok(Rules { cube: PublishedCube::new(cube), noise, threshold, minimum })
}

fn number(row: &ReferenceCode, column: &str) -> Result<i64, HubError> {
    let found = row.attributes.get(column).and_then(|text| text.parse().ok());
    found.ok_or_else(|| broken(column, &row.code, "not a whole number"))
}

fn broken(table: &str, row: &str, fault: &str) -> HubError {
    HubError::invalid(
        format!("代码表 {table} 的“{row}”不合要求：{fault}。请更正后重新运行 lianfang migrate。"),
        format!(
            "Row `{row}` of the code table {table} does not hold: {fault}. Correct it and run `lianfang migrate` again."
        ),
    )
}

fn published(row: &ReferenceCode, catalogue: &Catalogue) -> Result<Published, HubError> {
    let fault = |fault: &str| broken("published_dimension", &row.code, fault);
    let get = |column: &str| row.attributes.get(column).map(String::as_str).unwrap_or_default();
    let family = catalogue.find(get("family")).ok_or_else(|| fault("no such family"))?;
    let levels = get("levels")
        .split('|')
        .map(|code| PublishedLevel::from_code(code).ok_or_else(|| fault("no such level")));
    let levels = levels.collect::<Result<Vec<_>, _>>()?;
    let offered: Vec<PublishedLevel> = offered(family, get("field"));
    if levels.iter().any(|level| !offered.contains(level)) {
        return Err(fault("the field offers no such level"));
    }
    let sensitive = match get("sensitive") {
        "yes" => true,
        "no" => false,
        _ => return Err(fault("`sensitive` is yes or no")),
    };
    Ok(Published {
        family: family.name.to_owned(),
        field: get("field").to_owned(),
        levels,
        sensitive,
    })
}

/// Levels at which a field can be grouped.
fn offered(family: &'static Family, name: &str) -> Vec<PublishedLevel> {
    let dimensions = family.field(name).map(GroupDimension::of).unwrap_or_default();
    dimensions.iter().map(GroupDimension::level).collect()
}

/// Level of a field as it is.
pub(super) const fn plain(kind: Kind) -> PublishedLevel {
    match kind {
        Kind::Code(table) if matches!(table.as_bytes(), b"region") => PublishedLevel::Region,
        _ => PublishedLevel::Value,
    }
}
