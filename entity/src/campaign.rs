//! Campaigns for work-injury prevention.

use crate::record;

/// 工伤预防宣传活动（年度主题、集中宣传等）。A campaign for work-injury prevention.
#[record(
    family = "Campaign",
    plural = "Campaigns",
    table = "campaigns",
    source_key = "campaign_no",
    region = "region_code",
    dated = "started_on"
)]
pub struct Model {
    /// 活动编号（来源系统内唯一）。Number of the campaign, unique in its source system.
    #[field(class = P, filter, order)]
    pub campaign_no: String,
    /// 活动类别。Kind of campaign.
    #[field(class = P, filter, order, group, code = "campaign_kind")]
    pub campaign_kind: String,
    /// 主题。Theme of the campaign.
    #[field(class = P, filter, contains, order)]
    pub theme: String,
    /// 开始日期。First day of the campaign.
    #[field(class = P, filter, order, indexed, group)]
    pub started_on: NaiveDate,
    /// 结束日期。Last day of the campaign.
    #[field(class = P, filter, order)]
    pub ended_on: Option<NaiveDate>,
    /// 举办地区划代码。Code of the region where it was held.
    #[field(class = P, filter, order, group, code = "region")]
    pub region_code: String,
    /// 宣传媒介。Media that were used.
    #[field(class = P, codes = "campaign_medium", max = 200)]
    pub media: Option<String>,
    /// 宣传内容。What it was about.
    #[field(class = P, codes = "campaign_subject", max = 200)]
    pub subjects: Option<String>,
    /// 覆盖人次。How many persons it reached.
    #[field(class = P, filter, order, sum, unit = "人次")]
    pub reached: Option<i32>,
    /// 费用（单位元）。What it cost, in yuan.
    #[field(class = I, filter, order, sum, name = "costYuan", unit = "元")]
    pub cost_fen: Option<i64>,
    /// 活动情况（提交前应去除姓名）。What was done; remove personal names before submitting.
    #[field(class = I, max = 4000)]
    pub description: Option<String>,
}
