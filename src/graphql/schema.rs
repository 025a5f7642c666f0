//! Assembles the schema from the catalogue and the code tables.

use std::sync::Arc;

use async_graphql::{
    SDLExportOptions,
    dynamic::{Interface, InterfaceField, Object, Scalar, Schema, SchemaError, TypeRef},
};
use entity::catalogue::Catalogue;

use crate::{
    graphql::{
        part::SubjectSchema,
        records::{
            candidates, change_types, changes, connection, disclosure, history, inputs, mutation,
            object, progress::Follow, query, stats, subscription,
        },
        subjects::{
            audit, catalogue, codes, corrections, indicators, leads, meeting, obligations, plans,
            returns, tasks, viewer,
        },
    },
    meeting::rulebook::Rulebook,
    store::reference::Reference,
};

/// The schema, with the parts that depend on the rulebook.
///
/// # Errors
///
/// When a declaration cannot be expressed: a duplicate name, a missing type.
pub fn build(
    catalogue: &Catalogue,
    reference: &Reference,
    rules: Arc<Rulebook>,
) -> Result<Schema, SchemaError> {
    let mut root = Object::new("Query")
        .description("查询。\n\nRead operations.")
        .field(query::node())
        .field(changes::field());
    let mut change = Object::new("Mutation").description(
        "报送和撤回记录，办理线索和数据校核，签报，筹备联席会议。\n\nWrite operations: records, leads, corrections, returns and joint meetings.",
    );
    let mut schema = Schema::build("Query", Some("Mutation"), Some(subscription::ROOT));
    for family in catalogue.families() {
        root = root
            .field(query::single(family))
            .field(query::list(family))
            .field(stats::field(family));
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
    for list in codes::enums(reference) {
        schema = schema.register(list);
    }
    for input in inputs::filter_inputs(reference) {
        schema = schema.register(input);
    }
    for scalar in scalars() {
        schema = schema.register(scalar);
    }
    for part in parts() {
        root = part.queries.into_iter().fold(root, Object::field);
        change = part.mutations.into_iter().fold(change, Object::field);
        schema = part.objects.into_iter().fold(schema, |schema, object| schema.register(object));
        schema = part.inputs.into_iter().fold(schema, |schema, input| schema.register(input));
        schema = part.enums.into_iter().fold(schema, |schema, list| schema.register(list));
    }
    let node = Interface::new("Node")
        .description("有全局标识的记录。\n\nA record of any type, with its global identifier.")
        .field(
            InterfaceField::new("id", TypeRef::named_nn(TypeRef::ID))
                .description("全局标识。\n\nGlobal identifier of the record."),
        );
    schema
        .register(node)
        .register(root)
        .register(change)
        .register(subscription::root())
        .data(rules)
        .extension(Follow)
        .disable_suggestions()
        .finish()
}

/// The parts of the schema that all record families share, and all other subjects.
fn parts() -> [SubjectSchema; 18] {
    [
        candidates::part(),
        change_types::part(),
        disclosure::part(),
        history::part(),
        inputs::part(),
        mutation::part(),
        audit::part(),
        catalogue::part(),
        codes::part(),
        corrections::part(),
        indicators::part(),
        leads::part(),
        meeting::part(),
        obligations::part(),
        plans::part(),
        returns::part(),
        tasks::part(),
        viewer::part(),
    ]
}

fn scalars() -> Vec<Scalar> {
    vec![
        Scalar::new("Date").description("日期，如 2024-03-05。\n\nCalendar day without a time zone, such as `2024-03-05`."),
        Scalar::new("DateTime").description("时间，RFC 3339，以北京时间显示；未写时区的视为北京时间。\n\nInstant in RFC 3339, shown in Beijing time, such as `2024-03-05T08:30:00+08:00`. Without an offset it is taken as Beijing time."),
        Scalar::new("Money").description("金额，元，两位小数，文本。\n\nAmount in yuan with two decimals, as a string such as `123.45`, never a number."),
        Scalar::new("Long").description("整数，可超出 32 位，不超过 2^53。\n\nWhole number up to 2^53; it may exceed 32 bits."),
        Scalar::new("Json").description("JSON 对象。\n\nA JSON object."),
    ]
}

/// The schema as text, fields and types sorted; the same in every build.
#[must_use]
pub fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(
        SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items(),
    )
}
