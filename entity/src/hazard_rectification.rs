//! Hazards: found, ordered to be put right, put right, looked at again, closed.

use crate::record;

/// 事故隐患治理（发现、限期整改、复查、销号）。A hazard on its way from being found to being
/// closed.
#[record(
    family = "HazardRectification",
    plural = "HazardRectifications",
    table = "hazard_rectifications",
    source_key = "hazard_no",
    region = "region_code",
    industry = "key_industry",
    dated = "found_at",
    state = "status"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "隐患所在单位。", en = "Employer where the hazard is.")]
pub struct Model {
    /// 隐患编号（来源系统内唯一）。Number in the source system, unique there.
    #[field(class = I, filter, order)]
    pub hazard_no: String,
    /// 发现日期。Day on which it was found.
    #[field(class = I, filter, order, group)]
    pub found_at: NaiveDate,
    /// 隐患来源。How it was found.
    #[field(class = I, filter, group, code = "hazard_source")]
    pub source: String,
    /// 隐患所在地区划代码。Region where it is.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 单位信用代码。Credit code of the employer.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 单位编号（没有信用代码时）。Number of the employer where it has no credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 单位名称。Name of the employer.
    #[field(class = I, filter, contains, order, pinyin)]
    pub employer_name: Option<String>,
    /// 行业代码（GB/T 4754-2017）。Industry code.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry, inferred from the industry code where it is
    /// not given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 隐患级别。General or major.
    #[field(class = I, filter, order, group, code = "hazard_level")]
    pub level: String,
    /// 隐患类别（来源系统的分类）。Category as the source system names it.
    #[field(class = I, filter, contains)]
    pub category: Option<String>,
    /// 隐患部位。Place within the employer.
    #[field(class = I, max = 400)]
    pub site: Option<String>,
    /// 隐患描述（提交前应去除姓名）。What is wrong; names are to be removed before it is handed in.
    #[field(class = I, max = 4000)]
    pub description: Option<String>,
    /// 整改措施。What is done about it.
    #[field(class = I, max = 4000)]
    pub measures: Option<String>,
    /// 责令整改日期。Day of the order to put it right.
    #[field(class = I, filter, order)]
    pub ordered_at: Option<NaiveDate>,
    /// 整改期限。Last day for putting it right.
    #[field(class = I, filter, order)]
    pub deadline: Option<NaiveDate>,
    /// 延期后的整改期限。Last day after an extension was granted.
    #[field(class = I, filter, order)]
    pub extended_deadline: Option<NaiveDate>,
    /// 提请复查日期（多次提请的取最近一次）。Day on which the employer said it was put right, the
    /// last time.
    #[field(class = I, filter, order)]
    pub submitted_at: Option<NaiveDate>,
    /// 复查日期（多次复查的取最近一次）。Day on which it was looked at again, the last time.
    #[field(class = I, filter, order)]
    pub recheck_at: Option<NaiveDate>,
    /// 销号日期。Day on which it was closed.
    #[field(class = I, filter, order, group)]
    pub closed_at: Option<NaiveDate>,
    /// 治理状态（是否逾期由期限和查询之日得出，不作为状态）。State; whether it is overdue follows
    /// from deadline and day and is none.
    #[field(class = I, filter, order, group, code = "hazard_status")]
    pub status: String,
    /// 是否挂牌督办。Whether an authority supervises it by name.
    #[field(class = I, filter, group)]
    pub supervised: Option<bool>,
    /// 挂牌督办日期。Day from which it is supervised.
    #[field(class = I, filter, order)]
    pub supervised_at: Option<NaiveDate>,
    /// 移送日期。Day on which it was handed over to another department.
    #[field(class = I, filter, order)]
    pub transferred_at: Option<NaiveDate>,
    /// 移送部门。Department it was handed over to.
    #[field(class = I, filter, group, code = "department")]
    pub transferred_to: Option<String>,
    /// 治理资金（单位元）。Money spent on it, in yuan.
    #[field(class = I, filter, order, sum, name = "fundYuan", unit = "元")]
    pub fund_fen: Option<i64>,
    /// 整改责任人。Who answers for putting it right.
    #[field(class = N, mask = "name", max = 60)]
    pub responsible_person: Option<String>,
    /// 复查人。Who looked at it again.
    #[field(class = N, mask = "name", max = 60)]
    pub rechecker: Option<String>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
