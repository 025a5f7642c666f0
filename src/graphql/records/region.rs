//! Regions, as records show them and as they are asked for by themselves.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::{code::Coded as _, region::RegionCode},
    graphql::declared::kinds::RegionLevel,
    store::reference::ReferenceCode,
};

/// 行政区划（GB/T 2260，功能区用统计或本地代码）。 An administrative region by its GB/T 2260 code;
/// development zones have a statistical or local code.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// 六位区划代码，如 140602。 Code of six characters, such as `140602`, or `3703Z1` for a local
    /// zone.
    pub code: String,
    /// 区划名称。 Chinese name of the region.
    pub name: String,
    /// 行政级别；功能区为 ZONE。 Administrative level: province, city, county or zone.
    pub level: Option<RegionLevel>,
    /// 含上级的全称。 Chinese name including the regions above, as listed in the code table.
    pub full_name: Option<String>,
    /// 上级区划代码；省级为空。 Code of the region above; null for a province.
    pub parent_code: Option<String>,
    /// 代码标准。 Standard that defines the code: `GBT2260`, `NBS` (statistical code) or `LOCAL`.
    pub standard: Option<String>,
}

impl From<&ReferenceCode> for Region {
    fn from(found: &ReferenceCode) -> Self {
        let attribute = |name: &str| found.attributes.get(name).cloned();
        let level =
            || RegionCode::parse(&found.code).ok().map(|code| code.level().code().to_owned());
        Self {
            code: found.code.clone(),
            name: found.name_zh.clone(),
            level: attribute("level").or_else(level).map(RegionLevel),
            full_name: attribute("full_name"),
            parent_code: found.parent.clone(),
            standard: attribute("standard"),
        }
    }
}
