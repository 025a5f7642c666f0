use super::{LeadReach, Seat};
use crate::{
    app,
    authz::{actor::Actor, identity::Identity, policy::Policy},
    domain::region::RegionCode,
    error::HubError,
};

fn policy() -> Policy {
    let catalogue = app::catalogue().expect("the shipped catalogue holds");
    Policy::load(None, "", &catalogue).expect("the shipped policy holds")
}

fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).expect("a region")
}

fn actor(department: &str, code: &str, roles: &[&str], purpose: &str) -> Actor {
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    let identity =
        Identity::check(&policy(), department, &roles, purpose, None).expect("an identity");
    Actor {
        subject: "test".to_owned(),
        department: identity.department,
        region: region(code),
        roles: identity.roles,
        purpose: identity.purpose,
        ticket: None,
        expires_at: i64::MAX,
        issued_at: i64::MAX,
        turn: i64::MAX,
        token: None,
    }
}

fn seat(department: &str, own: &str, roles: &[&str], table: &str) -> Result<Seat, HubError> {
    Seat::new(&policy(), &actor(department, own, roles, "ROUTINE_SHARING"), &region(table))
}

#[test]
fn an_organisation_sits_at_its_own_table_and_at_those_below() {
    for (own, table, sits) in [
        ("140600", "140600", true),
        ("140600", "140602", true),
        ("140000", "140600", true),
        ("140602", "140600", false),
        ("140602", "140603", false),
        ("140600", "140200", false),
    ] {
        let found = seat("EMERGENCY", own, &["READER"], table);
        assert_eq!(found.is_ok(), sits, "{own} at {table}");
        if let Err(error) = found {
            assert_eq!(error.code(), "FORBIDDEN");
        }
    }
}

#[test]
fn roles_that_read_no_records_have_no_seat() {
    for role in ["SUBMITTER", "OPERATOR", "SECURITY_OFFICER", "AUDITOR"] {
        assert_eq!(
            seat("HRSS", "140600", &[role], "140600").expect_err("no seat").code(),
            "FORBIDDEN",
            "{role}"
        );
    }
}

#[test]
fn exact_figures_go_to_the_lead_to_offices_and_to_the_purpose_of_the_meeting() {
    assert!(seat("HRSS", "140600", &["READER"], "140600").expect("a seat").exact());
    assert!(seat("UNION", "140600", &["SECRETARY"], "140600").expect("a seat").exact());
    for department in ["UNION", "FINANCE", "INDUSTRY", "MARKET", "TRANSPORT"] {
        assert!(
            !seat(department, "140600", &["READER"], "140600").expect("a seat").exact(),
            "{department}"
        );
        let asked = actor(department, "140600", &["READER"], "JOINT_MEETING");
        assert!(
            Seat::new(&policy(), &asked, &region("140600")).expect("a seat").exact(),
            "{department}"
        );
    }
}

#[test]
fn the_lead_reads_all_leads_and_manages_them_with_an_office() {
    let reader = seat("HRSS", "140600", &["READER"], "140600").expect("a seat");
    assert_eq!((reader.leads(), reader.manages_leads()), (LeadReach::All, false));
    for role in ["SECRETARY", "STEWARD"] {
        assert!(
            seat("HRSS", "140600", &[role], "140602").expect("a seat").manages_leads(),
            "{role}"
        );
        let other = seat("HEALTH", "140600", &[role], "140602").expect("a seat");
        assert_eq!((other.leads(), other.manages_leads()), (LeadReach::Own, false));
        assert!(other.answers("HEALTH") && !other.answers("HRSS"));
    }
}

#[test]
fn a_department_signs_only_for_itself_and_at_its_own_region() {
    for role in ["SECRETARY", "STEWARD"] {
        let own = seat("EMERGENCY", "140600", &[role], "140600").expect("a seat");
        assert!(own.signs("EMERGENCY") && !own.signs("HEALTH"), "{role}");
        assert!(
            !seat("EMERGENCY", "140600", &[role], "140602").expect("a seat").signs("EMERGENCY"),
            "{role} of the city"
        );
    }
    assert!(
        !seat("EMERGENCY", "140600", &["READER"], "140600").expect("a seat").signs("EMERGENCY")
    );
}

#[test]
fn only_the_office_of_the_lead_assembles_and_only_at_its_own_region() {
    assert!(seat("HRSS", "140600", &["SECRETARY"], "140600").expect("a seat").assembles());
    assert!(!seat("HRSS", "140600", &["SECRETARY"], "140602").expect("a seat").assembles());
    assert!(!seat("HRSS", "140600", &["STEWARD"], "140600").expect("a seat").assembles());
    assert!(!seat("EMERGENCY", "140600", &["SECRETARY"], "140600").expect("a seat").assembles());
}
