//! A store with one or two records of each protected kind, and others in which these are different
//! or not there.

use serde_json::json;

use crate::{
    samples::{
        CITY, COUNTY, OTHER_COUNTY, accident, disease, employer, hazard, injury, man, person,
        training, unit_year, uscc, victim, with,
    },
    support::{TestHub, row},
};

/// What a store holds.
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// Cases of disease and injuries are there.
    harmed: bool,
    /// Two cases have the disease and the day of diagnosis of the other.
    exchanged: bool,
    /// Benefits of the one employer of each county, in yuan.
    benefits: &'static str,
    /// Holders of key posts and persons are on the roll.
    roll: bool,
    /// Hazards are there.
    hazards: bool,
}

impl World {
    /// The store that others are compared with.
    pub const BASE: Self =
        Self { harmed: true, exchanged: false, benefits: "20000.00", roll: true, hazards: true };
    /// The others, each with the departments that may see nothing of the difference.
    pub const OTHERS: [(Self, &'static [&'static str]); 3] = [
        // They list cases and injuries, but not what somebody has; employers, but not what they
        // cost.
        (
            Self { exchanged: true, benefits: "21000.00", roll: false, ..Self::BASE },
            &["UNION", "EMERGENCY", "HOUSING", "TRANSPORT"],
        ),
        // They list nothing.
        (
            Self { harmed: false, benefits: "21000.00", roll: false, hazards: false, ..Self::BASE },
            &["FINANCE", "INDUSTRY", "MARKET"],
        ),
        // It holds the cases, and neither roll nor hazards.
        (Self { benefits: "21000.00", roll: false, hazards: false, ..Self::BASE }, &["HEALTH"]),
    ];

    /// Fills a hub.
    pub async fn load(self, hub: &TestHub) {
        hub.take("HRSS", "Employer", "e", vec![employer("E1", 1), employer("E2", 2)]).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "v", vec![victim("V1", "A1", &man(1))]).await;
        if self.hazards {
            hub.take(
                "EMERGENCY",
                "HazardRectification",
                "h",
                vec![with(hazard("H1", "REGISTERED"), json!({"deadline": "2024-06-05"}))],
            )
            .await;
        }
        if self.harmed {
            let one = json!({"regionCode": COUNTY, "diseaseCode": "RESP-01", "stage": "STAGE_1", "diagnosedAt": "2024-03-05"});
            let other = json!({"regionCode": COUNTY, "diseaseCode": "ENT-01", "stage": null, "diagnosedAt": "2023-03-05"});
            let (one, mut other) = if self.exchanged { (other, one) } else { (one, other) };
            other["regionCode"] = json!(OTHER_COUNTY);
            // One first diagnosis is one lead: two would be numbered in the order of identifiers,
            // which is nobody's.
            other["reportNature"] = json!("PROGRESSION");
            let reported = json!({"reportedOn": "2024-04-05"});
            let case = |number: &str, order: u32, changes| {
                with(with(disease(number, &man(order)), changes), reported.clone())
            };
            hub.take(
                "HEALTH",
                "OccupationalDiseaseCase",
                "d",
                vec![case("D1", 2, one), case("D2", 3, other)],
            )
            .await;
            hub.take(
                "HRSS",
                "WorkInjury",
                "w",
                vec![with(injury("W1", "A1", &man(1)), json!({"accidentDepartment": "EMERGENCY"}))],
            )
            .await;
        }
        if self.roll {
            let post = |number: u32| {
                row(json!({
                    "employmentNo": format!("M{number}"), "idType": "RESIDENT_ID", "idNumber": man(10 + number), "keyPost": "TEAM_LEADER",
                    "insuredFrom": "2020-01-01", "insuredTo": null, "regionCode": COUNTY, "keyIndustry": "COAL_MINE", "employerUscc": uscc(2),
                }))
            };
            hub.take("HRSS", "Employment", "m", vec![post(1), post(2)]).await;
            hub.take("HRSS", "Person", "p", vec![person("P1", &man(11))]).await;
        }
        hub.take(
            "HRSS",
            "TrainingRecord",
            "t",
            vec![with(training("T1", &man(11)), json!({"employerUscc": uscc(2)}))],
        )
        .await;
        let unit = |number: &str, year: i32, region: &str| {
            with(
                unit_year(number),
                json!({"year": year, "regionCode": region, "benefitMedicalYuan": self.benefits, "preventionYuan": self.benefits}),
            )
        };
        let units = vec![unit("Y1", 2023, COUNTY), unit("Y2", 2024, COUNTY)];
        hub.take("HRSS", "InsuredUnitYear", "u", units).await;
        for (department, year) in [("EMERGENCY", 2024), ("HEALTH", 2024), ("HEALTH", 2023)] {
            hub.sign(department, CITY, year, "").await;
        }
        let office = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
        hub.data(&office, &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ at }} }}"))
            .await;
    }
}
