//! Employers to visit: those at which the most serious things come together.

use std::{cmp::Reverse, collections::BTreeMap, fmt::Write as _};

use brief::content::Employer;

use crate::{
    authz::scope::Use,
    domain::{clock, disclosure::sight::RowSight},
    error::HubError,
    meeting::{
        assemble::{coded, place},
        indicators::whole,
        returns::MeetingContext,
    },
    store::{
        meeting::figures::HeldBy,
        records::employers::{
            Sign, Signs, WhichEmployers, accidents, diseases, exposures, hazards,
        },
    },
};

/// Employers that are shown.
const SHOWN: usize = 12;
/// Employers that are looked at for each sign.
const LOOKED_AT: u64 = 200;

/// What speaks for a visit, the most serious first. Employers are ordered by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Reasons {
    deaths: i64,
    major: i64,
    accidents: i64,
    casualties: i64,
    diseases: i64,
    exposures: i64,
    hazards: i64,
}

/// Notes what was counted at an employer.
type Note = fn(&mut Reasons, &[i64]);

impl Reasons {
    /// Kinds of things that happened: several at one employer say more than many of one.
    fn kinds(&self) -> usize {
        [self.deaths, self.accidents, self.diseases, self.exposures, self.hazards]
            .iter()
            .filter(|count| **count > 0)
            .count()
    }

    fn reasons(&self, year: i32) -> Vec<String> {
        let mut told = Vec::new();
        match (self.accidents, self.deaths, self.casualties) {
            (0, ..) => {}
            (accidents, 0, casualties) => {
                told.push(format!("{year}年{accidents}起事故，伤亡{casualties}人"))
            }
            (accidents, deaths, casualties) => told.push(format!(
                "{year}年{accidents}起事故，伤亡{casualties}人，其中死亡和失踪{deaths}人"
            )),
        }
        if self.hazards > 0 {
            let major = if self.major > 0 {
                format!("，其中重大{}项", self.major)
            } else {
                String::new()
            };
            told.push(format!("逾期未整改隐患{}项{major}", self.hazards));
        }
        if self.diseases > 0 {
            told.push(format!("{year}年新诊断职业病{}例", self.diseases));
        }
        if self.exposures > 0 {
            told.push(format!("{year}年职业病危害因素检测超标{}点次", self.exposures));
        }
        told
    }
}

/// Employers of the region to visit after a year, and why they are not all; nothing where they are.
pub(super) async fn employers(
    sitting: &MeetingContext<'_>,
    year: i32,
) -> Result<(Vec<Employer>, Option<String>), HubError> {
    let today = clock::shanghai_date(sitting.ctx.now());
    let mut all: BTreeMap<String, (Signs, Reasons)> = BTreeMap::new();
    let signs: [(Sign, Note); 4] = [
        (accidents(), |reasons, counts| {
            [reasons.deaths, reasons.accidents, reasons.casualties] = three(counts)
        }),
        (hazards(today), |reasons, counts| [reasons.major, reasons.hazards, _] = three(counts)),
        (diseases(), |reasons, counts| [reasons.diseases, ..] = three(counts)),
        (exposures(), |reasons, counts| [reasons.exposures, ..] = three(counts)),
    ];
    let (mut partial, mut inexact, mut nameless) = (Vec::new(), Vec::new(), Vec::new());
    let (region, reader) = (sitting.seat.region(), sitting.services.reader());
    let mut open = Vec::new();
    for (sign, note) in signs {
        // How many fell ill at one employer is a small count of persons: for those who see exact
        // figures.
        let sight = RowSight {
            exact: sitting.seat.exact(),
            lists: sign.family != entity::occupational_disease_case::names::FAMILY,
        };
        let Some(family) = sitting.services.catalogue.find(sign.family) else { continue };
        if !sight.tells() {
            inexact.push(family.label);
            continue;
        }
        let scope = sitting.services.scope(sitting.actor, family)?;
        let classes = sign.classes(family);
        let right = (Use::List, classes.as_slice(), HeldBy::Anybody);
        if whole(sitting.services, &scope, region, right).iter().any(|(_, open)| !open) {
            partial.push(family.label);
        }
        let without = reader.at_no_employer(&scope, &sign, (region, year)).await?;
        if without > 0 {
            nameless.push(format!("{}{without}条", family.label));
        }
        open.push((scope, sign, note));
    }
    let mut cut = false;
    for (scope, sign, note) in &open {
        let first = WhichEmployers::First(LOOKED_AT);
        let found = reader.at_employers(scope, sign, (region, year), first).await?;
        cut |= found.len() as u64 == LOOKED_AT;
        found.into_iter().for_each(|found| add(&mut all, found, *note));
    }
    if cut {
        // Whoever is among the first by one sign is counted by every other too.
        let keys: Vec<String> = all.keys().cloned().collect();
        for (scope, sign, note) in &open {
            let these = WhichEmployers::These(&keys);
            let found = reader.at_employers(scope, sign, (region, year), these).await?;
            found.into_iter().for_each(|found| add(&mut all, found, *note));
        }
    }
    let mut list: Vec<(Signs, Reasons)> = all.into_values().collect();
    list.sort_by_key(|(employer, reasons)| {
        (Reverse((reasons.deaths > 0, reasons.kinds(), *reasons)), employer.key.clone())
    });
    let mut notes = String::new();
    if !partial.is_empty() {
        let families = partial.join("、");
        notes =
            format!("{families}的记录本席位无权全部列示，未列出的不作为理由，此处未列不等于没有。");
    }
    if !inexact.is_empty() {
        let families = inexact.join("、");
        let _ = write!(
            notes,
            "{families}按单位的例数只供可看准确数的席位，不作为理由，此处未列不等于没有。"
        );
    }
    if !nameless.is_empty() {
        let records = nameless.join("、");
        let _ = write!(notes, "另有{records}记录未填单位，未列入。");
    }
    if cut {
        let _ = write!(notes, "按每项理由只比较最多的{LOOKED_AT}家单位。");
    }
    if list.len() > SHOWN {
        let least = if cut { "至少" } else { "" };
        let all = list.len();
        let _ = write!(notes, "共{least}{all}家单位有走访理由，只列最严重的{SHOWN}家。");
    }
    let reference = &sitting.services.reference;
    let shown = list.into_iter().take(SHOWN).map(|(employer, reasons)| Employer {
        name: employer.name.unwrap_or_else(|| "（未填名称）".to_owned()),
        uscc: employer.uscc,
        region: place(reference, &employer.region),
        industry: employer.industry.map(|code| coded(reference, "key_industry", &code)),
        reasons: reasons.reasons(year),
    });
    Ok((shown.collect(), Some(notes).filter(|notes| !notes.is_empty())))
}

/// Adds what was counted at an employer.
fn add(all: &mut BTreeMap<String, (Signs, Reasons)>, found: Signs, note: Note) {
    let counts = found.counts.clone();
    let (known, reasons) =
        all.entry(found.key.clone()).or_insert_with(|| (found.clone(), Reasons::default()));
    known.name = known.name.take().or(found.name);
    known.uscc = known.uscc.take().or(found.uscc);
    known.industry = known.industry.take().or(found.industry);
    note(reasons, &counts);
}

fn three(counts: &[i64]) -> [i64; 3] {
    let mut three = [0; 3];
    three.iter_mut().zip(counts).for_each(|(own, count)| *own = *count);
    three
}
