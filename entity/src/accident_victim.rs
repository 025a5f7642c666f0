//! Persons hurt in an accident.

use crate::record;

/// 事故伤亡人员（不限于本单位职工，不等同于工伤职工）。A person harmed in an accident, employed
/// there or not; not the same as a recognised work injury.
#[record(
    family = "AccidentVictim",
    plural = "AccidentVictims",
    table = "accident_victims",
    source_key = "victim_no",
    region = "region_code",
    industry = "key_industry"
)]
#[link(name = "accident", to = "Accident", local = "accident_ref", foreign = "ref", class = I,
    zh = "所属事故。", en = "The accident in which the person was harmed.")]
#[link(name = "person", to = "Person", local = "person_key", foreign = "person_key", class = N,
    zh = "劳动者。", en = "The worker with the same identity number.")]
#[link(name = "workInjury", to = "WorkInjury", local = "injury_key", foreign = "injury_key", class = N,
    zh = "同一人在同一事故的工伤。", en = "Work injury of the same person from the same accident.")]
pub struct Model {
    /// 伤亡人员编号（来源系统内唯一）。Number of the victim, unique in its source system.
    #[field(class = I, filter, order)]
    pub victim_no: String,
    /// 事故编号（同一部门、同一来源系统）。Number of the accident, of the same department and
    /// source system.
    #[field(class = I, filter)]
    pub accident_no: String,
    /// 姓名。Name of the victim.
    #[field(class = N, filter, order, indexed, pinyin, mask = "name", max = 60)]
    pub name: Option<String>,
    /// 证件类型。Kind of identity document.
    #[field(class = N, code = "id_type")]
    pub id_type: Option<String>,
    /// 证件号码。Number of the identity document.
    #[field(class = S, filter, sealed, key = "person_key", mask = "last_four", max = 30)]
    pub id_number: Option<String>,
    /// 性别。Sex of the victim.
    #[field(class = N, filter, group, code = "sex")]
    pub sex: Option<String>,
    /// 年龄（岁）。Age in years.
    #[field(class = N, filter, order, unit = "岁")]
    pub age: Option<i32>,
    /// 工种。Trade in which the victim worked.
    #[field(class = I, filter)]
    pub work_type: Option<String>,
    /// 工龄（月）。Length of service, in months.
    #[field(class = I, filter, order, unit = "月")]
    pub service_months: Option<i32>,
    /// 用工形式。Form of employment of the victim.
    #[field(class = I, filter, group, code = "employment_form")]
    pub employment_form: Option<String>,
    /// 伤害程度。Degree of injury, up to death.
    #[field(class = I, filter, order, group, code = "injury_degree")]
    pub injury_degree: String,
    /// 受伤部位。Part of the body that was injured.
    #[field(class = S, sealed)]
    pub body_part: Option<String>,
    /// 伤害性质。Nature of the injury.
    #[field(class = S, sealed)]
    pub injury_nature: Option<String>,
    /// 损失工作日。Number of workdays lost.
    #[field(class = I, filter, order, sum, unit = "日")]
    pub lost_workdays: Option<i32>,
    /// 死亡日期。Day on which the victim died.
    #[field(class = N, filter, order)]
    pub died_at: Option<NaiveDate>,
    /// 事前是否受过培训。Whether the victim was trained before the accident.
    #[field(class = I, filter, group)]
    pub trained_before: Option<bool>,
    /// 事故发生地区划代码（取自事故）。Code of the region, taken from the accident.
    #[field(class = I, filter, order, group, derived, code = "region")]
    pub region_code: String,
    /// 重点行业（取自事故）。Key industry, taken from the accident.
    #[field(class = I, filter, group, derived, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 事故标识。Key that links to the accident.
    #[field(class = I, derived, hidden)]
    pub accident_ref: String,
    /// 人与事故标识。Key that links the victim to a work injury.
    #[field(class = N, derived, hidden)]
    pub injury_key: Option<String>,
}
