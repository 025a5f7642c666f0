//! Regions, as records show them and as they are asked for by themselves.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::{code::Coded as _, region::RegionCode},
    graphql::declared::kinds::RegionLevel,
    store::reference::ReferenceCode,
};

/// 行政区划（GB/T 2260，功能区用统计或本地代码）。 A region; development zones have statistical or
/// local codes.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// 代码。 Code.
    pub code: String,
    /// 名称。 Name.
    pub name: String,
    /// 级别。 Level.
    pub level: Option<RegionLevel>,
    /// 全称。 Full name.
    pub full_name: Option<String>,
    /// 上级代码。 Code of the region above.
    pub parent_code: Option<String>,
    /// 代码标准。 Standard the code belongs to.
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
