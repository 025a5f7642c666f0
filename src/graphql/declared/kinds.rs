//! Scalars and enums of the schema as Rust types, for declaring fields. `i32` becomes `Int`, other
//! integers become `Long`.

use std::{borrow::Cow, fmt};

use chrono::{DateTime, NaiveDate, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    domain::{clock, code::Coded},
    graphql::records::plan::MOST_FIRST,
    store::sql::cell::shown,
};

/// Key in a JSON Schema that holds the name of the GraphQL type.
pub const NAMED: &str = "graphql";

/// Implements the JSON Schema of a type that is named in the GraphQL schema and a string in JSON.
macro_rules! text_kind {
    ($type:ty, $name:expr $(, $generic:ident)?) => {
        impl$(<$generic: Named>)? JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", NAMED: $name})
            }
        }
    };
}

/// Implements the JSON Schema of a type that is `Int`.
macro_rules! int_kind {
    ($type:ident) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                i32::json_schema(generator)
            }
        }
    };
}

/// Enums of code tables, whose codes are data.
macro_rules! code_tables {
    ($($name:ident)*) => {$(
        #[doc = concat!("A code of the enum `", stringify!($name), "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        text_kind!($name, stringify!($name));

        impl<T: AsRef<str> + ?Sized> From<&T> for $name {
            fn from(code: &T) -> Self {
                Self(code.as_ref().to_owned())
            }
        }
    )*};
}

code_tables!(Department FieldClass KeyIndustry KeyPost LeadReason MeetingKind Purpose RegionLevel ResolutionState Role);

/// A closed set of codes that is an enum in the GraphQL schema.
pub trait Named: Coded {
    /// Name of the enum.
    const NAME: &'static str;
}

/// Enums defined in the program, with their names in the GraphQL schema.
macro_rules! named {
    ($($type:path => $name:literal),* $(,)?) => {$(
        impl Named for $type {
            const NAME: &'static str = $name;
        }
    )*};
}

named! {
    crate::domain::accident::CasualtyBasis => "CasualtyBasis",
    crate::domain::correction::CorrectionState => "CorrectionState",
    crate::domain::correction::CorrectionStep => "CorrectionStep",
    crate::domain::deadline::DueState => "ObligationState",
    crate::domain::deadline::ClockUnit => "ClockUnit",
    crate::domain::indicator::FigureFormula => "IndicatorFormula",
    crate::domain::indicator::Indicator => "Indicator",
    crate::domain::indicator::TargetOutcome => "IndicatorOutcome",
    crate::domain::lead::LeadKind => "LeadKind",
    crate::domain::lead::LeadResolution => "LeadResolution",
    crate::domain::lead::LeadState => "LeadState",
    crate::domain::lead::Tier => "LeadTier",
    crate::domain::plan::Comparison => "PlanComparison",
    crate::domain::plan::Finality => "ReturnFinality",
    crate::domain::plan::TargetMeasure => "PlanMeasure",
    crate::domain::plan::ObligationKind => "PlanObligationKind",
    crate::domain::plan::IndustryRole => "PlanRole",
    crate::domain::plan::TaskKind => "PlanTaskKind",
    crate::domain::plan::TaskState => "PlanTaskState",
    crate::domain::plan::JudgingStrictness => "PlanTolerance",
    crate::domain::plan::Unit => "PlanUnit",
    crate::domain::returns::ReturnCount => "ReturnCount",
    crate::meeting::indicators::DenominatorBasis => "DenominatorBasis",
    crate::meeting::indicators::InjuryBasis => "InjuryBasis",
    crate::meeting::indicators::SeriesMeasure => "IndicatorMeasure",
    crate::meeting::obligations::DutyKind => "ObligationKind",
    crate::store::records::aggregate::Method => "DisclosureMethod",
    crate::store::meeting::figures::DiseaseYear => "DiseaseYearBasis",
    crate::store::meeting::leads::RecordRole => "LeadRole",
}

/// A member of a closed set; its code in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<E>(pub E);

text_kind!(Code<E>, E::NAME, E);

impl<E: Named> Serialize for Code<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl<'de, E: Named> Deserialize<'de> for Code<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        E::from_code(&text).map(Self).ok_or_else(|| {
            bilingual(format!("没有代码 {text}"), format!("there is no code {text}"))
        })
    }
}

/// `ID`: a global identifier as clients see it; an opaque text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Id(pub String);

text_kind!(Id, "ID");

impl<'de> Deserialize<'de> for Id {
    /// A text or a whole number, as the specification of GraphQL says.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CodeVisitor;
        impl de::Visitor<'_> for CodeVisitor {
            type Value = Id;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an identifier")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(CodeVisitor)
    }
}

/// `Date`: a calendar day without a time zone, such as `2024-03-05` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Day(pub NaiveDate);

text_kind!(Day, "Date");

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let day = clock::parse_date(&String::deserialize(deserializer)?);
        day.map(Self).map_err(|fault| bilingual(fault.message_zh(), fault.message_en()))
    }
}

/// `DateTime`: an instant, shown in Asia/Shanghai.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

text_kind!(Instant, "DateTime");

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&shown(self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let instant = clock::parse_instant(&String::deserialize(deserializer)?);
        instant.map(Self).map_err(|fault| bilingual(fault.message_zh(), fault.message_en()))
    }
}

/// A calendar year, as `Int`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year(pub i32);

int_kind!(Year);

impl<'de> Deserialize<'de> for Year {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let year = i64::deserialize(deserializer)?;
        let held = i32::try_from(year).ok().filter(|year| (1949..=2100).contains(year));
        held.map(Self).ok_or_else(|| {
            bilingual("应为 1949 至 2100 之间的年份", "must be a year between 1949 and 2100")
        })
    }
}

/// Size of a page, as `Int`: 1 to 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First(pub u64);

int_kind!(First);

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let first = i64::deserialize(deserializer)?;
        let held = u64::try_from(first).ok().filter(|first| (1..=MOST_FIRST).contains(first));
        held.map(Self).ok_or_else(|| {
            bilingual(
                format!("须为 1 至 {MOST_FIRST}，请分页"),
                format!("must be 1 to {MOST_FIRST}; page through the list"),
            )
        })
    }
}

/// `Json`: an object of any form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Json(pub serde_json::Value);

text_kind!(Json, "Json");

/// Separates the two languages in the message of a deserialisation error.
const BETWEEN: char = '\u{1f}';

/// A deserialisation error with its message in both languages.
fn bilingual<E: de::Error>(zh: impl fmt::Display, en: impl fmt::Display) -> E {
    E::custom(format_args!("{zh}{BETWEEN}{en}"))
}

/// Both languages of a message; `None` if it has only one.
#[must_use]
pub fn languages(message: &str) -> Option<(&str, &str)> {
    message.split_once(BETWEEN)
}
