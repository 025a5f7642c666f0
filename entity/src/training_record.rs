//! Trainings of persons.

use crate::record;

/// 培训记录（安全生产、职业卫生、工伤预防）。A training attended by a person, with its examination:
/// work safety, occupational health or injury prevention.
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
    zh = "劳动者。", en = "The worker with the same identity number.")]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The employer of the worker.")]
pub struct Model {
    /// 培训记录编号（来源系统内唯一）。Number of the training record, unique in its source system.
    #[field(class = I, filter, order)]
    pub training_no: String,
    /// 姓名。Name of the person trained.
    #[field(class = N, filter, order, indexed, pinyin, mask = "name", max = 60)]
    pub name: String,
    /// 证件类型。Kind of identity document.
    #[field(class = N, code = "id_type")]
    pub id_type: Option<String>,
    /// 证件号码。Number of the person's identity document.
    #[field(class = S, filter, sealed, key = "person_key", mask = "last_four", max = 30)]
    pub id_number: Option<String>,
    /// 用人单位信用代码（18 位）。Unified social credit code of the employer, 18 characters.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer in the source system, if it has no
    /// credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 用人单位所在地区划代码。Code of the region of the employer.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry; inferred from the industry code if not
    /// given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 重点岗位类别（不是重点岗位时为空）。Category of key post; null for other posts.
    #[field(class = I, filter, group, code = "key_post")]
    pub key_post: Option<String>,
    /// 培训类别。Subject of the training: work safety, occupational health or injury prevention.
    #[field(class = I, filter, order, group, code = "training_domain")]
    pub training_domain: String,
    /// 培训方式（线上、线下或两者结合）。Whether the training was online, offline or both.
    #[field(class = I, filter, group, code = "training_mode")]
    pub mode: String,
    /// 学时。Number of hours of instruction.
    #[field(class = I, filter, order, sum, unit = "学时")]
    pub hours: Option<i32>,
    /// 开始日期。First day of the training.
    #[field(class = I, filter, order)]
    pub started_on: Option<NaiveDate>,
    /// 结束日期。Last day of the training.
    #[field(class = I, filter, order, indexed, group)]
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
