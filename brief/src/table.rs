//! A table before it is rendered in the page, the document or the workbook: the content of each
//! cell and its kind.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    content::{Coded, Outcome, ReturnState},
    words,
};

/// A table in a form independent of the output format.
pub(crate) struct Table {
    /// What the table shows, as its caption.
    pub caption: String,
    /// The columns, in order; every row has as many cells.
    pub columns: Vec<Column>,
    /// The rows, in groups.
    pub groups: Vec<Group>,
}

/// A column with its heading.
pub(crate) struct Column {
    pub title: String,
    /// Width relative to the other columns, in Chinese characters.
    pub width: u8,
    /// Whether it holds numbers, which are aligned to the right.
    pub number: bool,
}

/// Rows under a common heading.
#[derive(Default)]
pub(crate) struct Group {
    /// The heading; `None` for rows without one.
    pub title: Option<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell with its content and an optional link.
pub(crate) struct Cell {
    pub value: Value,
    /// Address with more details, if there is one.
    pub href: Option<String>,
}

/// The content of a cell.
pub(crate) enum Value {
    Text(String),
    /// The heading of its row.
    Head(String),
    /// A whole number.
    Count(i64),
    /// A number that is already formatted.
    Printed(String),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
    /// The value is unknown, and this text is shown instead. Never zero.
    Absent(&'static str),
    /// A judgement: a shape and a word.
    Mark(JudgementMark, &'static str),
    /// Several sentences, each on a line of its own.
    List(Vec<String>),
    /// A number with a background shade from 0 to 5.
    Shaded(i64, u8),
}

/// The shape that stands for a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JudgementMark {
    Good,
    Bad,
    About,
    /// Done, but late or not here.
    Partly,
    Open,
}

impl JudgementMark {
    /// The shape as a character that every Chinese font has.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Good => "√",
            Self::Bad => "×",
            Self::About => "≈",
            Self::Partly => "△",
            Self::Open => "○",
        }
    }
}

impl Column {
    pub(crate) fn text(title: impl Into<String>, width: u8) -> Self {
        Self { title: title.into(), width, number: false }
    }

    pub(crate) fn number(title: impl Into<String>, width: u8) -> Self {
        Self { title: title.into(), width, number: true }
    }
}

impl Table {
    /// A table without headings between its rows.
    pub(crate) fn plain(
        caption: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<Vec<Cell>>,
    ) -> Self {
        Self { caption: caption.into(), columns, groups: vec![Group { title: None, rows }] }
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.rows.is_empty())
    }
}

impl Cell {
    /// Adds a link, if there is one.
    pub(crate) fn link(mut self, href: Option<String>) -> Self {
        self.href = href;
        self
    }

    pub(crate) fn head(text: impl Into<String>) -> Self {
        Value::Head(text.into()).into()
    }

    /// A text; a dash if it is empty.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Value::Absent(words::NONE) } else { Value::Text(text) }.into()
    }

    pub(crate) fn coded(coded: &Coded) -> Self {
        Self::text(words::label(coded))
    }

    /// A formatted number; a dash if it is empty.
    pub(crate) fn printed(text: &str) -> Self {
        if text.is_empty() || text == words::NONE {
            Value::Absent(words::NONE)
        } else {
            Value::Printed(text.to_owned())
        }
        .into()
    }

    /// A number, or the given text if it is missing.
    pub(crate) fn count(count: Option<i64>, absent: &'static str) -> Self {
        count.map_or(Value::Absent(absent), Value::Count).into()
    }

    /// A day; a dash if there is none.
    pub(crate) fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Value::Absent(words::NONE), Value::Day).into()
    }

    /// An instant, or the given text if it is missing.
    pub(crate) fn moment(at: Option<DateTime<Utc>>, absent: &'static str) -> Self {
        at.map_or(Value::Absent(absent), Value::Moment).into()
    }

    pub(crate) fn outcome(outcome: Outcome) -> Self {
        Value::Mark(judgement_mark(outcome), words::outcome(outcome)).into()
    }

    pub(crate) fn return_state(state: ReturnState) -> Self {
        let mark = match state {
            ReturnState::OnTime => JudgementMark::Good,
            ReturnState::Overdue => JudgementMark::Bad,
            ReturnState::Late => JudgementMark::Partly,
            ReturnState::NotDue => JudgementMark::Open,
        };
        Value::Mark(mark, words::return_state(state)).into()
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, href: None }
    }
}

/// The shape of a judgement.
pub(crate) const fn judgement_mark(outcome: Outcome) -> JudgementMark {
    match outcome {
        Outcome::Met => JudgementMark::Good,
        Outcome::NotMet => JudgementMark::Bad,
        Outcome::About => JudgementMark::About,
        Outcome::NotJudged => JudgementMark::Open,
    }
}
