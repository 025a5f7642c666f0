//! One statement for each kind of lead. Each says in its own file which records agree for certain,
//! which may.

mod case_without_identity;
mod death_without_accident;
mod death_without_recognition;
mod disease_without_application;
mod disease_without_report;
mod employer_not_insured;
mod event_twice;
mod exposure_then_disease;
mod identity_conflict;
mod identity_twice;
mod not_notified;
mod same;
mod toll_changed_late;
mod untrained_key_post;
mod victim_list;
mod victim_without_identity;

use entity::accident;

use super::sql::StatementUse;
use crate::domain::lead::LeadKind;

pub(super) use same::{case_in_injuries, injury_in_cases, injury_in_victims, victim_in_injuries};

/// Articles under which a death at work is an accident of the work-safety kind. Not among them are
/// commuting (14(6)), violence (14(3)), sudden illness and rescue (15). Source: 工伤保险条例 arts
/// 14, 15; domain reference §8 (10).
pub(super) const ACCIDENT_ARTICLES: &str = "('ART14_1', 'ART14_2', 'ART14_5')";

/// The statement that finds the leads of a kind.
pub(super) fn sql(kind: LeadKind, look: &StatementUse<'_>) -> String {
    match kind {
        LeadKind::DeathWithoutRecognition => death_without_recognition::sql(look),
        LeadKind::DeathWithoutAccident => death_without_accident::sql(look),
        LeadKind::DiseaseWithoutApplication => disease_without_application::sql(look),
        LeadKind::DiseaseYearEnding => disease_without_application::year_ending(look),
        LeadKind::DiseaseWithoutReport => disease_without_report::sql(look),
        LeadKind::EmployerNotInsured => employer_not_insured::sql(look),
        LeadKind::TollChangedLate => toll_changed_late::sql(look),
        LeadKind::UnionNotNotified => not_notified::sql(look, accident::Column::UnionNotifiedAt),
        LeadKind::HrssNotNotified => not_notified::sql(look, accident::Column::HrssNotifiedAt),
        LeadKind::UntrainedKeyPost => untrained_key_post::sql(look),
        LeadKind::ExposureThenDisease => exposure_then_disease::sql(look),
        LeadKind::IdentityConflict => identity_conflict::sql(look),
        LeadKind::VictimListIncomplete => victim_list::sql(look),
        LeadKind::VictimWithoutIdentity => victim_without_identity::sql(look),
        LeadKind::CaseWithoutIdentity => case_without_identity::sql(look),
        LeadKind::EventTwice => event_twice::sql(look),
        LeadKind::IdentityTwice => identity_twice::sql(look),
    }
}

/// Names of the families whose records leads of a kind are about: without any, none is found.
pub(super) const fn about(kind: LeadKind) -> &'static [&'static str] {
    use entity::{
        accident, accident_victim, occupational_disease_case as disease, person, work_injury,
    };
    match kind {
        LeadKind::DeathWithoutRecognition | LeadKind::VictimWithoutIdentity => {
            &[accident_victim::names::FAMILY]
        }
        LeadKind::DeathWithoutAccident | LeadKind::DiseaseWithoutReport => {
            &[work_injury::names::FAMILY]
        }
        LeadKind::DiseaseWithoutApplication
        | LeadKind::DiseaseYearEnding
        | LeadKind::ExposureThenDisease
        | LeadKind::CaseWithoutIdentity => &[disease::names::FAMILY],
        LeadKind::EmployerNotInsured
        | LeadKind::TollChangedLate
        | LeadKind::UnionNotNotified
        | LeadKind::HrssNotNotified
        | LeadKind::UntrainedKeyPost
        | LeadKind::VictimListIncomplete
        | LeadKind::EventTwice => &[accident::names::FAMILY],
        LeadKind::IdentityConflict => &[
            accident_victim::names::FAMILY,
            disease::names::FAMILY,
            person::names::FAMILY,
            work_injury::names::FAMILY,
        ],
        LeadKind::IdentityTwice => &[person::names::FAMILY],
    }
}
