//! Types of returns in the schema.

use async_graphql::dynamic::{Enum, EnumItem, InputObject, InputValue, Object, TypeRef};

use crate::{domain::returns::Count, graphql::records::object::plain_object};

/// Enum types.
pub(super) fn enums() -> Vec<Enum> {
    let counts = Count::ALL
        .into_iter()
        .fold(Enum::new("ReturnCount").description("报送的数据项。\n\nWhat a figure counts."), |list, count| {
            list.item(EnumItem::new(count.code()).description(format!("{}。\n\n{}.", count.name_zh(), count.name_en())))
        });
    let state = |name: &str, about: &str| EnumItem::new(name).description(about);
    let states = Enum::new("ReturnState")
        .description("报送的状态。\n\nState of a return.")
        .item(state("MISSING", "应报而未签报。\n\nOwed and not signed; missing, not zero."))
        .item(state("SIGNED", "已签报，现行版本。\n\nSigned; the version that counts."))
        .item(state("REPLACED", "已被后一版本替换。\n\nSigned, and replaced by a later version."));
    vec![counts, states]
}

/// Object types.
pub(super) fn objects() -> Vec<Object> {
    let s = || TypeRef::named_nn(TypeRef::STRING);
    let o = || TypeRef::named(TypeRef::STRING);
    let n = TypeRef::named_nn;
    let l = TypeRef::named_nn_list_nn;
    vec![
        plain_object(
            "Return",
            "一个部门一个年度的报送：签报时冻结，各版本均保留。\n\nA department's figures of a year, frozen when signed; every version is kept.",
            &[
                ("id", TypeRef::named(TypeRef::ID), "标识；未签报为空。\n\nIdentifier; empty where nothing was signed."),
                ("regionCode", s(), "区划代码。\n\nRegion."),
                ("department", n("Department"), "部门。\n\nDepartment."),
                ("kind", n("PlanObligationKind"), "种类。\n\nKind."),
                ("year", n(TypeRef::INT), "数据年度。\n\nYear of the figures."),
                ("finality", n("ReturnFinality"), "快报或定报。\n\nProvisional or final."),
                ("state", n("ReturnState"), "状态。\n\nState."),
                ("version", TypeRef::named(TypeRef::INT), "版本。\n\nVersion, from 1."),
                ("planId", o(), "所依据的计划。\n\nPlan it goes by."),
                ("source", o(), "报送要求的出处；无人要求的为空。\n\nWhere it is asked for; empty where nobody does."),
                (
                    "carried",
                    n(TypeRef::BOOLEAN),
                    "所依据的计划已期满，其长期要求继续适用。\n\nWhether the plan has ended and its standing rule goes on.",
                ),
                ("casualtyBasis", TypeRef::named("CasualtyBasis"), "伤亡人数口径。\n\nBasis of casualties."),
                ("denominatorBasis", o(), "尘肺病报告比例的分母。\n\nDenominator of the share of pneumoconiosis."),
                ("figures", l("ReturnFigure"), "数据项。\n\nFigures."),
                (
                    "differences",
                    l("ReturnFigure"),
                    "签报数与签报时或今日记录汇总数不同的项。\n\nFigures that differ from the records, then or today.",
                ),
                (
                    "withheld",
                    n(TypeRef::BOOLEAN),
                    "数据项是否因敏感而不显示；以联席会议用途查看可见。\n\nWhether figures are withheld; they are shown for the purpose of the meeting.",
                ),
                ("remark", o(), "说明；计划落实情况报告的文字。\n\nRemark; of a report on a plan, the report in words."),
                ("document", TypeRef::named("ReturnDocument"), "所报告或备案的文件。\n\nDocument that is reported or filed."),
                ("digest", o(), "冻结内容的 SHA-256。\n\nSHA-256 of what was frozen."),
                ("position", o(), "变更位置：此前的变更均已计入。\n\nPlace in the feed; all before it is in the sums."),
                ("signedAt", TypeRef::named("DateTime"), "签报时间。\n\nWhen it was signed."),
                ("signedBy", o(), "签报账号（本部门和人社可见）。\n\nAccount that signed, for its department and 人社."),
            ],
        ),
        plain_object(
            "ReturnDocument",
            "以摘要指明的文件。\n\nA document, told by its digest.",
            &[
                ("title", s(), "标题。\n\nTitle."),
                ("number", o(), "文号。\n\nNumber."),
                ("sha256", s(), "文件的 SHA-256。\n\nSHA-256 of the file."),
            ],
        ),
        plain_object(
            "ReturnFigure",
            "一个数据项。\n\nA figure.",
            &[
                ("count", n("ReturnCount"), "数据项。\n\nWhat it counts."),
                ("industry", TypeRef::named("KeyIndustry"), "重点行业；空为全地区。\n\nKey industry; empty for the whole region."),
                ("records", TypeRef::named("Long"), "签报时记录汇总数。\n\nSum of the records when it was signed."),
                ("signed", TypeRef::named("Long"), "签报数。\n\nWhat was signed."),
                ("explanation", o(), "差异说明。\n\nWhy the two differ."),
                (
                    "today",
                    TypeRef::named("Long"),
                    "今日记录汇总数；您无权汇总时为空。\n\nSum of the records today; empty where you may not count them.",
                ),
                ("differs", n(TypeRef::BOOLEAN), "是否有差异。\n\nWhether there is a difference."),
            ],
        ),
    ]
}

/// Inputs.
pub(super) fn inputs() -> Vec<InputObject> {
    let input = |name: &str, about: &str, fields: &[(&str, TypeRef, &str)]| {
        fields.iter().fold(InputObject::new(name).description(about), |input, (name, kind, about)| {
            input.field(InputValue::new(*name, kind.clone()).description(*about))
        })
    };
    let n = TypeRef::named_nn;
    let o = || TypeRef::named(TypeRef::STRING);
    vec![
        input(
            "SignReturnInput",
            "签报。\n\nSigns a return.",
            &[
                ("region", n(TypeRef::STRING), "本机构的区划代码。\n\nRegion of your organisation."),
                ("year", n(TypeRef::INT), "数据年度。\n\nYear of the figures."),
                (
                    "kind",
                    TypeRef::named("PlanObligationKind"),
                    "种类；不填为本部门的报送。\n\nKind; that of your department by default.",
                ),
                ("finality", TypeRef::named("ReturnFinality"), "快报或定报，默认定报。\n\nProvisional or final; final by default."),
                ("replaces", TypeRef::named(TypeRef::INT), "更正时写明所替换的版本。\n\nVersion it replaces, for a correction."),
                ("casualtyBasis", TypeRef::named("CasualtyBasis"), "伤亡人数口径。\n\nBasis of casualties."),
                (
                    "denominatorBasis",
                    o(),
                    "尘肺病报告比例的分母：PNEUMOCONIOSIS_NEW 或 ALL_OCCUPATIONAL_DISEASE_NEW。\n\nDenominator of the share: PNEUMOCONIOSIS_NEW or ALL_OCCUPATIONAL_DISEASE_NEW.",
                ),
                (
                    "figures",
                    TypeRef::named_nn_list("SignReturnFigureInput"),
                    "与记录汇总数不同的数据项。\n\nFigures that differ from the sums of the records.",
                ),
                (
                    "remark",
                    o(),
                    "说明，不超过 1000 字；PLAN_REPORT 的落实情况写在此处。\n\nRemark, at most 1,000 characters; the report in words for PLAN_REPORT.",
                ),
                (
                    "document",
                    TypeRef::named("ReturnDocumentInput"),
                    "所报告或备案的文件，PLAN_FILING 必填。\n\nDocument that is reported or filed; PLAN_FILING needs it.",
                ),
            ],
        ),
        input(
            "ReturnDocumentInput",
            "以摘要指明的文件。\n\nA document, told by its digest.",
            &[
                ("title", n(TypeRef::STRING), "标题。\n\nTitle."),
                ("number", o(), "文号。\n\nNumber."),
                ("sha256", n(TypeRef::STRING), "文件的 SHA-256，64 位十六进制。\n\nSHA-256 of the file, 64 hexadecimal digits."),
            ],
        ),
        input(
            "SignReturnFigureInput",
            "一个与记录不同的数据项。\n\nA figure that differs from the records.",
            &[
                ("count", n("ReturnCount"), "数据项。\n\nWhat it counts."),
                ("industry", TypeRef::named("KeyIndustry"), "重点行业。\n\nKey industry."),
                ("value", n("Long"), "签报数。\n\nThe figure."),
                ("explanation", o(), "差异说明，与记录不同时必填。\n\nWhy it differs; required where it does."),
            ],
        ),
    ]
}
