//! How an answer of statistics was made, as it is shown with every group.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::disclosure::rules::Rules,
    graphql::{declared::kinds::Code, part::SubjectSchema},
    store::records::aggregate::Method,
};

/// 统计结果如何得出，误差多大。 How an answer was made and how far it may be off.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// 方法；同一回答各组相同，不随数据变化。 The method: the same for all groups of an answer,
    /// whatever the store holds.
    pub method: Code<Method>,
    /// count 与实数之差不超过此数；实数为 0。MIXED 时不含归入最后一组的记录。
    ///
    /// A count is off by no more than this; 0 for exact ones. With MIXED, records left to the last
    /// group are not counted.
    pub bound: i64,
    /// 少于此数的组不显示，合计也至少要有这么多不同的单位；实数为空。
    ///
    /// Groups of fewer are not told, and a sum needs so many different contributors; empty for
    /// exact answers.
    pub threshold: Option<i64>,
}

/// 分组维度的值。 Value of a dimension.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupKey<'a> {
    /// 维度。 Dimension.
    pub dimension: String,
    /// 值。 Value.
    pub value: Option<&'a str>,
    /// 中文名称。 Chinese name.
    pub label: Option<&'a str>,
}

impl Disclosure {
    /// How an answer was made, and how far a count that is shown may be off.
    #[must_use]
    pub fn new(method: Method, rules: &Rules) -> Self {
        let exact = method == Method::Exact;
        Self {
            method: Code(method),
            bound: if exact { 0 } else { rules.noise.bound() },
            threshold: (!exact).then_some(rules.threshold),
        }
    }
}

/// Types that the statistics of all families share.
#[must_use]
pub fn part() -> SubjectSchema {
    let mut part = SubjectSchema::default()
        .choice("统计结果的披露方法。\n\nHow an answer of statistics was made.", Method::about);
    part.output::<Disclosure>();
    part.output::<GroupKey<'static>>();
    part
}
