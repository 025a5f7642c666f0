//! Which counts of persons and cases are withheld from whoever has no seat with exact figures.
//!
//! The table that is protected is always the whole province with every group of industries that any plan adds up, whoever
//! asks for whichever part of it: so a cell is shown to all of them or to none, and no two answers differ in it. Accidents
//! and their casualties are public and not protected; injuries, diseases, training and matches are about persons.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    cube::{Cube, Totals},
    frame::{Frame, Group},
};
use crate::{
    domain::{
        disclosure::suppression::{Line, withheld},
        plan::Role,
        region::{RegionCode, RegionLevel},
    },
    meeting::plans::Plans,
    store::{figures::Measure, reference::Reference},
};

/// Least number that is shown, where no rule is in force. Source: domain reference §7.3.
const THRESHOLD: i64 = 3;

/// A part of a whole: the measure it is published as, and how it follows from measures.
struct Part {
    told: Option<Measure>,
    of: Measure,
    less: Option<Measure>,
}

const fn told(measure: Measure) -> Part {
    Part { told: Some(measure), of: measure, less: None }
}

/// What is left of one measure without another: not published, but known to whoever subtracts.
const fn rest(of: Measure, less: Measure) -> Part {
    Part { told: None, of, less: Some(less) }
}

/// Counts that belong together, with their sums: `(sum, parts)` by place in the list.
struct Whole {
    parts: &'static [Part],
    sums: &'static [(usize, [usize; 2])],
}

const WHOLES: [Whole; 4] = [
    Whole {
        parts: &[
            told(Measure::ShortExposure),
            rest(Measure::Pneumoconiosis, Measure::ShortExposure),
            told(Measure::Pneumoconiosis),
            rest(Measure::Diseases, Measure::Pneumoconiosis),
            told(Measure::Diseases),
        ],
        sums: &[(2, [0, 1]), (4, [2, 3])],
    },
    Whole {
        parts: &[
            told(Measure::InjuriesByAccident),
            rest(Measure::InjuriesAtWork, Measure::InjuriesByAccident),
            told(Measure::InjuriesAtWork),
            rest(Measure::Injuries, Measure::InjuriesAtWork),
            told(Measure::Injuries),
        ],
        sums: &[(2, [0, 1]), (4, [2, 3])],
    },
    Whole {
        parts: &[
            told(Measure::KeyPosts),
            told(Measure::SafetyTrained),
            rest(Measure::KeyPosts, Measure::SafetyTrained),
            told(Measure::HealthTrained),
            rest(Measure::KeyPosts, Measure::HealthTrained),
            told(Measure::AnyTrained),
            rest(Measure::KeyPosts, Measure::AnyTrained),
        ],
        sums: &[(0, [1, 2]), (0, [3, 4]), (0, [5, 6])],
    },
    Whole {
        parts: &[
            told(Measure::InsuredVictims),
            told(Measure::MatchedVictims),
            rest(Measure::InsuredVictims, Measure::MatchedVictims),
        ],
        sums: &[(0, [1, 2])],
    },
];

/// Cells that are withheld.
#[derive(Debug, Default)]
pub struct Shade(HashSet<(String, String, i32, usize)>);

/// Whether a measure counts persons or cases that are nobody else's business.
#[must_use]
pub fn sensitive(measure: Measure) -> bool {
    WHOLES.iter().any(|whole| whole.parts.iter().any(|part| part.of == measure))
}

impl Shade {
    /// What is withheld of a province, of which the cube holds all records.
    #[must_use]
    pub fn new(cube: &Cube, plans: &Plans, reference: &Reference, province: &RegionCode) -> Self {
        let threshold = threshold(reference);
        let columns = Columns::new(cube.industries(), plans);
        let rows = Rows::new(cube, province);
        let mut shade = Self::default();
        for year in cube.years().clone() {
            for whole in &WHOLES {
                shade.protect(whole, year, &rows, &columns, threshold);
            }
        }
        shade
    }

    /// Whether a count is withheld.
    #[must_use]
    pub fn hides(&self, frame: &Frame, region: &RegionCode, group: &Group, (year, measure): (i32, Measure)) -> bool {
        let key = match group {
            Group::Industry(code) => code.clone(),
            Group::All => ALL.to_owned(),
            Group::Key => joined(&frame.key),
            Group::Dust => joined(&frame.dust),
        };
        self.0.contains(&(region.as_str().to_owned(), key, year, measure as usize))
    }

    fn protect(&mut self, whole: &Whole, year: i32, rows: &Rows<'_>, columns: &Columns, threshold: i64) {
        let (width, depth) = (columns.names.len(), whole.parts.len());
        let at = |row: usize, column: usize, part: usize| (row * width + column) * depth + part;
        let mut counts = vec![0; rows.names.len() * width * depth];
        for (row, totals) in rows.leaves.iter().enumerate() {
            for (column, industry) in columns.industries.iter().enumerate() {
                for (part, own) in whole.parts.iter().enumerate() {
                    let count = |measure| totals.sum(|code| code == industry.as_deref(), year, measure);
                    let number = count(own.of) - own.less.map_or(0, count);
                    if let Some(cell) = counts.get_mut(at(row, column, part)) {
                        *cell = number.max(0);
                    }
                }
            }
        }
        let mut lines = Vec::new();
        for (sum, parts) in &rows.sums {
            for column in 0..columns.industries.len() {
                for part in 0..depth {
                    lines.push(Line {
                        sum: at(*sum, column, part),
                        parts: parts.iter().map(|row| at(*row, column, part)).collect(),
                    });
                }
            }
        }
        for row in 0..rows.names.len() {
            for (sum, parts) in &columns.sums {
                for part in 0..depth {
                    lines.push(Line {
                        sum: at(row, *sum, part),
                        parts: parts.iter().map(|column| at(row, *column, part)).collect(),
                    });
                }
            }
        }
        for line in &lines {
            let sum = line.parts.iter().filter_map(|part| counts.get(*part)).sum();
            if let Some(cell) = counts.get_mut(line.sum) {
                *cell = sum;
            }
        }
        // Sums over regions hold for sums over industries too, and parts make wholes everywhere.
        for (sum, parts) in &rows.sums {
            for column in columns.industries.len()..width {
                for part in 0..depth {
                    lines.push(Line {
                        sum: at(*sum, column, part),
                        parts: parts.iter().map(|row| at(*row, column, part)).collect(),
                    });
                }
            }
        }
        for row in 0..rows.names.len() {
            for column in 0..width {
                lines.extend(whole.sums.iter().map(|(sum, parts)| Line {
                    sum: at(row, column, *sum),
                    parts: parts.iter().map(|part| at(row, column, *part)).collect(),
                }));
            }
        }
        let hidden = withheld(&counts, &lines, threshold);
        for (row, region) in rows.names.iter().enumerate() {
            let Some(region) = region else { continue };
            for (column, name) in columns.names.iter().enumerate() {
                for (part, own) in whole.parts.iter().enumerate() {
                    let (Some(true), Some(measure)) = (hidden.get(at(row, column, part)), own.told) else { continue };
                    self.0.insert((region.clone(), name.clone(), year, measure as usize));
                }
            }
        }
    }
}

const ALL: &str = "*";

/// Industries and the sums over them that are published.
struct Columns {
    /// Industries; none for records of none.
    industries: Vec<Option<String>>,
    names: Vec<String>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl Columns {
    fn new(codes: &[String], plans: &Plans) -> Self {
        let industries: Vec<Option<String>> = codes.iter().cloned().map(Some).chain([None]).collect();
        let mut names: Vec<String> = industries.iter().map(|code| code.clone().unwrap_or_default()).collect();
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for plan in plans.all() {
            for role in [Role::Key, Role::Dust] {
                let of: Vec<String> = plan.industries_of(role).into_iter().map(ToOwned::to_owned).collect();
                let places = (0..codes.len()).filter(|place| codes.get(*place).is_some_and(|code| of.contains(code))).collect();
                groups.insert(joined(&of), places);
            }
        }
        groups.insert(ALL.to_owned(), (0..industries.len()).collect());
        let mut sums = Vec::new();
        for (name, places) in groups.into_iter().filter(|(_, places)| !places.is_empty()) {
            sums.push((names.len(), places));
            names.push(name);
        }
        Self { industries, names, sums }
    }
}

/// Places of the records, then the regions they add up to.
struct Rows<'a> {
    leaves: Vec<Totals<'a>>,
    /// Codes of the regions; none for what a region counts itself beside those below it.
    names: Vec<Option<String>>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl<'a> Rows<'a> {
    fn new(cube: &'a Cube, province: &RegionCode) -> Self {
        let (mut leaves, mut names) = (Vec::new(), Vec::new());
        let mut cities: BTreeMap<RegionCode, Vec<usize>> = BTreeMap::new();
        let mut direct = Vec::new();
        for totals in cube.each() {
            let place = totals.region().clone();
            let leaf = leaves.len();
            leaves.push(totals);
            names.push(matches!(place.level(), RegionLevel::County | RegionLevel::Zone).then(|| place.as_str().to_owned()));
            match place.city() {
                Some(city) => cities.entry(city).or_default().push(leaf),
                None => direct.push(leaf),
            }
        }
        let mut sums = Vec::new();
        for (city, places) in cities {
            direct.push(names.len());
            sums.push((names.len(), places));
            names.push(Some(city.as_str().to_owned()));
        }
        sums.push((names.len(), direct));
        names.push(Some(province.as_str().to_owned()));
        Self { leaves, names, sums }
    }
}

/// Codes of a group in one text, whatever their order.
fn joined(codes: &[String]) -> String {
    codes.iter().map(String::as_str).collect::<BTreeSet<&str>>().into_iter().collect::<Vec<_>>().join("|")
}

/// The threshold of the rule that is in force.
fn threshold(reference: &Reference) -> i64 {
    let rules = reference.table("disclosure_rule").map(|table| table.codes.as_slice()).unwrap_or_default();
    let rule = rules.iter().find(|rule| rule.attributes.get("in_force").is_some_and(|word| word == "yes"));
    rule.and_then(|rule| rule.attributes.get("threshold")?.parse().ok()).unwrap_or(THRESHOLD)
}
