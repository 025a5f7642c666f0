//! The table that is protected: all regions of a province, and all groups of industries that a plan
//! there adds up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    domain::{
        disclosure::suppression::TableSide,
        plan::IndustryRole,
        region::{RegionCode, RegionLevel},
    },
    meeting::{
        indicators::frame::{IndustryGroup, JudgingBasis, marked},
        plans::PlanSet,
    },
    store::reference::Reference,
};

/// Name of all industries together, and of what belongs to none.
const ALL: &str = "*";
const NONE: &str = "";

/// Industries and the sums over them that are told.
#[derive(Debug)]
pub(super) struct IndustryColumns {
    /// Codes of the industries; the last finest part is for records of none.
    pub industries: Vec<String>,
    pub side: TableSide,
    /// Whether a node is told of itself.
    pub told: Vec<bool>,
    places: HashMap<String, usize>,
}

impl IndustryColumns {
    pub(super) fn new(
        industries: Vec<String>,
        plans: &PlanSet,
        reference: &Reference,
        province: &RegionCode,
    ) -> Self {
        let all = industries.len() + 1;
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut group = |of: Vec<String>| {
            let places: Vec<usize> =
                (0..industries.len()).filter(|place| of.contains(&industries[*place])).collect();
            if !places.is_empty() {
                groups.insert(joined(&of), places);
            }
        };
        for plan in plans
            .all()
            .iter()
            .filter(|plan| plan.region.as_ref().is_none_or(|region| region.province() == *province))
        {
            for role in [IndustryRole::Key, IndustryRole::Dust] {
                group(plan.industries_of(role).into_iter().map(ToOwned::to_owned).collect());
            }
        }
        // Where no plan names any.
        for attribute in ["safety_target", "dust"] {
            group(marked(reference, attribute));
        }
        groups.insert(ALL.to_owned(), (0..all).collect());
        let own = industries
            .iter()
            .cloned()
            .chain([NONE.to_owned()])
            .zip((0..all).map(|place| vec![place]));
        let (names, nodes): (Vec<String>, Vec<Vec<usize>>) = own.chain(groups).unzip();
        let told = names.iter().map(|name| name != NONE).collect();
        // A group of one industry has the name of the industry: the later place stands for both.
        let places = names.into_iter().enumerate().map(|(place, name)| (name, place)).collect();
        Self { industries, side: TableSide::new(all, nodes), told, places }
    }

    /// Place of all industries together.
    pub(super) fn whole(&self) -> Option<usize> {
        self.places.get(ALL).copied()
    }

    /// Place of a group of industries.
    pub(super) fn place(&self, frame: &JudgingBasis, group: &IndustryGroup) -> Option<usize> {
        let name = match group {
            IndustryGroup::Industry(code) => code.clone(),
            IndustryGroup::All => ALL.to_owned(),
            IndustryGroup::Key => joined(&frame.key),
            IndustryGroup::Dust => joined(&frame.dust),
        };
        self.places.get(&name).copied()
    }
}

/// Codes of a group in one text, whatever their order.
fn joined(codes: &[String]) -> String {
    codes
        .iter()
        .map(String::as_str)
        .collect::<BTreeSet<&str>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join("|")
}

/// Regions and what they add up to.
#[derive(Debug)]
pub(super) struct RegionRows {
    pub side: TableSide,
    /// Whether a node is told of itself: what a city counts beside its counties is not.
    pub told: Vec<bool>,
    /// Codes of the finest parts.
    pub codes: Vec<RegionCode>,
    places: HashMap<RegionCode, usize>,
}

impl RegionRows {
    /// All regions of a province, whether or not anything was counted there, and whatever places
    /// the records have.
    pub(super) fn new(
        counted: impl Iterator<Item = RegionCode>,
        reference: &Reference,
        province: &RegionCode,
    ) -> Self {
        let known =
            reference.table("region").map(|table| table.codes.as_slice()).unwrap_or_default();
        let known = known.iter().filter_map(|code| RegionCode::parse(&code.code).ok());
        let lowest =
            |code: &RegionCode| matches!(code.level(), RegionLevel::County | RegionLevel::Zone);
        let inside: BTreeSet<RegionCode> = known.filter(|code| province.contains(code)).collect();
        let counted = counted.filter(|code| province.contains(code));
        let codes: BTreeSet<RegionCode> =
            inside.iter().filter(|code| lowest(code)).cloned().chain(counted).collect();
        let codes: Vec<RegionCode> = codes.into_iter().collect();
        let mut nodes: Vec<Vec<usize>> = (0..codes.len()).map(|place| vec![place]).collect();
        let mut told: Vec<bool> = codes.iter().map(lowest).collect();
        let own = codes.iter().enumerate().filter(|(_, code)| lowest(code));
        let mut places: HashMap<RegionCode, usize> =
            own.map(|(place, code)| (code.clone(), place)).collect();
        let cities = inside.iter().filter(|code| code.level() == RegionLevel::City).cloned();
        let cities: BTreeSet<RegionCode> =
            cities.chain(codes.iter().filter_map(RegionCode::city)).collect();
        for region in cities.into_iter().chain([province.clone()]) {
            let members: Vec<usize> =
                (0..codes.len()).filter(|place| region.contains(&codes[*place])).collect();
            if !members.is_empty() {
                places.insert(region, nodes.len());
                nodes.push(members);
                told.push(true);
            }
        }
        Self { side: TableSide::new(codes.len(), nodes), told, codes, places }
    }

    /// Place of a region.
    pub(super) fn place(&self, region: &RegionCode) -> Option<usize> {
        self.places.get(region).copied()
    }
}
