//! A permit of one job opens no other: whoever gets hold of another job's identifier gets nothing
//! of its content.

use http::StatusCode;
use lianfang::{
    authz::{actor::Actor, permit::JobPermit},
    domain::region::RegionCode,
    error::HubError,
};
use uuid::Uuid;

use crate::{
    files::{NDJSON, lines},
    samples::{CITY, COUNTY, accident},
    support::{TestHub, backends},
};

/// A job of an organisation that is still receiving, by identifier.
async fn receiving(hub: &TestHub, department: &str, region: &str, family: &str) -> Uuid {
    let token = hub.token(department, region, &["SUBMITTER", "READER"]);
    let headers = [("idempotency-key", "one"), ("content-type", NDJSON), ("upload-complete", "?0")];
    let sent = hub
        .upload_with(&token, &format!("/exchange/{family}"), &headers, lines(&[accident("A1")]))
        .await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.job);
    sent.id().parse().expect("an identifier")
}

/// The permit that an organisation gets for a job, which is said to be its own.
fn permit(hub: &TestHub, (department, region): (&str, &str), family: &str, job: Uuid) -> JobPermit {
    let actor = Actor::internal("feeder", department, RegionCode::parse(region).expect("a region"));
    let family = hub.services.catalogue.find(family).expect("a family");
    let permit = hub.services.permit(&actor, family).expect("a permit");
    permit.of_job(job, family.name, (department, region)).expect("its own, as is said")
}

#[tokio::test]
async fn a_permit_of_one_job_opens_no_other() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let job = receiving(&hub, "EMERGENCY", CITY, "accidents").await;
        let (database, seal) = (&hub.services.database, &hub.services.seal);
        let own = permit(&hub, ("EMERGENCY", CITY), "Accident", job);
        let content = database.part(&own, seal, 0).await.expect("it opens").expect("it is there");
        let received = i64::try_from(content.len()).expect("a short file");
        database.answers_keep(&own, &[(0, "[]".to_owned())]).await.expect("it is kept");
        let others = [
            // Each claims that the job were theirs; the last is of the same organisation.
            permit(&hub, ("EMERGENCY", COUNTY), "Accident", job),
            permit(&hub, ("HOUSING", CITY), "Accident", job),
            permit(&hub, ("EMERGENCY", CITY), "AccidentVictim", job),
        ];
        for (number, other) in others.iter().enumerate() {
            assert_eq!(database.part(other, seal, 0).await.expect("an answer"), None, "{number}");
            assert_eq!(database.answer(other, 0).await.expect("an answer"), None, "{number}");
            assert_eq!(
                database.part_append(other, seal, (1, received), b"more").await.expect("an answer"),
                None,
                "{number}"
            );
            assert!(
                !database.parts_whole(other, (1, received), "00").await.expect("an answer"),
                "{number}"
            );
            assert_eq!(database.parts_restart(other).await.expect("an answer"), None, "{number}");
            database.answers_keep(other, &[(1, "[]".to_owned())]).await.expect("an answer");
            assert_eq!(database.answer(&own, 1).await.expect("an answer"), None, "{number}");
        }
        assert_eq!(
            database.part(&own, seal, 0).await.expect("it opens"),
            Some(content),
            "nothing was touched"
        );
        assert_eq!(database.answer(&own, 0).await.expect("an answer").as_deref(), Some("[]"));
        assert!(
            database.parts_whole(&own, (1, received), "00").await.expect("an answer"),
            "who may, still may"
        );
    }
}

#[tokio::test]
async fn a_permit_for_a_job_is_given_to_its_organisation_and_family_only() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let family = hub.services.catalogue.find("Accident").expect("a family");
        let actor =
            Actor::internal("feeder", "EMERGENCY", RegionCode::parse(CITY).expect("a region"));
        let permit = || hub.services.permit(&actor, family).expect("a permit");
        let job = Uuid::nil();
        assert_eq!(
            permit().of_job(job, "Accident", ("EMERGENCY", CITY)).expect("its own").job(),
            job
        );
        for (family, sender) in [
            ("AccidentVictim", ("EMERGENCY", CITY)),
            ("Accident", ("HOUSING", CITY)),
            ("Accident", ("EMERGENCY", COUNTY)),
        ] {
            assert!(
                matches!(permit().of_job(job, family, sender), Err(HubError::NotFound)),
                "{family} {sender:?}"
            );
        }
        let moves = |name: &str| {
            permit().moving(hub.services.catalogue.find(name).expect("a family")).is_some()
        };
        assert!(moves("AccidentVictim"), "victims lie where their accident does");
        assert!(!moves("WorkInjury") && !moves("Accident"), "these say themselves where they lie");
    }
}
