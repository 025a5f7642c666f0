//! The content of the materials, ready to be shown: every figure comes with the numbers it was made of, every judgement with
//! its reason, and what is missing is said to be missing and never shown as zero.
//!
//! Texts are Chinese, for the people in the room. Money is in fen, shares are exact fractions of two whole numbers beside
//! the text that is printed. The content has one JSON form, in the order of the declaration, so that it can be hashed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A code with its Chinese name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coded {
    /// Stable code: of a region, an industry, a department, a kind.
    pub code: String,
    /// 中文名称。
    pub label: String,
}

/// The materials of one meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Whose, of which year, on which basis.
    pub head: Head,
    /// One for each target of the plan, in the plan's order.
    pub headlines: Vec<Headline>,
    /// The indicator table (domain I1–I15): whole region first, then by industry, then by subordinate region.
    pub figures: Vec<Figure>,
    /// Lines over the years of the plan against the stair of its targets.
    pub trends: Vec<Trend>,
    /// Accidents of the year by type, most first.
    pub accident_types: Vec<Tally>,
    /// Accidents by subordinate region and industry.
    pub heat: Heat,
    /// Newly reported pneumoconiosis by years of exposure, in order of years.
    pub exposure: Vec<Tally>,
    /// Who had to hand in what, and whether they did.
    pub returns: Vec<Return>,
    /// Differences between departments, by kind.
    pub leads: Vec<LeadGroup>,
    /// Hazards past their deadline, the longest overdue first.
    pub hazards: Vec<Hazard>,
    /// Employers to visit, with the reasons.
    pub employers: Vec<Employer>,
    /// Resolutions of earlier meetings that are not done, and those of the last one.
    pub resolutions: Vec<Resolution>,
    /// The meeting itself, once it is called.
    pub meeting: Option<Meeting>,
}

/// Whose materials these are, and what the figures rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Region of the meeting.
    pub region: Coded,
    /// Year that is judged.
    pub year: i32,
    /// Identifier and title of the plan.
    pub plan: Coded,
    /// Year all reductions are measured against, where the plan names one.
    pub base_year: Option<i32>,
    /// Where the plan is published, with its number.
    pub source: String,
    /// Whether some of the plan's targets are not known yet.
    pub incomplete_plan: bool,
    /// When the figures were taken.
    pub taken_at: DateTime<Utc>,
    /// Position in the change feed up to which records are counted.
    pub position: String,
    /// Whether the year is open or its figures are not final: nothing is judged for good then.
    pub provisional: bool,
    /// What was counted and how, one sentence each: casualty basis, denominator basis, editions of codes, state of records.
    pub basis: Vec<String>,
    /// Whether counts under the threshold are withheld, because the reader may not see them.
    pub protected: bool,
    /// SHA-256 of the frozen content, where it is frozen.
    pub digest: Option<String>,
}

/// What became of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// 达标。
    Met,
    /// 未达标。
    NotMet,
    /// 接近目标（“左右”指标，只报数，不按一位小数判定）。
    About,
    /// 不判定，原因另述。
    NotJudged,
}

/// A target and what became of it, as one reads it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// Indicator, `I1`.
    pub indicator: Coded,
    /// Industry it is about; empty for all together.
    pub industry: Option<Coded>,
    /// Department that answers for it.
    pub department: Option<Coded>,
    /// `较2019年下降15%`.
    pub target: String,
    /// `下降12.5%（24起→21起）`; `—` where there is no figure.
    pub actual: String,
    /// Judgement.
    pub outcome: Outcome,
    /// Why, in one sentence: what is short, or why nothing is judged.
    pub reason: String,
}

/// How a figure follows from its two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Formula {
    /// (baseline − current) ÷ baseline; the numerator is the current count and the denominator the baseline.
    Reduction,
    /// numerator ÷ denominator, in percent.
    Share,
    /// numerator ÷ denominator, in per mille.
    PerMille,
    /// The numerator alone.
    Count,
}

/// One line of the indicator table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Indicator, `I1`.
    pub indicator: Coded,
    /// Region counted.
    pub region: Coded,
    /// Industry counted; empty for all together.
    pub industry: Option<Coded>,
    /// How the value follows.
    pub formula: Formula,
    /// Numerator; empty where it is missing or withheld. Money in fen.
    pub numerator: Option<i64>,
    /// Denominator; empty where there is none, it is missing or withheld.
    pub denominator: Option<i64>,
    /// Whether the two numbers are money in fen.
    pub money: bool,
    /// The value as printed: `12.5%`, `—`.
    pub shown: String,
    /// The same a year before, as printed.
    pub last_year: String,
    /// The same in the base year, as printed.
    pub base_year: String,
    /// The target as printed; empty where the plan has none.
    pub target: Option<String>,
    /// Judgement against the target.
    pub outcome: Option<Outcome>,
    /// Reason of the judgement, or why there is no value.
    pub reason: String,
}

/// A value of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Calendar year.
    pub year: i32,
    /// Numerator or count; empty where there is no figure.
    pub numerator: Option<i64>,
    /// Denominator; 1 for a count.
    pub denominator: i64,
    /// Whether the figure is not final.
    pub provisional: bool,
}

/// A line over the years of the plan against the stair of its targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// What is counted: `ACCIDENTS` 事故起数, `CASUALTIES` 伤亡人数, `PNEUMOCONIOSIS_RATIO` 尘肺病报告比例, `SAFETY_TRAINING`, `HEALTH_TRAINING`.
    pub measure: Coded,
    /// Industry; empty for all together.
    pub industry: Option<Coded>,
    /// `起`, `人`, `%`.
    pub unit: String,
    /// One for each year with or without a figure, in order, the base year first.
    pub points: Vec<Point>,
    /// The most (or for training the least) of each year by the plan, as an exact fraction of the same unit.
    pub stair: Vec<Point>,
}

/// A count under a label, with the year before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// What is counted.
    pub item: Coded,
    /// Count of the year; empty where it is withheld.
    pub count: Option<i64>,
    /// Count of the year before; empty where it is withheld.
    pub last_year: Option<i64>,
}

/// Accidents by subordinate region and industry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heat {
    /// Industries, the columns.
    pub industries: Vec<Coded>,
    /// Rows.
    pub regions: Vec<HeatRow>,
    /// What the region itself counts beyond its rows, or less (units run by the city, functional zones), in one sentence.
    pub difference: Option<String>,
}

/// One subordinate region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeatRow {
    /// The region.
    pub region: Coded,
    /// A count for each industry; empty where it is withheld.
    pub counts: Vec<Option<i64>>,
}

/// State of a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnState {
    /// 已按时报送。
    OnTime,
    /// 已报送，逾期。
    Late,
    /// 逾期未报。
    Overdue,
    /// 未到期。
    NotDue,
}

/// A return that was owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Department that owes it.
    pub department: Coded,
    /// What it is: `2023年事故起数和伤亡人数`.
    pub title: String,
    /// Last day.
    pub due: NaiveDate,
    /// State.
    pub state: ReturnState,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// Whether the figures are provisional.
    pub provisional: bool,
    /// Where signed figures and the sums of the records differ, in one sentence with the explanation given.
    pub difference: Option<String>,
}

/// Differences of one kind between two departments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadGroup {
    /// Kind.
    pub kind: Coded,
    /// What the kind means and what it does not: a lead, not a finding.
    pub explanation: String,
    /// Leads not closed that rest on an identity number or a record number.
    pub certain: i64,
    /// Leads not closed that rest on likeness and wait for a person to look.
    pub candidates: i64,
    /// Closed leads.
    pub closed: i64,
    /// Counts of both sides, where the kind compares two lists.
    pub overlap: Option<Overlap>,
    /// The oldest open ones, without names.
    pub lines: Vec<LeadLine>,
}

/// Two lists of the same events and what they have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// Name of the first list, `应急`.
    pub here: String,
    /// Name of the second list, `人社`.
    pub there: String,
    /// In both.
    pub matched: i64,
    /// Only in the first.
    pub only_here: i64,
    /// Only in the second.
    pub only_there: i64,
    /// Estimate of all events by Chapman, rounded; empty where nothing matches.
    pub estimate: Option<i64>,
    /// Lower end of its 95 % interval.
    pub low: Option<i64>,
    /// Upper end.
    pub high: Option<i64>,
    /// What has to hold for the estimate, and that it does not quite.
    pub caveat: String,
}

/// One open lead, without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadLine {
    /// Number of the lead.
    pub number: String,
    /// Region.
    pub region: Coded,
    /// Employer concerned.
    pub employer: String,
    /// Day of the event.
    pub day: Option<NaiveDate>,
    /// What does not agree, in one sentence.
    pub reason: String,
    /// Department that was asked.
    pub assigned: Option<Coded>,
}

/// A hazard past its deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Number.
    pub number: String,
    /// Employer.
    pub employer: String,
    /// Region.
    pub region: Coded,
    /// General or major.
    pub level: Coded,
    /// What it is.
    pub description: String,
    /// Deadline.
    pub deadline: NaiveDate,
    /// Days past it, on the day the figures were taken.
    pub days_overdue: i64,
    /// Whether it is supervised by name (挂牌督办).
    pub supervised: bool,
    /// Department that holds it.
    pub department: Coded,
}

/// An employer to visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employer {
    /// Name.
    pub name: String,
    /// Credit code, where there is one.
    pub uscc: Option<String>,
    /// Region.
    pub region: Coded,
    /// Industry.
    pub industry: Option<Coded>,
    /// Why, most serious first: `2024年2起事故，亡1人`.
    pub reasons: Vec<String>,
}

/// A resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// Number, `2023-1-3`.
    pub number: String,
    /// What was resolved.
    pub text: String,
    /// Department that carries it out.
    pub owner: Coded,
    /// Due date.
    pub due: Option<NaiveDate>,
    /// `OPEN` 在办, `DONE` 已办结, `OVERDUE` 逾期, `CARRIED` 转入下次会议.
    pub state: Coded,
    /// What was done so far.
    pub progress: Option<String>,
}

/// The meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// `第2次（专题）`.
    pub title: String,
    /// When it is held.
    pub held_at: Option<DateTime<Utc>>,
    /// Bodies that take part.
    pub members: Vec<Coded>,
    /// Agenda, in order.
    pub agenda: Vec<String>,
    /// Parts of the materials, with who signed.
    pub parts: Vec<Part>,
}

/// A department's part of the materials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The department.
    pub department: Coded,
    /// When it signed; empty where the part is missing.
    pub signed_at: Option<DateTime<Utc>>,
    /// What it says about its part.
    pub remark: Option<String>,
}
