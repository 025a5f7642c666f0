//! What the access policy says, read again from the files and decided here without any code of the
//! hub, so that a fault in `authz` shows as a difference. Source: domain reference §7.2 and §7.3.

use std::collections::BTreeMap;

/// How much of a class is shown, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    Nothing,
    Aggregate,
    Masked,
    Full,
}

/// How the region of a row stands to that of the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    Own,
    Above,
    Peer,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    pub department: &'a str,
    pub region: &'a str,
    pub case: bool,
}

/// Where a row lies.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub region: &'a str,
    pub department: &'a str,
    pub industry: Option<&'a str>,
}

type Line = BTreeMap<String, String>;

/// The files of `policy/`.
pub struct Oracle {
    /// By department and family: asked tens of thousands of times by one test.
    access: BTreeMap<(String, String), Vec<Line>>,
    levels: Vec<Line>,
    industries: BTreeMap<String, Vec<String>>,
    roles: Vec<Line>,
}

const CLASSES: [&str; 4] = ["public", "internal", "personal", "sensitive"];

fn table(text: &str) -> Vec<Line> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("a table with a heading")
}

/// Characters of a region code that name the region: two of a province, four of a city, six of a
/// county.
fn significant(region: &str) -> &str {
    let length = if region.ends_with("0000") {
        2
    } else if region.ends_with("00") {
        4
    } else {
        6
    };
    &region[..length]
}

/// Relation of a row's region to an actor's.
pub fn relation(actor: &str, row: &str) -> Relation {
    if row.starts_with(significant(actor)) {
        Relation::Own
    } else if actor.starts_with(significant(row)) {
        Relation::Above
    } else {
        Relation::Peer
    }
}

impl Oracle {
    pub fn shipped() -> Self {
        let industries =
            table(include_str!("../../policy/departments.csv")).into_iter().map(|line| {
                let list = line["industries"]
                    .split('|')
                    .filter(|word| !word.is_empty())
                    .map(ToOwned::to_owned)
                    .collect();
                (line["department"].clone(), list)
            });
        let mut access: BTreeMap<_, Vec<Line>> = BTreeMap::new();
        for line in table(include_str!("../../policy/access.csv")) {
            access
                .entry((line["department"].clone(), line["family"].clone()))
                .or_default()
                .push(line);
        }
        Self {
            access,
            levels: table(include_str!("../../policy/levels.csv")),
            industries: industries.collect(),
            roles: table(include_str!("../../policy/roles.csv")),
        }
    }

    pub fn departments(&self) -> Vec<&str> {
        self.industries.keys().map(String::as_str).collect()
    }

    pub fn roles(&self) -> Vec<&str> {
        self.roles.iter().map(|line| line["role"].as_str()).collect()
    }

    /// Column of `roles.csv` for a role.
    pub fn role(&self, role: &str, column: &str) -> &str {
        self.roles.iter().find(|line| line["role"] == role).map_or("", |line| line[column].as_str())
    }

    /// Whether a department hands in records of a family.
    pub fn writes(&self, department: &str, family: &str) -> bool {
        self.lines(department, family).any(|line| line["writes"] == "yes")
    }

    fn lines(&self, department: &str, family: &str) -> impl Iterator<Item = &Line> {
        self.access.get(&(department.to_owned(), family.to_owned())).into_iter().flatten()
    }

    /// What a reader sees of a class (0 P, 1 I, 2 N, 3 S) of a row.
    pub fn shown(&self, asker: &Asker<'_>, family: &str, place: &Place<'_>, class: usize) -> Shown {
        let word = self.word(asker, family, place, class);
        let level = match significant(asker.region).len() {
            2 => "PROVINCE",
            4 => "CITY",
            _ => "COUNTY",
        };
        let capped = self.levels.iter().any(|line| {
            line["level"] == level
                && line["class"].eq_ignore_ascii_case(CLASSES[class])
                && line["cap"] == "case"
        });
        let open = asker.case || !(capped || word == "case");
        match word {
            "aggregate" => Shown::Aggregate,
            "masked" if open => Shown::Masked,
            "full" | "case" if open => Shown::Full,
            _ => Shown::Nothing,
        }
    }

    fn word<'a>(
        &'a self,
        asker: &'a Asker<'_>,
        family: &'a str,
        place: &Place<'_>,
        class: usize,
    ) -> &'a str {
        let mine = |name: &str| {
            self.industries[name].iter().any(|own| Some(own.as_str()) == place.industry)
        };
        let wanted: &[&str] = match relation(asker.region, place.region) {
            Relation::Above => return "none",
            Relation::Peer => &["PEER"],
            Relation::Own
                if self.writes(asker.department, family)
                    && place.department == asker.department =>
            {
                return "full";
            }
            Relation::Own if mine(asker.department) => &["OWN", "OWN_INDUSTRY"],
            Relation::Own => &["OWN", "OTHER_INDUSTRY"],
        };
        let line = self
            .lines(asker.department, family)
            .find(|line| wanted.contains(&line["rows"].as_str()));
        line.map_or("none", |line| line[CLASSES[class]].as_str())
    }

    /// All four classes of a row.
    pub fn classes(&self, asker: &Asker<'_>, family: &str, place: &Place<'_>) -> [Shown; 4] {
        [0, 1, 2, 3].map(|class| self.shown(asker, family, place, class))
    }
}
