//! Who is still free: everyone is hurt or falls ill once at most, so that nobody dies twice.

use chrono::NaiveDate;

use super::{calendar, employers::Employers, people::Person, sector::COUNT, stream::SplitMix64};

/// Persons of a county and how many of each employer have been taken.
#[derive(Debug)]
pub(super) struct Roster {
    pub persons: Vec<Person>,
    taken: Vec<u32>,
}

impl Roster {
    pub(super) fn new(persons: Vec<Person>, employers: &Employers) -> Self {
        Self { persons, taken: vec![0; employers.all.len()] }
    }

    /// An employer of a sector, drawn by size; one in four draws goes to the largest ones.
    pub(super) fn employer(
        &self,
        employers: &Employers,
        sector: usize,
        stream: &mut SplitMix64,
    ) -> u32 {
        let range = employers.sector_persons.get(sector).cloned().unwrap_or_default();
        let width = range.end - range.start;
        let width = if stream.chance(250) { width / 8 + 1 } else { width };
        self.persons
            .get((range.start + stream.below(width)) as usize)
            .map_or(0, |person| person.employer)
    }

    /// A sector, drawn by its number of persons times a weight of its own.
    pub(super) fn sector(
        employers: &Employers,
        weights: [u32; COUNT],
        stream: &mut SplitMix64,
    ) -> usize {
        stream.weighted(
            employers
                .sector_persons
                .iter()
                .zip(weights)
                .map(|(range, weight)| (range.end - range.start) * weight),
        )
    }

    /// Takes a free person of that employer, else of the next one that has any; a man in so many of
    /// a thousand cases.
    pub(super) fn take(
        &mut self,
        employers: &Employers,
        employer: u32,
        day: NaiveDate,
        men: u32,
        stream: &mut SplitMix64,
    ) -> Option<u32> {
        let count = employers.all.len();
        let candidates = (0..count).map(|step| (employer as usize + step) % count.max(1));
        let free = candidates.into_iter().find_map(|index| {
            let range = &employers.all.get(index)?.persons;
            let taken = self.taken.get_mut(index)?;
            let place = range.start + *taken;
            (place < range.end).then(|| {
                *taken += 1;
                place
            })
        })?;
        let person = self.persons.get_mut(free as usize)?;
        person.male = person.male || stream.chance(men);
        // Whoever is hurt at work is insured there on that day.
        if person.insured_from >= day {
            person.insured_from = calendar::before(day, stream.between(40, 900));
            person.dust_since = person.dust_since.map(|_| person.insured_from);
        }
        person.insured_to = person.insured_to.filter(|left| *left > day);
        Some(free)
    }

    /// Ends the employment of someone who died.
    pub(super) fn bury(&mut self, person: u32, day: NaiveDate) {
        if let Some(person) = self.persons.get_mut(person as usize) {
            person.insured_to = Some(day);
        }
    }
}
