//! How an answer of statistics was made, as it is shown with every group.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::disclosure::rules::Rules,
    graphql::{declared::kinds::Code, part::SubjectSchema},
    store::records::aggregate::Method,
};

/// 统计结果如何得出，误差多大。 How the statistics were made and how far a count may differ from
/// the true number.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// 方法：实数、加噪声或混合；同一回答各组相同，不随数据变化。 Whether counts are exact, carry
    /// noise, or are a mixture; the same for all groups of an answer, whatever the data.
    pub method: Code<Method>,
    /// count 与实数之差不超过此数；实数为 0。MIXED 时不含归入最后一组的记录。
    ///
    /// Greatest difference between a shown count and the true number; 0 for exact counts. With
    /// `MIXED`, records left to the last group are not counted.
    pub bound: i64,
    /// 少于此数的组不显示，合计也至少要有这么多不同的单位；实数为空。 Groups smaller than this are
    /// withheld, and a sum needs at least this many different contributors; null for exact answers.
    pub threshold: Option<i64>,
}

/// 分组维度的值。 Value of one dimension that a group shares.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupKey<'a> {
    /// 维度，即 groupBy 中所给的名称。 The dimension, by its name in `groupBy`.
    pub dimension: String,
    /// 该维度的值（代码、年、月等）；空值为空。 Value of the dimension, such as a code, a year or a
    /// month; null where the records have none.
    pub value: Option<&'a str>,
    /// 值的中文名称；不是代码的与值相同。 Chinese name of a code; for other dimensions the same as
    /// `value`.
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
    let mut part = SubjectSchema::default().choice(
        "统计结果的披露方法。\n\nHow the counts of a statistics answer were made.",
        Method::about,
    );
    part.output::<Disclosure>();
    part.output::<GroupKey<'static>>();
    part
}
