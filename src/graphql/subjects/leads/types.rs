//! Types of leads.

use async_graphql::dynamic::{InputObject, InputValue, Object, TypeRef};

use crate::graphql::records::object::plain_object;

/// Object types.
pub(super) fn objects() -> Vec<Object> {
    let s = || TypeRef::named_nn(TypeRef::STRING);
    let o = || TypeRef::named(TypeRef::STRING);
    let b = || TypeRef::named_nn(TypeRef::BOOLEAN);
    let i = || TypeRef::named_nn(TypeRef::INT);
    let n = TypeRef::named_nn;
    let may = TypeRef::named;
    let l = TypeRef::named_nn_list_nn;
    let note = || ("note", s(), "线索不是结论。\n\nA lead is no finding.");
    vec![
        plain_object(
            "LeadPage",
            "一页线索。\n\nA page of leads.",
            &[
                ("nodes", l("Lead"), "线索。\n\nLeads."),
                ("totalCount", n("Long"), "符合条件的总数。\n\nHow many there are in all."),
                ("hasNextPage", b(), "后面还有。\n\nThere is more after."),
                ("endCursor", o(), "本页末条的游标。\n\nCursor of the last."),
                note(),
            ],
        ),
        plain_object(
            "Lead",
            "部门间的一处差异，供人核实；不是结论。不含姓名和证件号码。\n\nA difference between departments for a person to look at; no finding. It holds no name and no identity number.",
            &[
                ("id", n(TypeRef::ID), "标识，每次比对不变。\n\nIdentifier, the same at every search."),
                ("number", n("Long"), "编号。\n\nNumber."),
                ("kind", n("LeadKind"), "种类。\n\nKind."),
                ("kindLabel", o(), "种类的中文名称。\n\nChinese name of the kind."),
                ("tier", n("LeadTier"), "可靠程度。\n\nTier."),
                ("tierLabel", o(), "可靠程度的中文名称。\n\nChinese name of the tier."),
                ("state", n("LeadState"), "状态。\n\nState."),
                ("stateLabel", o(), "状态的中文名称。\n\nChinese name of the state."),
                ("gone", b(), "数据已不再如此。\n\nThe data no longer say so."),
                ("regionCode", s(), "行政区划代码。\n\nRegion."),
                ("regionName", o(), "行政区划名称。\n\nName of the region."),
                ("employerUscc", o(), "用人单位信用代码。\n\nCredit code of the employer."),
                ("employerName", o(), "用人单位名称。\n\nName of the employer."),
                ("day", may("Date"), "事件日期；职业病为报告日期。\n\nDay of the event; of a disease that of its report."),
                ("reasons", l("LeadReason"), "不一致之处。\n\nWhat is missing or does not agree."),
                ("sentence", s(), "一句话说明。\n\nThe same in one sentence."),
                (
                    "records",
                    l("LeadRecord"),
                    "涉及的记录，用 node(id) 按您的权限打开。\n\nRecords, to be opened with `node(id)` under your own rights.",
                ),
                ("assigned", may("Department"), "被分派的部门。\n\nDepartment that was asked."),
                ("answer", o(), "最近一次答复。\n\nThe last answer."),
                ("resolution", may("LeadResolution"), "办结方式。\n\nHow it was closed."),
                ("version", i(), "版本，操作时须提供。\n\nVersion, which every step names."),
                ("firstSeen", n("DateTime"), "首次发现时间。\n\nWhen it was found first."),
                ("lastSeen", n("DateTime"), "最近一次发现时间。\n\nWhen it was found last."),
                ("events", l("LeadEvent"), "经过。\n\nIts history."),
                note(),
            ],
        ),
        plain_object(
            "LeadRecord",
            "线索涉及的一条记录。\n\nA record that a lead points to.",
            &[
                ("id", n(TypeRef::ID), "全局标识。\n\nGlobal identifier."),
                ("family", s(), "记录类别。\n\nFamily."),
                ("familyLabel", s(), "记录类别的中文名。\n\nChinese name of the family."),
                ("role", n("LeadRole"), "作用。\n\nIts part."),
                ("department", n("Department"), "提供部门。\n\nDepartment that holds it."),
                ("reasons", l("LeadReason"), "与所指记录的异同。\n\nWhat agrees with the subject, or does not."),
            ],
        ),
        plain_object(
            "LeadEvent",
            "线索的一步经过。\n\nA step in the history of a lead.",
            &[
                ("version", i(), "此步之后的版本。\n\nVersion after it."),
                ("step", s(), "FOUND、CHANGED、ASSIGNED、ANSWERED、CLOSED、GONE 或 RETURNED。\n\nWhat was done."),
                ("state", n("LeadState"), "此步之后的状态。\n\nState after it."),
                ("tier", n("LeadTier"), "此步之后的可靠程度。\n\nTier after it."),
                ("assigned", may("Department"), "被分派的部门。\n\nDepartment that was asked."),
                ("resolution", may("LeadResolution"), "办结方式。\n\nHow it was closed."),
                ("words", o(), "所问、所答或理由。\n\nWhat was asked, answered, or said at the end."),
                ("at", n("DateTime"), "时间。\n\nWhen."),
                ("subject", s(), "账号。\n\nAccount."),
                ("department", n("Department"), "账号的部门。\n\nIts department."),
                ("regionCode", s(), "机构所辖区划。\n\nRegion of its organisation."),
            ],
        ),
        plain_object(
            "LeadRun",
            "一次比对。\n\nA search.",
            &[
                ("regionCode", s(), "行政区划代码。\n\nRegion."),
                ("at", n("DateTime"), "时间。\n\nWhen."),
                ("kinds", l("LeadRunKind"), "各种类的结果。\n\nKind by kind."),
                note(),
            ],
        ),
        plain_object(
            "LeadRunKind",
            "一次比对中一个种类的结果。\n\nWhat a search found of one kind.",
            &[
                ("kind", n("LeadKind"), "种类。\n\nKind."),
                ("kindLabel", o(), "种类的中文名称。\n\nChinese name of the kind."),
                ("certain", n("Long"), "确定比对的差异数。\n\nDifferences that are certain."),
                ("candidates", n("Long"), "待人核对的差异数。\n\nDifferences that wait for a person."),
                ("new", n("Long"), "新发现。\n\nNew."),
                ("changed", n("Long"), "内容有变。\n\nChanged."),
                ("same", n("Long"), "无变化。\n\nAs before."),
                ("gone", n("Long"), "数据不再如此，已自动办结。\n\nNo longer so, closed by themselves."),
                ("returned", n("Long"), "再次出现，重新打开。\n\nReturned and open again."),
            ],
        ),
        plain_object(
            "LeadSummary",
            "一个种类的线索汇总。\n\nLeads of one kind in numbers.",
            &[
                ("kind", n("LeadKind"), "种类。\n\nKind."),
                ("label", s(), "名称。\n\nName."),
                ("here", l("Department"), "持有所指记录的部门。\n\nDepartments that hold the record."),
                ("there", l("Department"), "应有对应记录的部门。\n\nDepartments of the record that is missing or differs."),
                ("tier", n("LeadTier"), "该种类可达到的可靠程度。\n\nThe best tier the kind reaches."),
                ("waitDays", i(), "满多少日方列为线索。\n\nDays that pass before it is a lead."),
                ("nearDays", i(), "同一事件的两个日期最多相差日数。\n\nHow far apart two days of one event may lie."),
                ("explanation", s(), "含义与可能的原因。\n\nWhat it means, and what it does not."),
                ("basis", s(), "依据。\n\nRules it rests on."),
                note(),
                ("certain", n("LeadCount"), "未办结，确定比对。\n\nNot closed, certain."),
                ("candidates", n("LeadCount"), "未办结，待人核对。\n\nNot closed, waiting for a person."),
                ("closed", n("LeadCount"), "已办结。\n\nClosed."),
                (
                    "overlap",
                    may("LeadOverlap"),
                    "两份名单的重合（比对两份名单的种类）。\n\nWhat two lists have in common, where two are compared.",
                ),
                (
                    "searchedAt",
                    may("DateTime"),
                    "最近一次比对时间；为空则从未比对，计数无意义。\n\nWhen the region was searched last; never when empty, and then the counts say nothing.",
                ),
            ],
        ),
        plain_object(
            "LeadCount",
            "一个计数。\n\nA count.",
            &[
                ("count", may("Long"), "计数；不显示时为空。\n\nThe count; empty where it is withheld."),
                (
                    "protected",
                    b(),
                    "是否因涉及他部门记录而不显示。\n\nWhether it is withheld, because it goes over records of others.",
                ),
                (
                    "reason",
                    o(),
                    "不显示的原因：PROTECTED 涉及他部门记录；NOT_YOURS 该种类不涉及本部门，无权查看，不是零。\n\nWhy it is not shown: PROTECTED, it goes over records of others; NOT_YOURS, the kind is between other departments and not open to you, which is not zero.",
                ),
            ],
        ),
        plain_object(
            "LeadOverlap",
            "两份名单的重合。\n\nWhat two lists have in common.",
            &[
                ("matched", n("LeadCount"), "两边都有。\n\nIn both."),
                ("onlyHere", n("LeadCount"), "仅此方有。\n\nOnly here."),
                ("onlyThere", n("LeadCount"), "仅彼方有。\n\nOnly there."),
                (
                    "estimate",
                    may("LeadEstimate"),
                    "总数估计；无匹配或经保护时为空。\n\nEstimate of all; empty where nothing matches or counts are protected.",
                ),
                ("caveat", s(), "估计的前提与局限。\n\nWhat has to hold for the estimate."),
            ],
        ),
        plain_object(
            "LeadEstimate",
            "Chapman 估计及其百分之九十五区间。\n\nChapman's estimate with its 95 % interval.",
            &[
                ("total", n("Long"), "估计总数，四舍五入。\n\nThe estimate, to the nearest whole."),
                ("low", n("Long"), "区间下限，向下取整。\n\nLower end, rounded down."),
                ("high", n("Long"), "区间上限，向上取整。\n\nUpper end, rounded up."),
                ("weak", b(), "匹配数少于七，不可靠。\n\nFewer than seven matches: not reliable."),
            ],
        ),
    ]
}

/// Input types.
pub(super) fn inputs() -> Vec<InputObject> {
    let of =
        |name: &str, about: &str| {
            InputObject::new(name)
                .description(about)
                .field(InputValue::new("id", TypeRef::named_nn(TypeRef::ID)).description("线索标识。\n\nIdentifier of the lead."))
                .field(InputValue::new("version", TypeRef::named_nn(TypeRef::INT)).description(
                    "您看到的版本；他人已处理时返回 CONFLICT。\n\nVersion you saw; CONFLICT when somebody was faster.",
                ))
        };
    let words = |kind: TypeRef, about: &str| InputValue::new("words", kind).description(about);
    let need = || TypeRef::named_nn(TypeRef::STRING);
    vec![
        of("AssignLeadInput", "分派线索。\n\nAssignment of a lead.")
            .field(
                InputValue::new("department", TypeRef::named_nn("Department"))
                    .description("被问的部门。\n\nDepartment that is asked."),
            )
            .field(words(
                TypeRef::named(TypeRef::STRING),
                "所问，不超过 1000 字，不得含证件号码。\n\nWhat is asked, at most 1,000 characters, no identity number.",
            )),
        of("AnswerLeadInput", "答复线索。\n\nAnswer to a lead.")
            .field(words(need(), "答复，1 至 1000 字，不得含证件号码。\n\nThe answer, 1 to 1,000 characters, no identity number.")),
        of("CloseLeadInput", "办结线索。\n\nClosing of a lead.")
            .field(
                InputValue::new("resolution", TypeRef::named_nn("LeadResolution"))
                    .description("办结方式；RESOLVED_BY_DATA 由平台设定。\n\nHow; RESOLVED_BY_DATA is set by the hub."),
            )
            .field(words(need(), "理由，1 至 1000 字，不得含证件号码。\n\nWhy, 1 to 1,000 characters, no identity number.")),
    ]
}
