//! The meaning of each kind of lead, from `reference/lead_kind.csv`.

use crate::{
    domain::{
        code::Coded as _,
        lead::{LeadKind, Tier},
    },
    error::{HubError, Language, Text},
    store::{
        meeting::leads::StoredLeadRow,
        reference::{Reference, ReferenceCode},
    },
};

/// Notice shown with every lead, in 中文 and English.
pub const NOTE: (&str, &str) = (
    "线索只说明部门之间的记录不一致，不是结论；须由人核实，平台不合并任何记录。",
    "A lead says only that records of departments do not agree. It is no finding: a person has to look, and nothing is merged.",
);

/// The description of a kind of lead.
#[derive(Clone, Debug)]
pub struct About {
    /// The kind that is described.
    pub kind: LeadKind,
    /// Name of the kind, in Chinese and English.
    pub label: Text,
    /// Departments that hold the record the lead is about.
    pub here: Vec<String>,
    /// Departments of the record that is missing or differs.
    pub there: Vec<String>,
    /// The highest certainty that leads of this kind can reach.
    pub tier: Tier,
    /// Days that must pass before a difference becomes a lead.
    pub wait: u32,
    /// Greatest number of days between two dates of the same event.
    pub near: u32,
    /// What a lead of this kind means, and what it does not mean.
    pub explanation: Text,
    /// Legal provisions on which the kind is based.
    pub basis: String,
}

/// Reads the description of a kind.
///
/// # Errors
///
/// [`HubError::Internal`] when the code table lacks it or part of it.
pub fn about(reference: &Reference, kind: LeadKind) -> Result<About, HubError> {
    let missing = |what: &str| {
        HubError::internal(format!("lead_kind.csv says no {what} for {}", kind.code()))
    };
    let code = code(reference, "lead_kind", kind.code()).ok_or_else(|| missing("line"))?;
    let word =
        |name: &str| code.attributes.get(name).map(String::as_str).ok_or_else(|| missing(name));
    let days = |name: &str| word(name)?.parse().map_err(|_| missing(name));
    let list =
        |name: &str| Ok::<_, HubError>(word(name)?.split('|').map(ToOwned::to_owned).collect());
    Ok(About {
        kind,
        label: Text::new(code.name_zh.clone(), code.name_en.clone()),
        here: list("here")?,
        there: list("there")?,
        tier: Tier::from_code(word("tier")?).ok_or_else(|| missing("tier"))?,
        wait: days("wait_days")?,
        near: days("near_days")?,
        explanation: Text::new(word("explain_zh")?, word("explain_en")?),
        basis: code.source.clone(),
    })
}

/// The disagreement in a lead, as one sentence without names of persons.
#[must_use]
pub fn sentence(reference: &Reference, lead: &StoredLeadRow, language: Language) -> String {
    let name = |table: &str, word: &str| {
        code(reference, table, word).map_or_else(
            || word.to_owned(),
            |code| {
                if language == Language::English {
                    code.name_en.clone()
                } else {
                    code.name_zh.clone()
                }
            },
        )
    };
    let reasons: Vec<String> =
        lead.found.reasons.iter().map(|reason| name("lead_reason", reason)).collect();
    let likely = lead
        .found
        .records
        .iter()
        .filter(|record| record.role == crate::store::meeting::leads::RecordRole::Candidate)
        .count();
    match (language, likely) {
        (Language::Chinese, 0) => format!("{}。", reasons.join("；")),
        (Language::Chinese, likely) => {
            format!("{}；有 {likely} 条可能对应的记录待人核对。", reasons.join("；"))
        }
        (Language::English, 0) => format!("{}.", reasons.join("; ")),
        (Language::English, likely) => {
            format!("{}; {likely} likely record(s) wait for a person.", reasons.join("; "))
        }
    }
}

fn code<'a>(reference: &'a Reference, table: &str, code: &str) -> Option<&'a ReferenceCode> {
    reference.table(table)?.editions(code).next()
}

#[cfg(test)]
mod tests {
    use super::{LeadKind, Reference, about};
    use crate::domain::{
        code::Coded as _,
        lead::{LeadResolution, LeadState, Tier},
    };

    #[test]
    fn the_code_tables_and_the_program_know_the_same_words() {
        let reference = Reference::shipped().expect("the code tables read");
        let codes = |table: &str| -> Vec<String> {
            reference
                .table(table)
                .expect("a table")
                .codes
                .iter()
                .map(|code| code.code.clone())
                .collect()
        };
        assert_eq!(
            codes("lead_kind"),
            LeadKind::ALL.iter().copied().map(LeadKind::code).collect::<Vec<_>>()
        );
        assert_eq!(
            codes("lead_state"),
            LeadState::ALL.iter().copied().map(LeadState::code).collect::<Vec<_>>()
        );
        assert_eq!(
            codes("lead_tier"),
            Tier::ALL.iter().copied().map(Tier::code).collect::<Vec<_>>()
        );
        assert_eq!(
            codes("lead_resolution"),
            LeadResolution::ALL.iter().copied().map(LeadResolution::code).collect::<Vec<_>>()
        );
        for &kind in LeadKind::ALL {
            let about = about(&reference, kind).expect("a line for each kind");
            let departments = codes("department");
            assert!(
                about.here.iter().chain(&about.there).all(|own| departments.contains(own)),
                "{kind:?}"
            );
        }
    }
}
