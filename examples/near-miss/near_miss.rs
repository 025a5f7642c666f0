//! Near misses.

use crate::record;

/// 未遂事件（险些造成伤亡或损失，用于预防）。An event that nearly hurt somebody or nearly caused
/// loss, kept for prevention.
#[record(
    family = "NearMiss",
    plural = "NearMisses",
    table = "near_misses",
    source_key = "near_miss_no",
    region = "region_code",
    industry = "key_industry",
    dated = "occurred_at"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "发生单位。", en = "Employer where it happened.")]
pub struct Model {
    /// 未遂事件编号（来源系统内唯一）。Number in the source system, unique there.
    #[field(class = I, filter, order)]
    pub near_miss_no: String,
    /// 发生时间。When it happened.
    #[field(class = I, filter, order, indexed, group)]
    pub occurred_at: DateTimeUtc,
    /// 发生地区划代码。Region where it happened.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 发生单位信用代码。Credit code of the employer.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 发生单位编号（没有信用代码时）。Number of the employer where it has no credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 发生单位名称。Name of the employer.
    #[field(class = I, filter, contains, order, indexed, pinyin)]
    pub employer_name: Option<String>,
    /// 行业代码（GB/T 4754-2017）。Industry code.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry, inferred from the industry code where it is
    /// not given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 可能造成的事故类型（按发生日期适用的版本）。Type of the accident it could have become.
    #[field(class = I, filter, group, code = "accident_type")]
    pub accident_type: String,
    /// 处于危险中的人数。Persons who were in danger.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub persons_at_risk: Option<i32>,
    /// 避免的损失估计（单位元）。Estimate of the loss that was avoided, in yuan.
    #[field(class = I, sum, name = "avoidedLossYuan", unit = "元")]
    pub avoided_loss_fen: Option<i64>,
    /// 报告人姓名。Name of the person who reported it.
    #[field(class = N, filter, order, pinyin, mask = "name", max = 60)]
    pub reporter_name: Option<String>,
    /// 报告人电话。Telephone of the person who reported it.
    #[field(class = N, sealed, mask = "last_four", max = 30)]
    pub reporter_phone: Option<String>,
    /// 经过（可能含个人信息）。What happened; it may name persons.
    #[field(class = N, max = 4000)]
    pub course: Option<String>,
    /// 防范措施。What was done about it.
    #[field(class = I, max = 4000)]
    pub measures: Option<String>,
    /// 整改完成日期。Day on which the measures were complete.
    #[field(class = I, filter, order)]
    pub rectified_at: Option<NaiveDate>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
