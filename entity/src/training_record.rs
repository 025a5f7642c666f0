//! Trainings of persons.

use crate::record;

/// 培训记录（安全生产、职业卫生、工伤预防）。A person's training, with its examination.
#[record(
    family = "TrainingRecord",
    plural = "TrainingRecords",
    table = "training_records",
    source_key = "training_no",
    region = "region_code",
    industry = "key_industry",
    dated = "ended_on"
)]
#[link(name = "person", to = "Person", local = "person_key", foreign = "person_key", class = N,
    zh = "劳动者。", en = "The worker, where an identity number matches.")]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The employer.")]
pub struct Model {
    /// 培训记录编号（来源系统内唯一）。Number in the source system, unique there.
    #[field(class = I, filter, order)]
    pub training_no: String,
    /// 姓名。Name.
    #[field(class = N, filter, order, pinyin, mask = "name", max = 60)]
    pub name: String,
    /// 证件类型。Kind of identity document.
    #[field(class = N, code = "id_type")]
    pub id_type: Option<String>,
    /// 证件号码。Identity number.
    #[field(class = S, filter, sealed, key = "person_key", mask = "last_four", max = 30)]
    pub id_number: Option<String>,
    /// 用人单位信用代码。Credit code of the employer.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer where it has no credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 用人单位所在地区划代码。Region of the employer.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Industry code.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry, inferred from the industry code where it is
    /// not given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 重点岗位类别（不是重点岗位时为空）。Category of key post; empty for other posts.
    #[field(class = I, filter, group, code = "key_post")]
    pub key_post: Option<String>,
    /// 培训类别。What the training is about.
    #[field(class = I, filter, order, group, code = "training_domain")]
    pub training_domain: String,
    /// 培训方式。Online, offline or both.
    #[field(class = I, filter, group, code = "training_mode")]
    pub mode: String,
    /// 学时。Hours of instruction.
    #[field(class = I, filter, order, sum, unit = "学时")]
    pub hours: Option<i32>,
    /// 开始日期。First day.
    #[field(class = I, filter, order)]
    pub started_on: Option<NaiveDate>,
    /// 结束日期。Last day.
    #[field(class = I, filter, order, group)]
    pub ended_on: NaiveDate,
    /// 考核日期。Day of the examination.
    #[field(class = I, filter, order)]
    pub exam_at: Option<NaiveDate>,
    /// 考核是否合格。Whether the examination was passed.
    #[field(class = I, filter, group)]
    pub passed: Option<bool>,
    /// 合格证编号。Number of the certificate.
    #[field(class = N, mask = "last_four", max = 60)]
    pub certificate_no: Option<String>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
