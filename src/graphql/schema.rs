//! Puts the schema together from the catalogue and the code tables.

use std::sync::Arc;

use async_graphql::{
    SDLExportOptions,
    dynamic::{Enum, EnumItem, Interface, InterfaceField, Object, Scalar, Schema, SchemaError, TypeRef},
};
use entity::catalogue::Catalogue;

use crate::{
    graphql::{
        part::Part,
        records::{
            candidates, change_types, changes, connection, inputs, mutation, object, progress::Follow, query, stats, subscription,
        },
        subjects::{codes, disclosure, indicators, leads, meeting, obligations, plans, returns, viewer},
    },
    meeting::rulebook::Rulebook,
    store::reference::Reference,
};

/// The schema. Its parts go by the rulebook.
///
/// # Errors
///
/// When a declaration cannot be expressed: a name that stands twice, a type that is missing.
pub fn build(catalogue: &Catalogue, reference: &Reference, rules: Arc<Rulebook>) -> Result<Schema, SchemaError> {
    let mut root = Object::new("Query")
        .description("查询。\n\nReads.")
        .field(query::node())
        .field(query::history())
        .field(changes::field())
        .field(candidates::field());
    for field in viewer::fields().into_iter().chain(codes::fields()) {
        root = root.field(field);
    }
    let mut change = Object::new("Mutation").description("报送与撤回。\n\nHanding in and withdrawing.").field(mutation::withdraw());
    let mut schema = Schema::build("Query", Some("Mutation"), Some(subscription::ROOT));
    for family in catalogue.families() {
        root = root.field(query::single(family)).field(query::list(family)).field(stats::field(family));
        change = change.field(mutation::submit(family));
        schema = schema.register(object::family_object(family, reference));
        for page in connection::types(family) {
            schema = schema.register(page);
        }
        for group in stats::types(family) {
            schema = schema.register(group);
        }
        let (order, order_fields) = inputs::order_input(family);
        schema = schema
            .register(inputs::where_input(family, reference))
            .register(inputs::relation_input(family))
            .register(order)
            .register(order_fields)
            .register(inputs::group_enum(family))
            .register(inputs::row_input(family))
            .register(mutation::submit_input(family));
    }
    for list in codes::enums(reference).into_iter().chain(fixed_enums()) {
        schema = schema.register(list);
    }
    for input in inputs::filter_inputs(reference) {
        schema = schema.register(input);
    }
    for scalar in scalars() {
        schema = schema.register(scalar);
    }
    for plain in object::shared_objects().into_iter().chain(viewer::types()).chain(mutation::types()).chain(change_types::types()) {
        schema = schema.register(plain);
    }
    for part in parts() {
        root = part.queries.into_iter().fold(root, Object::field);
        change = part.mutations.into_iter().fold(change, Object::field);
        schema = part.objects.into_iter().fold(schema, |schema, object| schema.register(object));
        schema = part.inputs.into_iter().fold(schema, |schema, input| schema.register(input));
        schema = part.enums.into_iter().fold(schema, |schema, list| schema.register(list));
    }
    let node = Interface::new("Node")
        .description("有全局标识的记录。\n\nA record with a global identifier.")
        .field(InterfaceField::new("id", TypeRef::named_nn(TypeRef::ID)).description("全局标识。\n\nGlobal identifier."));
    schema
        .register(codes::code_object())
        .register(candidates::object())
        .register(mutation::withdraw_input())
        .register(node)
        .register(root)
        .register(change)
        .register(subscription::root())
        .data(rules)
        .extension(Follow)
        .disable_suggestions()
        .finish()
}

/// All subjects.
fn parts() -> [Part; 7] {
    [disclosure::part(), indicators::part(), leads::part(), meeting::part(), obligations::part(), plans::part(), returns::part()]
}

fn scalars() -> Vec<Scalar> {
    vec![
        Scalar::new("Date").description("日期，如 2024-03-05。\n\nA calendar day."),
        Scalar::new("DateTime").description("时间，RFC 3339，以北京时间显示。\n\nAn instant, RFC 3339, shown in Asia/Shanghai."),
        Scalar::new("Money").description("金额，元，两位小数，文本。\n\nMoney in yuan with two decimals, as text, never a number."),
        Scalar::new("Long").description("整数，可超出 32 位，不超过 2^53。\n\nA whole number up to 2^53."),
        Scalar::new("Json").description("JSON 对象。\n\nA JSON object."),
    ]
}

fn fixed_enums() -> Vec<Enum> {
    let list = |name: &str, about: &str, items: &[(&str, &str)]| {
        items
            .iter()
            .fold(Enum::new(name).description(about), |list, (name, about)| list.item(EnumItem::new(*name).description(*about)))
    };
    vec![
        list("SortDirection", "排序方向。\n\nDirection of an order.", &[("ASC", "升序。\n\nUp."), ("DESC", "降序。\n\nDown.")]),
        list(
            "SubmitMode",
            "报送方式。\n\nMode of a submission.",
            &[
                ("DRY_RUN", "试运行：只给结果，不入库。\n\nSays what would happen and keeps nothing."),
                ("ATOMIC", "全部入库或全不入库。\n\nAll rows or none."),
                ("PARTIAL", "合格的入库，其余拒绝。\n\nRows that hold are taken."),
            ],
        ),
        list(
            "VerdictOutcome",
            "一行的结果。\n\nWhat became of a row.",
            &[
                ("CREATED", "新增。\n\nNew."),
                ("UPDATED", "更新为新版本。\n\nA new version."),
                ("UNCHANGED", "无变化。\n\nAs before."),
                ("REJECTED", "未入库。\n\nNot taken."),
            ],
        ),
        list(
            "ChangeKind",
            "变更的种类。\n\nKind of a change.",
            &[
                ("UPSERT", "新增或更新：以 record 覆盖。\n\nNew or changed: put `record` in its place."),
                ("TOMBSTONE", "已撤回，或不再属于您可查看的范围：删除。\n\nWithdrawn, or no longer yours to see: delete it."),
            ],
        ),
        list(
            "MatchReason",
            "相同之处。\n\nWhat agrees.",
            &[
                ("NAME", "姓名。\n\nName."),
                ("BIRTH_DATE", "出生日期。\n\nDate of birth."),
                ("SEX", "性别。\n\nSex."),
                ("EMPLOYER", "用人单位。\n\nEmployer."),
            ],
        ),
        list(
            "VersionAction",
            "版本的来由。\n\nWhat made a version.",
            &[("CREATED", "新增。\n\nNew."), ("UPDATED", "更新。\n\nChanged."), ("WITHDRAWN", "撤回。\n\nWithdrawn.")],
        ),
    ]
}

/// The schema as text, fields and types in sorted order, the same at every build.
#[must_use]
pub fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}
