//! Employers, as each department holds them.

use crate::record;

/// 用人单位（含建筑工地、矿山等没有自己信用代码的场所）。An employer or a workplace without a
/// credit code of its own (such as a building site or mine), as recorded by one department.
#[record(
    family = "Employer",
    plural = "Employers",
    table = "employers",
    source_key = "employer_no",
    region = "region_code",
    industry = "key_industry"
)]
#[link(name = "accidents", to = "Accident", many, local = "employer_key", foreign = "employer_key", class = P,
    zh = "该单位发生的事故。", en = "Accidents that happened at this employer.")]
#[link(name = "employments", to = "Employment", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位的用工记录。", en = "Employment records of this employer.")]
#[link(name = "workInjuries", to = "WorkInjury", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位职工的工伤。", en = "Work injuries of workers of this employer.")]
#[link(name = "diseaseCases", to = "OccupationalDiseaseCase", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位劳动者的职业病。", en = "Occupational-disease cases of workers of this employer.")]
#[link(name = "hazards", to = "HazardRectification", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位的事故隐患。", en = "Hazards at this employer.")]
#[link(name = "measurements", to = "ExposureMeasurement", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位的职业病危害因素检测。", en = "Exposure measurements at this employer.")]
#[link(name = "trainings", to = "TrainingRecord", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位人员的培训。", en = "Trainings of workers of this employer.")]
#[link(name = "insuredYears", to = "InsuredUnitYear", many, local = "employer_key", foreign = "employer_key", class = I,
    zh = "该单位的参保年度。", en = "Years in which this employer was insured.")]
pub struct Model {
    /// 单位编号（来源系统内唯一，如参保单位编号）。Number of the employer, unique in its source
    /// system, such as that of the insured unit.
    #[field(class = I, filter, order)]
    pub employer_no: String,
    /// 统一社会信用代码（GB 32100-2015；没有时为空并提示）。Unified social credit code; if it is
    /// missing, the submission gets a finding.
    #[field(class = P, filter, max = 18)]
    pub uscc: Option<String>,
    /// 单位名称。Name of the employer.
    #[field(class = P, filter, contains, order, indexed, pinyin)]
    pub name: String,
    /// 所在地区划代码（GB/T 2260 或本地功能区代码）。Code of the region where the employer
    /// operates, not where it was first registered.
    #[field(class = P, filter, order, group, code = "region")]
    pub region_code: String,
    /// 地址。Business address of the employer.
    #[field(class = I)]
    pub address: Option<String>,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = P, filter, order, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（主管部门标记优先，否则由行业代码推定）。Key industry as marked by the department,
    /// otherwise inferred from the industry code.
    #[field(class = P, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 经济类型。Economic type of the employer.
    #[field(class = I, filter, group, code = "economic_type")]
    pub economic_type: Option<String>,
    /// 企业规模。Size class of the enterprise.
    #[field(class = I, filter, group, code = "enterprise_scale")]
    pub scale: Option<String>,
    /// 参保人数。Number of persons insured against work injury.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub insured_persons: Option<i32>,
    /// 接尘人数。Number of workers exposed to dust.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub dust_exposed_persons: Option<i32>,
    /// 单位标识（信用代码或部门内编号）。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: String,
}
