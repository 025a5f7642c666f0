//! Hazards: found, ordered to be put right, put right, looked at again, closed.

use crate::record;

/// 事故隐患治理（发现、限期整改、复查、销号）。An accident hazard and its rectification: found,
/// ordered to be rectified, rechecked and closed.
#[record(
    family = "HazardRectification",
    plural = "HazardRectifications",
    table = "hazard_rectifications",
    source_key = "hazard_no",
    region = "region_code",
    industry = "key_industry",
    dated = "found_at",
    guarded = "status"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "隐患所在单位。", en = "The employer where the hazard is.")]
pub struct Model {
    /// 隐患编号（来源系统内唯一）。Number of the hazard, unique in its source system.
    #[field(class = I, filter, order)]
    pub hazard_no: String,
    /// 发现日期。Day on which the hazard was found.
    #[field(class = I, filter, order, indexed, group)]
    pub found_at: NaiveDate,
    /// 隐患来源。How the hazard was found, such as by inspection or by the employer itself.
    #[field(class = I, filter, group, code = "hazard_source")]
    pub source: String,
    /// 隐患所在地区划代码。Code of the region where the hazard is.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 单位信用代码（18 位）。Unified social credit code of the employer, 18 characters.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 单位编号（没有信用代码时）。Number of the employer in the source system, if it has no credit
    /// code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 单位名称。Name of the employer.
    #[field(class = I, filter, contains, order, indexed, pinyin)]
    pub employer_name: Option<String>,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry; inferred from the industry code if not
    /// given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 隐患级别（一般或重大）。Whether it is a general or a major hazard.
    #[field(class = I, filter, order, group, code = "hazard_level")]
    pub level: String,
    /// 隐患类别（来源系统的分类）。Category of the hazard in the wording of the source system.
    #[field(class = I, filter, contains)]
    pub category: Option<String>,
    /// 隐患部位。Place of the hazard within the employer's premises.
    #[field(class = I, max = 400)]
    pub site: Option<String>,
    /// 隐患描述（提交前应去除姓名）。Description of the hazard; remove personal names before
    /// submitting.
    #[field(class = I, max = 4000)]
    pub description: Option<String>,
    /// 整改措施。Measures taken to rectify the hazard.
    #[field(class = I, max = 4000)]
    pub measures: Option<String>,
    /// 责令整改日期。Day on which rectification was ordered.
    #[field(class = I, filter, order)]
    pub ordered_at: Option<NaiveDate>,
    /// 整改期限。Last day for the rectification, as first ordered.
    #[field(class = I, filter, order)]
    pub deadline: Option<NaiveDate>,
    /// 延期后的整改期限。Last day for the rectification after an extension; null if none was
    /// granted.
    #[field(class = I, filter, order)]
    pub extended_deadline: Option<NaiveDate>,
    /// 提请复查日期（多次提请的取最近一次）。Day on which the employer last asked for a recheck.
    #[field(class = I, filter, order)]
    pub submitted_at: Option<NaiveDate>,
    /// 复查日期（多次复查的取最近一次）。Day on which the rectification was last rechecked.
    #[field(class = I, filter, order)]
    pub recheck_at: Option<NaiveDate>,
    /// 销号日期。Day on which the hazard was closed.
    #[field(class = I, filter, order, group)]
    pub closed_at: Option<NaiveDate>,
    /// 治理状态（是否逾期由期限和查询之日得出，不作为状态）。Status of the rectification. Overdue
    /// is not a status: it follows from the deadline and the day of the query.
    #[field(class = I, filter, order, group, code = "hazard_status")]
    pub status: String,
    /// 是否挂牌督办。Whether an authority has placed the hazard under listed supervision.
    #[field(class = I, filter, group)]
    pub supervised: Option<bool>,
    /// 挂牌督办日期。Day on which the listed supervision began.
    #[field(class = I, filter, order)]
    pub supervised_at: Option<NaiveDate>,
    /// 移送日期。Day on which the hazard was referred to another department.
    #[field(class = I, filter, order)]
    pub transferred_at: Option<NaiveDate>,
    /// 移送部门。Department to which it was referred.
    #[field(class = I, filter, group, code = "department")]
    pub transferred_to: Option<String>,
    /// 治理资金（单位元）。Money spent on the rectification, in yuan.
    #[field(class = I, filter, order, sum, name = "fundYuan", unit = "元")]
    pub fund_fen: Option<i64>,
    /// 整改责任人。Name of the person responsible for the rectification.
    #[field(class = N, mask = "name", max = 60)]
    pub responsible_person: Option<String>,
    /// 复查人。Name of the person who made the recheck.
    #[field(class = N, mask = "name", max = 60)]
    pub rechecker: Option<String>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
