//! Obligations and their state: the yearly returns that plans ask for, and what the law requires in
//! individual cases, derived from the records that the asker may read.
//!
//! Kinds follow each other, the yearly ones first, each ordered by due day. A kind whose clock
//! starts on a date that the asker may not read is left out; if requested explicitly, it is
//! refused.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::catalogue::{Family, Field};
use uuid::Uuid;

use crate::{
    authz::scope::Scope,
    domain::{
        clock::shanghai_date,
        code::Coded as _,
        deadline::DueState,
        plan::{Finality, ObligationKind},
        region::RegionCode,
    },
    error::HubError,
    meeting::{
        plans::PlanDuty,
        returns::{FrozenReturn, MeetingContext},
        rulebook::settled,
    },
    store::{
        meeting::returns::SignedReturn,
        records::{
            cursor::{OrderKey, Position, decode, encode},
            filter::{Filter, check},
            page_query::PageQuery as RowPage,
            row::{Row, Selection},
        },
    },
};

mod cases;
mod judged;
mod kinds;
mod verifications;

pub use kinds::DutyKind;

/// Number of rows read at a time.
const CHUNK: u64 = 500;
/// Greatest number of rows examined for one page; a page may be shorter and still have a successor.
const MOST_ROWS: u64 = 5_000;

/// The query for obligations.
#[derive(Clone, Debug, Default)]
pub struct ObligationsQuery {
    /// Only obligations of this department, by its code.
    pub department: Option<String>,
    /// Only obligations due on this day or later.
    pub from: Option<NaiveDate>,
    /// Only obligations due on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Only obligations in this state.
    pub state: Option<DueState>,
    /// Only obligations of this kind.
    pub kind: Option<DutyKind>,
    /// Greatest number of items on the page.
    pub first: u64,
    /// Cursor after which the page begins; `None` for the first page.
    pub after: Option<String>,
    /// Digest of the query and the asker, to which cursors are bound.
    pub question: String,
}

impl ObligationsQuery {
    /// A position as a cursor of this query.
    fn place(&self, source: usize, inner: &str) -> String {
        format!("{}-{source}-{inner}", self.question)
    }
}

/// An obligation with its deadline and state.
#[derive(Clone, Debug)]
pub struct OwedItem {
    /// What kind of duty it is.
    pub kind: DutyKind,
    /// State as of now.
    pub state: DueState,
    /// Last day on which it can be fulfilled in time.
    pub due: NaiveDate,
    /// Day before which it cannot be overdue, if later than `due`: the plan was issued after that
    /// day.
    pub enforced_from: Option<NaiveDate>,
    /// Day on which the clock started; `None` for a fixed day of the year.
    pub start: Option<NaiveDate>,
    /// Day on which it was fulfilled; `None` while it is not.
    pub done: Option<NaiveDate>,
    /// Department that owes it, or that supervises the employer who does.
    pub department: String,
    /// Region code of the obligation, such as `140600`.
    pub region: String,
    /// The record it is about; `None` for yearly obligations.
    pub record: Option<(&'static Family, Uuid)>,
    /// For yearly obligations: the plan, the year of the figures, and provisional or final.
    pub yearly: Option<(String, i32, Finality)>,
    /// Code of the clock rule that sets the deadline.
    pub rule: String,
    /// Law and article.
    pub source: String,
    /// Year whose holidays are not known, so that the last day may still move; `None` otherwise.
    pub unknown_year: Option<i32>,
    /// Names of the empty fields of the record that leave the rule or the state open.
    pub unknown_fields: Vec<&'static str>,
    /// Whether it continues after the end of the plan that asks for it.
    pub carried: bool,
}

/// A page of items, with what was read to make it.
#[derive(Default)]
pub struct FoundObligations {
    /// The obligations on the page, in order.
    pub items: Vec<OwedItem>,
    /// Cursor of the next page; `None` if there is none.
    pub next: Option<String>,
    /// Rows that are shown, with the scope under which they were read.
    pub shown: Vec<(Arc<Scope>, Vec<Row>)>,
    /// The conditions asked of each family, for the audit log.
    pub asked: Vec<(&'static Family, Filter, &'static Field)>,
}

impl MeetingContext<'_> {
    /// A page of the obligations in the seat's region.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for a cursor of another query; [`HubError::Forbidden`] for a kind
    /// whose dates the actor may not read.
    pub async fn obligations(
        &self,
        asked: &ObligationsQuery,
    ) -> Result<FoundObligations, HubError> {
        let (mut place, inner) = opened(asked)?;
        let mut page = FoundObligations::default();
        if place == 0 {
            let yearly = self.yearly(asked).await?;
            let skip = inner.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0_usize);
            let first = usize::try_from(asked.first).unwrap_or(usize::MAX);
            let more = yearly.len().saturating_sub(skip) > first;
            page.items.extend(yearly.into_iter().skip(skip).take(first));
            if more {
                page.next = Some(asked.place(0, &(skip + first).to_string()));
                return Ok(page);
            }
            place = 1;
        }
        let from = if place == opened(asked)?.0 { inner } else { None };
        if place <= cases::ALL.len() {
            // On the heap: whoever asks for obligations is deep in the stack already.
            Box::pin(self.cases(asked, &mut page, place, from.clone())).await?;
        }
        if page.next.is_none() {
            let from = from.filter(|_| place > cases::ALL.len());
            Box::pin(self.verifications(asked, &mut page, from.as_deref())).await?;
        }
        Ok(page)
    }

    async fn cases(
        &self,
        asked: &ObligationsQuery,
        page: &mut FoundObligations,
        place: usize,
        inner: Option<String>,
    ) -> Result<(), HubError> {
        let mut inner = inner;
        let mut looked = 0;
        // If a kind is requested explicitly, at least one of its sources must be readable.
        let (mut open, mut closed) = (false, None);
        for (number, source) in cases::ALL.iter().enumerate().skip(place.saturating_sub(1)) {
            let from = inner.take();
            if asked.kind.is_some_and(|kind| kind != source.kind) {
                continue;
            }
            let family = self.services.catalogue.find(source.family).ok_or(HubError::NotFound)?;
            let scope = self.services.scope(self.actor, family)?;
            let Some(start) = family.field(source.start) else { continue };
            let keys = [OrderKey { field: start, descending: false }];
            let filter = source.filter(self, family, asked)?;
            if let Err(refused) =
                check(&scope, crate::authz::scope::Use::List, &filter, &[start.class])
            {
                closed = Some(refused);
                continue;
            }
            open = true;
            page.asked.push((family, filter.clone(), start));
            let selection = source.selection(family);
            let seal = &self.services.seal;
            let mut position =
                from.map(|text| decode(seal, &asked.question, &keys, &text)).transpose()?;
            let mut shown = Vec::new();
            loop {
                let rows = RowPage {
                    selection: &selection,
                    filter: &filter,
                    keys: &keys,
                    from: position.as_ref(),
                    backward: false,
                    limit: CHUNK,
                };
                let rows = self.services.reader().page(&scope, &rows).await?;
                let last = (rows.len() as u64) < CHUNK;
                for row in rows {
                    if page.items.len() as u64 >= asked.first || looked >= MOST_ROWS {
                        page.next = Some(match &position {
                            Some(place) => asked
                                .place(number + 1, &encode(seal, &asked.question, &keys, place)?),
                            None => asked.place(number + 1, ""),
                        });
                        page.shown.push((scope, shown));
                        return Ok(());
                    }
                    looked += 1;
                    position = Some(Position { values: row.keys.clone(), id: row.id });
                    let item = source.judge(self, family, &selection, &row)?;
                    if let Some(item) = item.filter(|item| fits(asked, item)) {
                        page.items.push(item);
                        shown.push(row);
                    }
                }
                if last {
                    break;
                }
            }
            page.shown.push((scope, shown));
        }
        match closed {
            Some(refused) if asked.kind.is_some() && !open => Err(refused),
            _ => Ok(()),
        }
    }

    /// What plans ask for in the seat's region, ordered by day.
    pub(in crate::meeting) async fn yearly(
        &self,
        asked: &ObligationsQuery,
    ) -> Result<Vec<OwedItem>, HubError> {
        let region = self.seat.region();
        let signed = self.services.database.returns(self.seat, None).await?;
        // A report without content was signed before content was required: it fulfils nothing.
        let empty = |one: &SignedReturn| {
            let kind = ObligationKind::from_code(&one.which.kind);
            let content = FrozenReturn::of(one).ok().map(|content| FrozenReturn {
                words: content.words.clone().or_else(|| one.remark.clone()),
                ..content
            });
            kind.zip(content).is_none_or(|(kind, content)| {
                !content.lacks(kind, self.rate(content.plan.as_deref())).is_empty()
            })
        };
        let mut items = Vec::new();
        for PlanDuty { plan, owed, carried } in self.owed() {
            let Some(rule) = self.rules.clock_of_year(&owed.rule, region, owed.due_year)? else {
                // The duty did not exist in that year.
                continue;
            };
            let (due, unknown_year) = settled(rule.due_in(&self.rules.calendar, owed.due_year))?;
            let effective = plan.effective(due);
            for department in &owed.departments {
                let answers = |one: &&SignedReturn| {
                    one.department == *department
                        && one.which.kind == owed.kind.code()
                        && one.which.year == owed.data_year
                        && (one.which.finality == owed.finality.code()
                            || one.which.finality == Finality::Final.code())
                        && !empty(one)
                };
                // A later version is a correction; the first one decides whether the return was in
                // time.
                let done =
                    signed.iter().filter(answers).map(|one| shanghai_date(one.signed_at)).min();
                let item = OwedItem {
                    kind: DutyKind::Yearly(owed.kind),
                    state: rule.state(effective, done, false, self.today()),
                    due,
                    enforced_from: (effective > due).then_some(effective),
                    start: None,
                    done,
                    department: department.clone(),
                    region: region.as_str().to_owned(),
                    record: None,
                    yearly: Some((plan.id.clone(), owed.data_year, owed.finality)),
                    rule: rule.code.clone(),
                    source: owed.source.clone(),
                    unknown_year,
                    unknown_fields: Vec::new(),
                    carried,
                };
                if fits(asked, &item) {
                    items.push(item);
                }
            }
        }
        items.sort_by_key(|item| item.due);
        Ok(items)
    }

    /// The instant at which states are judged, needed for deadlines in hours.
    fn at(&self) -> DateTime<Utc> {
        self.ctx.now()
    }

    fn regional(&self, code: &str) -> RegionCode {
        RegionCode::parse(code).unwrap_or_else(|_| self.seat.region().clone())
    }
}

fn fits(asked: &ObligationsQuery, item: &OwedItem) -> bool {
    asked.kind.is_none_or(|kind| kind == item.kind)
        && asked.state.is_none_or(|state| state == item.state)
        && asked.department.as_deref().is_none_or(|department| department == item.department)
        && asked.from.is_none_or(|from| from <= item.due)
        && asked.to.is_none_or(|to| item.due <= to)
}

/// Index of the source and the position in it.
fn opened(asked: &ObligationsQuery) -> Result<(usize, Option<String>), HubError> {
    let Some(after) = &asked.after else { return Ok((0, None)) };
    let parts = after
        .strip_prefix(&asked.question)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| {
            let (source, inner) = rest.split_once('-')?;
            Some((
                source.parse::<usize>().ok().filter(|source| *source <= cases::ALL.len() + 1)?,
                inner,
            ))
        });
    match parts {
        Some((source, inner)) => {
            Ok((source, Some(inner.to_owned()).filter(|inner| !inner.is_empty())))
        }
        None => Err(HubError::invalid(
            "游标无效：它属于另一组条件或另一账号。请从第一页重新开始。",
            "The cursor belongs to other conditions or another caller. Start again from the first page.",
        )),
    }
}

/// The kind of a yearly obligation.
impl From<ObligationKind> for DutyKind {
    fn from(kind: ObligationKind) -> Self {
        Self::Yearly(kind)
    }
}

/// Access to the values of a row by field name.
struct Values<'a> {
    family: &'static Family,
    selection: &'a Selection,
    row: &'a Row,
}
