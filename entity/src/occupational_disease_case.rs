//! Occupational-disease cases.

use crate::record;

/// 职业病病例（卫生健康部门提供；病名、期别等编码供统计，医学细节加密）。A diagnosed case of
/// occupational disease, as reported to the health authority.
#[record(
    family = "OccupationalDiseaseCase",
    plural = "OccupationalDiseaseCases",
    table = "occupational_disease_cases",
    source_key = "card_no",
    region = "region_code",
    industry = "key_industry",
    dated = "diagnosed_at"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = P,
    zh = "用人单位。", en = "The employer of the worker.")]
#[link(name = "person", to = "Person", local = "person_key", foreign = "person_key", class = N,
    zh = "劳动者。", en = "The worker with the same identity number.")]
#[link(name = "workInjuries", to = "WorkInjury", many, local = "number_ref", foreign = "disease_case_ref", class = N,
    zh = "由该病例引起的工伤。", en = "Work injuries that refer to this case.")]
pub struct Model {
    /// 报告卡编号（来源系统内唯一）。Number of the report card, unique in its source system.
    #[field(class = I, filter, order)]
    pub card_no: String,
    /// 报告性质（首次诊断、晋期、死亡、调转）。Nature of the report; only first diagnoses count in
    /// the share of pneumoconiosis.
    #[field(class = I, filter, order, group, code = "report_nature")]
    pub report_nature: String,
    /// 姓名。Name of the worker.
    #[field(class = N, filter, order, indexed, pinyin, mask = "name", max = 60)]
    pub name: String,
    /// 性别。Sex of the worker.
    #[field(class = N, filter, group, code = "sex")]
    pub sex: Option<String>,
    /// 出生日期。Date of birth of the worker.
    #[field(class = N, filter, order)]
    pub birth_date: Option<NaiveDate>,
    /// 证件类型。Kind of identity document.
    #[field(class = N, code = "id_type")]
    pub id_type: Option<String>,
    /// 证件号码。Number of the worker's identity document.
    #[field(class = S, filter, sealed, key = "person_key", mask = "last_four", max = 30)]
    pub id_number: Option<String>,
    /// 联系电话。Telephone number of the worker.
    #[field(class = N, sealed, mask = "last_four", max = 30)]
    pub phone: Option<String>,
    /// 现住址。Home address of the worker.
    #[field(class = S, sealed, mask = "county")]
    pub residence_address: Option<String>,
    /// 用人单位信用代码（18 位）。Unified social credit code of the employer, 18 characters.
    #[field(class = P, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer in the source system, if it has no
    /// credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 用人单位名称。Name of the employer.
    #[field(class = P, filter, contains, order, indexed, pinyin)]
    pub employer_name: Option<String>,
    /// 用人单位所在地区划代码（报告卡的管辖地区）。Code of the region of the employer, to which the
    /// report card belongs.
    #[field(class = P, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = P, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业。Key industry of the employer.
    #[field(class = P, filter, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 工种。Trade in which the worker was exposed.
    #[field(class = I, filter)]
    pub work_type: Option<String>,
    /// 职业病危害因素。Hazard factors the worker was exposed to.
    #[field(class = I, codes = "hazard_factor", max = 400)]
    pub hazard_factors: Option<String>,
    /// 开始接触日期。First day of exposure to the hazard.
    #[field(class = S, sealed)]
    pub exposure_start: Option<NaiveDate>,
    /// 实际接害工龄（月；年数乘十二加月数，取整不进位）。Length of actual exposure in months: years
    /// times twelve plus months, never rounded up.
    #[field(class = S, filter, order, derived, unit = "月")]
    pub exposure_months_total: Option<i32>,
    /// 实际接害工龄之年数。Whole years of actual exposure, without the remaining months.
    #[field(class = S, unit = "年")]
    pub exposure_years: Option<i32>,
    /// 实际接害工龄之月数（不足一年部分）。Months of actual exposure beyond the whole years.
    #[field(class = S, unit = "月")]
    pub exposure_months: Option<i32>,
    /// 接尘工龄是否不足五年（不足六十个月）。Whether the worker was exposed for less than five
    /// years (60 months).
    #[field(class = I, filter, group, derived)]
    pub under_five_years: Option<bool>,
    /// 职业病种类（由病名和目录版本确定）。Class of disease, derived from the disease and the
    /// edition of the catalogue.
    #[field(class = S, filter, group, derived, code = "disease_class")]
    pub disease_class: Option<String>,
    /// 病名（职业病分类和目录）。Disease, by the national catalogue of occupational diseases.
    #[field(class = S, filter, group, code = "disease")]
    pub disease_code: String,
    /// 目录版本（由诊断日期确定）。Edition of the disease catalogue, decided by the day of
    /// diagnosis.
    #[field(class = I, filter, group, derived)]
    pub catalogue_edition: String,
    /// 尘肺类别。Kind of pneumoconiosis.
    #[field(class = S, filter, group, code = "pneumoconiosis_kind")]
    pub pneumoconiosis_kind: Option<String>,
    /// 尘肺期别（来源代码二、三、四分别为壹、贰、叁期）。Stage of pneumoconiosis; source codes 2, 3
    /// and 4 are stages I, II and III.
    #[field(class = S, filter, group, code = "pneumoconiosis_stage")]
    pub stage: Option<String>,
    /// 是否合并肺结核。Whether the pneumoconiosis is combined with tuberculosis.
    #[field(class = S, sealed)]
    pub tuberculosis: Option<bool>,
    /// 诊断日期。Day on which the disease was diagnosed.
    #[field(class = S, filter, order, indexed, group)]
    pub diagnosed_at: NaiveDate,
    /// 报告日期。Day on which the case was reported.
    #[field(class = I, filter, order, group, name = "reportedOn", kept = "reportedAt")]
    pub reported_at: Option<NaiveDate>,
    /// 诊断机构。Institution that made the diagnosis.
    #[field(class = I, filter)]
    pub diagnosing_institution: Option<String>,
    /// 诊断证明书编号。Number of the diagnosis certificate.
    #[field(class = S, sealed, max = 60)]
    pub certificate_no: Option<String>,
    /// 死亡日期。Day on which the worker died.
    #[field(class = S, sealed)]
    pub died_at: Option<NaiveDate>,
    /// 死亡原因。Cause of death.
    #[field(class = S, sealed)]
    pub death_cause: Option<String>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
