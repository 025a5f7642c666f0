//! Everything that happens in one county, as small values that refer to each other by place.
//!
//! A county is the unit of generation: it fits in memory at every scale, and any county can be
//! built again from its place in the list. What differs between departments on purpose is in
//! `discrepancies`.

use std::collections::HashSet;

use super::{
    accidents::{self, Accident},
    calendar::{self, YEARS},
    diseases::{self, DiseaseCase},
    employers::{self, Employers, SeedEmployer},
    injuries::{self, Harm, Injury, InjuryCause},
    people,
    roster::Roster,
    scale::SeedSite,
    sector::{self, SECTORS},
    stream::SplitMix64,
    victims::{self, Flaw, Victim, Who},
};

const TOPIC: u64 = 7;

/// One county with all its records.
#[derive(Debug)]
pub(super) struct County {
    pub site: SeedSite,
    pub employers: Employers,
    /// Employers that 人社 does not know; their numbers follow those of the others.
    pub uninsured: Vec<SeedEmployer>,
    pub roster: Roster,
    pub accidents: Vec<Accident>,
    pub victims: Vec<Victim>,
    pub cases: Vec<DiseaseCase>,
    pub injuries: Vec<Injury>,
    stream: SplitMix64,
}

impl County {
    /// Builds the county; the same one every time.
    pub(super) fn build(site: SeedSite) -> Self {
        let mix = sector::mix(site.place, site.stream(TOPIC, 0));
        let employers = employers::build(&site, &mix);
        let persons = employers
            .all
            .iter()
            .flat_map(|employer| {
                employer.persons.clone().map(|index| people::build(&site, index, employer))
            })
            .collect();
        let roster = Roster::new(persons, &employers);
        let stream = site.stream(TOPIC, 1);
        let mut county = Self {
            site,
            employers,
            uninsured: Vec::new(),
            roster,
            accidents: Vec::new(),
            victims: Vec::new(),
            cases: Vec::new(),
            injuries: Vec::new(),
            stream,
        };
        county.add_accidents(&mix.accidents);
        county.hide_employers();
        county.add_victims();
        county.spoil_victims();
        county.delay_accidents();
        county.add_cases();
        county.spoil_cases();
        county.add_injuries();
        county
    }

    /// The employer of that number, insured or not.
    pub(super) fn employer(&self, index: u32) -> Option<&SeedEmployer> {
        let all = &self.employers.all;
        all.get(index as usize)
            .or_else(|| self.uninsured.get((index as usize).checked_sub(all.len())?))
    }

    fn add_accidents(&mut self, weights: &[u32; sector::COUNT]) {
        for (year, count) in YEARS.into_iter().zip(accidents::per_year(&self.site)) {
            for sequence in 1..=count {
                let trade = self.stream.weighted(*weights);
                let employer = self.roster.employer(&self.employers, trade, &mut self.stream);
                let Some(sector) = SECTORS.get(trade) else { continue };
                let index = self.accidents.len() as u32;
                self.accidents.push(accidents::build(
                    &self.site,
                    index,
                    (year, sequence, count),
                    sector,
                    employer,
                ));
            }
        }
    }

    fn add_victims(&mut self) {
        let insured = self.employers.all.len() as u32;
        let mut outsiders = self.site.totals.persons;
        for place in 0..self.accidents.len() {
            let Some(accident) = self.accidents.get_mut(place) else { continue };
            let unknown =
                self.uninsured.get((accident.employer as usize).wrapping_sub(insured as usize));
            for (degree, ordinal) in accident.toll.degrees().zip(1..) {
                let outside = unknown.is_some()
                    || self.stream.chance(accident.sector.outsiders) && !accident.written_off;
                let taken = if outside {
                    None
                } else {
                    self.roster.take(
                        &self.employers,
                        accident.employer,
                        accident.day,
                        700,
                        &mut self.stream,
                    )
                };
                let person = taken.and_then(|place| {
                    self.roster.persons.get(place as usize).map(|person| (place, person))
                });
                let who = match (
                    person,
                    unknown.or_else(|| self.employers.all.get(accident.employer as usize)),
                ) {
                    (Some((place, person)), _) if person.employer == accident.employer => {
                        (Who::Insured(place), person.form)
                    }
                    (Some((place, _)), _) => (Who::Insured(place), "DISPATCHED"),
                    (None, Some(employer)) => {
                        outsiders += 1;
                        let form = if unknown.is_some() { "TEMPORARY" } else { "EXTERNAL" };
                        (
                            Who::Outsider(Box::new(people::build(
                                &self.site,
                                outsiders - 1,
                                employer,
                            ))),
                            form,
                        )
                    }
                    (None, None) => continue,
                };
                let victim = victims::build(
                    &self.site,
                    self.victims.len() as u32,
                    accident,
                    ordinal,
                    who,
                    degree,
                );
                if let (Who::Insured(person), true) =
                    (&victim.person, matches!(degree, "DEATH" | "MISSING"))
                {
                    self.roster.bury(*person, victim.died_at.unwrap_or(accident.day));
                }
                accident.lost_workdays += victim.lost_workdays;
                // Who dies later changes the toll on that day.
                let later =
                    victim.died_at.filter(|day| *day > accident.day && !accident.written_off);
                accident.toll_changed = accident.toll_changed.max(later);
                self.victims.push(victim);
            }
        }
    }

    fn add_cases(&mut self) {
        let mut followed = HashSet::new();
        for (year, count) in YEARS.into_iter().zip(diseases::per_year(&self.site)) {
            let earlier = self.cases.len() as u32;
            for sequence in 1..=count {
                let index = self.cases.len() as u32;
                let place = (year, sequence, count);
                let case = if diseases::is_pneumoconiosis(&self.site, index, year) {
                    let trade = Roster::sector(
                        &self.employers,
                        DiseaseCase::trades(None),
                        &mut self.stream,
                    );
                    let kinds = SECTORS.get(trade).map(|sector| sector.pneumoconiosis);
                    let mut case = diseases::build(&self.site, index, place, kinds);
                    if !self.follow_up(&mut case, earlier, &mut followed) {
                        self.find_patient(&mut case, trade);
                    }
                    case
                } else {
                    let mut case = diseases::build(&self.site, index, place, None);
                    let trade = Roster::sector(
                        &self.employers,
                        DiseaseCase::trades(Some(case.factor)),
                        &mut self.stream,
                    );
                    self.find_patient(&mut case, trade);
                    case
                };
                self.cases.push(case);
            }
        }
    }

    /// Turns some cases into progressions and deaths of patients of earlier years; says whether it
    /// did.
    fn follow_up(
        &mut self,
        case: &mut DiseaseCase,
        earlier: u32,
        followed: &mut HashSet<u32>,
    ) -> bool {
        let dead = self.stream.chance(15);
        if !dead && !self.stream.chance(50) {
            return false;
        }
        let place = self.stream.below(earlier);
        let Some(first) = self
            .cases
            .get(place as usize)
            .filter(|first| first.dust.is_some() && first.nature == "FIRST")
        else {
            return false;
        };
        if !dead && first.stage == 3 || first.year >= case.year || !followed.insert(place) {
            return false;
        }
        case.follow(first, dead);
        if dead {
            self.roster.bury(case.person, case.diagnosed);
        }
        true
    }

    fn find_patient(&mut self, case: &mut DiseaseCase, trade: usize) {
        let employer = self.roster.employer(&self.employers, trade, &mut self.stream);
        let taken =
            self.roster.take(&self.employers, employer, case.diagnosed, 580, &mut self.stream);
        case.person = taken.unwrap_or_default();
        if self.stream.chance(8) {
            case.nature = "TRANSFER";
        }
    }

    fn add_injuries(&mut self) {
        for victim in &self.victims {
            let (Who::Insured(person), Some(accident)) =
                (&victim.person, self.accidents.get(victim.accident as usize))
            else {
                continue;
            };
            let harm = match victim.degree {
                "DEATH" | "MISSING" if accident.written_off => Harm::Illness,
                "DEATH" | "MISSING" => Harm::Death,
                "SERIOUS" => Harm::Serious,
                _ => Harm::Minor,
            };
            if victim.flaw != Flaw::NoRecognition {
                let index = self.injuries.len() as u32;
                self.injuries.push(injuries::build(
                    &self.site,
                    index,
                    InjuryCause::Victim(victim.index),
                    *person,
                    accident.day,
                    harm,
                ));
            }
        }
        for case in self.cases.iter().filter(|case| case.nature == "FIRST" && !case.no_application)
        {
            let harm = if case.dust.is_some() { Harm::Stage(case.stage) } else { Harm::Disease };
            let index = self.injuries.len() as u32;
            self.injuries.push(injuries::build(
                &self.site,
                index,
                InjuryCause::Case(case.index),
                case.person,
                case.diagnosed,
                harm,
            ));
        }
        self.add_ordinary_injuries();
        self.injuries.sort_by_key(|injury| (injury.applied, injury.index));
        let (mut year, mut sequence) = (0, 0);
        for injury in &mut self.injuries {
            let of = chrono::Datelike::year(&injury.applied);
            sequence = if of == year { sequence + 1 } else { 1 };
            (year, injury.sequence) = (of, sequence);
        }
    }

    fn add_ordinary_injuries(&mut self) {
        let first = self.injuries.len() as u32;
        let total = self.site.totals.injuries.saturating_sub(first);
        let planted = self.site.scale.planted_per_county() as u32;
        // Planted ones stand at even distances; the others are as the articles fall.
        let step = total / (planted * 2).max(1);
        for (year, count) in YEARS.into_iter().zip(injuries::per_year(&self.site, total)) {
            for number in 0..count {
                let index = self.injuries.len() as u32;
                let basis = match (index - first)
                    .checked_rem(step)
                    .map(|rest| (rest, (index - first) / step))
                {
                    Some((1, turn)) if turn < planted * 2 && turn % 2 == 0 => {
                        InjuryCause::UnreportedDeath
                    }
                    Some((1, turn)) if turn < planted * 2 => InjuryCause::UnreportedDisease,
                    _ => InjuryCause::Ordinary,
                };
                let day = calendar::seasonal(&mut self.stream, year, number, count);
                let trade = Roster::sector(&self.employers, [1; sector::COUNT], &mut self.stream);
                let trade = if basis == InjuryCause::Ordinary {
                    trade
                } else {
                    Roster::sector(&self.employers, DiseaseCase::trades(None), &mut self.stream)
                };
                let employer = self.roster.employer(&self.employers, trade, &mut self.stream);
                let Some(person) =
                    self.roster.take(&self.employers, employer, day, 300, &mut self.stream)
                else {
                    return;
                };
                let harm = match basis {
                    InjuryCause::UnreportedDisease => Harm::Stage(1),
                    _ if self.stream.chance(160) => Harm::Serious,
                    _ => Harm::Minor,
                };
                let injury = injuries::build(&self.site, index, basis, person, day, harm);
                if injury.fatal {
                    self.roster.bury(person, day);
                }
                self.injuries.push(injury);
            }
        }
    }
}
