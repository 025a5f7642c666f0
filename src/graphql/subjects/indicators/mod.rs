//! `indicators(region, plan, year, industries, …)`.

mod choices;
mod types;
mod values;

use std::sync::LazyLock;

use async_graphql::dynamic::ResolverContext;
use futures_util::FutureExt as _;

use self::types::{IndicatorSheet, Indicators};
use crate::{
    domain::indicator::Indicator,
    error::HubError,
    graphql::{
        context::{rules, seat},
        declared::form::{AnswerForm, Types},
        part::SubjectSchema,
        records::{answer::JsonWriter, selection::CollectedField, shape::ShapeBuilder},
    },
    meeting::{
        indicators::{FigureBasis, SheetQuery, counted, sheet},
        returns::MeetingContext,
    },
    store::records::filter::Filter,
};

/// A sheet has thousands of values: only what is selected is written.
static TYPES: LazyLock<Types> = LazyLock::new(Types::of::<IndicatorSheet>);

/// The root field `indicators` and its types.
#[must_use]
pub fn part() -> SubjectSchema {
    choices::add(SubjectSchema::default())
        .written::<_, Option<IndicatorSheet>>("indicators", |maker, ctx, uses, given| {
            indicators(maker, ctx, uses, given).boxed()
        })
}

async fn indicators(
    maker: &ShapeBuilder<'_>,
    ctx: &ResolverContext<'_>,
    uses: &CollectedField<'_>,
    given: Indicators,
) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    let services = &session.services;
    let (seat, actor) = (seat(ctx, &given.region)?, session.actor()?);
    let indicators: Option<Vec<Indicator>> =
        given.indicators.map(|list| list.into_iter().map(|own| own.0).collect());
    let counted = counted((&services.reference, &services.catalogue), indicators.as_deref());
    counted
        .iter()
        .for_each(|(family, fields)| session.ask_sums(family, &Filter::everything(), fields));
    let basis = FigureBasis {
        casualties: given.casualty_basis.map(|own| own.0).unwrap_or_default(),
        denominator: given.denominator_basis.map(|own| own.0).unwrap_or_default(),
        injuries: given.injury_basis.map(|own| own.0).unwrap_or_default(),
        disease_year: given.disease_year_basis.map(|own| own.0).unwrap_or_default(),
    };
    let plan = given.plan.as_ref().map(|plan| plan.0.as_str());
    let industries = given.industries.map(|list| list.into_iter().map(|own| own.0).collect());
    let asked = SheetQuery { year: given.year.0, plan, industries, indicators, basis };
    let sitting =
        MeetingContext { services, rules: rules(ctx), ctx: &session.ctx, actor, seat: &seat };
    let sheet = sheet(&sitting, &asked).await?;
    counted.iter().for_each(|(family, _)| session.grouped(family, sheet.figures.len()));
    let form = AnswerForm::new(maker, &TYPES, "IndicatorSheet", &uses.sets())
        .ok_or_else(|| HubError::internal("no type of a sheet"))?;
    let value =
        values::Sheets { reference: &services.reference, language: session.language, form: &form }
            .sheet(sheet);
    let mut writer = JsonWriter::new(services, session.language);
    form.write(&mut writer, &serde_json::to_value(value).map_err(HubError::internal)?);
    Ok(writer.finish())
}
