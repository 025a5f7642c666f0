//! Differences between departments, planted on purpose at even distances. `planted` lists them;
//! those among the work injuries are planted where these are built.

use std::collections::HashSet;

use super::{
    accidents::{Accident, Late, Toll},
    county::County,
    diseases::DiseaseCase,
    employers,
    people::Person,
    trainings,
    victims::{Flaw, Victim, Who},
};

impl County {
    /// Plants accidents at employers that are not insured; nobody dies there, so that they show one
    /// discrepancy only.
    pub(super) fn hide_employers(&mut self) {
        let fits = |accident: &Accident| {
            accident.toll.deaths + accident.toll.missing == 0
                && accident.toll.degrees().count() == 1
        };
        for place in spread(&self.accidents, fits, self.site.scale.planted_per_county()) {
            let number = (self.employers.all.len() + self.uninsured.len()) as u32;
            let Some(accident) = self.accidents.get_mut(place) else { continue };
            accident.employer = number;
            self.uninsured.push(employers::employer(&self.site, number, accident.sector, 0..0));
        }
    }

    /// Plants victims who are not listed, not recognised, not identified or differently named.
    pub(super) fn spoil_victims(&mut self) {
        let accidents = &self.accidents;
        let toll = |victim: &Victim| {
            accidents
                .get(victim.accident as usize)
                .map(|accident| accident.toll)
                .unwrap_or_default()
        };
        let ill = |victim: &Victim| {
            accidents.get(victim.accident as usize).is_none_or(|accident| accident.written_off)
        };
        let plain = |victim: &Victim| {
            victim.flaw == Flaw::None && matches!(victim.person, Who::Insured(_)) && !ill(victim)
        };
        for flaw in [Flaw::NotListed, Flaw::NoRecognition, Flaw::NoIdentity, Flaw::OtherName] {
            let fits = |victim: &Victim| {
                plain(victim)
                    && match flaw {
                        Flaw::NotListed => {
                            victim.ordinal > 1
                                && toll(victim).degrees().count() == victim.ordinal as usize
                        }
                        Flaw::NoRecognition => victim.degree == "DEATH",
                        _ => victim.ordinal == 1,
                    }
            };
            for place in spread(&self.victims, fits, self.site.scale.planted_per_county()) {
                if let Some(victim) = self.victims.get_mut(place) {
                    victim.flaw = flaw;
                }
            }
        }
    }

    /// Plants changes of the toll that were reported late and notices that were not given, each at
    /// an accident of its own.
    pub(super) fn delay_accidents(&mut self) {
        let insured = self.employers.all.len() as u32;
        let plain = |accident: &Accident| {
            accident.late == Late::None && !accident.written_off && accident.employer < insured
        };
        for late in [Late::Toll, Late::UnionNotice, Late::HrssNotice] {
            let toll = |accident: &Accident| {
                accident.toll.deaths
                    + accident.toll.missing
                    + accident.toll.serious
                    + accident.toll.poisoned
            };
            let fits = |accident: &Accident| {
                plain(accident)
                    && if late == Late::Toll {
                        accident.toll_changed.is_some()
                    } else {
                        toll(accident) > 0
                    }
            };
            for place in spread(&self.accidents, fits, self.site.scale.planted_per_county()) {
                if let Some(accident) = self.accidents.get_mut(place) {
                    accident.late = late;
                }
            }
        }
    }

    /// Plants cases nobody applied for and cases without identity number.
    pub(super) fn spoil_cases(&mut self) {
        let count = self.site.scale.planted_per_county();
        let plain = |case: &DiseaseCase| {
            case.nature == "FIRST" && case.dust.is_some() && !case.no_application
        };
        for place in spread(&self.cases, plain, count) {
            if let Some(case) = self.cases.get_mut(place) {
                case.no_application = true;
            }
        }
        for place in spread(&self.cases, plain, count) {
            if let Some(case) = self.cases.get_mut(place) {
                case.no_identity = true;
            }
        }
    }
}

/// What is added to the number under which something is handed in a second time.
const AGAIN: &str = "-B";

/// The number of a record that is handed in a second time.
pub(super) fn again(number: &str) -> String {
    format!("{number}{AGAIN}")
}

impl County {
    /// Accidents that their department reports a second time under another number, with their
    /// victims: small ones, at which and at whose employers nothing else is planted.
    pub(super) fn reported_twice(&self) -> Vec<&Accident> {
        let insured = self.employers.all.len() as u32;
        let spoilt: HashSet<u32> = self
            .victims
            .iter()
            .filter(|victim| victim.flaw != Flaw::None)
            .map(|victim| victim.accident)
            .collect();
        let untrained = trainings::of(self).untrained;
        let employers: HashSet<u32> = untrained
            .iter()
            .filter_map(|(place, _)| self.accidents.get(*place as usize))
            .map(|accident| accident.employer)
            .collect();
        let fits = |accident: &Accident| {
            let Toll { deaths, missing, serious, poisoned, minor: _ } = accident.toll;
            deaths + missing + serious + poisoned == 0
                && accident.late == Late::None
                && !accident.written_off
                && accident.employer < insured
                && !spoilt.contains(&accident.index)
                && !employers.contains(&accident.employer)
        };
        let places = spread(&self.accidents, fits, self.site.scale.planted_per_county());
        places.into_iter().filter_map(|place| self.accidents.get(place)).collect()
    }

    /// Persons whom 人社 holds under two numbers; they stand in no record of an accident, an injury
    /// or a disease.
    pub(super) fn numbered_twice(&self) -> Vec<&Person> {
        let hurt = self.victims.iter().filter_map(|victim| {
            if let Who::Insured(place) = victim.person { Some(place) } else { None }
        });
        let ill = self
            .cases
            .iter()
            .map(|case| case.person)
            .chain(self.injuries.iter().map(|injury| injury.person));
        let known: HashSet<u32> = hurt.chain(ill).collect();
        let persons = &self.roster.persons;
        let places: Vec<u32> = (0..persons.len() as u32).collect();
        let chosen =
            spread(&places, |place| !known.contains(place), self.site.scale.planted_per_county());
        chosen.into_iter().filter_map(|place| persons.get(place)).collect()
    }
}

/// Places of so many values that fit, at even distances.
pub(super) fn spread<T>(values: &[T], fits: impl Fn(&T) -> bool, count: usize) -> Vec<usize> {
    let fitting: Vec<usize> = values
        .iter()
        .enumerate()
        .filter(|(_, value)| fits(value))
        .map(|(place, _)| place)
        .collect();
    (0..count)
        .filter_map(|number| fitting.get((number * 2 + 1) * fitting.len() / (count * 2)).copied())
        .collect()
}
