//! Hazards past their deadline, of those that whoever asks may list.

use brief::content::Hazard;
use chrono::NaiveDate;
use entity::{
    catalogue::{Class, Family},
    hazard_rectification::{self, names},
};

use crate::{
    authz::scope::Use,
    domain::{
        clock,
        code::Coded as _,
        hazard::{Dates, HazardState, Milestone, is_overdue},
    },
    error::HubError,
    meeting::{
        assemble::{coded, place},
        indicators::whole,
        returns::MeetingContext,
    },
    store::{
        meeting::figures::HeldBy,
        records::{
            cursor::{OrderKey, Position},
            filter::{FieldTest, Filter},
            page_query::PageQuery,
            row::{Row, Selection},
        },
        sql::cell::Cell,
    },
};

/// Hazards read at a time.
const PAGE: u64 = 200;
/// Most pages that are read: a region with more has other things to do than to read a list.
const MOST_PAGES: usize = 50;
/// Classes of the fields that are shown.
const CLASSES: &[Class] = &[Class::Internal];
/// States in which nothing is left to be put right.
const SETTLED: [&str; 3] = ["RECHECKED", "CLOSED", "TRANSFERRED"];

/// Overdue hazards of the region, the longest overdue first, and why they are not all; nothing where
/// they are.
pub(super) async fn overdue(
    sitting: &MeetingContext<'_>,
) -> Result<(Vec<Hazard>, Option<String>), HubError> {
    let family = sitting
        .services
        .catalogue
        .of::<hazard_rectification::Entity>()
        .ok_or(HubError::NotFound)?;
    let scope = sitting.services.scope(sitting.actor, family)?;
    if !scope.allows(Use::List, CLASSES) {
        let note = "本席位无权列示事故隐患，此处未列不等于没有逾期隐患。";
        return Ok((Vec::new(), Some(note.to_owned())));
    }
    let today = clock::shanghai_date(sitting.ctx.now());
    let region = sitting.seat.region();
    let filter = condition(family, region.prefix(), today).ok_or(HubError::NotFound)?;
    let mut selection = Selection::default();
    (0..family.all_fields().count()).for_each(|position| {
        if family.at(position).is_some_and(|field| field.class == Class::Internal && !field.hidden)
        {
            selection.field(position);
        }
    });
    let keys: Vec<OrderKey> = family
        .field(names::DEADLINE)
        .map(|field| OrderKey { field, descending: false })
        .into_iter()
        .collect();
    let mut hazards: Vec<Hazard> = Vec::new();
    let (mut from, mut read, mut more): (Option<Position>, i64, bool) = (None, 0, true);
    for _ in 0..MOST_PAGES {
        let page = PageQuery {
            selection: &selection,
            filter: &filter,
            keys: &keys,
            from: from.as_ref(),
            backward: false,
            limit: PAGE,
        };
        let rows = sitting.services.reader().page(&scope, &page).await?;
        read += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        hazards
            .extend(rows.iter().filter_map(|row| hazard(sitting, family, &selection, row, today)));
        match rows.last().filter(|_| rows.len() as u64 == PAGE) {
            Some(last) => from = Some(Position { values: last.keys.clone(), id: last.id }),
            None => {
                more = false;
                break;
            }
        }
    }
    hazards.sort_by(|one, other| {
        other.days_overdue.cmp(&one.days_overdue).then_with(|| one.number.cmp(&other.number))
    });
    let right = (Use::List, CLASSES, HeldBy::Anybody);
    let whole = whole(sitting.services, &scope, region, right).into_iter().all(|(_, open)| open);
    let left = if more {
        sitting.services.reader().count(&scope, &filter, CLASSES).await? - read
    } else {
        0
    };
    let notes = [
        (!whole).then(|| "只列本席位有权列示的隐患，其他部门或行业的隐患未列。".to_owned()),
        (left > 0).then(|| format!("另有{left}项整改期限已过、尚未办结的隐患未列出。")),
    ];
    let note: String = notes.into_iter().flatten().collect();
    Ok((hazards, Some(note).filter(|note| !note.is_empty())))
}

fn condition(family: &'static Family, prefix: &str, today: NaiveDate) -> Option<Filter> {
    let field = |name: &str| family.field(name);
    let before = |name: &str| {
        Some(Filter::Field(field(name)?, FieldTest::Range(None, Some((Cell::Date(today), false)))))
    };
    let settled = SETTLED.iter().map(|code| Cell::Text((*code).to_owned())).collect();
    Some(Filter::All(vec![
        Filter::Field(field(names::REGION_CODE)?, FieldTest::Prefix(prefix.to_owned())),
        Filter::Not(Box::new(Filter::Field(field(names::STATUS)?, FieldTest::In(settled)))),
        Filter::Any(vec![
            before(names::EXTENDED_DEADLINE)?,
            Filter::All(vec![
                Filter::Field(field(names::EXTENDED_DEADLINE)?, FieldTest::IsNull(true)),
                before(names::DEADLINE)?,
            ]),
        ]),
    ]))
}

fn hazard(
    sitting: &MeetingContext<'_>,
    family: &'static Family,
    selection: &Selection,
    row: &Row,
    today: NaiveDate,
) -> Option<Hazard> {
    let reference = &sitting.services.reference;
    let cell = |name: &str| row.cells.get(selection.place(family.position(name)?)?);
    let text = |name: &str| cell(name).and_then(Cell::as_text).map(ToOwned::to_owned);
    let day = |name: &str| match cell(name) {
        Some(Cell::Date(day)) => Some(*day),
        _ => None,
    };
    let dates = Dates::default()
        .with(Milestone::Deadline, day(names::DEADLINE))
        .with(Milestone::Extended, day(names::EXTENDED_DEADLINE))
        .with(Milestone::Submitted, day(names::SUBMITTED_AT));
    // What was reported as put right in time waits for the recheck.
    let state = text(names::STATUS).and_then(|code| HazardState::from_code(&code))?;
    let deadline = dates.due().filter(|_| is_overdue(state, &dates, today))?;
    let described = text(names::DESCRIPTION).or_else(|| text(names::CATEGORY)).unwrap_or_default();
    Some(Hazard {
        number: text(names::HAZARD_NO)?,
        employer: text(names::EMPLOYER_NAME).unwrap_or_else(|| "（未填名称）".to_owned()),
        region: place(reference, &row.region),
        level: coded(reference, "hazard_level", &text(names::LEVEL)?),
        description: described,
        deadline,
        days_overdue: (today - deadline).num_days(),
        supervised: match cell(names::SUPERVISED) {
            Some(Cell::Bool(supervised)) => Some(*supervised),
            _ => None,
        },
        department: coded(reference, "department", &row.department),
    })
}
