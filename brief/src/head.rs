//! The title of the materials and what has to be known before any figure is read.

use crate::{
    content::{Brief, Head},
    words,
};

/// `朔州市2024年度` and `工伤预防联席会议材料`: where the title may be broken.
pub(crate) fn title(head: &Head) -> (String, &'static str) {
    (format!("{}{}年度", words::label(&head.region), head.year), "工伤预防联席会议材料")
}

/// What the figures rest on, as names and values.
pub(crate) fn facts(brief: &Brief) -> Vec<(&'static str, String)> {
    let head = &brief.head;
    let plan =
        if head.plan.label.is_empty() { head.plan.code.clone() } else { head.plan.label.clone() };
    let mut facts = vec![("规划", plan)];
    if !head.source.is_empty() {
        facts.push(("规划出处", head.source.clone()));
    }
    if let Some(year) = head.base_year {
        facts.push(("基年", format!("{year}年")));
    }
    facts.push(("数据截取时间", words::long_moment(head.taken_at)));
    facts.push((
        "材料状态",
        if head.digest.is_some() {
            "已冻结，后续更正不改动本材料"
        } else {
            "未冻结，数据随记录变化"
        }
        .to_owned(),
    ));
    facts
}

/// How was counted, sentence by sentence, and up to which place in the change feed.
pub(crate) fn basis(head: &Head) -> Vec<String> {
    let place =
        (!head.position.is_empty()).then(|| format!("数据取至变更流位置 {}", head.position));
    head.basis.iter().cloned().chain(place).collect()
}

/// What is said of frozen materials whose records have changed.
pub(crate) const CHANGED: &str = "材料冻结后，下列数据已有变化；本材料仍以冻结时的数据为准。";

/// Notices, the gravest first; none when all is final, complete, open and unchanged.
pub(crate) fn notices(brief: &Brief) -> Vec<&'static str> {
    let head = &brief.head;
    let mut notices = Vec::new();
    if head.provisional {
        notices.push("数据未定稿：本年度尚未结束或数据未最终确定，结论只供参考，不作最终判定。");
    }
    if head.incomplete_plan {
        notices.push("规划目标不全：部分目标尚未公布，相应指标不判定。");
    }
    if head.protected {
        notices.push("小计数已作保护：小于门槛的数字及可推算出它们的数字不公布。");
    }
    if !brief.differences.is_empty() {
        notices.push("冻结后数据有变化：见“冻结后的数据变化”一节，本材料仍以冻结时的数据为准。");
    }
    notices
}
