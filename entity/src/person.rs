//! Workers, as each department holds them.

use crate::record;

/// 劳动者（各部门分别提供，按证件号码的带密钥摘要关联，不按姓名合并）。A worker as recorded by one
/// department. Records of one person are linked by a keyed hash of the identity number, never
/// merged by name.
#[record(
    family = "Person",
    plural = "Persons",
    table = "persons",
    source_key = "person_no",
    region = "region_code",
    industry = "key_industry"
)]
#[link(name = "employments", to = "Employment", many, local = "person_key", foreign = "person_key", class = N,
    zh = "用工记录。", en = "Employment records of the worker.")]
#[link(name = "workInjuries", to = "WorkInjury", many, local = "person_key", foreign = "person_key", class = N,
    zh = "工伤。", en = "Work injuries of the worker.")]
#[link(name = "diseaseCases", to = "OccupationalDiseaseCase", many, local = "person_key", foreign = "person_key", class = N,
    zh = "职业病。", en = "Occupational-disease cases of the worker.")]
#[link(name = "accidentVictims", to = "AccidentVictim", many, local = "person_key", foreign = "person_key", class = N,
    zh = "事故伤亡记录。", en = "Records of the worker as an accident victim.")]
#[link(name = "trainings", to = "TrainingRecord", many, local = "person_key", foreign = "person_key", class = N,
    zh = "培训记录。", en = "Trainings of the worker.")]
#[link(name = "employer", to = "Employer", local = "employer_key", foreign = "employer_key", class = I,
    zh = "现用人单位。", en = "Present employer of the worker.")]
pub struct Model {
    /// 人员编号（来源系统内唯一）。Number of the person, unique in its source system.
    #[field(class = N, filter, order)]
    pub person_no: String,
    /// 姓名。Name of the worker.
    #[field(class = N, filter, order, indexed, pinyin, mask = "name", max = 60)]
    pub name: String,
    /// 证件类型。Kind of identity document.
    #[field(class = N, filter, group, code = "id_type")]
    pub id_type: String,
    /// 证件号码（GB 11643-1999；加密保存，只可整号匹配）。Number of the identity document (GB
    /// 11643-1999); encrypted, can only be matched as a whole.
    #[field(class = S, filter, sealed, key = "person_key", mask = "last_four", max = 30)]
    pub id_number: Option<String>,
    /// 性别。Sex of the worker.
    #[field(class = N, filter, group, code = "sex")]
    pub sex: Option<String>,
    /// 出生日期。Date of birth of the worker.
    #[field(class = N, filter, order)]
    pub birth_date: Option<NaiveDate>,
    /// 联系电话。Telephone number of the worker.
    #[field(class = N, sealed, mask = "last_four", max = 30)]
    pub phone: Option<String>,
    /// 居住地址。Home address of the worker.
    #[field(class = S, sealed, mask = "county")]
    pub residence_address: Option<String>,
    /// 参保地区划代码。Code of the region where the person is insured.
    #[field(class = I, filter, order, group, code = "region")]
    pub region_code: String,
    /// 重点行业（取自用人单位）。Key industry of the employer.
    #[field(class = I, filter, group, code = "key_industry")]
    pub key_industry: Option<String>,
    /// 用人单位信用代码（18 位）。Unified social credit code of the present employer, 18
    /// characters.
    #[field(class = I, filter, max = 18)]
    pub employer_uscc: Option<String>,
    /// 用人单位编号（没有信用代码时）。Number of the employer in the source system, if it has no
    /// credit code.
    #[field(class = I, filter)]
    pub employer_no: Option<String>,
    /// 单位标识。Key that links records of one employer.
    #[field(class = I, derived, hidden)]
    pub employer_key: Option<String>,
}
