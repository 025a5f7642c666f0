//! Candidates for the person a record is about, where no identity number says who it is.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, disease, man, person, uscc, with},
    support::{TestHub, backends},
};

#[tokio::test]
async fn of_many_of_the_name_those_that_agree_in_more_are_shown_first() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let mut rows: Vec<_> = (1..=30)
            .map(|order| {
                with(person(&format!("P{order}"), &man(order)), json!({"birthDate": "1901-01-10"}))
            })
            .collect();
        let elsewhere = json!({"birthDate": "1901-01-10", "employerUscc": uscc(2)});
        rows.push(with(person("P31", &man(31)), elsewhere));
        let both = json!({"birthDate": "1901-01-11", "employerUscc": uscc(2)});
        rows.push(with(person("P32", &man(502)), both.clone()));
        hub.take("HRSS", "Person", "p", rows).await;
        let case = with(with(disease("D1", ""), json!({"idNumber": null})), both);
        hub.take("HEALTH", "OccupationalDiseaseCase", "d", vec![case]).await;
        let token = hub.reader("HRSS", CITY);
        let list = hub.data(&token, "{ occupationalDiseaseCases { nodes { id } } }").await;
        let id = list["occupationalDiseaseCases"]["nodes"][0]["id"].as_str().expect("a case");
        let query =
            format!("{{ personCandidates(id: \"{id}\") {{ reasons person {{ personNo }} }} }}");
        let found = hub.data(&token, &query).await["personCandidates"].clone();
        let found = found.as_array().expect("candidates");
        let told = |place: usize| (&found[place]["person"]["personNo"], &found[place]["reasons"]);
        assert_eq!(found.len(), 20, "{backend:?}");
        assert_eq!(told(0), (&json!("P32"), &json!(["NAME", "BIRTH_DATE", "EMPLOYER"])));
        assert_eq!(told(1), (&json!("P31"), &json!(["NAME", "EMPLOYER"])));
        assert!(found[2..].iter().all(|own| own["reasons"] == json!(["NAME"])), "{found:?}");
        let mut numbers: Vec<&str> =
            found.iter().filter_map(|own: &Value| own["person"]["personNo"].as_str()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 20, "each once");
    }
}
