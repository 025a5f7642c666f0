//! Fields that every family has, maintained by the hub and never submitted.

use crate::catalogue::{Class, Field, Kind, Mask};

/// A field that every family has.
const fn system(
    name: &'static str,
    column: &'static str,
    class: Class,
    kind: Kind,
    order: bool,
    words: [&'static str; 3],
) -> Field {
    let [label, zh, en] = words;
    Field {
        name,
        kept: name,
        column,
        label,
        zh,
        en,
        class,
        kind,
        required: true,
        filter: true,
        contains: false,
        order,
        indexed: matches!(column.as_bytes(), b"updated_at"),
        group: matches!(kind, Kind::Code(_)),
        sum: false,
        derived: true,
        hidden: false,
        sealed: false,
        key: None,
        sort: None,
        mask: Mask::Hide,
        unit: None,
        max: 200,
    }
}

/// Number of these fields.
pub const COUNT: usize = 6;

/// The fields by the highest class of a family's own fields.
static SYSTEM_FIELDS: [[Field; COUNT]; 4] = [
    fields(Class::Internal),
    fields(Class::Internal),
    fields(Class::Personal),
    fields(Class::Sensitive),
];

/// Fields that every family has and the hub maintains, for a family whose own fields are at most of
/// this class.
#[must_use]
pub fn system_fields(highest: Class) -> &'static [Field; COUNT] {
    let [public, internal, personal, sensitive] = &SYSTEM_FIELDS;
    match highest {
        Class::Public => public,
        Class::Internal => internal,
        Class::Personal => personal,
        Class::Sensitive => sensitive,
    }
}

/// Number and time of the latest version change with every change of the record, so they belong to
/// the class of the most sensitive field that may have changed: otherwise an actor who may not see
/// all fields would learn that a hidden one has changed.
const fn fields(moving: Class) -> [Field; COUNT] {
    [
        system(
            "department",
            "department",
            Class::Public,
            Kind::Code("department"),
            true,
            ["提供部门", "提供该记录的部门。", "Department that provides the record."],
        ),
        system(
            "sourceSystem",
            "source_system",
            Class::Internal,
            Kind::Text,
            false,
            [
                "来源系统",
                "提供部门内的来源系统；只有一个时为空。",
                "Source system within that department; null if it has only one.",
            ],
        ),
        system(
            "version",
            "version",
            moving,
            Kind::Int,
            false,
            ["版本", "记录版本，自一起。", "Version of the record, counted from 1."],
        ),
        system(
            "createdAt",
            "created_at",
            Class::Internal,
            Kind::DateTime,
            true,
            ["入库时间", "首次入库时间。", "When the hub first stored the record."],
        ),
        system(
            "updatedAt",
            "updated_at",
            moving,
            Kind::DateTime,
            true,
            ["更新时间", "最近一次变更时间。", "When the record last changed in the hub."],
        ),
        Field {
            filter: false,
            required: false,
            ..system(
                "findings",
                "findings",
                Class::Internal,
                Kind::Text,
                false,
                [
                    "质量提示",
                    "最近一次报送的质量提示：记录已收下，但请核对。",
                    "Findings of the last submission: the record was accepted but should be checked.",
                ],
            )
        },
    ]
}
