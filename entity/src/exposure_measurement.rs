//! Measurements of hazard factors at workplaces.

use crate::record;

/// 工作场所职业病危害因素检测结果（有害物质浓度以微克每立方米计；物理因素按其单位）。A measured
/// concentration or physical factor at a workplace, judged against the exposure limit of the day.
#[record(
    family = "ExposureMeasurement",
    plural = "ExposureMeasurements",
    table = "exposure_measurements",
    source_key = "measurement_no",
    region = "region_code",
    industry = "key_industry",
    dated = "sampled_at"
)]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "用人单位。", en = "The employer.")]
pub struct Model {
    /// 检测编号（来源系统内唯一）。Number in the source system, unique there.
    #[field(class = I, filter, order)]
    pub measurement_no: String,
    /// 采样日期。Day of the sample.
    #[field(class = I, filter, order, group)]
    pub sampled_at: NaiveDate,
    /// 用人单位信用代码。Credit code of the employer.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer where it has no credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 用人单位名称。Name of the employer.
    #[field(class = I, filter, contains, order, pinyin)]
    pub employer_name: Option<String>,
    /// 用人单位所在地区划代码。Region of the workplace.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Industry code.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry, inferred from the industry code where it is
    /// not given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 岗位或工种。Post or trade that was measured.
    #[field(class = I, filter)]
    pub post: Option<String>,
    /// 检测点。Sampling point.
    #[field(class = I, filter)]
    pub point: Option<String>,
    /// 职业病危害因素。Hazard factor.
    #[field(class = I, filter, order, group, code = "hazard_factor")]
    pub factor: String,
    /// 接触限值类型。Kind of limit the value is measured for.
    #[field(class = I, filter, group, code = "measure_kind")]
    pub measure_kind: String,
    /// 粉尘粒级（粉尘必填）。Fraction of the dust; dust always states it.
    #[field(class = I, filter, group, code = "dust_fraction")]
    pub dust_fraction: Option<String>,
    /// 检测值（微克每立方米；物理因素不填）。Measured value in micrograms per cubic metre; none for
    /// physical factors.
    #[field(class = I, filter, order, unit = "μg/m³")]
    pub value_ug: Option<i32>,
    /// 物理因素检测值（该因素单位的十分之一，噪声 85.2 dB(A) 填 852）。Value of a physical factor
    /// in tenths of its unit: noise of 85.2 dB(A) is 852.
    #[field(class = I, filter, order)]
    pub physical_tenths: Option<i32>,
    /// 物理因素的单位（未填时按危害因素代码表）。Unit of the physical factor, that of the code
    /// table where it is not given.
    #[field(class = I, filter, max = 20)]
    pub physical_unit: Option<String>,
    /// 游离二氧化硅含量（千分比，限值由其决定的粉尘必填）。Share of free silica per mille; needed
    /// where the limit depends on it.
    #[field(class = I, filter, order, unit = "‰")]
    pub free_silica_permille: Option<i32>,
    /// 接触人数。Workers exposed there.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub exposed_workers: Option<i32>,
    /// 检测机构。Institution that measured.
    #[field(class = I, filter)]
    pub institution: Option<String>,
    /// 个人防护用品。Protective equipment worn there.
    #[field(class = I)]
    pub protective_equipment: Option<String>,
    /// 游离二氧化硅分档（由含量确定）。Class of the silica share, decided by the share.
    #[field(class = I, filter, group, derived, code = "silica_class")]
    pub silica_class: Option<String>,
    /// 接触限值（微克每立方米，按采样日期有效的标准；没有依据时为空）。Limit in force on the day of
    /// the sample; empty where none is known.
    #[field(class = I, filter, order, derived, unit = "μg/m³")]
    pub limit_ug: Option<i32>,
    /// 限值标准版本（由采样日期确定）。Edition of the limit, decided by the day of the sample.
    #[field(class = I, filter, group, derived)]
    pub limit_edition: Option<String>,
    /// 是否超标（没有限值时为空）。Whether the value exceeds the limit; empty without a limit.
    #[field(class = I, filter, group, derived)]
    pub exceeded: Option<bool>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
