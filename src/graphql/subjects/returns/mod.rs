//! `returns` and `signReturn`.

mod types;

use async_graphql::dynamic::ResolverContext;
use futures_util::FutureExt as _;

use self::types::{
    Return, ReturnDocument, ReturnDocumentInput, ReturnFigure, ReturnState, Returns, SignReturn,
    SignReturnFigureInput, SignReturnInput,
};
use crate::{
    authz::meeting::Seat,
    domain::{
        plan::Finality,
        report::ReportDocument,
        returns::{DeviatingFigure, ReturnCount},
    },
    error::HubError,
    graphql::{
        context::{rules, seat, session},
        declared::kinds::{Code, Department, Id, Instant, KeyIndustry},
        part::SubjectSchema,
    },
    meeting::returns::{
        MeetingContext, SignRequest,
        board::{BoardLine, BoardReturn},
    },
    store::{records::global_id::of_name, seal::Seal},
};

/// The fields and types of returns.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default()
        .query("returns", |ctx, given| returns(ctx, given).boxed())
        .mutation("signReturn", |ctx, SignReturn { input }| sign(ctx, input).boxed())
        .choice("报送的数据项。\n\nFigure of a return.", |count: ReturnCount| {
            format!("{}。\n\n{}.", count.name_zh(), count.name_en())
        })
}

async fn returns(ctx: &ResolverContext<'_>, given: Returns) -> Result<Vec<Return>, HubError> {
    let (session, seat, year) = (session(ctx), seat(ctx, &given.region)?, given.year.0);
    let sitting = MeetingContext {
        services: &session.services,
        rules: rules(ctx),
        ctx: &session.ctx,
        actor: session.actor()?,
        seat: &seat,
    };
    Ok(sitting
        .board(year)
        .await?
        .iter()
        .map(|entry| value(&session.services.seal, entry, &seat, year))
        .collect())
}

async fn sign(ctx: &ResolverContext<'_>, input: SignReturnInput) -> Result<Return, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &input.region)?);
    let sitting = MeetingContext {
        services: &session.services,
        rules: rules(ctx),
        ctx: &session.ctx,
        actor: session.actor()?,
        seat: &seat,
    };
    let order = SignRequest::try_from(input)?;
    let (signed, _) = sitting.sign(&order).await?;
    let board = sitting.board(order.year).await?;
    let entry = board
        .iter()
        .find(|entry| entry.signed.as_ref().is_some_and(|(own, _)| own.id == signed.id));
    entry
        .map(|entry| value(&session.services.seal, entry, &seat, order.year))
        .ok_or(HubError::NotFound)
}

impl TryFrom<SignReturnInput> for SignRequest {
    type Error = HubError;

    fn try_from(input: SignReturnInput) -> Result<Self, HubError> {
        Ok(Self {
            kind: input.kind.map(|kind| kind.0),
            year: input.year.0,
            finality: input.finality.map_or(Finality::Final, |finality| finality.0),
            replaces: input.replaces,
            casualty_basis: input.casualty_basis.map(|basis| basis.0),
            denominator_basis: input.denominator_basis,
            given: input
                .figures
                .unwrap_or_default()
                .into_iter()
                .map(DeviatingFigure::from)
                .collect(),
            remark: input.remark.and_then(trimmed),
            document: input.document.map(document).transpose()?,
        })
    }
}

impl From<SignReturnFigureInput> for DeviatingFigure {
    fn from(figure: SignReturnFigureInput) -> Self {
        let industry = figure.industry.map(|industry| industry.0);
        Self {
            count: figure.count.0,
            industry,
            value: figure.value,
            explanation: figure.explanation,
        }
    }
}

/// A text without blanks around it, where anything is left.
fn trimmed(text: String) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

fn document(input: ReturnDocumentInput) -> Result<ReportDocument, HubError> {
    let own = ReportDocument {
        title: input.title.trim().to_owned(),
        number: input.number.and_then(trimmed),
        sha256: input.sha256.trim().to_ascii_lowercase(),
    };
    if own.holds() && own.number.as_ref().is_none_or(|number| number.chars().count() <= 100) {
        return Ok(own);
    }
    Err(HubError::invalid(
        "document 须有标题（1 至 200 字）和文件的 SHA-256（64 位十六进制），文号不超过 100 字。",
        "`document` has a title of 1 to 200 characters, the SHA-256 of the file in 64 hexadecimal digits, and a number of at most 100 characters.",
    ))
}

impl From<&BoardLine> for ReturnFigure {
    fn from(line: &BoardLine) -> Self {
        Self {
            count: Code(line.count),
            industry: line.industry.as_ref().map(KeyIndustry::from),
            records: line.records,
            signed: line.signed,
            explanation: line.explanation.clone(),
            today: line.today,
            differs: line.differs(),
        }
    }
}

fn value(seal: &Seal, entry: &BoardReturn, seat: &Seat, year: i32) -> Return {
    let (signed, content) =
        entry.signed.as_ref().map(|(signed, content)| (signed, content)).unzip();
    Return {
        id: signed.map(|signed| Id(of_name(seal, "Return", signed.id))),
        region_code: seat.region().to_string(),
        department: Department::from(&entry.department),
        kind: Code(entry.kind),
        year,
        finality: Code(entry.finality),
        state: match signed {
            None => ReturnState::Missing,
            Some(_) if entry.last => ReturnState::Signed,
            Some(_) => ReturnState::Replaced,
        },
        version: signed.map(|signed| signed.version),
        plan_id: content.and_then(|content| content.plan.clone()),
        source: entry.source.clone(),
        carried: entry.carried,
        casualty_basis: content.and_then(|content| content.casualty_basis.clone()),
        denominator_basis: content.and_then(|content| content.denominator_basis.clone()),
        figures: entry.lines.iter().map(ReturnFigure::from).collect(),
        differences: entry
            .lines
            .iter()
            .filter(|line| line.differs())
            .map(ReturnFigure::from)
            .collect(),
        without_industry: entry.without_industry,
        withheld: entry.withheld,
        remark: signed.and_then(|signed| signed.remark.clone()),
        document: content.and_then(|content| content.document.clone()).map(|own| ReturnDocument {
            title: own.title,
            number: own.number,
            sha256: own.sha256,
        }),
        // Of a few counts it is as good as the counts.
        digest: signed.filter(|_| !entry.withheld).map(|signed| signed.digest.clone()),
        position: content.map(|content| content.position.clone()),
        signed_at: signed.map(|signed| Instant(signed.signed_at)),
        signed_by: signed
            .filter(|_| seat.shows_signer(&entry.department))
            .map(|signed| signed.subject.clone()),
    }
}
