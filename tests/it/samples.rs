//! Rows that every rule accepts, to be changed where a test needs something else, and short ways to
//! ask for things. Persons are made up: born between 1900 and 1903.

use axum::http::Request;
use lianfang::submit::verdict::{Answer, Mode, RowOutcome};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::support::{Row, TestHub, row};

/// City of most tests, two of its counties, and a county of another city.
pub const CITY: &str = "140600";
pub const COUNTY: &str = "140602";
pub const OTHER_COUNTY: &str = "140603";
pub const FOREIGN_COUNTY: &str = "140212";

/// An identity number with its check character.
pub fn identity(address: &str, born: &str, order: u32) -> String {
    let body = format!("{address}{born}{order:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight)
        .sum();
    let check = "10X98765432".chars().nth(sum as usize % 11).expect("a check character");
    format!("{body}{check}")
}

/// The identity number of the nth made-up man.
pub fn man(order: u32) -> String {
    identity(
        "140602",
        &format!("1901{:02}{:02}", order / 5000 % 12 + 1, order / 500 % 10 + 10),
        order % 500 * 2 + 1,
    )
}

/// The credit code of the nth made-up employer.
pub fn uscc(order: u32) -> String {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut organisation = String::new();
    let mut rest = order;
    for _ in 0..6 {
        organisation.insert(0, LETTERS.chars().nth(rest as usize % 31).expect("a letter"));
        rest /= 31;
    }
    let organisation = format!("XY{organisation}");
    let value = |letter: char| {
        u32::try_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(letter).expect("a letter"))
            .expect("small")
    };
    let sum: u32 = organisation
        .chars()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(letter, weight)| value(letter) * weight)
        .sum();
    let own = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).expect("a digit"),
    };
    let body = format!("91{COUNTY}{organisation}{own}");
    let mut weight = 1;
    let mut sum = 0;
    for letter in body.chars() {
        sum += u32::try_from(LETTERS.find(letter).expect("a letter")).expect("small") * weight;
        weight = weight * 3 % 31;
    }
    let check = LETTERS.chars().nth(((31 - sum % 31) % 31) as usize).expect("a letter");
    format!("{body}{check}")
}

/// A row with some values changed; null removes one.
pub fn with(mut row: Row, changes: Value) -> Row {
    for (name, value) in changes.as_object().expect("changes are an object") {
        if value.is_null() {
            row.remove(name);
        } else {
            row.insert(name.clone(), value.clone());
        }
    }
    row
}

pub fn accident(number: &str) -> Row {
    row(json!({
        "accidentNo": number, "occurredAt": "2024-03-05T09:30:00+08:00", "regionCode": COUNTY, "accidentType": "COLLAPSE",
        "deaths": 1, "missing": 0, "seriousInjuries": 2, "acutePoisonings": 0, "minorInjuries": 3, "directLossYuan": "1234.50",
        "employerUscc": uscc(1), "employerName": "朔州测试煤业有限公司", "keyIndustry": "COAL_MINE",
    }))
}

pub fn victim(number: &str, accident: &str, id_number: &str) -> Row {
    row(json!({
        "victimNo": number, "accidentNo": accident, "name": "王小明", "idNumber": id_number, "injuryDegree": "SERIOUS", "employmentForm": "REGULAR",
        "bodyPart": "左下肢", "injuryNature": "骨折", "lostWorkdays": 300,
    }))
}

pub fn person(number: &str, id_number: &str) -> Row {
    row(json!({
        "personNo": number, "name": "王小明", "idType": "RESIDENT_ID", "idNumber": id_number, "phone": "12012345678",
        "residenceAddress": "山西省朔州市朔城区开发路一号", "regionCode": COUNTY, "keyIndustry": "COAL_MINE",
        "employerUscc": uscc(1),
    }))
}

pub fn employer(number: &str, order: u32) -> Row {
    row(json!({
        "employerNo": number, "uscc": uscc(order), "name": "朔州测试煤业有限公司", "regionCode": COUNTY, "keyIndustry": "COAL_MINE",
        "insuredPersons": 120,
    }))
}

pub fn injury(number: &str, accident: &str, id_number: &str) -> Row {
    row(json!({
        "caseNo": number, "name": "王小明", "idNumber": id_number, "employerUscc": uscc(1), "regionCode": COUNTY,
        "keyIndustry": "COAL_MINE", "injuredAt": "2024-03-05", "result": "RECOGNIZED", "article": "ART14_1", "fatal": false,
        "accidentNo": accident, "bodyPart": "左下肢",
    }))
}

pub fn disease(number: &str, id_number: &str) -> Row {
    row(json!({
        "cardNo": number, "reportNature": "FIRST", "name": "王小明", "idNumber": id_number, "employerUscc": uscc(1),
        "employerName": "朔州测试煤业有限公司", "regionCode": COUNTY, "keyIndustry": "COAL_MINE", "diseaseCode": "RESP-01",
        "stage": "STAGE_1", "diagnosedAt": "2024-03-05", "exposureYears": 4, "exposureMonths": 11,
    }))
}

pub fn hazard(number: &str, status: &str) -> Row {
    row(json!({
        "hazardNo": number, "foundAt": "2024-03-05", "source": "SPOT_CHECK", "regionCode": COUNTY, "employerUscc": uscc(1),
        "employerName": "朔州测试煤业有限公司", "keyIndustry": "COAL_MINE", "level": "GENERAL", "category": "顶板管理",
        "status": status,
    }))
}

pub fn measurement(number: &str) -> Row {
    row(json!({
        "measurementNo": number, "sampledAt": "2024-03-05", "regionCode": COUNTY, "employerUscc": uscc(1),
        "employerName": "朔州测试煤业有限公司", "keyIndustry": "COAL_MINE", "post": "采煤工", "point": "综采工作面", "factor": "COAL_DUST",
        "measureKind": "PC_TWA", "dustFraction": "TOTAL", "valueUg": 4000, "freeSilicaPermille": 60, "exposedWorkers": 12,
    }))
}

pub fn training(number: &str, id_number: &str) -> Row {
    row(json!({
        "trainingNo": number, "name": "王小明", "idNumber": id_number, "employerUscc": uscc(1), "regionCode": COUNTY,
        "keyIndustry": "COAL_MINE", "keyPost": "TEAM_LEADER", "trainingDomain": "SAFETY", "mode": "MIXED", "hours": 24,
        "startedOn": "2024-03-01", "endedOn": "2024-03-05", "examAt": "2024-03-06", "passed": true, "certificateNo": "C-0001",
    }))
}

pub fn unit_year(number: &str) -> Row {
    row(json!({
        "unitYearNo": number, "year": 2023, "insuredUnitNo": "U1", "employerUscc": uscc(1), "employerName": "朔州测试煤业有限公司",
        "regionCode": COUNTY, "keyIndustry": "COAL_MINE", "insuredSince": "2011-07-01", "riskClass": 8, "baseRatePer100000": 1900,
        "floatStep": "UP_1", "insuredPersons": 120, "wageBillYuan": "10000000.00", "premiumDueYuan": "228000.00",
        "premiumPaidYuan": "228000.00", "benefitMedicalYuan": "20000.00", "benefitDisabilityYuan": "80000.00",
        "employerPaidYuan": "30000.00", "newInjuries": 2, "newDeaths": 0, "newSerious": 1, "newDiseaseCases": 0,
    }))
}

impl TestHub {
    /// Hands in rows as the city's department; every row has to be taken.
    pub async fn take(&self, department: &str, family: &str, key: &str, rows: Vec<Row>) -> Answer {
        let answer = self.hand_in(department, CITY, family, Mode::Atomic, key, rows).await;
        let fault = answer.verdicts.iter().find(|verdict| verdict.outcome == RowOutcome::Rejected);
        assert!(fault.is_none(), "{family} {key}: {fault:?}");
        answer
    }

    /// Signs a department's return of a year in a region, final unless `more` says otherwise.
    pub async fn sign(&self, department: &str, region: &str, year: i32, more: &str) {
        let token = self.token(department, region, &["STEWARD"]);
        self.data(&token, &format!("mutation {{ signReturn(input: {{region: \"{region}\", year: {year}{more}}}) {{ version }} }}"))
            .await;
    }

    /// Signs the final returns of all departments that owe any, of each year.
    pub async fn sign_all(&self, region: &str, years: &[i32]) {
        for year in years {
            for department in ["EMERGENCY", "HOUSING", "TRANSPORT", "HEALTH"] {
                self.sign(department, region, *year, "").await;
            }
        }
    }

    /// Hands in rows through GraphQL and gives the payload or the errors.
    pub async fn submit(
        &self,
        token: &str,
        plural: &str,
        mode: &str,
        key: &str,
        rows: &[Row],
    ) -> Value {
        let query = format!(
            "mutation($input: Submit{plural}Input!) {{ answer: submit{plural}(input: $input) {{ receipt mode at digest created \
             updated unchanged rejected verdicts {{ row outcome id version faults {{ code field message }} \
             findings {{ code field message }} }} }} }}"
        );
        let input = json!({"input": {"rows": rows, "mode": mode, "idempotencyKey": key}});
        let answer = self.ask(token, &query, input).await;
        if answer["data"]["answer"].is_object() { answer["data"]["answer"].clone() } else { answer }
    }

    /// Asks in English.
    pub async fn ask_in_english(&self, token: &str, query: &str, variables: Value) -> Value {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept-language", "en-GB,zh;q=0.5")
            .header("authorization", format!("Bearer {token}"))
            .body(json!({"query": query, "variables": variables}).to_string())
            .expect("a request");
        let (_, _, bytes) = self.request(request).await;
        serde_json::from_slice(&bytes).expect("the answer is JSON")
    }

    /// A token of a department that both reads and hands in for the city.
    pub fn both(&self, department: &str) -> String {
        self.token(department, CITY, &["READER", "SUBMITTER"])
    }

    /// Runs a statement on the store, past the hub.
    pub async fn db_run(&self, sql: &str) {
        self.database.migrations().execute_unprepared(sql).await.expect(sql);
    }

    /// Puts the rows of a copy back into a table, but for what the database computes.
    pub async fn db_put_back(&self, table: &str, copy: &str) {
        let sql = if self.is_postgres() {
            format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = 'public' \
                 AND is_generated = 'NEVER'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let columns = self
            .db_texts(&sql)
            .await
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(", ");
        let overriding = if self.is_postgres() && table == "change_events" {
            "OVERRIDING SYSTEM VALUE "
        } else {
            ""
        };
        self.db_run(&format!(
            "INSERT INTO {table} ({columns}) {overriding}SELECT {columns} FROM {copy}"
        ))
        .await;
    }

    /// First column of a statement on the store, past the hub, as text.
    pub async fn db_texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.database.backend(), sql);
        let rows = self.database.migrations().query_all_raw(statement).await.expect(sql);
        rows.iter()
            .map(|row| row.try_get_by_index::<Option<String>>(0).expect(sql).unwrap_or_default())
            .collect()
    }

    /// A count on the store, past the hub.
    pub async fn db_count(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.database.backend(), sql);
        let row =
            self.database.migrations().query_one_raw(statement).await.expect(sql).expect("one row");
        row.try_get_by_index(0).expect(sql)
    }

    /// Whether the store is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.database.backend() == DbBackend::Postgres
    }

    /// Chain and records hold.
    pub async fn holds(&self) {
        let mut checks =
            vec![lianfang::audit::verify::chain(&self.database).await.expect("the chain is read")];
        checks.extend(
            lianfang::store::verify::records(
                &self.database,
                &self.services.catalogue,
                Some(&self.services.seal),
            )
            .await
            .expect("checks"),
        );
        for check in checks {
            assert_eq!(check.wrong, 0, "{}: {} looked at", check.name, check.looked);
        }
    }
}

pub fn base(number: &str, status: &str) -> Row {
    row(json!({
        "baseNo": number, "name": "朔城区工伤预防警示教育基地", "plannedOn": "2022-09-01", "regionCode": COUNTY,
        "keyIndustry": "COAL_MINE", "theme": "煤尘肺预防", "zones": ["CASES", "SKILLS"], "baseStatus": status, "subsidyYuan": "20000.00",
    }))
}

pub fn campaign(number: &str, kind: &str, day: &str) -> Row {
    row(json!({
        "campaignNo": number, "campaignKind": kind, "theme": "工伤预防，守护平安", "startedOn": day, "regionCode": COUNTY,
        "media": ["WEB"], "subjects": ["INJURY"], "reached": 800, "costYuan": "1500.00", "description": "发放手册",
    }))
}

/// Outcomes of the verdicts, in order.
pub fn outcomes(answer: &Value) -> Vec<&str> {
    answer["verdicts"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(|one| one["outcome"].as_str())
        .collect()
}

/// Codes of the faults (or findings) of one verdict.
pub fn codes<'a>(answer: &'a Value, row: usize, kind: &str) -> Vec<&'a str> {
    let list = answer["verdicts"][row][kind].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|remark| remark["code"].as_str()).collect()
}
