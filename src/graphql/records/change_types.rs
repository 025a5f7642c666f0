//! Types of the change feed.

use async_graphql::dynamic::{Field, InputValue, Object, TypeRef};

use crate::graphql::records::object::written;

/// Arguments of `changes`, in a query and in a subscription.
#[must_use]
pub fn arguments() -> [InputValue; 3] {
    let argument = |name: &str, kind: TypeRef, about: &str| InputValue::new(name, kind).description(about);
    [
        argument(
            "after",
            TypeRef::named(TypeRef::STRING),
            "上一页的 cursor；不给则从头开始。\n\nThe `cursor` of the page before; without it, from the beginning.",
        ),
        argument(
            "families",
            TypeRef::named_nn_list(TypeRef::STRING),
            "只要这些数据类别；不给则为您可列出的全部。\n\nThese families only; without it, all you may list.",
        ),
        argument(
            "first",
            TypeRef::named(TypeRef::INT),
            "最多条数，1 至 1000，默认 200。\n\nChanges at most, 1 to 1000, 200 by default.",
        ),
    ]
}

/// Types of the feed.
#[must_use]
pub fn types() -> [Object; 2] {
    let field = |name: &str, kind: TypeRef, about: &str| Field::new(name, kind, written).description(about);
    let page = Object::new("ChangePage")
        .description("变更的一页。\n\nA page of changes.")
        .field(field("events", TypeRef::named_nn_list_nn("Change"), "变更，先提交的在前。\n\nThe changes, first committed first."))
        .field(field(
            "cursor",
            TypeRef::named_nn(TypeRef::STRING),
            "下次从此继续；没有变更时也给出。\n\nWhere to go on, given also when there are no changes.",
        ))
        .field(field(
            "more",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "现在是否还有。本页为空时也可能还有。\n\nWhether there is more right now, which may be so even when this page is empty.",
        ))
        .field(field(
            "counter",
            TypeRef::named(TypeRef::INT),
            "本次订阅的第几页，从 1 起；查询中为空。\n\nNumber of the page in this subscription, from 1; empty in a query.",
        ));
    let change = Object::new("Change")
        .description("一条记录的一次变更。\n\nOne change of a record.")
        .field(field("kind", TypeRef::named_nn("ChangeKind"), "种类。\n\nIts kind."))
        .field(field("family", TypeRef::named_nn(TypeRef::STRING), "数据类别。\n\nFamily of the record."))
        .field(field("id", TypeRef::named_nn(TypeRef::ID), "记录的全局标识。\n\nGlobal identifier of the record."))
        .field(field(
            "version",
            TypeRef::named(TypeRef::INT),
            "变更后的版本；版本不可见时为空。\n\nVersion it became; empty where versions are not shown.",
        ))
        .field(field(
            "previousVersion",
            TypeRef::named(TypeRef::INT),
            "变更前的版本；新增或版本不可见时为空。\n\nVersion before; empty for a new record and where versions are not shown.",
        ))
        .field(field(
            "changed",
            TypeRef::named_nn_list_nn(TypeRef::STRING),
            "有变化且您可完整查看的字段。\n\nNames of the fields that changed, those you may read fully.",
        ))
        .field(field(
            "reason",
            TypeRef::named(TypeRef::STRING),
            "撤回的原因；版本不可见时为空。\n\nWhy it was withdrawn; empty where versions are not shown.",
        ))
        .field(field(
            "at",
            TypeRef::named("DateTime"),
            "变更时间；版本不可见时为空。\n\nWhen it changed; empty where versions are not shown.",
        ))
        .field(field(
            "record",
            TypeRef::named("Node"),
            "记录现在的内容；删除时为空。\n\nThe record as it is now; empty for a tombstone.",
        ));
    [page, change]
}
