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

/// 代码表中的一个代码及其版本。 One code of a code table, in one edition.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Code {
    /// 代码，同一版本内唯一，如 COAL_MINE。 The code, unique within its edition, such as
    /// `COAL_MINE`.
    code: String,
    /// 所属版本，如 GB 6441-2025。 Edition the code belongs to, such as `GB 6441-2025`.
    edition: String,
    /// 代码表名。 Name of the code table.
    table: String,
    /// 中文名称。 Chinese name.
    name: String,
    /// 英文名称；没有时为空。 English name; null if there is none.
    name_en: Option<String>,
    /// 生效日期；空为不限。 First day on which the code is valid; null for no limit.
    valid_from: Option<Day>,
    /// 失效日期，当日仍有效；空为不限。 Last day on which the code is valid; null for no limit.
    valid_to: Option<Day>,
    /// 上级代码；没有时为空。 Code of the level above; null at the top.
    parent_code: Option<String>,
    /// 取代它的代码；没有时为空。 Code that replaced this one; null if none has.
    replaced_by: Option<String>,
    /// 出处：法律、标准或目录。 Law, standard or list the code is taken from.
    source: String,
    /// 该表的其他列，以列名为键，值为文本。 Further columns of the table as a JSON object of texts
    /// by column name.
    attributes: Json,
}

/// 代码表中的代码，各条件同时成立；没有该表时为空列表；无须登录。 Codes of a table in all editions
/// that meet all given conditions; an empty list if there is no such table. Needs no token.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Codes {
    /// 只要此代码。 Only this code.
    code: Option<String>,
    /// 只要此上级代码之下的。 Only codes directly below this code.
    parent: Option<String>,
    /// 只要此版本。 Only this edition, such as `GB 6441-2025`.
    edition: Option<String>,
    /// 代码表名，见 catalogue 的 codeTables。 Name of the code table, as in `catalogue { codeTables
    /// { name } }`.
    table: String,
}

/// 一个行政区划；没有该代码时为空；无须登录。 One administrative region; null if there is no such
/// code. Needs no token.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RegionOf {
    /// 六位行政区划代码。 Region code of six characters, such as `140602`.
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
