//! Collects what a request shows and asks about, separately for each of its root fields, because
//! each has its own outcome.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::catalogue::Class;
use uuid::Uuid;

use crate::{
    audit::entry::{Entry, EntryDisclosure, EntryRecords},
    store::records::row::Classes,
};

tokio::task_local! {
    /// Response name of the root field that is being answered.
    static ROOT: String;
}

/// A record of which something was shown.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// Global identifier of the record.
    pub id: Uuid,
    /// Code of the department that holds it.
    pub department: &'a str,
    /// Region code of the record.
    pub region: &'a str,
    /// Classes of the fields that were shown.
    pub classes: Classes,
}

/// What a question asks about a family, besides what it is shown.
#[derive(Clone, Debug, Default)]
pub struct AskedQuestion {
    /// Classes of the fields it names; public and internal ones are not recorded.
    pub classes: Classes,
    /// Names of fields and links.
    pub names: BTreeSet<&'static str>,
    /// Department and region of the holders of the records concerned; an empty region stands for
    /// all.
    pub holders: BTreeSet<(String, String)>,
}

/// Collects what one request shows and asks.
#[derive(Debug, Default)]
pub struct Collector(Mutex<Vec<Root>>);

/// One root field of a request. Whatever is recorded outside of any is kept under an empty name.
#[derive(Debug, Default)]
struct Root {
    key: String,
    name: String,
    families: BTreeMap<&'static str, Collected>,
}

/// What was recorded for the root fields that have the same outcome.
#[derive(Debug)]
pub struct RootOutcome {
    /// The outcome: `OK` or the code of an error.
    pub code: String,
    /// Names of the root fields, in the order of the document, each once.
    pub names: Vec<String>,
    /// What they showed.
    pub shown: EntryDisclosure,
}

#[derive(Debug, Default)]
struct Collected {
    classes: Classes,
    asked: Classes,
    names: BTreeSet<&'static str>,
    holders: BTreeSet<(String, String)>,
    groups: Option<u64>,
    /// Each with the place of its owner.
    ids: HashMap<Uuid, usize>,
    owners: Vec<(String, String)>,
}

impl Collected {
    fn note(&mut self, record: &Noted<'_>) {
        record.classes.iter().for_each(|class| self.classes.add(class));
        if self.ids.contains_key(&record.id) {
            return;
        }
        let own = self.owners.iter().position(|(department, region)| {
            department == record.department && region == record.region
        });
        let place = own.unwrap_or_else(|| {
            self.owners.push((record.department.to_owned(), record.region.to_owned()));
            self.owners.len() - 1
        });
        self.ids.insert(record.id, place);
    }

    fn join(&mut self, other: Self) {
        other.classes.iter().for_each(|class| self.classes.add(class));
        other.asked.iter().for_each(|class| self.asked.add(class));
        self.names.extend(other.names);
        self.holders.extend(other.holders);
        self.groups = self
            .groups
            .zip(other.groups)
            .map(|(one, more)| one + more)
            .or(self.groups)
            .or(other.groups);
        for (id, place) in other.ids {
            if let Some((department, region)) = other.owners.get(place) {
                self.note(&Noted { id, department, region, classes: Classes::default() });
            }
        }
    }

    fn disclose(self, family: &str, shown: &mut EntryDisclosure) {
        let mut ids: Vec<Uuid> = self.ids.keys().copied().collect();
        ids.sort_unstable();
        let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
        let letters = |classes: Classes| classes.iter().map(|class| class.letter()).collect();
        let records = EntryRecords {
            classes: letters(self.classes),
            ids: BASE64_URL_SAFE_NO_PAD.encode(bytes),
            count: u32::try_from(ids.len()).unwrap_or(u32::MAX),
            asked: letters(self.asked),
            fields: self.names.into_iter().map(ToOwned::to_owned).collect(),
            groups: self.groups,
        };
        shown.records.insert(family.to_owned(), records);
        for (department, region) in self.holders {
            shown.owners.entry((family.to_owned(), department, region)).or_default();
        }
        for place in self.ids.into_values() {
            if let Some((department, region)) = self.owners.get(place) {
                *shown
                    .owners
                    .entry((family.to_owned(), department.clone(), region.clone()))
                    .or_default() += 1;
            }
        }
    }
}

impl Collector {
    fn all(&self) -> MutexGuard<'_, Vec<Root>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn here<T>(&self, work: impl FnOnce(&mut BTreeMap<&'static str, Collected>) -> T) -> T {
        let key = ROOT.try_with(Clone::clone).unwrap_or_default();
        let mut all = self.all();
        let place = all.iter().position(|root| root.key == key).unwrap_or_else(|| {
            all.push(Root { key, ..Root::default() });
            all.len() - 1
        });
        match all.get_mut(place) {
            Some(root) => work(&mut root.families),
            None => work(&mut BTreeMap::new()),
        }
    }

    /// Runs a root field: whatever is recorded during it belongs to it.
    pub async fn within<T>(&self, key: &str, name: &str, work: impl Future<Output = T>) -> T {
        self.all().push(Root {
            key: key.to_owned(),
            name: name.to_owned(),
            families: BTreeMap::new(),
        });
        ROOT.scope(key.to_owned(), work).await
    }

    /// Records that rows of a family were shown, each once. Rows of which only public and internal
    /// fields were shown are not recorded.
    pub fn note<'a>(&self, family: &'static str, records: impl IntoIterator<Item = Noted<'a>>) {
        let mut personal = records
            .into_iter()
            .filter(|record| record.classes.iter().any(|class| class >= Class::Personal))
            .peekable();
        if personal.peek().is_some() {
            self.here(|families| {
                let own = families.entry(family).or_default();
                personal.for_each(|record| own.note(&record));
            });
        }
    }

    /// Records what a question asks about a family: an answer without any personal value still
    /// reveals that somebody matches the condition.
    pub fn ask(&self, family: &'static str, question: AskedQuestion) {
        self.here(|families| {
            let own = families.entry(family).or_default();
            question
                .classes
                .iter()
                .filter(|class| *class >= Class::Personal)
                .for_each(|class| own.asked.add(class));
            own.names.extend(question.names);
            own.holders.extend(question.holders);
        });
    }

    /// Records the number of groups in the answer to an aggregate, if the aggregate is recorded.
    pub fn grouped(&self, family: &'static str, groups: usize) {
        self.here(|families| {
            if let Some(own) = families.get_mut(family) {
                own.groups = Some(own.groups.unwrap_or_default() + groups as u64);
            }
        });
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().iter().all(|root| root.families.is_empty())
    }

    /// Number of records whose disclosure was recorded.
    #[must_use]
    pub fn count(&self) -> usize {
        let all = self.all();
        let records = |root: &Root| {
            root.families
                .iter()
                .flat_map(|(family, own)| own.ids.keys().map(|id| (*family, *id)))
                .collect()
        };
        all.iter()
            .map(records)
            .collect::<Vec<HashSet<_>>>()
            .into_iter()
            .flatten()
            .collect::<HashSet<_>>()
            .len()
    }

    /// Moves everything recorded into an entry.
    pub fn drain_into(&self, entry: &mut Entry) {
        entry.show(self.drain());
    }

    /// Takes everything recorded, for the entries of several actors who are shown the same.
    #[must_use]
    pub fn drain(&self) -> EntryDisclosure {
        let mut all = BTreeMap::new();
        std::mem::take(&mut *self.all()).into_iter().for_each(|root| join(&mut all, root.families));
        shown(all)
    }

    /// Takes everything recorded, grouped by the outcome that `of` gives for the response name of
    /// each root field.
    #[must_use]
    pub fn outcomes(&self, of: impl Fn(&str) -> String) -> Vec<RootOutcome> {
        let mut parts: Vec<(String, Vec<String>, BTreeMap<&'static str, Collected>)> = Vec::new();
        for root in std::mem::take(&mut *self.all()) {
            let code = of(&root.key);
            let place = parts.iter().position(|(own, ..)| *own == code).unwrap_or_else(|| {
                parts.push((code, Vec::new(), BTreeMap::new()));
                parts.len() - 1
            });
            let Some((_, names, families)) = parts.get_mut(place) else { continue };
            if !root.name.is_empty() && !names.contains(&root.name) {
                names.push(root.name);
            }
            join(families, root.families);
        }
        parts
            .into_iter()
            .map(|(code, names, families)| RootOutcome { code, names, shown: shown(families) })
            .collect()
    }
}

fn join(all: &mut BTreeMap<&'static str, Collected>, more: BTreeMap<&'static str, Collected>) {
    for (family, own) in more {
        all.entry(family).or_default().join(own);
    }
}

fn shown(all: BTreeMap<&'static str, Collected>) -> EntryDisclosure {
    let mut shown = EntryDisclosure::default();
    all.into_iter().for_each(|(family, own)| own.disclose(family, &mut shown));
    shown
}
