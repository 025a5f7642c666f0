//! Measurements of hazard factors at workplaces.

use crate::record;

/// 工作场所职业病危害因素检测结果（有害物质浓度以微克每立方米计；物理因素按其单位）。A measurement
/// of a hazardous substance or physical factor at a workplace, compared with the exposure limit in
/// force on the day.
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
    zh = "用人单位。", en = "The employer whose workplace was measured.")]
pub struct Model {
    /// 检测编号（来源系统内唯一）。Number of the measurement, unique in its source system.
    #[field(class = I, filter, order)]
    pub measurement_no: String,
    /// 采样日期。Day on which the sample was taken.
    #[field(class = I, filter, order, indexed, group)]
    pub sampled_at: NaiveDate,
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
    /// 用人单位所在地区划代码。Code of the region of the workplace.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 行业代码（GB/T 4754-2017）。Code of the industry by GB/T 4754-2017.
    #[field(class = I, filter, group, code = "industry")]
    pub industry_code: Option<String>,
    /// 重点行业（未填时由行业代码推定）。Key industry; inferred from the industry code if not
    /// given.
    #[field(class = I, filter, order, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 岗位或工种。Post or trade that was measured.
    #[field(class = I, filter)]
    pub post: Option<String>,
    /// 检测点。Sampling point at the workplace.
    #[field(class = I, filter)]
    pub point: Option<String>,
    /// 职业病危害因素。Hazard factor that was measured.
    #[field(class = I, filter, order, group, code = "hazard_factor")]
    pub factor: String,
    /// 接触限值类型。Kind of exposure limit that the value is compared with.
    #[field(class = I, filter, group, code = "measure_kind")]
    pub measure_kind: String,
    /// 粉尘粒级（粉尘必填）。Particle-size fraction of the dust; required for dusts.
    #[field(class = I, filter, group, code = "dust_fraction")]
    pub dust_fraction: Option<String>,
    /// 检测值（微克每立方米；物理因素不填）。Measured concentration in micrograms per cubic metre;
    /// null for physical factors.
    #[field(class = I, filter, order, unit = "μg/m³")]
    pub value_ug: Option<i32>,
    /// 物理因素检测值（该因素单位的十分之一，噪声 85.2 dB(A) 填 852）。Value of a physical factor
    /// in tenths of its unit, for instance 852 for noise of 85.2 dB(A).
    #[field(class = I, filter, order, unit = "1/10")]
    pub physical_tenths: Option<i32>,
    /// 物理因素的单位（未填时按危害因素代码表）。Unit of the physical factor; by default that of
    /// the hazard-factor table.
    #[field(class = I, filter, max = 20)]
    pub physical_unit: Option<String>,
    /// 游离二氧化硅含量（千分比，限值由其决定的粉尘必填）。Free silica content of the dust in per
    /// mille; required if the limit depends on it.
    #[field(class = I, filter, order, unit = "‰")]
    pub free_silica_permille: Option<i32>,
    /// 接触人数。Number of workers exposed there.
    #[field(class = I, filter, order, sum, unit = "人")]
    pub exposed_workers: Option<i32>,
    /// 检测机构。Institution that made the measurement.
    #[field(class = I, filter)]
    pub institution: Option<String>,
    /// 个人防护用品。Personal protective equipment worn there.
    #[field(class = I)]
    pub protective_equipment: Option<String>,
    /// 游离二氧化硅分档（由含量确定）。Class of the free silica content, derived from
    /// `freeSilicaPermille`.
    #[field(class = I, filter, group, derived, code = "silica_class")]
    pub silica_class: Option<String>,
    /// 接触限值（微克每立方米，按采样日期有效的标准；没有依据时为空）。Exposure limit in micrograms
    /// per cubic metre by the standard in force on the day of sampling; null if none applies.
    #[field(class = I, filter, order, derived, unit = "μg/m³")]
    pub limit_ug: Option<i32>,
    /// 限值标准版本（由采样日期确定）。Edition of the standard for the limit, decided by the day of
    /// sampling.
    #[field(class = I, filter, group, derived)]
    pub limit_edition: Option<String>,
    /// 是否超标（没有限值时为空）。Whether the value exceeds the limit; null if there is no limit.
    #[field(class = I, filter, group, derived)]
    pub exceeded: Option<bool>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
