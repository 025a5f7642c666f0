//! Work injuries: recognition and appraisal.

use crate::record;

/// 工伤（认定与劳动能力鉴定，人力资源社会保障部门提供）。A recognition case with its appraisal, as
/// held by the social-security authority.
#[record(
    family = "WorkInjury",
    plural = "WorkInjuries",
    table = "work_injuries",
    source_key = "case_no",
    region = "region_code",
    industry = "key_industry"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The employer.")]
#[link(name = "person", to = "Person", local = "person_key", foreign = "person_key", class = N,
    zh = "职工。", en = "The worker, where an identity number matches.")]
#[link(name = "accident", to = "Accident", local = "accident_ref", foreign = "number_ref", class = I,
    zh = "所涉事故。", en = "The accident it names.")]
#[link(name = "victim", to = "AccidentVictim", local = "injury_key", foreign = "injury_key", class = N,
    zh = "同一人在该事故的伤亡记录。", en = "The entry of the same person in that accident.")]
#[link(name = "diseaseCase", to = "OccupationalDiseaseCase", local = "disease_case_ref", foreign = "number_ref", class = N,
    zh = "所涉职业病病例。", en = "The disease case it names.")]
pub struct Model {
    /// 工伤认定案号（来源系统内唯一）。Number of the recognition case, unique in its system.
    #[field(class = I, filter, order)]
    pub case_no: String,
    /// 职工姓名。Name of the worker.
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
    /// 参保地区划代码。Region that insures and recognises.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Industry code.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业。Key industry.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 申请人类别。Who applied.
    #[field(class = I, filter, group, code = "applicant_kind")]
    pub applicant_kind: Option<String>,
    /// 受伤日期（职业病为诊断日期）。Day of the injury; for a disease the day of diagnosis.
    #[field(class = I, filter, order, group)]
    pub injured_at: NaiveDate,
    /// 申请日期。Day of the application.
    #[field(class = I, filter, order)]
    pub applied_at: Option<NaiveDate>,
    /// 受理日期。Day of acceptance.
    #[field(class = I, filter, order)]
    pub accepted_at: Option<NaiveDate>,
    /// 作出决定日期。Day of the decision.
    #[field(class = I, filter, order, group)]
    pub decided_at: Option<NaiveDate>,
    /// 中止的总天数（已结束的中止，不计入期限）。Days of suspensions that have ended; they do not
    /// count towards the term.
    #[field(class = I, filter, order, unit = "日")]
    pub suspended_days: Option<i32>,
    /// 现中止的起始日期（已恢复的为空）。First day of a suspension that still lasts.
    #[field(class = I, filter, order)]
    pub suspended_since: Option<NaiveDate>,
    /// 是否事实清楚、权利义务明确（十五日内作出决定）。Whether facts and duties are clear, so that
    /// 15 days hold for the decision.
    #[field(class = I, filter, group)]
    pub simple_case: Option<bool>,
    /// 认定结论。Result.
    #[field(class = I, filter, order, group, code = "recognition_result")]
    pub result: Option<String>,
    /// 适用条款（工伤保险条例第十四至十六条）。Article applied.
    #[field(class = I, filter, order, group, code = "recognition_article")]
    pub article: Option<String>,
    /// 受伤经过（可能含个人信息）。Course of the injury.
    #[field(class = N, max = 4000)]
    pub course: Option<String>,
    /// 受伤部位。Part of the body.
    #[field(class = S, sealed)]
    pub body_part: Option<String>,
    /// 是否死亡。Whether the worker died.
    #[field(class = I, filter, group)]
    pub fatal: Option<bool>,
    /// 鉴定日期。Day of the appraisal.
    #[field(class = S, sealed)]
    pub appraised_at: Option<NaiveDate>,
    /// 伤残等级（一级最重，十级最轻）。Disability grade, 1 the worst.
    #[field(class = S, filter, group, code = "disability_grade")]
    pub disability_grade: Option<String>,
    /// 生活自理障碍等级。Grade of dependency on care.
    #[field(class = S, filter, group, code = "care_grade")]
    pub care_grade: Option<String>,
    /// 所涉事故编号。Number of the accident.
    #[field(class = I, filter)]
    pub accident_no: Option<String>,
    /// 提供该事故的部门（默认应急）。Department that holds the accident; the emergency department
    /// by default.
    #[field(class = I, filter, code = "department")]
    pub accident_department: Option<String>,
    /// 该事故的来源系统（为空时取默认）。Source system of the accident; the default one when empty.
    #[field(class = I)]
    pub accident_source_system: Option<String>,
    /// 所涉职业病报告卡编号。Number of the disease report card.
    #[field(class = N, filter)]
    pub disease_card_no: Option<String>,
    /// 该报告卡的来源系统（为空时取默认）。Source system of the report card; the default one when
    /// empty.
    #[field(class = N)]
    pub disease_card_source_system: Option<String>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
    /// 事故标识。Key that links to the accident.
    #[field(class = I, derived, hidden)]
    pub accident_ref: Option<String>,
    /// 病例标识。Key that links to the disease case.
    #[field(class = N, derived, hidden)]
    pub disease_case_ref: Option<String>,
    /// 人与事故标识。Key that links the injury to a victim.
    #[field(class = N, derived, hidden)]
    pub injury_key: Option<String>,
}
