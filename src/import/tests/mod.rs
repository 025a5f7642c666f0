//! Tests of the import engine: rules on small files, and the profiles of `examples/`.

mod emergency;
mod files;
mod msha;
mod parts;
mod profiles;
mod resend;

use std::path::PathBuf;

use super::error::ImportError;
use super::profile::Profile;
use super::records::Mapped;
use super::rejects::Rejects;
use super::survey::Survey;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn example(name: &str) -> Profile {
    let path = repository().join("examples/profiles").join(name);
    let text = std::fs::read_to_string(path).expect("the example profile is there");
    Profile::parse(&text).expect("the example profile is valid")
}

fn profile(text: &str) -> Profile {
    Profile::parse(text).expect("a valid test profile")
}

fn records(survey: &Survey<'_>, source: &Vec<u8>) -> Vec<Mapped> {
    let found: Result<Vec<Mapped>, ImportError> = survey.records(source).collect();
    found.expect("the source does not change in a test")
}

fn rejects_file(survey: &Survey<'_>, source: &Vec<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let rejects = Rejects::from_survey(survey);
    let written = rejects.write(survey, source, &mut out).expect("writing to memory works");
    assert_eq!(written, rejects.len() as u64);
    out
}

/// Codes of the refused rows, as `line code code`.
fn refused(survey: &Survey<'_>) -> Vec<String> {
    let codes = |rejected: &super::problem::Rejected| {
        rejected.problems.iter().map(|problem| problem.code.clone()).collect::<Vec<_>>().join(" ")
    };
    survey.rejected().map(|rejected| format!("{} {}", rejected.line, codes(rejected))).collect()
}
