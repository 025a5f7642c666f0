//! The returns of a region and year as shown to the meeting: every version, what is owed and not
//! signed yet, and what the records say today. What was not signed is missing, never zero.

use crate::{
    domain::{
        accident::CasualtyBasis,
        code::Coded as _,
        disclosure::sight::RowSight,
        plan::{Finality, ObligationKind},
        returns::{ReturnCount, of_records},
    },
    error::HubError,
    meeting::returns::{FrozenReturn, MeetingContext, sums},
    store::meeting::returns::SignedReturn,
};

/// A return on the board.
#[derive(Clone, Debug)]
pub struct BoardReturn {
    /// Code of the department that signed or owes it.
    pub department: String,
    /// What kind of return it is.
    pub kind: ObligationKind,
    /// Provisional or final.
    pub finality: Finality,
    /// What was signed; `None` for a return that is owed and not signed.
    pub signed: Option<(SignedReturn, FrozenReturn)>,
    /// Whether it is the last version.
    pub last: bool,
    /// Figures, signed and as of today; empty where they are withheld.
    pub lines: Vec<BoardLine>,
    /// Accidents of the department that state no industry and are in no figure, as of today; `None`
    /// where they may not be counted or the return is no return of accidents.
    pub without_industry: Option<i64>,
    /// Whether figures are withheld, because exact sensitive counts are shown only at the meeting
    /// itself.
    pub withheld: bool,
    /// Provision that asks for it; `None` where no plan does.
    pub source: Option<String>,
    /// Whether it continues under a plan that has ended.
    pub carried: bool,
}

/// A figure of a return beside what the records say today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardLine {
    /// What it counts.
    pub count: ReturnCount,
    /// Code of the key industry; `None` for the region as a whole.
    pub industry: Option<String>,
    /// Total of the records at the moment of signing.
    pub records: Option<i64>,
    /// The value that was signed.
    pub signed: Option<i64>,
    /// Why the two differed at that moment.
    pub explanation: Option<String>,
    /// Total of the records today; `None` if the asker may not count all of them.
    pub today: Option<i64>,
}

impl BoardLine {
    /// Whether there is something to explain: the department signed a figure other than its records
    /// gave, or the records have changed since.
    #[must_use]
    pub fn differs(&self) -> bool {
        let signed = self.signed;
        signed.is_some()
            && (self.records != signed || (self.today.is_some() && self.today != signed))
    }
}

impl MeetingContext<'_> {
    /// The board of a calendar year for the seat's region.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn board(&self, year: i32) -> Result<Vec<BoardReturn>, HubError> {
        let signed = self.services.database.returns(self.seat, Some(year)).await?;
        let mut entries = Vec::with_capacity(signed.len());
        let mut sums = Vec::new();
        for one in signed {
            let (Some(kind), Some(finality)) = (
                ObligationKind::from_code(&one.which.kind),
                Finality::from_code(&one.which.finality),
            ) else {
                continue;
            };
            let content = FrozenReturn::of(&one)?;
            let basis = content.casualty_basis.as_deref().and_then(CasualtyBasis::from_code);
            let today = self.today_of(&mut sums, kind, &one.department, year).await?;
            let last = !entries.iter().any(|entry: &BoardReturn| {
                entry.kind == kind
                    && entry.department == one.department
                    && entry.finality == finality
            });
            let lines =
                lines(Some(&content), &today, basis.unwrap_or(CasualtyBasis::DeathsMissingInjured));
            let department = one.department.clone();
            entries.push(BoardReturn {
                department,
                kind,
                finality,
                signed: Some((one, content)),
                last,
                lines,
                without_industry: today.without_industry,
                withheld: false,
                source: None,
                carried: false,
            });
        }
        let asked = self.owed();
        for asked in asked.iter().filter(|one| one.owed.data_year == year) {
            let owed = &asked.owed;
            for department in &owed.departments {
                let there = entries.iter().any(|entry| {
                    entry.kind == owed.kind
                        && entry.department == *department
                        && entry.finality == owed.finality
                });
                if there {
                    continue;
                }
                let today = self.today_of(&mut sums, owed.kind, department, year).await?;
                let lines = lines(None, &today, CasualtyBasis::DeathsMissingInjured);
                entries.push(BoardReturn {
                    department: department.clone(),
                    kind: owed.kind,
                    finality: owed.finality,
                    signed: None,
                    last: true,
                    lines,
                    without_industry: today.without_industry,
                    withheld: false,
                    source: None,
                    carried: false,
                });
            }
        }
        for entry in &mut entries {
            let asking = asked.iter().find(|one| {
                let owed = &one.owed;
                owed.data_year == year
                    && owed.kind == entry.kind
                    && owed.finality == entry.finality
                    && owed.departments.contains(&entry.department)
            });
            entry.source = asking.map(|one| one.owed.source.clone());
            entry.carried = asking.is_some_and(|one| one.carried);
        }
        for entry in &mut entries {
            let lists = self.seat.department().as_str() == entry.department
                || sums::open(self, entry.kind)?;
            if !(RowSight { exact: self.seat.exact(), lists }).tells() {
                entry.lines.clear();
                entry.without_industry = None;
                entry.withheld = true;
            }
        }
        entries.sort_by_key(|entry| {
            let version = entry.signed.as_ref().map_or(0, |(signed, _)| signed.version);
            (entry.kind, entry.department.clone(), entry.finality, std::cmp::Reverse(version))
        });
        Ok(entries)
    }

    /// Today's totals of a department, computed once.
    async fn today_of(
        &self,
        made: &mut Vec<(ObligationKind, String, sums::Sums)>,
        kind: ObligationKind,
        department: &str,
        year: i32,
    ) -> Result<sums::Sums, HubError> {
        if let Some((.., sums)) = made.iter().find(|(own, by, _)| *own == kind && by == department)
        {
            return Ok(sums.clone());
        }
        let sums = sums::of(self, kind, department, year).await?;
        made.push((kind, department.to_owned(), sums.clone()));
        Ok(sums)
    }
}

fn lines(
    content: Option<&FrozenReturn>,
    sums: &sums::Sums,
    basis: CasualtyBasis,
) -> Vec<BoardLine> {
    let today = of_records(&sums.counted, basis);
    let now = |count: ReturnCount, industry: Option<&str>| {
        let found = today
            .iter()
            .find(|figure| figure.count == count && figure.industry.as_deref() == industry);
        found.map(|figure| figure.records)
    };
    let unsigned = |count: ReturnCount, industry: &Option<String>| BoardLine {
        count,
        industry: industry.clone(),
        records: None,
        signed: None,
        explanation: None,
        today: now(count, industry.as_deref()),
    };
    let Some(content) = content else {
        let counted = today.iter().map(|figure| unsigned(figure.count, &figure.industry));
        let closed = sums.closed.iter().map(|(count, industry)| unsigned(*count, industry));
        let mut lines: Vec<BoardLine> = counted.chain(closed).collect();
        lines.sort_by(|one, other| (&one.industry, one.count).cmp(&(&other.industry, other.count)));
        return lines;
    };
    content
        .figures
        .iter()
        .map(|figure| BoardLine {
            records: Some(figure.records),
            signed: Some(figure.signed),
            explanation: figure.explanation.clone(),
            ..unsigned(figure.count, &figure.industry)
        })
        .collect()
}
