//! The catalogue as it is published: families, fields, classes, code tables.

use async_graphql::dynamic::ResolverContext;
use entity::catalogue::{Family, Field, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    graphql::{context::session, declared::kinds::FieldClass, part::SubjectSchema},
    store::reference::CodeTable,
};

/// 数据目录：记录类别、字段、级别、代码表；无须登录。 The data catalogue: record families with
/// their fields and classes, and the code tables. Needs no token.
#[derive(Deserialize, JsonSchema)]
struct CatalogueOf {}

/// 数据目录。 The data catalogue: record families and code tables.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Catalogue {
    /// 全部记录类别。 All record families, such as Accident.
    families: Vec<CatalogueFamily>,
    /// 全部代码表；代码用 codes 查询。 All code tables; query `codes` for their codes.
    code_tables: Vec<CatalogueTable>,
}

/// 目录中的一类记录。 One record family in the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueFamily {
    /// 类型名，如 Accident。 Name of the object type, such as `Accident`.
    name: String,
    /// 复数名，如 Accidents。 Plural of the name, such as `Accidents`; the list field is
    /// `accidents`.
    plural: String,
    /// 中文名。 Chinese name of the family.
    label: String,
    /// 中文说明。 Description in Chinese.
    description: String,
    /// 英文说明。 Description in English.
    description_en: String,
    /// 全部字段。 All fields of the family, including those the hub computes.
    fields: Vec<CatalogueField>,
    /// 与其他类别的关联。 Links to records of other families.
    links: Vec<CatalogueLink>,
}

/// 目录中的一个字段。 One field of a record family.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueField {
    /// 字段名，如 occurredAt。 Name of the field in the schema, such as `occurredAt`.
    name: String,
    /// 中文名。 Chinese name of the field, as in file headings.
    label: String,
    /// 中文说明。 Description in Chinese.
    description: String,
    /// 英文说明。 Description in English.
    description_en: String,
    /// 级别，决定谁可查看。 Class that decides who may see the value.
    class: FieldClass,
    /// 类型：TEXT、INT、BOOLEAN、DATE、DATE_TIME、MONEY、CODE 或 CODES。 Kind of value: TEXT, INT,
    /// BOOLEAN, DATE, DATE_TIME, MONEY, CODE, or CODES for a list of codes.
    kind: String,
    /// 代码表名；不是代码的为空。 Name of the code table of a CODE or CODES field; null for other
    /// fields.
    code_table: Option<String>,
    /// 单位，如 人、元；没有单位的为空。 Unit of a number in Chinese, such as 人 (persons) or 元
    /// (yuan); null if it has none.
    unit: Option<String>,
    /// 报送必填。 Whether a submitted row must give a value.
    required: bool,
    /// 由平台计算，不能报送。 Whether the hub computes the value; it cannot be submitted.
    derived: bool,
    /// 加密保存。 Whether the value is encrypted at rest.
    sealed: bool,
    /// 可筛选（where）。 Whether `where` takes the field.
    filterable: bool,
    /// 可排序（orderBy）。 Whether `orderBy` takes the field.
    orderable: bool,
    /// 排序有索引：每页的代价与辖区记录数无关；否则排序要读辖区内全部记录，记录多时较慢。 Whether an index
    /// serves that order, so that a page costs the same however many records the region has; any
    /// other order reads them all and is slower the more there are.
    order_indexed: bool,
    /// 可分组（groupBy）。 Whether `groupBy` of the statistics takes the field.
    groupable: bool,
}

/// 目录中的一个关联。 A link from one record family to another.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueLink {
    /// 关联的字段名。 Name of the link as a field of the object type.
    name: String,
    /// 沿此关联所需的级别。 Class that you must be able to read in a record to follow its link.
    class: FieldClass,
    /// 关联的记录类别（类型名）。 Family of the linked records, by type name.
    family: String,
    /// 是否可有多条。 Whether the link leads to a list of records; otherwise to one record or null.
    many: bool,
}

/// 目录中的一个代码表。 One code table in the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueTable {
    /// 代码表名，即 codes 的 table 参数。 Name of the table, to be passed to `codes` as `table`.
    name: String,
    /// 中文名。 Chinese name of the table.
    label: String,
    /// 英文名。 English name of the table.
    label_en: String,
    /// 对应的枚举类型；没有的为空。 Name of the enum type with the table's codes; null if there is
    /// none and codes are plain strings.
    enum_name: Option<String>,
    /// 代码数，各版本分别计。 Number of codes, counted in every edition.
    #[schemars(with = "i32")]
    size: usize,
}

/// The field and its types.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default().always("catalogue", catalogue)
}

fn catalogue(ctx: &ResolverContext<'_>, _: CatalogueOf) -> Catalogue {
    let services = &session(ctx).services;
    Catalogue {
        families: services.catalogue.families().map(CatalogueFamily::from).collect(),
        code_tables: services.reference.tables().map(CatalogueTable::from).collect(),
    }
}

impl From<&'static Family> for CatalogueFamily {
    fn from(family: &'static Family) -> Self {
        let links = family.links.iter().map(|link| CatalogueLink {
            name: link.name.to_owned(),
            family: link.to.to_owned(),
            many: link.many,
            class: FieldClass::from(link.class.code()),
        });
        Self {
            name: family.name.to_owned(),
            plural: family.plural.to_owned(),
            label: family.label.to_owned(),
            description: family.zh.to_owned(),
            description_en: family.en.to_owned(),
            fields: family
                .all_fields()
                .filter(|field| !field.hidden)
                .map(CatalogueField::from)
                .collect(),
            links: links.collect(),
        }
    }
}

impl From<&'static Field> for CatalogueField {
    fn from(field: &'static Field) -> Self {
        let (kind, table) = match field.kind {
            Kind::Text => ("TEXT", None),
            Kind::Int => ("INT", None),
            Kind::Bool => ("BOOLEAN", None),
            Kind::Date => ("DATE", None),
            Kind::DateTime => ("DATE_TIME", None),
            Kind::Money => ("MONEY", None),
            Kind::Code(table) => ("CODE", Some(table)),
            Kind::Codes(table) => ("CODES", Some(table)),
        };
        Self {
            name: field.name.to_owned(),
            label: field.label.to_owned(),
            description: field.zh.to_owned(),
            description_en: field.en.to_owned(),
            class: FieldClass::from(field.class.code()),
            kind: kind.to_owned(),
            code_table: table.map(ToOwned::to_owned),
            unit: field.unit.map(ToOwned::to_owned),
            required: field.required && !field.derived,
            derived: field.derived,
            sealed: field.sealed,
            filterable: field.filter,
            orderable: field.order,
            order_indexed: field.indexed,
            groupable: field.group,
        }
    }
}

impl From<&CodeTable> for CatalogueTable {
    fn from(table: &CodeTable) -> Self {
        Self {
            name: table.name.clone(),
            label: table.name_zh.clone(),
            label_en: table.name_en.clone(),
            enum_name: table.graphql_enum.clone(),
            size: table.codes.len(),
        }
    }
}
