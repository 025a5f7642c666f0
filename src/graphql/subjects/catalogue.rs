//! The catalogue as it is published: families, fields, classes, code tables.

use async_graphql::dynamic::ResolverContext;
use entity::catalogue::{Family, Field, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    graphql::{context::session, declared::kinds::FieldClass, part::SubjectSchema},
    store::reference::CodeTable,
};

/// 数据目录：记录类别、字段、级别、代码表。 The catalogue: families, fields, classes, code tables.
#[derive(Deserialize, JsonSchema)]
struct CatalogueOf {}

/// 数据目录。 The catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Catalogue {
    /// 记录类别。 Families.
    families: Vec<CatalogueFamily>,
    /// 代码表。 Code tables.
    code_tables: Vec<CatalogueTable>,
}

/// 目录中的一类记录。 A family in the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueFamily {
    /// 类型名。 Type.
    name: String,
    /// 复数名。 Plural.
    plural: String,
    /// 中文名。 Chinese name.
    label: String,
    /// 说明。 Description in Chinese.
    description: String,
    /// 英文说明。 Description in English.
    description_en: String,
    /// 字段。 Fields.
    fields: Vec<CatalogueField>,
    /// 关联。 Links.
    links: Vec<CatalogueLink>,
}

/// 目录中的一个字段。 A field in the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueField {
    /// 字段名。 Name.
    name: String,
    /// 中文名。 Chinese name.
    label: String,
    /// 说明。 Description in Chinese.
    description: String,
    /// 英文说明。 Description in English.
    description_en: String,
    /// 级别。 Class.
    class: FieldClass,
    /// 类型。 Kind.
    kind: String,
    /// 代码表。 Code table.
    code_table: Option<String>,
    /// 单位。 Unit.
    unit: Option<String>,
    /// 报送必填。 Must be handed in.
    required: bool,
    /// 由平台计算。 Computed by the hub.
    derived: bool,
    /// 加密保存。 Encrypted at rest.
    sealed: bool,
    /// 可筛选。 May be filtered.
    filterable: bool,
    /// 可排序。 May be ordered.
    orderable: bool,
    /// 可分组。 May be grouped.
    groupable: bool,
}

/// 目录中的一个关联。 A link in the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueLink {
    /// 名称。 Name.
    name: String,
    /// 沿此关联所需的级别。 Class one must be able to read to follow it.
    class: FieldClass,
    /// 关联的记录类别。 Family behind it.
    family: String,
    /// 是否多条。 Many or one.
    many: bool,
}

/// 目录中的一个代码表。 A code table in the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogueTable {
    /// 名称。 Name.
    name: String,
    /// 中文名。 Chinese name.
    label: String,
    /// 英文名。 English name.
    label_en: String,
    /// 对应的枚举类型。 Its enum type.
    enum_name: Option<String>,
    /// 代码数。 Number of codes.
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
