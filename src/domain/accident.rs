//! Work-safety accidents: grade, casualties, the window of the toll, the edition of the type code.
//!
//! Sources: 生产安全事故报告和调查处理条例 (State Council Decree 493) articles 3, 12, 13, 20;
//! 建质〔2013〕4号 for construction; 生产安全事故统计报表制度 (2016) for what a casualty is.
//! Railway, power, maritime and special-equipment accidents have their own grading regulations and
//! are not graded here.

use crate::domain::code::Coded as _;
use chrono::NaiveDate;
use strum::{IntoStaticStr, VariantArray};

mod codes;

/// Loss below which a construction accident without casualties has no grade: 1,000,000 yuan in fen
/// (建质〔2013〕4号).
pub const CONSTRUCTION_FLOOR_FEN: i64 = 1_000_000 * FEN_PER_YUAN;

const FEN_PER_YUAN: i64 = 100;

/// Grade of an accident, from the lightest to the heaviest (条例 article 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Grade {
    /// 一般事故: below every threshold of [`Grade::Larger`].
    General,
    /// 较大事故: from 3 deaths, 10 serious injuries or a loss of 10 million yuan.
    Larger,
    /// 重大事故: from 10 deaths, 50 serious injuries or a loss of 50 million yuan.
    Major,
    /// 特别重大事故: from 30 deaths, 100 serious injuries or a loss of 100 million yuan.
    ExtraordinarilyMajor,
}

/// The persons harmed by an accident; each person is counted in exactly one of the numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Casualties {
    /// 死亡: died within 30 days (7 for road traffic and fire).
    pub deaths: u32,
    /// 失踪: missing for longer than that window (条例 article 12: 下落不明).
    pub missing: u32,
    /// 重伤: 105 lost workdays or more, without acute poisoning.
    pub serious: u32,
    /// 急性工业中毒: counted with serious injuries.
    pub acute_poisonings: u32,
    /// 轻伤: absence of 3 workdays or more, under 105 lost workdays.
    pub minor: u32,
}

/// What 伤亡人数 counts; a plan names one basis and uses it for its base year too.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CasualtyBasis {
    /// Deaths, missing and all injured (the default, 统计报表制度 2016).
    #[default]
    DeathsMissingInjured,
    /// Deaths, the missing who count as deaths among them, and serious injuries (acute poisoning
    /// included); no minor ones.
    DeathsSerious,
}

/// One number of [`Casualties`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CasualtyKind {
    /// 死亡: the number [`Casualties::deaths`].
    Deaths,
    /// 失踪: the number [`Casualties::missing`].
    Missing,
    /// 重伤: the number [`Casualties::serious`], without poisonings.
    Serious,
    /// 急性工业中毒: the number [`Casualties::acute_poisonings`].
    AcutePoisonings,
    /// 轻伤: the number [`Casualties::minor`].
    Minor,
}

/// A number on the accident that differs from the victims listed; a warning, because the list may
/// still be incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountMismatch {
    /// Which of the accident's numbers disagrees with the list of victims.
    pub kind: CasualtyKind,
    /// As entered on the accident.
    pub entered: u32,
    /// As counted over the victims.
    pub listed: u32,
}

/// The grade of an accident: the highest one that deaths, serious injuries or direct loss reach
/// (条例 article 3; "以上" includes the number, "以下" does not).
///
/// Missing persons count as deaths: article 12 reports them among the casualties and the statistics
/// hold 死亡和失踪 as one number, so a mine flood with three missing must not be graded as general.
/// The grade falls again when they are found alive and the numbers are corrected (article 13).
/// Acute industrial poisoning counts as serious injury.
///
/// A construction accident (`construction`) without any casualty is graded only from 1,000,000 yuan
/// (建质〔2013〕4号): below it, or with an unknown loss, the answer is `None`. Every other accident
/// is at least general.
#[must_use]
pub fn grade(
    casualties: &Casualties,
    direct_loss_fen: Option<i64>,
    construction: bool,
) -> Option<Grade> {
    let loss = direct_loss_fen.unwrap_or(0);
    if construction && casualties.is_empty() && loss < CONSTRUCTION_FLOOR_FEN {
        return None;
    }
    let deaths = casualties.deaths.saturating_add(casualties.missing);
    let by_deaths = step(deaths, [3, 10, 30]);
    let by_serious = step(casualties.serious_with_poisonings(), [10, 50, 100]);
    let by_loss =
        step(loss, [10_000_000, 50_000_000, 100_000_000].map(|yuan: i64| yuan * FEN_PER_YUAN));
    Some(by_deaths.max(by_serious).max(by_loss))
}

/// The number of casualties on a basis (domain reference 1.7).
#[must_use]
pub fn casualties(casualties: &Casualties, basis: CasualtyBasis) -> u32 {
    match basis {
        CasualtyBasis::DeathsMissingInjured => casualties
            .deaths
            .saturating_add(casualties.missing)
            .saturating_add(casualties.serious_with_poisonings())
            .saturating_add(casualties.minor),
        CasualtyBasis::DeathsSerious => casualties
            .deaths
            .saturating_add(casualties.missing)
            .saturating_add(casualties.serious_with_poisonings()),
    }
}

/// Days after the accident in which a death or a change of the toll still counts: 30, but 7 for
/// road-traffic and fire accidents (条例 articles 13 and 20).
#[must_use]
pub fn toll_window_days(road_traffic: bool, fire: bool) -> u32 {
    if road_traffic || fire { 7 } else { 30 }
}

/// The edition of the accident-type code on the day of the accident: GB 6441-2025 is in force from
/// 2026-07-01.
#[must_use]
pub fn accident_type_edition(occurred: NaiveDate) -> &'static str {
    match NaiveDate::from_ymd_opt(2026, 7, 1) {
        Some(start) if occurred >= start => "GB 6441-2025",
        _ => "GB/T 6441-1986",
    }
}

/// Compares the numbers entered on an accident with its listed victims, number by number.
#[must_use]
pub fn count_mismatch(entered: &Casualties, listed: &Casualties) -> Vec<CountMismatch> {
    CasualtyKind::ALL
        .iter()
        .map(|&kind| CountMismatch {
            kind,
            entered: entered.number(kind),
            listed: listed.number(kind),
        })
        .filter(|pair| pair.entered != pair.listed)
        .collect()
}

fn step<N: PartialOrd + Copy>(number: N, [larger, major, extraordinary]: [N; 3]) -> Grade {
    if number >= extraordinary {
        Grade::ExtraordinarilyMajor
    } else if number >= major {
        Grade::Major
    } else if number >= larger {
        Grade::Larger
    } else {
        Grade::General
    }
}

impl Casualties {
    /// Whether nobody was harmed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One of the numbers.
    #[must_use]
    pub fn number(&self, kind: CasualtyKind) -> u32 {
        match kind {
            CasualtyKind::Deaths => self.deaths,
            CasualtyKind::Missing => self.missing,
            CasualtyKind::Serious => self.serious,
            CasualtyKind::AcutePoisonings => self.acute_poisonings,
            CasualtyKind::Minor => self.minor,
        }
    }

    fn serious_with_poisonings(&self) -> u32 {
        self.serious.saturating_add(self.acute_poisonings)
    }
}

#[cfg(test)]
mod tests;
