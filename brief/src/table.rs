//! A table before it is a page's, a document's or a workbook's: what stands in each cell and what
//! kind of thing it is.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    content::{Coded, Outcome, ReturnState},
    words,
};

/// A table.
pub(crate) struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, in groups.
    pub groups: Vec<Group>,
}

/// A column.
pub(crate) struct Column {
    pub title: String,
    /// Width beside the other columns, in Chinese characters.
    pub width: u8,
    /// Whether numbers stand in it.
    pub number: bool,
}

/// Rows under a common heading.
#[derive(Default)]
pub(crate) struct Group {
    /// The heading; none for rows that need none.
    pub title: Option<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
pub(crate) struct Cell {
    pub value: Value,
    /// Where more about it is found.
    pub href: Option<String>,
}

/// What stands in a cell.
pub(crate) enum Value {
    Text(String),
    /// Names its row.
    Head(String),
    /// A whole number.
    Count(i64),
    /// A number that is printed already.
    Printed(String),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
    /// Nothing is known, and this is said of it. Never zero.
    Absent(&'static str),
    /// A judgement: a shape and its word.
    Mark(JudgementMark, &'static str),
    /// Several sentences.
    List(Vec<String>),
    /// A number that stands out by a shade, from 0 to 5.
    Shaded(i64, u8),
}

/// Shape of a judgement.
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
    /// A table of rows that need no headings between them.
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
    /// With a link, where there is one.
    pub(crate) fn link(mut self, href: Option<String>) -> Self {
        self.href = href;
        self
    }

    pub(crate) fn head(text: impl Into<String>) -> Self {
        Value::Head(text.into()).into()
    }

    /// A text; where it is empty, a dash.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Value::Absent(words::NONE) } else { Value::Text(text) }.into()
    }

    pub(crate) fn coded(coded: &Coded) -> Self {
        Self::text(words::label(coded))
    }

    /// A printed number; where it is empty, a dash.
    pub(crate) fn printed(text: &str) -> Self {
        if text.is_empty() || text == words::NONE {
            Value::Absent(words::NONE)
        } else {
            Value::Printed(text.to_owned())
        }
        .into()
    }

    /// A number, or what is said of it when it is not there.
    pub(crate) fn count(count: Option<i64>, absent: &'static str) -> Self {
        count.map_or(Value::Absent(absent), Value::Count).into()
    }

    /// A day, or a dash.
    pub(crate) fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Value::Absent(words::NONE), Value::Day).into()
    }

    /// An instant, or what is said of it when it is not there.
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
