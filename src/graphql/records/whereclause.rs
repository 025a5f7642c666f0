//! `where` inputs as filters of the store.

use async_graphql::Value;
use chrono::NaiveDate;
use entity::catalogue::{Family, Field, Kind};

use crate::{
    domain::{
        clock,
        money::Fen,
        number::{self, NumberUse},
    },
    error::{HubError, Text},
    graphql::records::session::Session,
    store::{
        records::filter::{FieldTest, Filter},
        sql::cell::Cell,
    },
    submit::value::numbered,
};

/// Most values of an `in`.
const MOST_VALUES: usize = 500;

/// Most tests, groups and links of one `where`.
const MOST_PARTS: usize = 200;
/// Deepest nesting of a `where`.
const MOST_LEVELS: usize = 20;

/// Reads the `where` input of a family.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the field and what is wrong with its value;
/// [`HubError::TooComplex`] when there is more of it than a database takes in one statement.
pub fn read(session: &Session, family: &'static Family, value: &Value) -> Result<Filter, HubError> {
    measured(value)?;
    part(session, family, value)
}

/// Refuses a `where` that is too large or too deep, whatever stands in it.
///
/// # Errors
///
/// [`HubError::TooComplex`] when there is more of it than a database takes in one statement.
pub fn measured(value: &Value) -> Result<(), HubError> {
    measure(value, 0, &mut 0)
}

/// Objects below an object or list, and how deep they lie. Lists of plain values have their own
/// bound.
fn measure(value: &Value, level: usize, parts: &mut usize) -> Result<(), HubError> {
    match value {
        Value::Object(members) => {
            *parts += members.len();
            if *parts > MOST_PARTS || level > MOST_LEVELS {
                return Err(HubError::TooComplex(Text::new(
                    format!(
                        "where 的条件过多或嵌套过深，最多 {MOST_PARTS} 项、{MOST_LEVELS} 层。请简化，或用 in 代替 or。"
                    ),
                    format!(
                        "`where` has too many conditions or nests too deeply; at most {MOST_PARTS}, {MOST_LEVELS} levels. Use `in` instead of `or`."
                    ),
                )));
            }
            members.values().try_for_each(|inner| measure(inner, level + 1, parts))
        }
        Value::List(list) => list.iter().try_for_each(|inner| measure(inner, level, parts)),
        _ => Ok(()),
    }
}

fn part(session: &Session, family: &'static Family, value: &Value) -> Result<Filter, HubError> {
    let Value::Object(parts) = value else { return Err(unusable("where")) };
    let mut all = Vec::with_capacity(parts.len());
    for (name, part) in parts {
        all.push(match (name.as_str(), part) {
            ("and", Value::List(_) | Value::Object(_)) => Filter::All(each(session, family, part)?),
            ("or", Value::List(_) | Value::Object(_)) => Filter::Any(each(session, family, part)?),
            ("not", part @ Value::Object(_)) => {
                Filter::Not(Box::new(self::part(session, family, part)?))
            }
            (name, Value::Object(tests)) if tests.is_empty() => return Err(unusable(name)),
            (name, Value::Object(tests)) => {
                if let Some(field) = family.field(name) {
                    Filter::All(
                        tests
                            .iter()
                            .map(|(test, value)| field_test(session, field, test, value))
                            .collect::<Result<_, _>>()?,
                    )
                } else if let Some(link) = family.link(name)
                    && let Some(target) = session.services.catalogue.find(link.to)
                {
                    let scope = session.scope(target)?;
                    let one = |(quantifier, value): (&async_graphql::Name, &Value)| {
                        if *value == Value::Null {
                            return Err(unusable(name));
                        }
                        let inner = self::part(session, target, value)?;
                        Ok(Filter::Link(link, scope.clone(), quantifier == "some", Box::new(inner)))
                    };
                    Filter::All(tests.iter().map(one).collect::<Result<_, HubError>>()?)
                } else {
                    return Err(unusable(name));
                }
            }
            (name, _) => return Err(unusable(name)),
        });
    }
    Ok(Filter::All(all))
}

fn each(session: &Session, family: &'static Family, list: &Value) -> Result<Vec<Filter>, HubError> {
    items(list).iter().map(|value| part(session, family, value)).collect()
}

/// The items of a list; a value alone counts as a list of it (GraphQL specification, §3.11).
fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(list) => list,
        one => std::slice::from_ref(one),
    }
}

fn unusable(name: &str) -> HubError {
    HubError::invalid(
        format!(
            "where 中的“{name}”没有条件。请写成对象，如 {name}: {{eq: …}}；要查空值请用 {name}: {{isNull: true}}。"
        ),
        format!(
            "`{name}` in `where` holds no condition. Write an object: {name}: {{eq: …}}, or {name}: {{isNull: true}} for empty values."
        ),
    )
}

fn field_test(
    session: &Session,
    field: &'static Field,
    test: &str,
    value: &Value,
) -> Result<Filter, HubError> {
    if field.sealed {
        return sealed_test(session, field, test, value);
    }
    let one = |value: &Value| cell(field, value);
    Ok(Filter::Field(
        field,
        match (test, value) {
            (_, Value::Null) => return Err(unusable(field.name)),
            ("eq", value) => FieldTest::In(vec![one(value)?]),
            ("in", list) => {
                let list = items(list);
                if list.len() > MOST_VALUES {
                    return Err(HubError::invalid(
                        format!("“{}”的 in 最多 {MOST_VALUES} 个值。", field.name),
                        format!("`in` of {} takes at most {MOST_VALUES} values.", field.name),
                    ));
                }
                FieldTest::In(list.iter().map(one).collect::<Result<_, _>>()?)
            }
            ("gt", value) => FieldTest::Range(Some((one(value)?, false)), None),
            ("gte", value) => FieldTest::Range(Some((one(value)?, true)), None),
            ("lt", value) => FieldTest::Range(None, Some((one(value)?, false))),
            ("lte", value) => FieldTest::Range(None, Some((one(value)?, true))),
            ("prefix", Value::String(text)) => FieldTest::Prefix(words(field, text)?),
            ("contains", Value::String(text)) => FieldTest::Contains(words(field, text)?),
            ("isNull", Value::Boolean(yes)) => FieldTest::IsNull(*yes),
            _ => return Err(bad(field)),
        },
    ))
}

/// Sealed fields are compared as a whole by keyed hash. An identity number is looked for under
/// every kind of document whose numbers have its form, as the kind is part of the hash.
fn sealed_test(
    session: &Session,
    field: &'static Field,
    test: &str,
    value: &Value,
) -> Result<Filter, HubError> {
    let texts: Vec<&str> =
        match (test, value) {
            ("eq", Value::String(text)) => vec![text],
            ("in", list) if items(list).len() <= MOST_VALUES => items(list)
                .iter()
                .map(|value| {
                    if let Value::String(text) = value {
                        Ok(text.as_str())
                    } else {
                        Err(bad(field))
                    }
                })
                .collect::<Result<_, _>>()?,
            ("isNull", Value::Boolean(yes)) => {
                return Ok(Filter::Field(field, FieldTest::IsNull(*yes)));
            }
            _ => return Err(bad(field)),
        };
    let kinds: Vec<&str> = session
        .services
        .reference
        .table("id_type")
        .map(|table| table.codes.iter().map(|code| code.code.as_str()).collect())
        .unwrap_or_default();
    let seal = &session.services.seal;
    let mut hashes = Vec::with_capacity(texts.len() * kinds.len());
    for text in texts {
        let number = as_kept(field, text, NumberUse::Identifier)?;
        hashes.extend(kinds.iter().map(|kind| seal.person_key(kind, &number)));
    }
    Ok(Filter::Field(field, FieldTest::Key(hashes)))
}

fn clean(field: &Field, text: &str) -> Result<String, HubError> {
    if text.is_empty() || text.contains('\0') || text.chars().count() > 200 {
        Err(bad(field))
    } else {
        Ok(text.to_owned())
    }
}

/// A text of a condition. Numbers are looked for as they are kept, however they are written.
fn words(field: &Field, text: &str) -> Result<String, HubError> {
    let text = clean(field, text)?;
    match numbered(field) {
        Some(sort) => as_kept(field, &text, sort),
        None => Ok(text),
    }
}

/// A number as it is kept; refused where nothing like it can be on record.
fn as_kept(field: &Field, text: &str, sort: NumberUse) -> Result<String, HubError> {
    let number = number::read(text, sort).map_err(|fault| {
        HubError::invalid(
            format!("“{}”（{}）的条件值无效：{}。", field.name, field.label, fault.message_zh()),
            format!("The value given for {} is not valid: {}.", field.name, fault.message_en()),
        )
    })?;
    if number.text.is_empty() { Err(bad(field)) } else { Ok(number.text) }
}

fn bad(field: &Field) -> HubError {
    HubError::invalid(
        format!("“{}”（{}）的条件值无效。请核对类型和格式。", field.name, field.label),
        format!("The value given for {} is not valid. Check its type and form.", field.name),
    )
}

/// A value of a condition.
fn cell(field: &Field, value: &Value) -> Result<Cell, HubError> {
    match (field.kind, value) {
        (Kind::Text | Kind::Code(_) | Kind::Codes(_), Value::String(text)) => {
            words(field, text).map(Cell::Text)
        }
        (Kind::Code(_), Value::Enum(name)) => Ok(Cell::Text(name.to_string())),
        (Kind::Int, Value::Number(number)) => number
            .as_i64()
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Cell::Int)
            .ok_or_else(|| bad(field)),
        (Kind::Bool, Value::Boolean(yes)) => Ok(Cell::Bool(*yes)),
        (Kind::Date, Value::String(text)) => {
            text.parse::<NaiveDate>().map(Cell::Date).map_err(|_| bad(field))
        }
        (Kind::DateTime, Value::String(text)) => {
            // A day alone stands for its first moment in Asia/Shanghai.
            let whole = if text.len() == 10 { format!("{text} 00:00:00") } else { text.clone() };
            clock::parse_instant(&whole).map(Cell::Instant).map_err(|_| bad(field))
        }
        (Kind::Money, Value::String(text)) => {
            Fen::parse(text).map(|fen| Cell::Int(fen.0)).map_err(|_| bad(field))
        }
        _ => Err(bad(field)),
    }
}
