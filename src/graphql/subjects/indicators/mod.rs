//! `indicators(region, plan, year, industries, …)`.

mod types;
mod value;

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, InputValue, ResolverContext, TypeRef},
};

use crate::{
    authz::meeting::Seat,
    domain::indicator::Indicator,
    error::HubError,
    graphql::{
        arguments::rules,
        part::Part,
        projected::{Form, Type},
        records::{answer::Writer, query::answered, selection::Picked, shape::Maker},
    },
    meeting::{
        indicators::{Asked, Basis, CasualtyBasis, DenominatorBasis, InjuryBasis, counted, sheet},
        returns::Sitting,
    },
    store::{figures::DiseaseYear, filter::Filter},
};

/// The subject.
#[must_use]
pub fn part() -> Part {
    Part {
        queries: vec![field()],
        objects: types::TYPES.iter().map(Type::object).collect(),
        enums: types::enums(),
        ..Part::default()
    }
}

fn field() -> Field {
    let input = |name: &str, kind: TypeRef, about: &str| InputValue::new(name, kind).description(about);
    Field::new("indicators", TypeRef::named("IndicatorSheet"), |ctx| {
        FieldFuture::new(async move { Ok(answered(&ctx, async |maker, uses| asked(maker, &ctx, uses).await).await) })
    })
    .argument(input("region", TypeRef::named_nn(TypeRef::STRING), "行政区划代码：本地区或下级。\n\nRegion: your own or one below."))
    .argument(input("plan", TypeRef::named(TypeRef::ID), "方案标识；不给则用适用的最近一级方案。\n\nPlan; the nearest that holds otherwise."))
    .argument(input("year", TypeRef::named_nn(TypeRef::INT), "年度。\n\nYear."))
    .argument(input(
        "industries",
        TypeRef::named_nn_list("KeyIndustry"),
        "逐个列出的行业，不给则为方案所列；合计始终按方案。\n\nIndustries shown one by one, those of the plan otherwise; sums are always over those of the plan.",
    ))
    .argument(input("indicators", TypeRef::named_nn_list("Indicator"), "只要这些指标。\n\nOnly these indicators."))
    .argument(input(
        "casualtyBasis",
        TypeRef::named("CasualtyBasis"),
        "伤亡人数口径，默认死亡、失踪与受伤。\n\nWhat counts as a casualty; deaths, missing and injured by default.",
    ))
    .argument(input(
        "denominatorBasis",
        TypeRef::named("DenominatorBasis"),
        "尘肺病报告比例的分母，默认当年新发尘肺病。\n\nDenominator of the share of pneumoconiosis; new pneumoconiosis by default.",
    ))
    .argument(input(
        "injuryBasis",
        TypeRef::named("InjuryBasis"),
        "工伤事故发生率的口径，默认全部认定和视同。\n\nInjuries of the rate; all recognised and deemed by default.",
    ))
    .argument(input(
        "diseaseYearBasis",
        TypeRef::named("DiseaseYearBasis"),
        "职业病按诊断还是报告日期计年，默认诊断日期。\n\nDay that gives a case of disease its year; that of the diagnosis by default.",
    ))
    .description(
        "一个地区一年的工伤预防指标：逐项列出分子分母、与目标、上年和基准年的比较及判定，可追到记录。\n\nThe indicators of a region and year: both \
         numbers of each, compared with target, year before and base year, judged, and opening down to their records.",
    )
}

async fn asked(maker: &Maker<'_>, ctx: &ResolverContext<'_>, uses: &Picked<'_>) -> Result<Vec<u8>, HubError> {
    let session = maker.session;
    let services = &session.services;
    let actor = session.actor()?;
    let argument = |name: &str| ctx.args.get(name).map(|value| value.as_value().clone()).filter(|value| *value != Value::Null);
    let text = |name: &str| argument(name).as_ref().and_then(word);
    let list = |name: &str| match argument(name) {
        Some(Value::List(list)) => Some(list.iter().filter_map(word).collect::<Vec<String>>()),
        one => one.as_ref().and_then(word).map(|one| vec![one]),
    };
    let rules = rules(ctx);
    let region = rules.regions.present(&text("region").unwrap_or_default())?;
    let seat = Seat::new(&services.policy, actor, &region)?;
    let year = match argument("year") {
        Some(Value::Number(number)) => number.as_i64().and_then(|year| i32::try_from(year).ok()).unwrap_or_default(),
        _ => 0,
    };
    let plan = text("plan");
    let indicators: Option<Vec<Indicator>> =
        list("indicators").map(|codes| codes.iter().filter_map(|code| Indicator::from_code(code)).collect());
    let counted = counted((&services.reference, &services.catalogue), indicators.as_deref());
    counted.iter().for_each(|(family, fields)| session.ask_sums(family, &Filter::everything(), fields));
    let chosen = |name: &str| text(name).unwrap_or_default();
    let basis = Basis {
        casualties: CasualtyBasis::ALL.into_iter().find(|own| own.code() == chosen("casualtyBasis")).unwrap_or_default(),
        denominator: DenominatorBasis::ALL.into_iter().find(|own| own.code() == chosen("denominatorBasis")).unwrap_or_default(),
        injuries: InjuryBasis::ALL.into_iter().find(|own| own.code() == chosen("injuryBasis")).unwrap_or_default(),
        disease_year: DiseaseYear::ALL.into_iter().find(|own| own.code() == chosen("diseaseYearBasis")).unwrap_or_default(),
    };
    let asked = Asked { year, plan: plan.as_deref(), industries: list("industries"), indicators, basis };
    let sheet = sheet(&Sitting { services, rules, ctx: &session.ctx, actor, seat: &seat }, &asked).await?;
    counted.iter().for_each(|(family, _)| session.grouped(family, sheet.figures.len()));
    let form =
        Form::new(maker, types::TYPES, "IndicatorSheet", &uses.sets()).ok_or_else(|| HubError::internal("no type of a sheet"))?;
    let value = value::Told { reference: &services.reference, language: session.language, form: &form }.sheet(&sheet);
    let mut writer = Writer::new(services, session.language);
    form.write(&mut writer, &value);
    Ok(writer.finish())
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Enum(name) => Some(name.to_string()),
        _ => None,
    }
}
