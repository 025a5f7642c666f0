//! Input types of a family: `where`, `orderBy`, `groupBy`, rows to hand in. Names and types follow
//! the declaration.

use async_graphql::dynamic::{Enum, EnumItem, InputObject, InputValue, TypeRef};
use entity::catalogue::{Family, Field, Kind};
use schemars::JsonSchema;

use crate::{
    graphql::part::SubjectSchema,
    store::{records::aggregate::GroupDimension, reference::Reference},
};

/// 排序方向。 Direction of a sort key.
#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SortDirection {
    /// 升序，空值在后。 Ascending; null values come last.
    Asc,
    /// 降序，空值在前。 Descending; null values come first.
    Desc,
}

/// What the inputs of all families share.
#[must_use]
pub fn part() -> SubjectSchema {
    let mut part = SubjectSchema::default();
    part.output::<SortDirection>();
    part
}

/// Description of a field in both languages with its class, unit and source of codes.
#[must_use]
pub fn description(field: &Field) -> String {
    prefixed(field, "", "")
}

/// The description after a remark in both languages; that in English ends with a space.
fn prefixed(field: &Field, remark_zh: &str, remark_en: &str) -> String {
    let [unit_zh, unit_en] = field.unit.map_or_else(Default::default, |unit| {
        [format!("单位：{unit}。"), format!(" Unit: {}.", english_unit(unit))]
    });
    let [codes_zh, codes_en] = match field.kind {
        Kind::Code(table) | Kind::Codes(table) => {
            [format!("代码表 {table}。"), format!(" Code table `{table}`.")]
        }
        _ => Default::default(),
    };
    format!(
        "{remark_zh}{}{unit_zh}{codes_zh}级别：{}。\n\n{remark_en}{}{unit_en}{codes_en} Class {}.",
        field.zh,
        field.class.label(),
        field.en,
        field.class.letter()
    )
}

/// A declared unit in English; symbols are the same in both languages.
fn english_unit(unit: &str) -> &str {
    match unit {
        "人" => "persons",
        "元" => "yuan",
        "学时" => "hours of instruction",
        "岁" | "年" => "years",
        "月" => "months",
        "日" => "days",
        symbol => symbol,
    }
}

/// Type of a field when it is shown.
#[must_use]
pub fn output_type(field: &Field, reference: &Reference) -> TypeRef {
    match field.kind {
        _ if field.name == "findings" => TypeRef::named_nn_list_nn("Remark"),
        Kind::Codes(table) => TypeRef::named_nn_list(code_type(table, reference)),
        kind => TypeRef::named(base_type(kind, reference)),
    }
}

fn base_type(kind: Kind, reference: &Reference) -> String {
    match kind {
        Kind::Text => TypeRef::STRING.to_owned(),
        Kind::Int => TypeRef::INT.to_owned(),
        Kind::Bool => TypeRef::BOOLEAN.to_owned(),
        Kind::Date => "Date".to_owned(),
        Kind::DateTime => "DateTime".to_owned(),
        Kind::Money => "Money".to_owned(),
        Kind::Code(table) | Kind::Codes(table) => code_type(table, reference),
    }
}

fn code_type(table: &str, reference: &Reference) -> String {
    reference
        .table(table)
        .and_then(|table| table.graphql_enum.clone())
        .unwrap_or_else(|| TypeRef::STRING.to_owned())
}

/// Name of the type of conditions on a field.
fn filter_type(field: &Field, reference: &Reference) -> String {
    match field.kind {
        _ if field.sealed => "IdentityFilter".to_owned(),
        Kind::Text if field.contains => "SearchFilter".to_owned(),
        Kind::Text => "TextFilter".to_owned(),
        Kind::Int => "IntFilter".to_owned(),
        Kind::Bool => "BooleanFilter".to_owned(),
        Kind::Date => "DateFilter".to_owned(),
        Kind::DateTime => "DateTimeFilter".to_owned(),
        Kind::Money => "MoneyFilter".to_owned(),
        Kind::Code(table) | Kind::Codes(table) => reference
            .table(table)
            .and_then(|table| table.graphql_enum.clone())
            .map_or_else(|| "CodeFilter".to_owned(), |name| format!("{name}Filter")),
    }
}

/// The `where` input of a family.
#[must_use]
pub fn where_input(family: &Family, reference: &Reference) -> InputObject {
    let own = format!("{}Where", family.name);
    let mut input = InputObject::new(&own)
        .description(format!(
            "{}的筛选条件，各项同时成立。\n\nConditions on `{}` records, all of which must be true.",
            family.label, family.name
        ))
        .field(
            InputValue::new("and", TypeRef::named_nn_list(&own))
                .description("全部成立。\n\nAll of these are true."),
        )
        .field(
            InputValue::new("or", TypeRef::named_nn_list(&own))
                .description("至少一项成立。\n\nAt least one of these is true."),
        )
        .field(InputValue::new("not", TypeRef::named(&own)).description(
            "不成立；未知视为不成立。\n\nTrue where the condition is false or unknown (null).",
        ));
    for field in family.all_fields().filter(|field| field.filter && !field.hidden) {
        input = input.field(
            InputValue::new(field.name, TypeRef::named(filter_type(field, reference)))
                .description(description(field)),
        );
    }
    for link in family.links {
        let text =
            format!("{}按关联记录筛选。\n\n{} Filters by the linked records.", link.zh, link.en);
        input = input.field(
            InputValue::new(link.name, TypeRef::named(format!("{}Relation", link.to)))
                .description(text),
        );
    }
    input
}

/// Conditions on a family behind a link.
#[must_use]
pub fn relation_input(family: &Family) -> InputObject {
    let inner = format!("{}Where", family.name);
    InputObject::new(format!("{}Relation", family.name))
        .description(format!(
            "按关联的{}筛选。\n\nConditions on linked `{}` records.",
            family.label, family.name
        ))
        .field(InputValue::new("some", TypeRef::named(&inner)).description(
            "至少一条您可查看的关联记录符合。\n\nAt least one linked record you may see meets these conditions.",
        ))
        .field(
            InputValue::new("none", TypeRef::named(&inner)).description(
                "没有您可查看的关联记录符合。\n\nNo linked record you may see meets these conditions.",
            ),
        )
}

/// The `orderBy` input of a family and the enum of its fields.
#[must_use]
pub fn order_input(family: &Family) -> (InputObject, Enum) {
    let names = format!("{}OrderField", family.name);
    let mut fields = Enum::new(&names).description(format!(
        "{}可排序的字段。\n\nFields by which `{}` records can be sorted.",
        family.label, family.name
    ));
    for field in family.all_fields().filter(|field| field.order && !field.hidden) {
        let (pinyin, pinyin_en) = if field.sort.is_some() {
            ("按拼音排序。", "Sorted by pinyin. ")
        } else {
            ("", "")
        };
        fields = fields
            .item(EnumItem::new(order_name(field)).description(prefixed(field, pinyin, pinyin_en)));
    }
    let input = InputObject::new(format!("{}Order", family.name))
        .description(
            "排序键：升序时空值在后，降序时空值在前。\n\nSort key; null values come last in ascending and first in descending order.",
        )
        .field(
            InputValue::new("field", TypeRef::named_nn(&names))
                .description("排序字段。\n\nField to sort by."),
        )
        .field(
            InputValue::new("direction", TypeRef::named_nn("SortDirection"))
                .default_value(async_graphql::Value::Enum(async_graphql::Name::new("ASC")))
                .description("方向，默认升序。\n\nDirection, ascending by default."),
        );
    (input, fields)
}

/// Name of a field in the order enum.
#[must_use]
pub fn order_name(field: &Field) -> String {
    field.column.to_uppercase()
}

/// Dimensions a family may be grouped by.
pub fn dimensions(family: &Family) -> impl Iterator<Item = GroupDimension> + use<> {
    family.all_fields().flat_map(GroupDimension::of)
}

/// The enum of a family's dimensions.
#[must_use]
pub fn group_enum(family: &Family) -> Enum {
    let mut names = Enum::new(format!("{}GroupBy", family.name)).description(format!(
        "{}可分组的维度。\n\nDimensions by which `{}` records can be grouped.",
        family.label, family.name
    ));
    for dimension in dimensions(family) {
        let (part, part_en) = match dimension {
            GroupDimension::Field(_) => ("", ""),
            GroupDimension::Year(_) => ("按年（北京时间）。", "By year (Beijing time). "),
            GroupDimension::Month(_) => ("按月（北京时间）。", "By month (Beijing time). "),
            GroupDimension::Province(_) => ("按省。", "By province. "),
            GroupDimension::City(_) => ("按市。", "By city. "),
        };
        names = names.item(EnumItem::new(dimension.name()).description(prefixed(
            dimension.field(),
            part,
            part_en,
        )));
    }
    names
}

/// A row to hand in. Everything may be left out as far as GraphQL goes: what is missing or wrong is
/// said row by row.
#[must_use]
pub fn row_input(family: &Family) -> InputObject {
    let text = format!(
        "报送的一行{}。必填项缺失、格式错误都逐行给出结果，不影响其他行。\n\nOne `{}` row to submit; missing required values and format errors are reported row by row.",
        family.label, family.name
    );
    let mut input = InputObject::new(format!("{}Row", family.name)).description(text);
    for field in family.inputs() {
        let kind = match field.kind {
            Kind::Int => TypeRef::named(TypeRef::INT),
            Kind::Bool => TypeRef::named(TypeRef::BOOLEAN),
            Kind::Date => TypeRef::named("Date"),
            Kind::DateTime => TypeRef::named("DateTime"),
            Kind::Money => TypeRef::named("Money"),
            Kind::Codes(_) => TypeRef::named_nn_list(TypeRef::STRING),
            Kind::Text | Kind::Code(_) => TypeRef::named(TypeRef::STRING),
        };
        let (required, required_en) =
            if field.required { ("必填。", "Required. ") } else { ("", "") };
        input = input.field(InputValue::new(field.name, kind).description(prefixed(
            field,
            required,
            required_en,
        )));
    }
    input
}

/// Types of conditions that do not depend on a family.
#[must_use]
pub fn filter_inputs(reference: &Reference) -> Vec<InputObject> {
    let ranges = ["gt", "gte", "lt", "lte"];
    let make = |name: &str, of: &str, tests: &[&str]| {
        let mut input = InputObject::new(name).description(
            "字段条件，各项同时成立。\n\nConditions on a field, all of which must be true.",
        );
        for test in tests {
            let kind = match *test {
                "in" => TypeRef::named_nn_list(of),
                "isNull" => TypeRef::named(TypeRef::BOOLEAN),
                _ => TypeRef::named(of),
            };
            input = input.field(InputValue::new(*test, kind).description(meaning(test)));
        }
        input
    };
    let mut inputs = vec![
        make("TextFilter", TypeRef::STRING, &["eq", "in", "prefix", "isNull"]),
        make("SearchFilter", TypeRef::STRING, &["eq", "in", "prefix", "contains", "isNull"]),
        make("CodeFilter", TypeRef::STRING, &["eq", "in", "prefix", "isNull"]),
        make("IdentityFilter", TypeRef::STRING, &["eq", "in", "isNull"]),
        make("BooleanFilter", TypeRef::BOOLEAN, &["eq", "isNull"]),
    ];
    for (name, of) in [
        ("IntFilter", TypeRef::INT),
        ("DateFilter", "Date"),
        ("DateTimeFilter", "DateTime"),
        ("MoneyFilter", "Money"),
    ] {
        let mut tests = vec!["eq", "in"];
        tests.extend(ranges);
        tests.push("isNull");
        inputs.push(make(name, of, &tests));
    }
    for name in reference.tables().filter_map(|table| table.graphql_enum.as_deref()) {
        inputs.push(make(&format!("{name}Filter"), name, &["eq", "in", "isNull"]));
    }
    inputs
}

fn meaning(test: &str) -> &'static str {
    match test {
        "eq" => "等于。\n\nEqual to this value.",
        "in" => "等于其中之一，最多 500 个值。\n\nEqual to one of these values, at most 500.",
        "prefix" => "以此开头，区分大小写。\n\nBegins with this text, case-sensitive.",
        "contains" => "含有此文字，区分大小写。\n\nContains this text, case-sensitive.",
        "gt" => "大于（晚于）。\n\nGreater than this number, later than this date or time.",
        "gte" => {
            "大于等于（不早于）。\n\nGreater than or equal to this number, not earlier than this date or time."
        }
        "lt" => "小于（早于）。\n\nLess than this number, earlier than this date or time.",
        "lte" => {
            "小于等于（不晚于）。\n\nLess than or equal to this number, not later than this date or time."
        }
        _ => {
            "是否为空：true 只取空值，false 只取非空值。\n\ntrue: only null values; false: only others."
        }
    }
}
