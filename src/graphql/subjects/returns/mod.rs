//! `returns` and `signReturn`.

mod types;

use async_graphql::{
    Name, Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, ResolverContext, TypeRef},
    indexmap::IndexMap,
};

use crate::{
    authz::meeting::{LEAD, Seat},
    domain::{
        accident::CasualtyBasis,
        plan::{Finality, ObligationKind},
        report::Document,
        returns::{Count, Given},
    },
    error::HubError,
    graphql::{
        arguments::{Arguments, rules},
        fault::told,
        part::Part,
        records::session::Session,
        value::{object, session, text},
    },
    meeting::returns::{
        DENOMINATORS, Order, Sitting,
        board::{Entry, Line},
    },
    store::{cell::shown, global_id::of_name, seal::Seal},
};

/// The fields and types of returns.
#[must_use]
pub fn part() -> Part {
    let region = || InputValue::new("region", TypeRef::named_nn(TypeRef::STRING)).description("区划代码。\n\nRegion.");
    let returns = Field::new("returns", TypeRef::named_nn_list("Return"), |ctx| {
        FieldFuture::new(async move {
            let found = told(&ctx, returns(session(&ctx), &ctx).await);
            Ok(found.map(|found| FieldValue::list(found.into_iter().map(FieldValue::value))))
        })
    })
    .argument(region())
    .argument(InputValue::new("year", TypeRef::named_nn(TypeRef::INT)).description("数据年度。\n\nYear of the figures."))
    .description(
        "一个地区一个年度的报送：已签报的各版本，以及应报而未签报的；并列今日记录汇总数。\n\nReturns of a region and year: all signed versions and what is owed and not signed, beside what the records say today.",
    );
    let sign = Field::new("signReturn", TypeRef::named("Return"), |ctx| {
        FieldFuture::new(async move {
            let signed = told(&ctx, sign(session(&ctx), &ctx).await);
            Ok(signed.map(FieldValue::value))
        })
    })
    .argument(InputValue::new("input", TypeRef::named_nn("SignReturnInput")).description("签报内容。\n\nWhat is signed."))
    .description(
        "按此刻的记录汇总并签报本部门的报送；与记录不同的数须说明原因。\n\nFreezes the sums of the records as of now and signs them; a figure that differs from the records needs an explanation.",
    );
    Part {
        queries: vec![returns],
        mutations: vec![sign],
        objects: types::objects(),
        inputs: types::inputs(),
        enums: types::enums(),
    }
}

fn word(code: &str) -> Value {
    Value::Enum(Name::new(code))
}

async fn returns(session: &Session, ctx: &ResolverContext<'_>) -> Result<Vec<Value>, HubError> {
    let arguments = Arguments(ctx);
    let seat = arguments.seat(session)?;
    let year = arguments.year("year")?.unwrap_or_default();
    let sitting =
        Sitting { services: &session.services, rules: rules(ctx), ctx: &session.ctx, actor: session.actor()?, seat: &seat };
    Ok(sitting.board(year).await?.iter().map(|entry| value(&session.services.seal, entry, &seat, year)).collect())
}

async fn sign(session: &Session, ctx: &ResolverContext<'_>) -> Result<Value, HubError> {
    let actor = session.actor()?;
    let rules = rules(ctx);
    let Some(Value::Object(input)) = ctx.args.get("input").map(|value| value.as_value()) else {
        return Err(HubError::invalid("input 的内容不完整。", "`input` is incomplete."));
    };
    let input = Input(input);
    let region = rules.regions.present(input.word("region").unwrap_or_default())?;
    let seat = Seat::new(&session.services.policy, actor, &region)?;
    let sitting = Sitting { services: &session.services, rules, ctx: &session.ctx, actor, seat: &seat };
    let order = input.order()?;
    let (signed, _) = sitting.sign(&order).await?;
    let board = sitting.board(order.year).await?;
    let entry = board.iter().find(|entry| entry.signed.as_ref().is_some_and(|(own, _)| own.id == signed.id));
    entry.map(|entry| value(&session.services.seal, entry, &seat, order.year)).ok_or(HubError::NotFound)
}

/// What a return is signed with.
struct Input<'a>(&'a IndexMap<Name, Value>);

impl Input<'_> {
    fn word(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Enum(name)) => Some(name.as_str()),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Value::Number(number)) => number.as_i64(),
            _ => None,
        }
    }

    fn order(&self) -> Result<Order, HubError> {
        let given = match self.0.get("figures") {
            Some(Value::List(items)) => items.iter().map(given).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        let small = |name: &str| self.number(name).and_then(|number| i32::try_from(number).ok());
        Ok(Order {
            kind: self.word("kind").and_then(ObligationKind::from_code),
            year: small("year").unwrap_or_default(),
            finality: self.word("finality").and_then(Finality::from_code).unwrap_or(Finality::Final),
            replaces: small("replaces"),
            casualty_basis: self
                .word("casualtyBasis")
                .and_then(CasualtyBasis::from_code)
                .unwrap_or(CasualtyBasis::DeathsMissingInjured),
            denominator_basis: self.word("denominatorBasis").unwrap_or(DENOMINATORS[0]).to_owned(),
            given,
            remark: self.word("remark").map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned),
            document: self.0.get("document").map(document).transpose()?.flatten(),
        })
    }
}

fn document(value: &Value) -> Result<Option<Document>, HubError> {
    let Value::Object(parts) = value else { return Ok(None) };
    let parts = Input(parts);
    let word = |name: &str| parts.word(name).map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let own = Document {
        title: word("title").unwrap_or_default(),
        number: word("number"),
        sha256: word("sha256").unwrap_or_default().to_ascii_lowercase(),
    };
    if own.holds() && own.number.as_ref().is_none_or(|number| number.chars().count() <= 100) {
        return Ok(Some(own));
    }
    Err(HubError::invalid(
        "document 须有标题（1 至 200 字）和文件的 SHA-256（64 位十六进制），文号不超过 100 字。",
        "`document` has a title of 1 to 200 characters, the SHA-256 of the file in 64 hexadecimal digits, and a number of at most 100 characters.",
    ))
}

fn given(item: &Value) -> Result<Given, HubError> {
    let incomplete = || HubError::invalid("figures 的内容不完整。", "`figures` is incomplete.");
    let Value::Object(parts) = item else { return Err(incomplete()) };
    let parts = Input(parts);
    Ok(Given {
        count: parts.word("count").and_then(Count::from_code).ok_or_else(incomplete)?,
        industry: parts.word("industry").map(ToOwned::to_owned),
        value: parts.number("value").ok_or_else(incomplete)?,
        explanation: parts.word("explanation").map(ToOwned::to_owned),
    })
}

fn line(line: &Line) -> Value {
    let number = |number: Option<i64>| number.map_or(Value::Null, Into::into);
    object([
        ("count", word(line.count.code())),
        ("industry", line.industry.as_deref().map_or(Value::Null, word)),
        ("records", number(line.records)),
        ("signed", number(line.signed)),
        ("explanation", text(line.explanation.as_deref())),
        ("today", number(line.today)),
        ("differs", line.differs().into()),
    ])
}

fn value(seal: &Seal, entry: &Entry, seat: &Seat, year: i32) -> Value {
    let signed = entry.signed.as_ref();
    let state = match signed {
        None => "MISSING",
        Some(_) if entry.last => "SIGNED",
        Some(_) => "REPLACED",
    };
    // The account is for the department itself and for whoever leads the meeting.
    let own = seat.department() == entry.department || seat.department() == LEAD;
    let content = |part: fn(&crate::meeting::returns::Content) -> Option<&str>| text(signed.and_then(|(_, content)| part(content)));
    object([
        ("id", signed.map_or(Value::Null, |(signed, _)| of_name(seal, "Return", signed.id).into())),
        ("regionCode", seat.region().as_str().into()),
        ("department", word(&entry.department)),
        ("kind", word(entry.kind.code())),
        ("year", year.into()),
        ("finality", word(entry.finality.code())),
        ("state", word(state)),
        ("version", signed.map_or(Value::Null, |(signed, _)| signed.version.into())),
        ("planId", content(|content| content.plan.as_deref())),
        (
            "casualtyBasis",
            match signed.and_then(|(_, content)| content.casualty_basis.as_deref()) {
                Some(code) => word(code),
                None => Value::Null,
            },
        ),
        ("source", text(entry.source.as_deref())),
        ("carried", entry.carried.into()),
        ("denominatorBasis", content(|content| content.denominator_basis.as_deref())),
        ("figures", Value::List(entry.lines.iter().map(line).collect())),
        ("differences", Value::List(entry.lines.iter().filter(|line| line.differs()).map(line).collect())),
        ("withheld", entry.withheld.into()),
        (
            "document",
            match signed.and_then(|(_, content)| content.document.as_ref()) {
                Some(own) => object([
                    ("title", own.title.as_str().into()),
                    ("number", text(own.number.as_deref())),
                    ("sha256", own.sha256.as_str().into()),
                ]),
                None => Value::Null,
            },
        ),
        ("remark", text(signed.and_then(|(signed, _)| signed.remark.as_deref()))),
        ("digest", text(signed.map(|(signed, _)| signed.digest.as_str()))),
        ("position", content(|content| Some(&content.position))),
        ("signedAt", text(signed.map(|(signed, _)| shown(signed.signed_at)))),
        ("signedBy", text(signed.filter(|_| own).map(|(signed, _)| signed.subject.as_str()))),
    ])
}
