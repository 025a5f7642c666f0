//! Every way to ask for something, as documents: read from the schema itself, so that what is added
//! to it is asked too.

use std::collections::BTreeMap;

use entity::catalogue::{Class, Family, Field, Link};
use lianfang::store::records::{aggregate::GroupDimension, global_id::global_id};
use serde_json::{Value, json};

use crate::{
    leak::{
        values::{Values, Variant, middle},
        worlds::{Pass, ROWS, World, id_of},
    },
    oracle::Shown,
    support::TestHub,
};

/// A document with the name of the clause it is about.
pub struct Clause {
    pub name: String,
    pub document: String,
    pub kind: Kind,
}

/// What is expected of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No refusal.
    Open,
    /// No refusal; its lists are asked for the next page too.
    Pages,
    /// A refusal, whatever the store holds.
    Closed,
    /// As it comes.
    Either,
}

/// What the schema offers of the families.
pub struct Schema {
    /// Selection of everything of a family but its links.
    scalars: BTreeMap<&'static str, String>,
    /// Operators by family and field.
    tests: BTreeMap<(&'static str, String), Vec<String>>,
}

impl Schema {
    /// Asks the hub for its schema.
    pub async fn read(hub: &TestHub, token: &str, families: &[&'static Family]) -> Self {
        let mut schema = Self { scalars: BTreeMap::new(), tests: BTreeMap::new() };
        for family in families {
            let name = family.name;
            let document = format!(
                "{{ object: __type(name: \"{name}\") {{ fields {{ name type {{ ...T }} }} }} \
                 input: __type(name: \"{name}Where\") {{ inputFields {{ name type {{ inputFields {{ name }} }} }} }} }} \
                 fragment T on __Type {{ name kind ofType {{ name kind ofType {{ name kind ofType {{ name kind }} }} }} }}"
            );
            let answer = hub.data(token, &document).await;
            let fields = answer["object"]["fields"].as_array().expect("fields");
            let scalars = fields.iter().filter_map(|field| {
                let (name, (base, kind)) = (field["name"].as_str()?, base(&field["type"]));
                match (base, kind) {
                    (_, "SCALAR" | "ENUM") => Some(name.to_owned()),
                    ("Region", _) => {
                        Some(format!("{name} {{ code name level fullName parentCode }}"))
                    }
                    ("Remark", _) => Some(format!("{name} {{ code field message }}")),
                    _ => {
                        assert!(
                            family.link(name).is_some(),
                            "{}.{name} is neither a value nor a link",
                            family.name
                        );
                        None
                    }
                }
            });
            schema.scalars.insert(name, scalars.collect::<Vec<_>>().join(" "));
            for input in answer["input"]["inputFields"].as_array().expect("inputs") {
                let field = input["name"].as_str().unwrap_or_default().to_owned();
                let tests = input["type"]["inputFields"].as_array().into_iter().flatten();
                let tests =
                    tests.filter_map(|test| test["name"].as_str().map(ToOwned::to_owned)).collect();
                schema.tests.insert((name, field), tests);
            }
        }
        schema
    }

    /// Operators of a field.
    pub fn tests(&self, family: &Family, field: &Field) -> &[String] {
        self.tests.get(&(family.name, field.name.to_owned())).map_or(&[], Vec::as_slice)
    }
}

fn base(value: &Value) -> (&str, &str) {
    if value["ofType"].is_object() {
        return base(&value["ofType"]);
    }
    (value["name"].as_str().unwrap_or_default(), value["kind"].as_str().unwrap_or_default())
}

/// Most conditions of one question: the hub takes 200 things in a `where`.
const MOST_CONDITIONS: usize = 90;

/// Makes the documents.
pub struct Clauses<'a> {
    pub families: &'a [&'static Family],
    pub schema: &'a Schema,
    pub values: &'a Values<'a>,
    /// The store asked against: tells which families are listed at all, as one refusal hides what
    /// stands beside it.
    pub world: &'a World<'a>,
}

impl Clauses<'_> {
    fn fields(family: &'static Family, class: Class) -> impl Iterator<Item = &'static Field> {
        family.all_fields().filter(move |field| field.class == class && !field.hidden)
    }

    fn family(&self, name: &str) -> &'static Family {
        self.families.iter().find(|family| family.name == name).expect("a family")
    }

    fn listed(&self, family: &Family) -> bool {
        (0..ROWS).any(|row| self.world.listed(family, row))
    }

    /// Whether some row may be listed with these classes read in full.
    fn open(&self, family: &'static Family, classes: &[Class], pass: Pass) -> bool {
        (0..ROWS).any(|row| {
            let shown = self.world.shown(family, row);
            let usable = match pass {
                Pass::Stats => shown.iter().any(|shown| *shown >= Shown::Aggregate),
                _ => shown.iter().any(|shown| *shown >= Shown::Masked),
            };
            let read = |class: &Class| {
                matches!(
                    (shown[*class as usize], pass),
                    (Shown::Full, _) | (Shown::Aggregate, Pass::Stats)
                )
            };
            usable && classes.iter().all(read)
        })
    }

    /// Conditions on all fields of a class, one for each operator: each is met by rows in which any
    /// of the fields has the value it has in the first store.
    fn conditions(&self, family: &'static Family, class: Class) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for field in Self::fields(family, class) {
            for test in self.schema.tests(family, field) {
                let own = |row: usize| self.value(family, field, row);
                let mut many: Vec<String> = (0..ROWS).step_by(3).map(own).collect();
                many.sort();
                many.dedup();
                let name = field.name;
                let parts = all.entry(test.clone()).or_default();
                match test.as_str() {
                    "eq" => parts.extend(
                        [1, 26, 37, 48].map(|row| format!("{{{name}: {{eq: {}}}}}", own(row))),
                    ),
                    "in" => parts.push(format!("{{{name}: {{in: [{}]}}}}", many.join(", "))),
                    "isNull" => parts.push(format!("{{{name}: {{isNull: true}}}}")),
                    "prefix" => parts
                        .push(format!("{{{name}: {{prefix: {}}}}}", self.beginning(family, field))),
                    "contains" => {
                        parts.push(format!("{{{name}: {{contains: \"A{}\"}}}}", field.column))
                    }
                    order => parts.push(format!(
                        "{{{name}: {{{order}: {}}}}}",
                        middle(field.kind).expect("a kind with an order")
                    )),
                }
            }
        }
        let asked = |(test, parts): (String, Vec<String>)| {
            let pieces: Vec<String> = parts
                .chunks(MOST_CONDITIONS)
                .map(|piece| format!("{{or: [{}]}}", piece.join(", ")))
                .collect();
            pieces.into_iter().enumerate().map(move |(number, piece)| match number {
                0 => (test.clone(), piece),
                _ => (format!("{test}_{number}"), piece),
            })
        };
        all.into_iter().flat_map(asked).collect()
    }

    fn value(&self, family: &'static Family, field: &'static Field, row: usize) -> String {
        let place = crate::leak::worlds::place_of(row);
        let own = |index: Option<usize>| {
            index.and_then(|index| family.fields.get(index)).is_some_and(|own| own == field)
        };
        if own(Some(family.region)) {
            return json!(place.region).to_string();
        }
        if own(family.industry) {
            return place.industry.unwrap_or("COAL_MINE").to_owned();
        }
        if field.name == "department" {
            return place.department.to_owned();
        }
        self.values.literal(field, &self.values.plain(field, row, Variant::A))
    }

    fn beginning(&self, family: &'static Family, field: &'static Field) -> String {
        let whole = self.value(family, field, 0);
        if whole.starts_with("\"王A") { format!("\"王A{}\"", field.column) } else { whole }
    }

    /// Everything but statistics.
    pub fn lists(&self) -> Vec<Clause> {
        let mut list = Vec::new();
        for (number, family) in self.families.iter().enumerate() {
            let plural = family.list_name();
            let own = &self.schema.scalars[family.name];
            let mut asked = Asked { family: family.name, list: &mut list, closed: String::new() };
            if !self.listed(family) {
                asked.closed(&format!("{plural} {{ nodes {{ {own} }} totalCount }}"));
            } else {
                asked.open(
                    "select",
                    format!("{plural}(first: 200) {{ nodes {{ {own} }} totalCount }}"),
                );
            }
            let name = family.name;
            let event = "kind family id version previousVersion changed reason at";
            let record = format!("record {{ id ... on {name} {{ {own} }} }}");
            asked.open("changes", format!("changes(first: 1000, families: [\"{name}\"]) {{ more events {{ {event} {record} }} }}"));
            let (mut filters, mut orders) = (String::new(), String::new());
            for class in Class::ALL {
                let open = self.open(family, &[class], Pass::List);
                for (test, condition) in self.conditions(family, class) {
                    let letter = class.letter();
                    let parts = format!(
                        "{letter}_{test}: {plural}(first: 200, where: {condition}) {{ nodes {{ id }} totalCount }} "
                    );
                    if open { filters += &parts } else { asked.closed(&parts) }
                }
                for field in Self::fields(family, class).filter(|field| field.order) {
                    let name = field.column.to_uppercase();
                    let parts = format!(
                        " {name}: {plural}(first: 1, orderBy: {{field: {name}}}) {{ edges {{ cursor node {{ id }} }} pageInfo \
                         {{ hasNextPage endCursor }} }} {name}_DESC: {plural}(first: 200, orderBy: [{{field: {name}, direction: \
                         DESC}}]) {{ nodes {{ id }} }}"
                    );
                    if open { orders += &parts } else { asked.closed(&parts) }
                }
            }
            asked.open("where", filters);
            asked.list.push(Clause {
                name: format!("{} orderBy", family.name),
                document: format!("{{{orders} }}"),
                kind: Kind::Pages,
            });
            for link in family.links {
                self.linked(family, link, &mut asked);
            }
            self.records(number, family, &mut asked);
        }
        list.retain(|clause| clause.document.len() > 4);
        list
    }

    /// Conditions by a link on every class behind it, and what is behind it.
    fn linked(&self, family: &'static Family, link: &Link, asked: &mut Asked<'_>) {
        let (name, target, plural) = (link.name, self.family(link.to), family.list_name());
        let near = self.open(family, &[link.class], Pass::List);
        let mut filters = String::new();
        for class in [None].into_iter().chain(Class::ALL.map(Some)) {
            let far: Vec<Class> = target.key_class(link.foreign).into_iter().chain(class).collect();
            let open = near && self.open(target, &far, Pass::List);
            let conditions = class.map_or_else(
                || BTreeMap::from([("in".to_owned(), "{}".to_owned())]),
                |class| self.conditions(target, class),
            );
            for (test, condition) in conditions
                .iter()
                .filter(|(test, _)| matches!(test.as_str(), "in" | "isNull" | "gte"))
            {
                for how in ["some", "none"] {
                    let letter = class.map_or("any", Class::letter);
                    let parts = format!(
                        "{name}_{letter}_{test}_{how}: {plural}(first: 200, where: {{{name}: {{{how}: {condition}}}}}) {{ nodes {{ id }} }} "
                    );
                    if open {
                        filters += &parts;
                    } else if test == "in" {
                        asked.closed(&parts);
                    }
                }
            }
        }
        asked.open(&format!("where {name}"), filters);
        if !self.listed(family) {
            return;
        }
        let scalars = &self.schema.scalars[target.name];
        let below: Vec<_> =
            target.links.iter().map(|below| (below.name, self.family(below.to))).collect();
        let open: Vec<String> = below
            .iter()
            .filter(|(_, third)| self.listed(third))
            .map(|(name, _)| format!("{name} {{ id }}"))
            .collect();
        let kind = if self.listed(target) { Kind::Open } else { Kind::Either };
        // Records reached by an identity number count for the limit of a case, so a case asks for
        // one link at a time.
        let mut pieces = if self.world.is_on_a_case() { open } else { vec![open.join(" ")] };
        if pieces.is_empty() {
            pieces.push(String::new());
        }
        for open in pieces {
            let document =
                format!("{plural}(first: 60) {{ nodes {{ id {name} {{ {scalars} {open} }} }} }}");
            asked.add(&format!("nested {name} {open}"), &document, kind);
        }
        for (closed, _) in
            below.iter().filter(|(_, third)| !self.listed(third) && self.listed(target))
        {
            let parts = format!("{plural} {{ nodes {{ {name} {{ {closed} {{ id }} }} }} }}");
            asked.either(&format!("nested {name}.{closed}"), parts);
        }
    }

    /// Records by their identifiers, and their histories.
    fn records(&self, number: usize, family: &'static Family, asked: &mut Asked<'_>) {
        let single = family.single_name();
        let own = &self.schema.scalars[family.name];
        let id = |row: usize| global_id(self.values.seal, family, id_of(number, row));
        let rows = || (number % 3..ROWS).step_by(3);
        let nodes: Vec<String> =
            rows().map(|row| format!("n{row}: node(id: \"{}\") {{ id ...F }}", id(row))).collect();
        let singles: Vec<String> = rows()
            .step_by(4)
            .map(|row| format!("s{row}: {single}(id: \"{}\") {{ {own} }}", id(row)))
            .collect();
        let what = "{ version action at department regionCode reason changed content }";
        let histories: Vec<String> = (number..ROWS)
            .step_by(4)
            .map(|row| format!("h{row}: history(id: \"{}\") {what}", id(row)))
            .collect();
        let document = format!(
            "{{ {} {} {} }} fragment F on {} {{ {own} }}",
            nodes.join(" "),
            singles.join(" "),
            histories.join(" "),
            family.name
        );
        asked.list.push(Clause {
            name: format!("{} node, single, history", family.name),
            document,
            kind: Kind::Either,
        });
        if family.name != "Person" && family.field("name").is_some() {
            let parts = rows().map(|row| {
                format!(
                    "c{row}: personCandidates(id: \"{}\") {{ reasons person {{ id name }} }}",
                    id(row)
                )
            });
            asked.either("personCandidates", parts.collect::<Vec<_>>().join(" "));
        }
    }

    /// Statistics.
    pub fn statistics(&self) -> Vec<Clause> {
        let mut list = Vec::new();
        for family in self.families {
            let stats = format!("{}Stats", family.single_name());
            let mut asked = Asked { family: family.name, list: &mut list, closed: String::new() };
            let counted = self.open(family, &[], Pass::Stats);
            let mut parts = String::new();
            let mut add = |open: bool, part: String| {
                if open { parts += &part } else { asked.closed(&part) }
            };
            let what = "count withheld disclosure { method bound threshold }";
            add(counted, format!("{stats} {{ {what} }} "));
            for class in Class::ALL {
                let (open, listed) = (
                    self.open(family, &[class], Pass::Stats),
                    self.open(family, &[class], Pass::List),
                );
                let letter = class.letter();
                for (test, condition) in self.conditions(family, class) {
                    // Each joins several values by `or`: that selects between the published cells.
                    let part =
                        format!("{letter}_{test}: {stats}(where: {condition}) {{ {what} }} ");
                    add(listed, part);
                }
                for dimension in Self::fields(family, class).flat_map(GroupDimension::of) {
                    let name = dimension.name();
                    let part = format!(
                        "{name}: {stats}(groupBy: [{name}]) {{ keys {{ value label }} {what} }} "
                    );
                    add(listed || (open && published(family.name, &dimension)), part);
                }
                let sums: Vec<&str> = Self::fields(family, class)
                    .filter(|field| field.sum)
                    .map(|field| field.name)
                    .collect();
                if !sums.is_empty() {
                    let part = format!(
                        "{letter}_sums: {stats} {{ count sums {{ {} }} }} ",
                        sums.join(" ")
                    );
                    add(open, part);
                }
            }
            for link in family.links {
                let name = link.name;
                let target = self.family(link.to);
                let far: Vec<Class> = target.key_class(link.foreign).into_iter().collect();
                let open = self.open(family, &[link.class], Pass::List)
                    && self.open(target, &far, Pass::List);
                add(
                    open,
                    format!("{name}: {stats}(where: {{{name}: {{some: {{}}}}}}) {{ count }} "),
                );
            }
            asked.open("stats", parts);
        }
        list.retain(|clause| clause.document.len() > 4);
        list
    }

    /// Conditions on the classes of fields that are compared by keyed hash.
    pub fn hashes(&self) -> Vec<Clause> {
        let mut list = Vec::new();
        for family in self.families {
            let sealed = family.fields.iter().filter(|field| field.filter && field.key.is_some());
            for class in sealed
                .map(|field| field.class)
                .filter(|class| self.open(family, &[*class], Pass::List))
            {
                let plural = family.list_name();
                let parts = self.conditions(family, class).into_iter().map(|(test, condition)| {
                    format!("{test}: {plural}(first: 200, where: {condition}) {{ nodes {{ id }} totalCount }} ")
                });
                Asked { family: family.name, list: &mut list, closed: String::new() }
                    .open(&format!("hash {}", class.letter()), parts.collect());
            }
        }
        list
    }
}

/// Whether a dimension is published, read apart from the hub's own code.
fn published(family: &str, dimension: &GroupDimension) -> bool {
    let field = dimension.field();
    let name = dimension.name();
    let level = ["PROVINCE", "CITY", "YEAR", "MONTH"]
        .into_iter()
        .find(|level| name.ends_with(&format!("_{level}")));
    let plain =
        if field.kind == entity::catalogue::Kind::Code("region") { "REGION" } else { "VALUE" };
    let table = include_str!("../../../reference/published_dimension.csv");
    csv::Reader::from_reader(table.as_bytes()).deserialize::<BTreeMap<String, String>>().any(
        |line| {
            let line = line.expect("a line");
            line["family"] == family
                && line["field"] == field.name
                && line["levels"].split('|').any(|own| own == level.unwrap_or(plain))
        },
    )
}

/// The clauses of one family so far; what is closed is asked in one document.
struct Asked<'a> {
    family: &'static str,
    list: &'a mut Vec<Clause>,
    closed: String,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if !self.closed.is_empty() {
            let document = format!("{{ {} }}", self.closed);
            self.list.push(Clause {
                name: format!("{} closed", self.family),
                document,
                kind: Kind::Closed,
            });
        }
    }
}

impl Asked<'_> {
    fn add(&mut self, name: &str, parts: &str, kind: Kind) {
        self.list.push(Clause {
            name: format!("{} {name}", self.family),
            document: format!("{{ {parts} }}"),
            kind,
        });
    }

    fn open(&mut self, name: &str, parts: String) {
        self.add(name, parts.trim(), Kind::Open);
    }

    fn closed(&mut self, parts: &str) {
        self.closed += parts;
        self.closed.push(' ');
    }

    fn either(&mut self, name: &str, parts: String) {
        self.add(name, parts.trim(), Kind::Either);
    }
}
