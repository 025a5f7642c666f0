//! Education bases: planned, built, evaluated, published, named, looked at again.

use crate::record;

/// 工伤预防警示教育基地（立项、建设、评估、公示、命名、复评）。A base for education in work-injury
/// prevention: planned, built, evaluated, published, named and reviewed.
#[record(
    family = "EducationBase",
    plural = "EducationBases",
    table = "education_bases",
    source_key = "base_no",
    region = "region_code",
    industry = "key_industry",
    dated = "planned_on",
    guarded = "base_status"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = P,
    zh = "依托单位。", en = "The employer that hosts the base.")]
pub struct Model {
    /// 基地编号（来源系统内唯一）。Number of the base, unique in its source system.
    #[field(class = P, filter, order)]
    pub base_no: String,
    /// 基地名称。Name of the base.
    #[field(class = P, filter, contains, order, indexed, pinyin)]
    pub name: String,
    /// 立项日期。Day on which it was decided to build the base.
    #[field(class = P, filter, order, indexed, group)]
    pub planned_on: NaiveDate,
    /// 所在地区划代码（市直基地填市级代码）。Code of the region whose base it is; that of the city
    /// for a base of the city itself.
    #[field(class = P, filter, order, group, code = "region")]
    pub region_code: String,
    /// 依托单位信用代码（18 位）。Unified social credit code of the host, 18 characters.
    #[field(class = P, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 依托单位编号（没有信用代码时）。Number of the host in the source system, if it has no credit
    /// code.
    #[field(class = P, filter)]
    pub employer_no: Option<String>,
    /// 依托单位名称。Name of the host.
    #[field(class = P, filter, contains, order, pinyin)]
    pub employer_name: Option<String>,
    /// 重点行业。Key industry that the base is about.
    #[field(class = P, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 主题（如煤尘肺预防）。Theme of the base, such as the prevention of coal-dust pneumoconiosis.
    #[field(class = P, filter, contains)]
    pub theme: Option<String>,
    /// 功能区。Zones of the base.
    #[field(class = P, codes = "base_zone", max = 200)]
    pub zones: Option<String>,
    /// 类别（Ⅰ、Ⅱ、Ⅲ类）。Class of the base, I to III.
    #[field(class = P, filter, group, code = "base_class")]
    pub base_class: Option<String>,
    /// 状态。State of the base.
    #[field(class = P, filter, order, group, code = "base_status")]
    pub base_status: String,
    /// 开放日期。Day on which the base was opened to visitors.
    #[field(class = P, filter, order)]
    pub opened_on: Option<NaiveDate>,
    /// 评估日期。Day of the evaluation by the office of the joint meeting.
    #[field(class = P, filter, order)]
    pub evaluated_on: Option<NaiveDate>,
    /// 公示日期。First day of the publication.
    #[field(class = P, filter, order)]
    pub published_on: Option<NaiveDate>,
    /// 公示期间是否有异议。Whether somebody objected during the publication.
    #[field(class = P, filter, group)]
    pub objected: Option<bool>,
    /// 命名日期。Day on which the base was named.
    #[field(class = P, filter, order, group)]
    pub named_on: Option<NaiveDate>,
    /// 撤销命名日期。Day on which the name was withdrawn.
    #[field(class = P, filter, order)]
    pub revoked_on: Option<NaiveDate>,
    /// 建设补助（单位元）。Subsidy for building it, in yuan.
    #[field(class = I, filter, order, sum, name = "subsidyYuan", unit = "元")]
    pub subsidy_fen: Option<i64>,
    /// 累计接待人次。Visits so far.
    #[field(class = P, filter, order, sum, unit = "人次")]
    pub visits: Option<i32>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = P, derived, hidden)]
    pub employer_key: Option<String>,
}
