//! Education bases and campaigns: one base in each county, in whichever state, and the campaigns of
//! each year of the plan but for one that every third county does not hold.

use entity::{campaign, education_base};
use serde_json::{Map, Value};

use super::{row::SeedRow, scale::SeedSite};

const TOPIC: u64 = 17;

/// Years with campaigns.
const YEARS: [i32; 3] = [2022, 2023, 2024];

/// The base of a county: named, being built or only planned.
pub(super) fn base(site: &SeedSite) -> Map<String, Value> {
    use education_base::names as field;
    let code = site.place.code.as_str();
    let row = SeedRow::default()
        .text(field::BASE_NO, format!("JD-{code}-1"))
        .text(field::NAME, format!("{}工伤预防警示教育基地", site.place.full_name))
        .text(field::PLANNED_ON, "2022-09-01")
        .text(field::REGION_CODE, code)
        .text(field::KEY_INDUSTRY, "COAL_MINE")
        .text(field::THEME, "煤尘肺和顶板事故预防");
    match site.stream(TOPIC, 0).below(3) {
        0 => row
            .text(field::BASE_STATUS, "NAMED")
            .text(field::ZONES, "CASES|KNOWLEDGE|EXPERIENCE")
            .text(field::BASE_CLASS, "CLASS_2")
            .text(field::OPENED_ON, "2023-06-01")
            .text(field::EVALUATED_ON, "2023-09-12")
            .text(field::PUBLISHED_ON, "2023-09-20")
            .text(field::NAMED_ON, "2023-10-08")
            .number(field::VISITS, 640_u32)
            .done(),
        1 => row.text(field::BASE_STATUS, "BUILDING").done(),
        _ => row.text(field::BASE_STATUS, "PLANNED").done(),
    }
}

/// The campaigns of a county.
pub(super) fn campaigns(site: &SeedSite) -> Vec<Map<String, Value>> {
    use campaign::names as field;
    let code = site.place.code.as_str();
    let skipped = site.stream(TOPIC, 1).below(3) == 0;
    let of = |year: i32, kind: &str, theme: &str, month: u32, reached: u32| {
        SeedRow::default()
            .text(field::CAMPAIGN_NO, format!("XC-{code}-{year}-{kind}"))
            .text(field::CAMPAIGN_KIND, kind)
            .text(field::THEME, theme)
            .text(field::STARTED_ON, format!("{year}-{month:02}-10"))
            .text(field::ENDED_ON, format!("{year}-{month:02}-16"))
            .text(field::REGION_CODE, code)
            .text(field::MEDIA, "WEB|SOCIAL|ONSITE")
            .text(field::SUBJECTS, "INJURY|DISEASE")
            .number(field::REACHED, reached)
            .done()
    };
    YEARS
        .into_iter()
        .flat_map(|year| {
            [
                Some(of(year, "ANNUAL_THEME", "工伤预防，守护平安", 3, 1_200)),
                (year < 2024 || !skipped)
                    .then(|| of(year, "CONCENTRATED", "工伤保险集中宣传周", 7, 800)),
            ]
        })
        .flatten()
        .collect()
}
