//! Types of the meeting. Those of the materials follow from the declaration of their content.

use async_graphql::dynamic::{InputObject, InputValue, Object, TypeRef};

use crate::graphql::{
    declared::{self, Declared},
    records::object::plain_object,
};

/// Types of the content of materials: `Brief` and all below it.
pub(super) fn content() -> Declared {
    declared::types("Brief", &brief::content::Brief::declaration())
}

/// Objects beside the content and the root of it, whose fields have resolvers of their own.
pub(super) fn objects() -> Vec<Object> {
    let s = || TypeRef::named_nn(TypeRef::STRING);
    let o = || TypeRef::named(TypeRef::STRING);
    let n = TypeRef::named_nn;
    let l = TypeRef::named_nn_list_nn;
    vec![
        super::look::object(),
        plain_object(
            "Meeting",
            "一次联席会议。\n\nA joint meeting.",
            &[
                ("id", n(TypeRef::ID), "标识。\n\nIdentifier."),
                ("regionCode", s(), "区划代码。\n\nRegion."),
                ("year", n(TypeRef::INT), "考核年度。\n\nYear whose figures it judges."),
                ("number", n(TypeRef::INT), "该年度第几次。\n\nIts number among those of the year."),
                ("kind", n("MeetingKind"), "类型。\n\nKind."),
                ("heldAt", TypeRef::named("DateTime"), "召开时间。\n\nWhen it is held."),
                ("members", l("Department"), "成员单位。\n\nBodies that take part."),
                ("agenda", l(TypeRef::STRING), "议程。\n\nAgenda, in order."),
                ("version", n(TypeRef::INT), "版本，修改时提供。\n\nVersion, to be given with a change."),
            ],
        ),
        plain_object(
            "Materials",
            "冻结的材料。\n\nFrozen materials.",
            &[
                ("number", n(TypeRef::INT), "第几次冻结，最后一次有效。\n\nNumber; the last one counts."),
                ("digest", s(), "内容的 SHA-256，签报时提供。\n\nSHA-256 of the content, to be given with a signature."),
                ("frozenAt", n("DateTime"), "冻结时间。\n\nWhen they were frozen."),
                ("parts", l("MaterialsPart"), "各成员单位的部分。\n\nParts of the members."),
            ],
        ),
        plain_object(
            "MaterialsPart",
            "一个成员单位的部分。\n\nA member's part.",
            &[
                ("department", n("Department"), "部门。\n\nDepartment."),
                (
                    "signedAt",
                    TypeRef::named("DateTime"),
                    "签报时间；空为未签报。\n\nWhen it signed; empty where the part is missing.",
                ),
                ("remark", o(), "说明。\n\nRemark."),
            ],
        ),
        plain_object(
            "Resolution",
            "一项决议。\n\nA resolution.",
            &[
                ("id", n(TypeRef::ID), "标识。\n\nIdentifier."),
                ("number", s(), "编号：年度-会议-序号。\n\nYear, meeting and number."),
                ("content", s(), "内容。\n\nWhat is to be done."),
                ("owner", n("Department"), "承办部门。\n\nDepartment that does it."),
                ("due", TypeRef::named("Date"), "期限。\n\nUntil when."),
                ("state", n("ResolutionState"), "状态。\n\nState."),
                ("overdue", n(TypeRef::BOOLEAN), "是否逾期。\n\nWhether it is open past its date."),
                ("carried", n(TypeRef::BOOLEAN), "是否由以往会议转来。\n\nWhether it comes from an earlier meeting."),
                ("progress", o(), "进展。\n\nWhat was done so far."),
                ("version", n(TypeRef::INT), "版本，修改时提供。\n\nVersion, to be given with a change."),
            ],
        ),
    ]
}

fn input(name: &str, about: &str, fields: &[(&str, TypeRef, &str)]) -> InputObject {
    fields.iter().fold(InputObject::new(name).description(about), |input, (name, kind, about)| {
        input.field(InputValue::new(*name, kind.clone()).description(*about))
    })
}

/// Inputs of the mutations.
pub(super) fn inputs() -> Vec<InputObject> {
    let n = TypeRef::named_nn;
    let plan = [
        ("kind", n("MeetingKind"), "类型。\n\nKind."),
        ("heldAt", TypeRef::named("DateTime"), "召开时间。\n\nWhen it is held."),
        ("members", TypeRef::named_nn_list_nn("Department"), "成员单位。\n\nBodies that take part."),
        ("agenda", TypeRef::named_nn_list_nn(TypeRef::STRING), "议程。\n\nAgenda, in order."),
    ];
    let meeting = ("meeting", n(TypeRef::ID), "会议标识。\n\nThe meeting.");
    let region = ("region", n(TypeRef::STRING), "会议所属区划代码。\n\nRegion of the meeting.");
    let version = ("version", n(TypeRef::INT), "所见版本。\n\nThe version that was seen.");
    let mut call = vec![region.clone(), ("year", n(TypeRef::INT), "考核年度。\n\nYear whose figures it judges.")];
    call.extend(plan.clone());
    let mut change = vec![region.clone(), meeting.clone(), version.clone()];
    change.extend(plan);
    vec![
        input("CallMeetingInput", "召集会议。\n\nCalls a meeting.", &call),
        input("ChangeMeetingInput", "修改会议安排。\n\nChanges what is planned of a meeting.", &change),
        input("FreezeMaterialsInput", "冻结材料。\n\nFreezes materials.", &[region.clone(), meeting.clone()]),
        input(
            "SignMaterialsInput",
            "签报本单位的部分。\n\nSigns the own part.",
            &[
                region.clone(),
                meeting.clone(),
                ("digest", n(TypeRef::STRING), "所见材料的 SHA-256。\n\nDigest of the materials that were seen."),
                ("remark", TypeRef::named(TypeRef::STRING), "说明。\n\nRemark."),
            ],
        ),
        input(
            "AddResolutionInput",
            "登记决议。\n\nAdds a resolution.",
            &[
                region.clone(),
                meeting,
                ("content", n(TypeRef::STRING), "内容，1 至 1000 字。\n\nWhat is to be done."),
                ("owner", n("Department"), "承办部门。\n\nDepartment that does it."),
                ("due", TypeRef::named("Date"), "期限。\n\nUntil when."),
            ],
        ),
        input(
            "SettleResolutionInput",
            "报告进展或办结。\n\nReports progress or settles.",
            &[
                region,
                ("resolution", n(TypeRef::ID), "决议标识。\n\nThe resolution."),
                version,
                ("state", n("ResolutionState"), "状态；只有人社会议办公室可改变。\n\nState; only the office of 人社 changes it."),
                ("progress", TypeRef::named(TypeRef::STRING), "进展。\n\nWhat was done so far."),
            ],
        ),
    ]
}
