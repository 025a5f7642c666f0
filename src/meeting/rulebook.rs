//! The rules of the meeting: plans, regions, working days and clocks, read and checked once when
//! the hub starts.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    domain::{
        calendar::{Calendar, DayKind, YearUnknown},
        code::Coded as _,
        deadline::{ClockError, ClockRule, ClockUnit, Clocks},
        department::Department,
        region::RegionCode,
    },
    error::HubError,
    meeting::{indicators::ProtectedTables, leads::LeadSearches, plans::PlanSet, regions::Regions},
    store::reference::{Reference, ReferenceCode},
};

/// Plans, regions, working days and clocks.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    /// All plans, checked against each other.
    pub plans: PlanSet,
    /// Regions and their successors.
    pub regions: Regions,
    /// Calendar of working days, by the notices on holidays.
    pub calendar: Calendar,
    /// Clock rules for all deadlines, national and regional.
    pub clocks: Clocks,
    /// Cache of the tables that are protected by these plans.
    pub shades: Arc<ProtectedTables>,
    /// The searches for leads, each in a task of its own.
    pub searches: Arc<LeadSearches>,
}

impl Rulebook {
    /// Reads the rulebook from the code tables.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the row and the rule it breaks, a regional clock looser than
    /// the national one among them.
    pub fn load(reference: &Reference) -> Result<Self, HubError> {
        named(reference)?;
        let rows = |table: &str| {
            reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default().iter()
        };
        let days = rows("holiday").map(holiday).collect::<Result<Vec<_>, _>>()?;
        let rules = rows("clock_rule").map(clock_rule).collect::<Result<Vec<_>, _>>()?;
        let clocks = Clocks::new(rules).map_err(|faults| {
            let list = |zh: bool| {
                let lines = faults.iter().map(|fault| {
                    format!("{} {}", fault.row, if zh { &fault.zh } else { &fault.en })
                });
                lines.collect::<Vec<_>>().join("; ")
            };
            HubError::invalid(
                format!("时限规则不合要求：{}。", list(true)),
                format!("Clock rules do not hold: {}.", list(false)),
            )
        })?;
        let (plans, regions) = (PlanSet::load(reference)?, Regions::load(reference));
        Ok(Self {
            plans,
            regions,
            calendar: Calendar::new(days),
            clocks,
            shades: Arc::default(),
            searches: Arc::default(),
        })
    }

    /// The rule of that code in a region for a clock that starts on a day.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when there is none, or none that applies on that day.
    pub fn clock(
        &self,
        code: &str,
        region: &RegionCode,
        start: NaiveDate,
    ) -> Result<&ClockRule, HubError> {
        self.clocks
            .rule(code, Some(region), start)
            .ok_or_else(|| self.no_clock(code, region, start))
    }

    /// As [`Self::clock`]; `None` where the rule does not apply on that day.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when there is no such rule at all.
    pub fn clock_if_any(
        &self,
        code: &str,
        region: &RegionCode,
        start: NaiveDate,
    ) -> Result<Option<&ClockRule>, HubError> {
        match self.clocks.rule(code, Some(region), start) {
            None if self.clocks.editions(code, region).next().is_none() => {
                Err(self.no_clock(code, region, start))
            }
            found => Ok(found),
        }
    }

    /// As [`Self::clock_if_any`], for a rule that names a day of each year: the edition that applies
    /// when the year begins.
    ///
    /// # Errors
    ///
    /// As [`Self::clock_if_any`].
    pub fn clock_of_year(
        &self,
        code: &str,
        region: &RegionCode,
        year: i32,
    ) -> Result<Option<&ClockRule>, HubError> {
        self.clock_if_any(
            code,
            region,
            NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX),
        )
    }

    fn no_clock(&self, code: &str, region: &RegionCode, start: NaiveDate) -> HubError {
        if self.clocks.editions(code, region).next().is_some() {
            return HubError::invalid(
                format!("时限规则 {code} 在 {start} 不适用。请在代码表 clock_rule 查看其有效期。"),
                format!(
                    "The clock rule {code} does not apply on {start}. Its validity is in the code table clock_rule."
                ),
            );
        }
        HubError::invalid(
            format!("没有时限规则 {code}。请查看代码表 clock_rule。"),
            format!("There is no clock rule {code}. See the code table clock_rule."),
        )
    }
}

/// Whether the code table has the departments that rules name.
fn named(reference: &Reference) -> Result<(), HubError> {
    let known = |department: &Department| {
        reference
            .table("department")
            .is_some_and(|table| table.editions(department.code()).next().is_some())
    };
    Department::NAMED.iter().find(|department| !known(department)).map_or(Ok(()), |department| {
        Err(HubError::invalid(
            format!("代码表 department 缺少规则所称的部门 {department}。"),
            format!("The code table `department` lacks {department}, which rules name."),
        ))
    })
}

/// The last day, and the year whose holidays would be needed to know whether it still moves.
///
/// # Errors
///
/// [`HubError::Invalid`] where the last day cannot be determined without them.
pub fn settled(due: Result<NaiveDate, ClockError>) -> Result<(NaiveDate, Option<i32>), HubError> {
    match due {
        Ok(due) => Ok((due, None)),
        Err(ClockError::YearUnknown(year, Some(due))) => Ok((due, Some(year.0))),
        Err(error) => Err(without_end(&error)),
    }
}

/// The error for a clock without a last day.
fn without_end(error: &ClockError) -> HubError {
    match error {
        ClockError::YearUnknown(year, _) => beyond(*year),
        ClockError::Impossible => HubError::invalid(
            "该规则不能这样计算，或日期超出范围。请核对规则和起算日。",
            "The rule cannot be counted so, or the day is out of range. Check the rule and the day it starts.",
        ),
    }
}

fn beyond(year: YearUnknown) -> HubError {
    HubError::invalid(
        format!("{}（{}）。", year.message_zh(), year.code()),
        format!("{} ({}).", year.message_en(), year.code()),
    )
}

fn wrong(code: &ReferenceCode, column: &str) -> HubError {
    HubError::invalid(
        format!("代码表 {} 行的 {column} 列无法识别。请核对 reference/。", code.code),
        format!("Column {column} of the row {} cannot be read. Check reference/.", code.code),
    )
}

fn holiday(code: &ReferenceCode) -> Result<(NaiveDate, DayKind, i32), HubError> {
    let column = |name: &str| code.attributes.get(name).map(String::as_str).unwrap_or_default();
    Ok((
        code.code.parse().map_err(|_| wrong(code, "code"))?,
        DayKind::from_code(column("kind")).ok_or_else(|| wrong(code, "kind"))?,
        column("year").parse().map_err(|_| wrong(code, "year"))?,
    ))
}

fn clock_rule(code: &ReferenceCode) -> Result<ClockRule, HubError> {
    let column = |name: &str| code.attributes.get(name).map(String::as_str);
    let number = |name: &str| match column(name) {
        None => Ok(None),
        Some(text) => text.parse::<u32>().map(Some).map_err(|_| wrong(code, name)),
    };
    let yes = |name: &str| match column(name) {
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        _ => Err(wrong(code, name)),
    };
    let unit = column("unit").and_then(ClockUnit::from_code).ok_or_else(|| wrong(code, "unit"))?;
    let month = number("month")?;
    if unit == ClockUnit::DayOfYear && !month.is_some_and(|month| (1..=12).contains(&month)) {
        return Err(wrong(code, "month"));
    }
    let region = column("region")
        .map(|text| RegionCode::parse(text).map_err(|_| wrong(code, "region")))
        .transpose()?;
    Ok(ClockRule {
        code: code.code.clone(),
        name_zh: code.name_zh.clone(),
        name_en: code.name_en.clone(),
        region,
        national: code.parent.clone(),
        valid_from: code.valid_from,
        valid_to: code.valid_to,
        amount: number("amount")?.ok_or_else(|| wrong(code, "amount"))?,
        unit,
        month,
        day: number("day")?,
        rolls: yes("rolls")?,
        extension: number("extension")?.unwrap_or(0),
        suspends: yes("suspends")?,
        warn_days: number("warn_days")?.unwrap_or(0),
        source: code.source.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::Rulebook;
    use crate::{
        domain::{deadline::ClockRun, region::RegionCode},
        store::reference::Reference,
    };

    #[test]
    fn the_shipped_rules_hold_and_give_the_days_of_the_law() {
        let rules = Rulebook::load(&Reference::shipped().expect("the code tables read"))
            .expect("the shipped rules hold");
        let city = RegionCode::parse("140600").expect("a region");
        let from = |code: &str, start: &str| {
            let run = ClockRun::from(start.parse().expect("a day"));
            rules
                .clock(code, &city, run.start)
                .expect("a rule")
                .due(&rules.calendar, &run)
                .map(|day| day.to_string())
        };
        for (code, start, due) in [
            ("RECOGNITION_EMPLOYER", "2024-03-05", "2024-04-07"),
            ("RECOGNITION_WORKER", "2024-03-05", "2025-03-05"),
            ("RECOGNITION_DECISION", "2024-03-01", "2024-04-30"),
            ("RECOGNITION_DECISION_SIMPLE", "2024-03-01", "2024-03-18"),
            ("DISEASE_REPORT", "2024-05-06", "2024-05-21"),
            ("TOLL_CHANGE", "2024-03-05", "2024-04-04"),
            ("TOLL_CHANGE_TRAFFIC_FIRE", "2024-03-05", "2024-03-12"),
            ("NOTICE_UNION", "2024-03-05", "2024-03-05"),
            ("SHARING_REPLY_UNCONDITIONAL", "2025-09-30", "2025-10-09"),
            ("SHARING_REPLY_CONDITIONAL", "2025-08-01", "2025-08-15"),
            ("SHARING_SUPPLY", "2025-08-01", "2025-08-29"),
        ] {
            assert_eq!(from(code, start).as_deref(), Ok(due), "{code}");
        }
        let gaoping = RegionCode::parse("140581").expect("a region");
        let today = "2025-08-01".parse().expect("a day");
        let reply = rules.clock("SHARING_REPLY_CONDITIONAL", &gaoping, today).expect("a rule");
        assert_eq!(reply.amount, 5);
        let none = rules.clock("NOTHING", &city, today).expect_err("no rule");
        assert_eq!(none.code(), "BAD_USER_INPUT");
        let annual = |code: &str, year| {
            rules
                .clock_of_year(code, &city, year)
                .expect("a rule")
                .expect("an edition")
                .due_in(&rules.calendar, year)
                .map(|day| day.to_string())
        };
        assert_eq!(annual("RETURN_FEBRUARY", 2024).as_deref(), Ok("2024-02-29"));
        assert_eq!(annual("RETURN_JULY", 2021).as_deref(), Ok("2021-07-31"));
        assert_eq!(annual("RETURN_YEAR_END", 2025).as_deref(), Ok("2025-12-31"));
    }
}
