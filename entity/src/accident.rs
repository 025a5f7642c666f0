//! Work-safety accidents.

use crate::record;

/// 生产安全事故（由负有监管职责的部门提供）。A work-safety accident, as provided by the department
/// responsible for it.
#[record(
    family = "Accident",
    plural = "Accidents",
    table = "accidents",
    source_key = "accident_no",
    region = "region_code",
    industry = "key_industry",
    dated = "occurred_at"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = P,
    zh = "事故发生单位。", en = "The employer where the accident happened.")]
#[link(name = "victims", to = "AccidentVictim", many, local = "ref", foreign = "accident_ref", class = P,
    zh = "伤亡人员。", en = "Persons killed, missing or injured in the accident.")]
#[link(name = "workInjuries", to = "WorkInjury", many, local = "number_ref", foreign = "accident_ref", class = I,
    zh = "由该事故引起的工伤。", en = "Work injuries caused by this accident.")]
pub struct Model {
    /// 事故编号（同一部门、同一来源系统内唯一）。Number of the accident in the reporting system,
    /// unique within department and source system.
    #[field(class = I, filter, order)]
    pub accident_no: String,
    /// 发生时间。When the accident happened.
    #[field(class = P, filter, order, indexed, group)]
    pub occurred_at: DateTimeUtc,
    /// 接报时间。When the accident was reported to the department.
    #[field(class = P, filter, order)]
    pub reported_at: Option<DateTimeUtc>,
    /// 事故发生地区划代码（决定统计与调查的管辖）。Code of the region where it happened, which
    /// decides who counts and who investigates it.
    #[field(class = P, filter, order, group, code = "region")]
    pub region_code: String,
    /// 事故地点。Place of the accident.
    #[field(class = I, filter, contains)]
    pub address: Option<String>,
    /// 事故发生单位信用代码（18 位）。Unified social credit code of the employer, 18 characters.
    #[field(class = P, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 事故发生单位编号（没有信用代码时）。Number of the employer in the source system, if it has
    /// no credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 事故发生单位名称。Name of the employer where it happened.
    #[field(class = P, filter, contains, order, indexed, pinyin)]
    pub employer_name: Option<String>,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = P, filter, order, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（主管部门标记优先，否则由行业代码推定）。Key industry as marked by the department,
    /// otherwise inferred from the industry code.
    #[field(class = P, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 事故类型（按发生日期适用的版本）。Type of accident, by the edition of the standard in force
    /// on the day.
    #[field(class = P, filter, order, group, code = "accident_type")]
    pub accident_type: String,
    /// 事故类型标准版本（由发生日期确定）。Edition of the standard for the accident type, decided
    /// by the day of the accident.
    #[field(class = P, filter, group, derived)]
    pub accident_type_edition: String,
    /// 死亡人数（三十日内；道路交通、火灾七日内）。Number of deaths within 30 days, for road
    /// traffic and fire within 7 days.
    #[field(class = P, filter, order, sum, unit = "人")]
    pub deaths: i32,
    /// 失踪人数（与死亡合并统计）。Number of missing persons; statistics count them with the
    /// deaths.
    #[field(class = P, filter, order, sum, unit = "人")]
    pub missing: i32,
    /// 重伤人数（损失工作日一百零五日以上）。Number of seriously injured persons (105 lost workdays
    /// or more).
    #[field(class = P, filter, order, sum, unit = "人")]
    pub serious_injuries: i32,
    /// 急性工业中毒人数（与重伤合并统计）。Number of acute industrial poisonings; statistics count
    /// them with the serious injuries.
    #[field(class = P, filter, order, sum, unit = "人")]
    pub acute_poisonings: i32,
    /// 轻伤人数。Number of persons with minor injuries.
    #[field(class = P, filter, order, sum, unit = "人")]
    pub minor_injuries: i32,
    /// 伤亡人数（死亡、失踪、重伤、急性中毒、轻伤之和）。Number of casualties: deaths, missing,
    /// serious injuries, acute poisonings and minor injuries together.
    #[field(class = P, filter, order, sum, derived, unit = "人")]
    pub casualties: i32,
    /// 直接经济损失（单位元）。Direct economic loss in yuan.
    #[field(class = P, filter, order, sum, name = "directLossYuan", unit = "元")]
    pub direct_loss_fen: Option<i64>,
    /// 事故等级（由死亡、重伤、损失推定，取最高；住建房屋市政工程设损失下限）。Grade of the
    /// accident, the highest by deaths, serious injuries or loss; for housing and municipal works a
    /// minimum loss applies.
    #[field(class = P, filter, order, group, derived, code = "accident_grade")]
    pub grade: Option<String>,
    /// 损失工作日。Number of workdays lost.
    #[field(class = I, filter, order, sum, unit = "日")]
    pub lost_workdays: Option<i32>,
    /// 是否危险化学品事故。Whether hazardous chemicals were involved.
    #[field(class = P, filter, group)]
    pub hazardous_chemical: Option<bool>,
    /// 是否道路交通事故。Whether it was a road-traffic accident.
    #[field(class = P, filter, group)]
    pub road_traffic: Option<bool>,
    /// 是否火灾事故。Whether it was a fire.
    #[field(class = P, filter, group)]
    pub fire: Option<bool>,
    /// 事故性质。Whether it was found to be an accident for which someone is responsible.
    #[field(class = P, filter, group, code = "accident_nature")]
    pub nature: Option<String>,
    /// 统计状态（快报、补充完善、调查认定、核销）。Statistical status: first report, completed,
    /// confirmed by investigation, or written off.
    #[field(class = I, filter, group, code = "accident_stat_status")]
    pub stat_status: Option<String>,
    /// 起因物。Object or substance that started the accident.
    #[field(class = I, filter)]
    pub cause_agent: Option<String>,
    /// 致害物。Object or substance that caused the injury.
    #[field(class = I, filter)]
    pub injury_agent: Option<String>,
    /// 事故经过（可能含个人信息，提交前应去除姓名）。Course of the accident in words; remove
    /// personal names before submitting.
    #[field(class = N, max = 4000)]
    pub course: Option<String>,
    /// 直接原因。Direct cause of the accident in words.
    #[field(class = I, max = 4000)]
    pub direct_cause: Option<String>,
    /// 批复日期。Day on which the investigation report was approved.
    #[field(class = I, filter, order)]
    pub approved_at: Option<NaiveDate>,
    /// 向人社部门通报的时间。When the HRSS department was notified.
    #[field(class = I, filter, order)]
    pub hrss_notified_at: Option<DateTimeUtc>,
    /// 向工会通报的时间。When the trade union was notified.
    #[field(class = I, filter, order)]
    pub union_notified_at: Option<DateTimeUtc>,
    /// 伤亡人数变化日期（最近一次）。Day on which the number of casualties last changed.
    #[field(class = I, filter, order)]
    pub toll_changed_at: Option<NaiveDate>,
    /// 补报伤亡人数变化的日期。Day on which that change was reported.
    #[field(class = I, filter, order)]
    pub toll_reported_at: Option<NaiveDate>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
