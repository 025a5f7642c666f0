//! Code tables: enums of the schema, and queries on codes and regions.

use async_graphql::dynamic::{Enum, EnumItem, ResolverContext};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    graphql::{
        context::session,
        declared::kinds::{Day, Json},
        part::SubjectSchema,
        records::region::Region,
    },
    store::reference::{self, CodeTable, Reference},
};

/// 代码表中的一个代码及其版本。 A code with its edition.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Code {
    /// 代码。 Code.
    code: String,
    /// 版本。 Edition.
    edition: String,
    /// 代码表名。 Table.
    table: String,
    /// 名称。 Chinese name.
    name: String,
    /// 英文名称。 English name.
    name_en: Option<String>,
    /// 生效日期。 First day it holds.
    valid_from: Option<Day>,
    /// 失效日期。 Last day it holds.
    valid_to: Option<Day>,
    /// 上级代码。 Code above.
    parent_code: Option<String>,
    /// 取代它的代码。 Code that took its place.
    replaced_by: Option<String>,
    /// 出处。 Where it comes from.
    source: String,
    /// 其他属性。 Further columns.
    attributes: Json,
}

/// 代码表中的代码。 Codes of a table.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Codes {
    /// 代码。 Code.
    code: Option<String>,
    /// 上级代码。 Code above.
    parent: Option<String>,
    /// 版本。 Edition.
    edition: Option<String>,
    /// 代码表名。 Name of the table.
    table: String,
}

/// 一个行政区划。 A region.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RegionOf {
    /// 行政区划代码。 Region code.
    code: String,
}

/// Root fields on code tables, open to everybody: they hold no records.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default().always("codes", codes).always("region", region)
}

fn region(ctx: &ResolverContext<'_>, given: RegionOf) -> Option<Region> {
    session(ctx).services.reference.table("region")?.editions(&given.code).next().map(Region::from)
}

fn codes(ctx: &ResolverContext<'_>, given: Codes) -> Vec<Code> {
    let Some(table) = session(ctx).services.reference.table(&given.table) else {
        return Vec::new();
    };
    let asked = |found: &&reference::ReferenceCode| {
        given.code.as_ref().is_none_or(|code| *code == found.code)
            && given.parent.as_ref().is_none_or(|parent| Some(parent) == found.parent.as_ref())
            && given.edition.as_ref().is_none_or(|edition| *edition == found.edition)
    };
    table.codes.iter().filter(asked).map(|code| shown(table, code)).collect()
}

fn shown(table: &CodeTable, code: &reference::ReferenceCode) -> Code {
    Code {
        table: table.name.clone(),
        code: code.code.clone(),
        edition: code.edition.clone(),
        name: code.name_zh.clone(),
        name_en: Some(code.name_en.clone()).filter(|name| !name.is_empty()),
        valid_from: code.valid_from.map(Day),
        valid_to: code.valid_to.map(Day),
        parent_code: code.parent.clone(),
        replaced_by: code.replaced_by.clone(),
        source: code.source.clone(),
        attributes: Json(serde_json::json!(code.attributes)),
    }
}

/// Enums of all tables that are enums.
#[must_use]
pub fn enums(reference: &Reference) -> Vec<Enum> {
    reference
        .tables()
        .filter_map(|table| table.graphql_enum.as_ref().map(|name| code_enum(name, table)))
        .collect()
}

fn code_enum(name: &str, table: &CodeTable) -> Enum {
    let mut list = Enum::new(name).description(format!("{}\n\n{}", table.name_zh, table.name_en));
    let mut seen: Vec<&str> = Vec::new();
    for code in &table.codes {
        if !seen.contains(&code.code.as_str()) {
            seen.push(&code.code);
            list = list.item(
                EnumItem::new(&code.code)
                    .description(format!("{}。\n\n{}.", code.name_zh, code.name_en)),
            );
        }
    }
    list
}
