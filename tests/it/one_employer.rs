//! A count of cases that may not be listed says nothing of one employer: not even that it has some.

use serde_json::json;

use crate::{
    samples::{CITY, disease, man, uscc, with},
    support::{TestHub, backends},
};

#[tokio::test]
async fn a_group_of_one_or_two_employers_is_not_told_however_many_cases_it_has() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let case = |number: u32, industry: &str, employer: u32| {
            let own = json!({"industryCode": industry, "keyIndustry": null, "employerUscc": uscc(employer)});
            with(disease(&format!("D{number}"), &man(number)), own)
        };
        let mut cases: Vec<_> = (1..20).map(|number| case(number, "0610", 1)).collect();
        cases.extend((20..40).map(|number| case(number, "0910", 2 + number % 2)));
        cases.extend((40..60).map(|number| case(number, "3011", 4 + number % 4)));
        hub.take("HEALTH", "OccupationalDiseaseCase", "cases", cases).await;
        let question =
            "{ occupationalDiseaseCaseStats(groupBy: [INDUSTRY_CODE]) { keys { value } count } }";
        let told = async |department: &str| {
            let data = hub.data(&hub.reader(department, CITY), question).await;
            let groups = data["occupationalDiseaseCaseStats"].as_array().expect("groups").clone();
            let named = groups.iter().filter_map(|group| group["keys"][0]["value"].as_str());
            named.map(ToOwned::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(told("HEALTH").await, ["0610", "0910", "3011"], "{backend:?}");
        assert_eq!(told("HOUSING").await, ["3011"], "{backend:?}");
    }
}
