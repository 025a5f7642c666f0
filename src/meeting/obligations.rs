//! What is owed and where it stands: the yearly returns that plans ask for, and what the law asks
//! in single cases, counted from the records that the asker may read, by one clock.
//!
//! Kinds come one after the other, the yearly ones first, each in the order of its days. A kind
//! whose clock starts on a day that the asker may not read is left out; asked for by name it is
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
            read::PageQuery as RowPage,
            row::{Row, Selection},
        },
    },
};

mod cases;
mod kinds;

pub use kinds::DutyKind;

/// Rows read at a time.
const CHUNK: u64 = 500;
/// Rows looked at for one page at most; a page may be shorter and still have a next one.
const MOST_ROWS: u64 = 5_000;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct ObligationsQuery {
    /// Only what this department owes.
    pub department: Option<String>,
    /// Due on this day or later.
    pub from: Option<NaiveDate>,
    /// Due on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Only in this state.
    pub state: Option<DueState>,
    /// Only of this kind.
    pub kind: Option<DutyKind>,
    /// Most items.
    pub first: u64,
    /// Behind this place.
    pub after: Option<String>,
    /// Digest of the question and of who asks, for cursors.
    pub question: String,
}

impl ObligationsQuery {
    /// A place as a cursor of this question.
    fn place(&self, source: usize, inner: &str) -> String {
        format!("{}-{source}-{inner}", self.question)
    }
}

/// Something that is owed.
#[derive(Clone, Debug)]
pub struct OwedItem {
    /// Kind.
    pub kind: DutyKind,
    /// Where it stands.
    pub state: DueState,
    /// Last day.
    pub due: NaiveDate,
    /// Day before which it cannot be overdue, where that is later: the plan was issued after the
    /// last day.
    pub enforced_from: Option<NaiveDate>,
    /// Day the clock started; none for a day of the year.
    pub start: Option<NaiveDate>,
    /// Day it was done.
    pub done: Option<NaiveDate>,
    /// Department that owes it, or that watches over the employer who does.
    pub department: String,
    /// Region.
    pub region: String,
    /// Record it is about.
    pub record: Option<(&'static Family, Uuid)>,
    /// Plan, year of the figures, and provisional or final.
    pub yearly: Option<(String, i32, Finality)>,
    /// Clock rule.
    pub rule: String,
    /// Law and article.
    pub source: String,
    /// Year whose holidays are not known, so that the last day may still move.
    pub unknown_year: Option<i32>,
    /// Whether the plan has ended and its standing rule goes on.
    pub carried: bool,
}

/// A page of items, with what was read to make it.
#[derive(Default)]
pub struct FoundObligations {
    /// Items.
    pub items: Vec<OwedItem>,
    /// Where the next page begins, if there may be more.
    pub next: Option<String>,
    /// Rows that are shown, with the right to them.
    pub shown: Vec<(Arc<Scope>, Vec<Row>)>,
    /// What was asked of families.
    pub asked: Vec<(&'static Family, Filter, &'static Field)>,
}

impl MeetingContext<'_> {
    /// A page of what is owed at the seat's region.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for a cursor of another question; [`HubError::Forbidden`] for a kind
    /// whose days may not be read.
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
        self.cases(asked, &mut page, place, from).await?;
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
        // Of a kind that is asked for by name, at least one source has to be open.
        let (mut open, mut closed) = (false, None);
        for (number, source) in cases::ALL.iter().enumerate().skip(place.saturating_sub(1)) {
            let from = inner.take();
            if asked.kind.is_some_and(|kind| kind != source.kind) {
                continue;
            }
            let family = self.services.catalogue.find(source.family).ok_or(HubError::NotFound)?;
            let scope = Arc::new(self.services.scope(self.actor, family)?);
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

    /// What plans ask for at the seat's region, by day.
    pub(in crate::meeting) async fn yearly(
        &self,
        asked: &ObligationsQuery,
    ) -> Result<Vec<OwedItem>, HubError> {
        let region = self.seat.region();
        let signed = self.services.database.returns(self.seat, None).await?;
        // A report without content was signed before that was asked for: it fulfils nothing.
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
            let rule = self.rules.clock_in(&owed.rule, region, owed.due_year)?;
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
                // A later version corrects; the first one is what was in time or not.
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

    /// Where something stands now; hours are judged by the instant.
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

/// Number of the source and the place in it.
fn opened(asked: &ObligationsQuery) -> Result<(usize, Option<String>), HubError> {
    let Some(after) = &asked.after else { return Ok((0, None)) };
    let parts = after
        .strip_prefix(&asked.question)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| {
            let (source, inner) = rest.split_once('-')?;
            Some((
                source.parse::<usize>().ok().filter(|source| *source <= cases::ALL.len())?,
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

/// Kind of a yearly obligation.
impl From<ObligationKind> for DutyKind {
    fn from(kind: ObligationKind) -> Self {
        Self::Yearly(kind)
    }
}

/// Values of a row by name of the field.
struct Values<'a> {
    family: &'static Family,
    selection: &'a Selection,
    row: &'a Row,
}
