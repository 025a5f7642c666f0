//! One year of an insured unit: rate, premium, benefits, injuries.

use crate::record;

/// 参保单位年度（费率、缴费、基金支付的待遇、新增工伤）。One calendar year of an insured unit.
/// Amounts that may be one person's benefit or a business secret are class N.
#[record(
    family = "InsuredUnitYear",
    plural = "InsuredUnitYears",
    table = "insured_unit_years",
    source_key = "unit_year_no",
    region = "region_code",
    industry = "key_industry"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The insured employer.")]
pub struct Model {
    /// 单位年度编号（来源系统内唯一）。Number of the unit and year, unique in its source system.
    #[field(class = I, filter, order)]
    pub unit_year_no: String,
    /// 年度。Calendar year of the figures.
    #[field(class = I, filter, order, indexed, group)]
    pub year: i32,
    /// 参保单位编号。Number of the insured unit.
    #[field(class = I, filter, order)]
    pub insured_unit_no: Option<String>,
    /// 用人单位信用代码（18 位）。Unified social credit code of the employer, 18 characters.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer in the source system, if it has no
    /// credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 用人单位名称。Name of the employer.
    #[field(class = I, filter, contains, order, indexed, pinyin)]
    pub employer_name: Option<String>,
    /// 参保地区划代码。Code of the region where the unit is insured.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry; inferred from the industry code if not
    /// given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 首次参保日期。Day on which the unit was first insured.
    #[field(class = I, filter, order)]
    pub insured_since: Option<NaiveDate>,
    /// 行业风险类别（一至八类）。Risk class of the industry, 1 (lowest) to 8 (highest).
    #[field(class = I, filter, order, group)]
    pub risk_class: i32,
    /// 基准费率（十万分之一）。Base premium rate in 1/100000 of the wage bill.
    #[field(class = I, filter, order, name = "baseRatePer100000", unit = "1/100000")]
    pub base_rate_per_100000: i32,
    /// 浮动档次。Step by which the premium rate is raised or lowered.
    #[field(class = I, filter, order, group, code = "float_step")]
    pub float_step: String,
    /// 浮动后费率（十万分之一，由基准费率和档次得出；不能整除时为空）。Premium rate after the step,
    /// in 1/100000 of the wage bill; null if it is not a whole number.
    #[field(class = I, filter, order, derived, name = "floatedRatePer100000", unit = "1/100000")]
    pub floated_rate_per_100000: Option<i32>,
    /// 参保人数（月平均）。Number of insured persons, monthly average of the year.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub insured_persons: i32,
    /// 缴费工资总额（单位元）。Total wages on which premiums are due, in yuan.
    #[field(class = N, filter, order, sum, name = "wageBillYuan", unit = "元")]
    pub wage_bill_fen: Option<i64>,
    /// 应缴工伤保险费（单位元）。Work-injury insurance premium due, in yuan.
    #[field(class = N, filter, order, sum, name = "premiumDueYuan", unit = "元")]
    pub premium_due_fen: Option<i64>,
    /// 实缴工伤保险费（单位元）。Work-injury insurance premium paid, in yuan.
    #[field(class = N, filter, order, sum, name = "premiumPaidYuan", unit = "元")]
    pub premium_paid_fen: Option<i64>,
    /// 基金支付的医疗、康复和辅助器具待遇（单位元）。Benefits for medical treatment, rehabilitation
    /// and assistive devices paid by the fund, in yuan.
    #[field(class = N, filter, order, sum, name = "benefitMedicalYuan", unit = "元")]
    pub benefit_medical_fen: Option<i64>,
    /// 基金支付的伤残待遇（单位元）。Disability benefits paid by the fund, in yuan.
    #[field(class = N, filter, order, sum, name = "benefitDisabilityYuan", unit = "元")]
    pub benefit_disability_fen: Option<i64>,
    /// 基金支付的工亡待遇（单位元）。Death benefits paid by the fund, in yuan.
    #[field(class = N, filter, order, sum, name = "benefitDeathYuan", unit = "元")]
    pub benefit_death_fen: Option<i64>,
    /// 基金支付的其他待遇（单位元）。Other benefits paid by the fund, in yuan.
    #[field(class = N, filter, order, sum, name = "benefitOtherYuan", unit = "元")]
    pub benefit_other_fen: Option<i64>,
    /// 基金支付的待遇合计（单位元，不含单位支付的待遇和预防费）。Total benefits paid by the fund,
    /// in yuan; excludes what the employer pays and the prevention fee.
    #[field(class = N, filter, order, sum, derived, name = "benefitsYuan", unit = "元")]
    pub benefits_fen: Option<i64>,
    /// 由单位支付的待遇（单位元，不计入支缴率）。Benefits paid by the employer itself, in yuan; not
    /// part of the benefit ratio.
    #[field(class = N, filter, order, sum, name = "employerPaidYuan", unit = "元")]
    pub employer_paid_fen: Option<i64>,
    /// 使用的工伤预防费（单位元，不计入支缴率）。Prevention fee spent on the unit, in yuan; not
    /// part of the benefit ratio.
    #[field(class = N, filter, order, sum, name = "preventionYuan", unit = "元")]
    pub prevention_fen: Option<i64>,
    /// 支缴率区间（由基金支付的待遇与实缴保险费得出）。Band of the ratio of benefits paid by the
    /// fund to premium paid.
    #[field(class = I, filter, order, group, derived, code = "burden_band")]
    pub burden_band: Option<String>,
    /// 新增工伤人数。Number of persons with a new work injury in the year.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub new_injuries: Option<i32>,
    /// 其中工亡人数。Number of deaths among `newInjuries`.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub new_deaths: Option<i32>,
    /// 其中重伤人数。Number of serious injuries among `newInjuries`.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub new_serious: Option<i32>,
    /// 其中职业病人数。Number of occupational diseases among `newInjuries`.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub new_disease_cases: Option<i32>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
