//! Work injuries: recognition and appraisal.

use crate::record;

/// 工伤（认定与劳动能力鉴定，人力资源社会保障部门提供）。A case of work-injury recognition with its
/// appraisal of working ability, as provided by the HRSS department.
#[record(
    family = "WorkInjury",
    plural = "WorkInjuries",
    table = "work_injuries",
    source_key = "case_no",
    region = "region_code",
    industry = "key_industry",
    guarded = "diagnosed_at"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The employer of the worker.")]
#[link(name = "person", to = "Person", local = "person_key", foreign = "person_key", class = N,
    zh = "职工。", en = "The worker with the same identity number.")]
#[link(name = "accident", to = "Accident", local = "accident_ref", foreign = "number_ref", class = I,
    zh = "所涉事故。", en = "The accident that the case refers to.")]
#[link(name = "victim", to = "AccidentVictim", local = "injury_key", foreign = "injury_key", class = N,
    zh = "同一人在该事故的伤亡记录。", en = "The same person among the victims of that accident.")]
#[link(name = "diseaseCase", to = "OccupationalDiseaseCase", local = "disease_case_ref", foreign = "number_ref", class = N,
    zh = "所涉职业病病例。", en = "The occupational-disease case that the case refers to.")]
pub struct Model {
    /// 工伤认定案号（来源系统内唯一）。Number of the recognition case, unique in its source system.
    #[field(class = I, filter, order)]
    pub case_no: String,
    /// 职工姓名。Name of the worker.
    #[field(class = N, filter, order, indexed, pinyin, mask = "name", max = 60)]
    pub name: String,
    /// 证件类型。Kind of identity document.
    #[field(class = N, code = "id_type")]
    pub id_type: Option<String>,
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
    /// 参保地区划代码。Code of the region that insures the worker and decides the case.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业。Key industry of the employer.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 申请人类别（用人单位、职工、近亲属、工会）。Who applied: employer, worker, close relative or
    /// trade union.
    #[field(class = I, filter, group, code = "applicant_kind")]
    pub applicant_kind: Option<String>,
    /// 受伤日期（事故伤害发生之日；职业病为空，填诊断日期）。Day of the injury; null for an
    /// occupational disease, which has a day of diagnosis.
    #[field(class = I, filter, order, indexed, group)]
    pub injured_at: Option<NaiveDate>,
    /// 诊断日期（职业病诊断、鉴定之日）。Day on which the occupational disease was diagnosed.
    #[field(class = S, filter, group)]
    pub diagnosed_at: Option<NaiveDate>,
    /// 申请日期。Day on which recognition was applied for.
    #[field(class = I, filter, order)]
    pub applied_at: Option<NaiveDate>,
    /// 受理日期。Day on which the application was accepted.
    #[field(class = I, filter, order)]
    pub accepted_at: Option<NaiveDate>,
    /// 作出决定日期。Day on which the decision was made.
    #[field(class = I, filter, order, group)]
    pub decided_at: Option<NaiveDate>,
    /// 中止的总天数（已结束的中止，不计入期限）。Total days of suspensions that have ended; they do
    /// not count towards the time limit.
    #[field(class = I, filter, order, unit = "日")]
    pub suspended_days: Option<i32>,
    /// 现中止的起始日期（已恢复的为空）。First day of a suspension that continues; null if there is
    /// none.
    #[field(class = I, filter, order)]
    pub suspended_since: Option<NaiveDate>,
    /// 是否事实清楚、权利义务明确（十五日内作出决定）。Whether facts and obligations are clear, so
    /// that the decision is due within 15 days.
    #[field(class = I, filter, group)]
    pub simple_case: Option<bool>,
    /// 认定结论。Result of the recognition case.
    #[field(class = I, filter, order, group, code = "recognition_result")]
    pub result: Option<String>,
    /// 适用条款（工伤保险条例第十四至十六条）。Article of the Work Injury Insurance Regulations
    /// that was applied (14 to 16).
    #[field(class = I, filter, order, group, code = "recognition_article")]
    pub article: Option<String>,
    /// 受伤经过（可能含个人信息）。Course of the injury in words; may contain personal information.
    #[field(class = N, max = 4000)]
    pub course: Option<String>,
    /// 受伤部位。Part of the body that was injured.
    #[field(class = S, sealed)]
    pub body_part: Option<String>,
    /// 是否死亡。Whether the worker died.
    #[field(class = I, filter, group)]
    pub fatal: Option<bool>,
    /// 鉴定日期。Day of the appraisal of working ability.
    #[field(class = S, sealed)]
    pub appraised_at: Option<NaiveDate>,
    /// 伤残等级（一级最重，十级最轻）。Disability grade, from 1 (most severe) to 10 (least severe).
    #[field(class = S, filter, group, code = "disability_grade")]
    pub disability_grade: Option<String>,
    /// 生活自理障碍等级。Grade of dependence on care.
    #[field(class = S, filter, group, code = "care_grade")]
    pub care_grade: Option<String>,
    /// 所涉事故编号。Number of the accident that caused the injury.
    #[field(class = I, filter)]
    pub accident_no: Option<String>,
    /// 提供该事故的部门（默认应急）。Department that provides the accident; the emergency
    /// department by default.
    #[field(class = I, filter, code = "department")]
    pub accident_department: Option<String>,
    /// 该事故的来源系统（为空时取默认）。Source system of the accident; the default one if null.
    #[field(class = I)]
    pub accident_source_system: Option<String>,
    /// 所涉职业病报告卡编号。Number of the report card of the disease.
    #[field(class = N, filter)]
    pub disease_card_no: Option<String>,
    /// 该报告卡的来源系统（为空时取默认）。Source system of the report card; the default one if
    /// null.
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
