//! Employment spells: the 人员信息 that departments exchange.

use crate::record;

/// 用工记录（人员信息）。A person's employment with one employer: post, form of employment, dust
/// exposure and insurance.
#[record(
    family = "Employment",
    plural = "Employments",
    table = "employments",
    source_key = "employment_no",
    region = "region_code",
    industry = "key_industry",
    dated = "insured_from",
    until = "insured_to"
)]
#[link(name = "person", to = "Person", local = "person_key", foreign = "person_key", class = N,
    zh = "劳动者。", en = "The worker.")]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The employer of the worker.")]
pub struct Model {
    /// 用工编号（来源系统内唯一）。Number of the employment, unique in its source system.
    #[field(class = I, filter, order)]
    pub employment_no: String,
    /// 证件类型。Kind of identity document.
    #[field(class = N, code = "id_type")]
    pub id_type: String,
    /// 证件号码。Number of the worker's identity document.
    #[field(class = S, filter, sealed, key = "person_key", mask = "last_four", max = 30)]
    pub id_number: Option<String>,
    /// 用人单位信用代码（18 位）。Unified social credit code of the employer, 18 characters.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer in the source system, if it has no
    /// credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 参保地区划代码。Code of the region where the person is insured.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 重点行业。Key industry of the employment.
    #[field(class = I, filter, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 工种或岗位。Post or trade of the worker.
    #[field(class = I, filter)]
    pub post: Option<String>,
    /// 重点岗位类别（不是重点岗位时为空）。Category of key post; null for other posts.
    #[field(class = I, filter, group, code = "key_post")]
    pub key_post: Option<String>,
    /// 用工形式。Form of employment of the worker.
    #[field(class = I, filter, group, code = "employment_form")]
    pub employment_form: Option<String>,
    /// 开始接尘日期。First day of dust exposure in this employment.
    #[field(class = S, sealed)]
    pub dust_exposure_since: Option<NaiveDate>,
    /// 参保起始日期。First day of insurance against work injury.
    #[field(class = I, filter, order, indexed, group)]
    pub insured_from: Option<NaiveDate>,
    /// 参保终止日期（仍在参保时为空）。Last day of insurance; null while it continues.
    #[field(class = I, filter, order)]
    pub insured_to: Option<NaiveDate>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
