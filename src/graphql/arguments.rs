//! What a root field was asked with, read argument by argument.

use std::sync::Arc;

use async_graphql::{Value, dynamic::ResolverContext};
use chrono::NaiveDate;

use crate::{
    authz::meeting::Seat,
    domain::{clock, region::RegionCode},
    error::HubError,
    graphql::records::session::Session,
    meeting::rulebook::Rulebook,
};

/// Arguments of a field.
pub struct Arguments<'a, 'b>(pub &'a ResolverContext<'b>);

impl Arguments<'_, '_> {
    fn value(&self, name: &str) -> Option<Value> {
        self.0.args.get(name).map(|value| value.as_value().clone()).filter(|value| *value != Value::Null)
    }

    /// A text, an identifier or a code.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<String> {
        match self.value(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Enum(name)) => Some(name.to_string()),
            _ => None,
        }
    }

    /// A whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Value::Number(number)) => number.as_i64(),
            _ => None,
        }
    }

    /// A year: whole and in the range of years people write.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the argument.
    pub fn year(&self, name: &str) -> Result<Option<i32>, HubError> {
        let Some(number) = self.number(name) else { return Ok(None) };
        let year = i32::try_from(number).ok().filter(|year| (1949..=2100).contains(year));
        year.map(Some).ok_or_else(|| {
            HubError::invalid(
                format!("{name} 应为 1949 至 2100 之间的年份。"),
                format!("{name} must be a year between 1949 and 2100."),
            )
        })
    }

    /// Yes or no.
    #[must_use]
    pub fn yes(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Boolean(true)))
    }

    /// A day.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the argument.
    pub fn day(&self, name: &str) -> Result<Option<NaiveDate>, HubError> {
        let Some(text) = self.word(name) else { return Ok(None) };
        clock::parse_date(&text).map(Some).map_err(|fault| {
            HubError::invalid(format!("{name}：{}。", fault.message_zh()), format!("{name}: {}.", fault.message_en()))
        })
    }

    /// The region of the argument `region` as it is today, that of the asker where none is given.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`], or [`HubError::Invalid`] when there is no such region.
    pub fn region(&self, session: &Session) -> Result<RegionCode, HubError> {
        let actor = session.actor()?;
        match self.word("region") {
            Some(code) => rules(self.0).regions.present(&code),
            None => Ok(actor.region().clone()),
        }
    }

    /// The seat of whoever asks at the table of the argument `region`.
    ///
    /// # Errors
    ///
    /// As [`Seat::new`] and [`Self::region`].
    pub fn seat(&self, session: &Session) -> Result<Seat, HubError> {
        Seat::new(&session.services.policy, session.actor()?, &self.region(session)?)
    }
}

/// What the meeting goes by.
#[must_use]
pub fn rules<'a>(ctx: &ResolverContext<'a>) -> &'a Rulebook {
    shared_rules(ctx)
}

/// The same, to be kept.
#[must_use]
pub fn shared_rules<'a>(ctx: &ResolverContext<'a>) -> &'a Arc<Rulebook> {
    ctx.ctx.data_unchecked::<Arc<Rulebook>>()
}
