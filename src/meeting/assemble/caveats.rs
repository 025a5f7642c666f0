//! What the figures leave open: events that may be counted twice, and measurements that no limit
//! judges. Neither is left out in silence.

use brief::content::Brief;
use chrono::NaiveDate;
use entity::{
    catalogue::Class,
    exposure_measurement::{self, names},
};

use crate::{
    authz::scope::Use,
    domain::{code::Coded as _, lead::LeadKind},
    error::HubError,
    meeting::returns::MeetingContext,
    store::{
        records::{
            aggregate::{GroupDimension, Method, StatsQuestion},
            filter::{FieldTest, Filter},
        },
        sql::cell::Cell,
    },
};

/// What the basis says of leads.
const TWICE: &str = "事故可能与另一条记录为同一事故";

/// Begins the sentence of those who are not told.
const UNKNOWN: &str = "是否有事故重复报送";

/// Whether a sentence of the basis tells of leads.
pub(super) fn is_of_leads(sentence: &str) -> bool {
    sentence.contains(TWICE) || sentence.starts_with(UNKNOWN)
}

/// Adds to the basis what the figures of the year leave open.
pub(super) async fn put(
    sitting: &MeetingContext<'_>,
    year: i32,
    content: &mut Brief,
) -> Result<(), HubError> {
    let twice = content.leads.iter().find(|group| group.kind.code == LeadKind::EventTwice.code());
    let may = twice.and_then(|group| {
        let known = [group.certain, group.candidates];
        let sum: i64 = known.iter().flatten().sum();
        // Of one number alone only what it says is known.
        (sum > 0 || known.iter().all(Option::is_some)).then_some(sum)
    });
    match may {
        Some(0) => {}
        Some(count) => content.head.basis.push(format!(
            "事故起数和伤亡人数中，有{count}起{TWICE}（见“部门间数据差异线索”），核实前两条均计入"
        )),
        None => content.head.basis.push(format!(
            "{UNKNOWN}、有多少起，尚未查找或本席位无权得知；如有重复，事故起数和伤亡人数均已重复计入"
        )),
    }
    match without_limit(sitting, year).await? {
        Some((0, _)) => {}
        Some((without, all)) => content
            .head
            .basis
            .push(format!("职业病危害因素检测{all}件中，有{without}件的因素没有可依据的接触限值，未判定是否超标，不在I11之内")),
        None => content.head.basis.push(
            "没有可依据的接触限值的检测，均未判定是否超标，不在I11之内；件数本席位无权得知".to_owned(),
        ),
    }
    Ok(())
}

/// Measurements of the year that were not judged, and all, as far as they may be counted.
async fn without_limit(
    sitting: &MeetingContext<'_>,
    year: i32,
) -> Result<Option<(i64, i64)>, HubError> {
    let Some(family) = sitting.services.catalogue.of::<exposure_measurement::Entity>() else {
        return Ok(None);
    };
    let scope = sitting.services.scope(sitting.actor, family)?;
    if !scope.allows(Use::List, &[Class::Internal]) {
        return Ok(None);
    }
    let day =
        |month, day| NaiveDate::from_ymd_opt(year, month, day).map(|day| (Cell::Date(day), true));
    let (Some(region), Some(sampled), Some(judged)) = (
        family.field(names::REGION_CODE),
        family.field(names::SAMPLED_AT),
        family.field(names::EXCEEDED),
    ) else {
        return Ok(None);
    };
    let filter = Filter::All(vec![
        Filter::Field(region, FieldTest::Prefix(sitting.seat.region().prefix().to_owned())),
        Filter::Field(sampled, FieldTest::Range(day(1, 1), day(12, 31))),
    ]);
    let question =
        StatsQuestion { filter: &filter, by: &[GroupDimension::Field(judged)], sums: &[] };
    let answer = sitting
        .services
        .reader()
        .statistics(&scope, &sitting.services.disclosure, &question)
        .await?;
    // Two counts stand side by side here: with noise their difference would say nothing.
    if answer.method != Method::Exact {
        return Ok(None);
    }
    let count = |without: bool| -> Option<i64> {
        let own = answer
            .groups
            .iter()
            .filter(|group| !without || group.keys.first().is_some_and(Option::is_none));
        own.map(|group| group.count).sum()
    };
    Ok(count(true).zip(count(false)))
}
