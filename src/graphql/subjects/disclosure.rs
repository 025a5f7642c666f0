//! How an answer of statistics was made, as it is told with every group.

use async_graphql::dynamic::{Enum, EnumItem, Field, Object, TypeRef};

use crate::{
    domain::disclosure::rules::Rules,
    graphql::{
        part::Part,
        records::{answer::Writer, object::written},
    },
    store::aggregate::Method,
};

/// What the type is about.
pub const ABOUT: &str = "统计结果如何得出，误差多大。\n\nHow an answer was made and how far it may be off.";

/// How an answer was made, and how far a told count may be off.
pub fn write(writer: &mut Writer<'_>, method: Method, rules: &Rules, name: &str) {
    let exact = method == Method::Exact;
    match name {
        "method" => writer.value(&method.code()),
        "bound" => writer.value(&if exact { 0 } else { rules.noise.bound() }),
        "threshold" => writer.value(&(!exact).then_some(rules.threshold)),
        _ => writer.value("Disclosure"),
    }
}

/// Types that all families share.
#[must_use]
pub fn part() -> Part {
    let field = |name: &str, kind: TypeRef, about: &str| Field::new(name, kind, written).description(about);
    let methods = Method::ALL.into_iter().fold(
        Enum::new("DisclosureMethod").description("统计结果的披露方法。\n\nHow an answer of statistics was made."),
        |list, method| list.item(EnumItem::new(method.code()).description(method.about())),
    );
    let object = Object::new("Disclosure")
        .description(ABOUT)
        .field(field("method", TypeRef::named_nn("DisclosureMethod"), "方法；同一回答各组相同，不随数据变化。\n\nThe method: the same for all groups of an answer, whatever the store holds."))
        .field(field("bound", TypeRef::named_nn("Long"), "count 与实数之差不超过此数；实数为 0。MIXED 时不含归入最后一组的记录。\n\nA count is off by no more than this; 0 for exact ones. With MIXED, records left to the last group are not counted."))
        .field(field("threshold", TypeRef::named("Long"), "少于此数的组不显示，合计也至少要有这么多不同的单位；实数为空。\n\nGroups of fewer are not told, and a sum needs so many different contributors; empty for exact answers."));
    Part { objects: vec![object], enums: vec![methods], ..Part::default() }
}
