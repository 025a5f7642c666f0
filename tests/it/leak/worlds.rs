//! Stores filled row by row: one with every value in variant `A`, others in which exactly what an
//! actor may not see is different, empty or gone.

use std::collections::BTreeMap;

use entity::catalogue::{Class, Family, Field, Mask};
use lianfang::store::{proof::versions::VersionParts, seal::Bond};
use sea_orm_migration::{
    prelude::{Alias, Expr, Query},
    sea_orm::{ConnectionTrait, DatabaseConnection, Value},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    leak::values::{Plain, Values, Variant, group},
    oracle::{Asker, Oracle, Place, Shown, relation},
};

/// A county, its city, its neighbour, a county of another city, the province, another province.
pub const REGIONS: [&str; 6] = ["140602", "140600", "140603", "140702", "140000", "370303"];
/// Regions that a row may be moved to unseen.
const ELSEWHERE: [&str; 6] = ["140602", "140603", "140703", "370303", "130000", "140600"];
const INDUSTRIES: [Option<&str>; 5] =
    [Some("MACHINERY"), Some("METALLURGY"), Some("CONSTRUCTION"), Some("TRANSPORT"), None];
const DEPARTMENTS: [&str; 4] = ["MARKET", "HEALTH", "HRSS", "EMERGENCY"];
/// Departments with the key industries of their rows.
pub const HOLDERS: [(&str, Option<&str>); 11] = [
    ("HRSS", None),
    ("HRSS", Some("CONSTRUCTION")),
    ("EMERGENCY", Some("COAL_MINE")),
    ("EMERGENCY", Some("TRANSPORT")),
    ("HEALTH", Some("COAL_MINE")),
    ("HOUSING", Some("CONSTRUCTION")),
    ("HOUSING", Some("COAL_MINE")),
    ("TRANSPORT", Some("TRANSPORT")),
    ("TRANSPORT", None),
    ("MARKET", Some("CONSTRUCTION")),
    ("UNION", Some("COAL_MINE")),
];
/// Rows of a family.
pub const ROWS: usize = REGIONS.len() * HOLDERS.len();

/// Where the row of that number lies.
pub fn place_of(row: usize) -> Place<'static> {
    let (department, industry) = HOLDERS[row % HOLDERS.len()];
    Place { region: REGIONS[row / HOLDERS.len()], department, industry }
}

/// Identifier of a row.
pub fn id_of(family: usize, row: usize) -> Uuid {
    Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + (family as u128) * 1000 + row as u128,
    )
}

/// What is asked of a store decides what may differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Everything but statistics: what is not shown differs, masked values beyond their mask.
    List,
    /// Statistics: what may not even be summed differs.
    Stats,
    /// Conditions on identity numbers: their keyed hashes differ too.
    Hashes,
}

/// Which store.
pub struct World<'a> {
    oracle: &'a Oracle,
    against: Option<(Asker<'a>, Pass)>,
    shown: BTreeMap<&'static str, Vec<[Shown; 4]>>,
}

impl<'a> World<'a> {
    /// The store against an actor; against nobody everything is variant `A`.
    pub fn new(
        oracle: &'a Oracle,
        families: &[&'static Family],
        against: Option<(Asker<'a>, Pass)>,
    ) -> Self {
        let classes = |family: &Family, row| match &against {
            None => [Shown::Full; 4],
            Some((asker, _)) => oracle.classes(asker, family.name, &place_of(row)),
        };
        let shown = families
            .iter()
            .map(|family| (family.name, (0..ROWS).map(|row| classes(family, row)).collect()))
            .collect();
        Self { oracle, against, shown }
    }

    /// Whether it is asked against somebody with a case.
    pub fn is_on_a_case(&self) -> bool {
        self.against.is_some_and(|(asker, _)| asker.case)
    }

    /// What is shown of a row.
    pub fn shown(&self, family: &Family, row: usize) -> [Shown; 4] {
        self.shown[family.name][row]
    }

    /// Variant of a value of that class, hidden columns included.
    pub fn variant(
        &self,
        family: &Family,
        row: usize,
        class: Class,
        kept_by_mask: bool,
        nullable: bool,
    ) -> Variant {
        let Some((_, pass)) = self.against else { return Variant::A };
        let shown = self.shown(family, row)[class as usize];
        match shown {
            Shown::Full => Variant::A,
            Shown::Aggregate if pass == Pass::Stats => Variant::A,
            Shown::Masked if kept_by_mask => Variant::B,
            _ if nullable && row % 2 == 1 => Variant::Null,
            _ => Variant::B,
        }
    }

    /// Variant of a field's value.
    pub fn of_field(&self, family: &Family, row: usize, field: &Field) -> Variant {
        self.variant(family, row, field.class, field.mask != Mask::Hide, !field.required)
    }

    /// Variant of a column that links go through: what follows a link through it is what its class
    /// is about.
    fn of_key(&self, family: &Family, row: usize, column: &str, nullable: bool) -> Variant {
        let Some((_, pass)) = self.against else { return Variant::A };
        let class =
            family.links.iter().filter(|link| link.local == column).map(|link| link.class).min();
        let sealed =
            family.fields.iter().find(|field| field.key == Some(column)).map(|field| field.class);
        let class = if pass == Pass::Hashes { class.max(sealed) } else { class };
        match (self.shown(family, row)[class.unwrap_or(Class::Sensitive) as usize], pass) {
            (Shown::Full, _)
            | (Shown::Masked, Pass::List | Pass::Stats)
            | (Shown::Aggregate, Pass::Stats) => Variant::A,
            _ if nullable && row % 2 == 1 => Variant::Null,
            _ => Variant::B,
        }
    }

    /// Whether the row is not there: one of three of those that are not even counted.
    fn gone(&self, family: &Family, row: usize) -> bool {
        row % 3 == 2 && self.shown(family, row).iter().all(|shown| *shown == Shown::Nothing)
    }

    /// Whether the row may be listed.
    pub fn listed(&self, family: &Family, row: usize) -> bool {
        self.shown(family, row).iter().any(|shown| *shown >= Shown::Masked)
    }

    /// The row's place, elsewhere where nothing of that can be seen.
    fn place(&self, family: &Family, row: usize) -> Place<'static> {
        let mut place = place_of(row);
        let Some((asker, _)) = &self.against else { return place };
        let class_of = |index: Option<usize>| {
            index.and_then(|index| family.fields.get(index)).map(|field| field.class)
        };
        let kind = |place: &Place<'_>| {
            let own = place.department == asker.department;
            (
                own,
                relation(asker.region, place.region),
                self.oracle.classes(asker, family.name, place),
            )
        };
        let denied = |class: Option<Class>| {
            class.is_some_and(|class| self.variant(family, row, class, false, false) != Variant::A)
        };
        let before = kind(&place);
        if denied(class_of(Some(family.region)))
            && let Some(region) = ELSEWHERE.iter().find(|region| {
                **region != place.region && kind(&Place { region, ..place }) == before
            })
        {
            place.region = region;
        }
        if denied(class_of(family.industry))
            && let Some(industry) = INDUSTRIES.iter().find(|industry| {
                **industry != place.industry
                    && kind(&Place { industry: **industry, ..place }) == before
            })
        {
            place.industry = *industry;
        }
        if denied(Some(Class::Public))
            && let Some(department) = DEPARTMENTS.iter().find(|department| {
                **department != place.department && kind(&Place { department, ..place }) == before
            })
        {
            place.department = department;
        }
        place
    }
}

/// Fills the store.
pub async fn load(
    db: &DatabaseConnection,
    families: &[&'static Family],
    values: &Values<'_>,
    world: &World<'_>,
) {
    for table in ["record_versions", "change_events"] {
        db.execute_unprepared(&format!("DELETE FROM {table}")).await.expect("emptied");
    }
    for (number, family) in families.iter().enumerate() {
        db.execute_unprepared(&format!("DELETE FROM {}", family.table)).await.expect("emptied");
        let mut columns: Vec<String> =
            Family::SYSTEM_COLUMNS[..9].iter().map(|name| (*name).to_owned()).collect();
        columns.push("record_key".to_owned());
        for field in family.fields {
            columns.extend(
                [Some(field.column), field.key, field.sort]
                    .into_iter()
                    .flatten()
                    .map(ToOwned::to_owned),
            );
        }
        let mut insert = Query::insert();
        insert.into_table(Alias::new(family.table)).columns(columns.into_iter().map(Alias::new));
        let mut versions = Query::insert();
        let names = [
            "record_id",
            "version",
            "family",
            "action",
            "content",
            "changed",
            "subject",
            "department",
            "region_code",
        ];
        versions.into_table(Alias::new("record_versions")).columns(
            names.iter().chain(&["request_id", "at", "mac"]).map(|name| Alias::new(*name)),
        );
        let mut events = Query::insert();
        let names = [
            "transaction_id",
            "family",
            "record_id",
            "version",
            "kind",
            "at",
            "region_code",
            "department",
            "key_industry",
        ];
        events.into_table(Alias::new("change_events")).columns(
            names.iter().chain(&["was_region", "was_industry"]).map(|name| Alias::new(*name)),
        );
        for row in (0..ROWS).filter(|row| !world.gone(family, *row)) {
            let id = id_of(number, row);
            insert.values_panic(
                record(families, family, values, world, id, row).into_iter().map(Expr::val),
            );
            let place = world.place(family, row);
            for line in history(family, values, world, id, row) {
                let [version, at] = [1, 10].map(|index: usize| line[index].clone());
                let (region, industry) =
                    (Value::from(place.region), Value::from(place.industry.map(ToOwned::to_owned)));
                // A transaction long ago: others that are open on the server hold nothing back.
                let event: [Value; 11] = [
                    0_i64.into(),
                    family.name.into(),
                    id.into(),
                    version,
                    "UPSERT".into(),
                    at,
                    region.clone(),
                    place.department.into(),
                    industry.clone(),
                    region,
                    industry,
                ];
                events.values_panic(event.into_iter().map(Expr::val));
                versions.values_panic(line.into_iter().map(Expr::val));
            }
        }
        db.execute(&insert).await.expect("rows");
        db.execute(&versions).await.expect("versions");
        db.execute(&events).await.expect("events");
    }
}

fn record(
    families: &[&'static Family],
    family: &'static Family,
    values: &Values<'_>,
    world: &World<'_>,
    id: Uuid,
    row: usize,
) -> Vec<Value> {
    let place = world.place(family, row);
    let bond = bond(&place, id);
    let system = |name: &str| {
        let field = family.all_fields().find(|field| field.column == name).expect("a system field");
        values.kept(
            family,
            &bond,
            field,
            &values.plain(field, row, world.of_field(family, row, field)),
        )
    };
    let mut list: Vec<Value> = vec![
        id.into(),
        reference(world, family, row).into(),
        place.department.into(),
        system("source_system"),
        system("version"),
        "print".into(),
        findings(family, world, row),
        system("created_at"),
        system("updated_at"),
        i32::try_from(row * 37 % 256).expect("a record key").into(),
    ];
    for (index, field) in family.fields.iter().enumerate() {
        if index == family.region {
            list.push(place.region.into());
            continue;
        }
        if Some(index) == family.industry {
            list.push(place.industry.map(ToOwned::to_owned).into());
            continue;
        }
        if field.hidden {
            list.push(
                key(
                    world,
                    (families, family),
                    field.column,
                    row,
                    world.of_key(family, row, field.column, !field.required),
                )
                .into(),
            );
            continue;
        }
        let plain = values.plain(field, row, world.of_field(family, row, field));
        list.push(values.kept(family, &bond, field, &plain));
        if let Some(column) = field.key {
            let known = match world.of_key(family, row, column, true) {
                Variant::A => values
                    .plain(field, row, Variant::A)
                    .text()
                    .map(|number| values.seal.person_key("RESIDENT_ID", &number)),
                Variant::B => Some(format!("gone-{row}")),
                Variant::Null => None,
            };
            list.push(known.into());
        }
        if field.sort.is_some() {
            list.push(plain.text().into());
        }
    }
    list
}

fn reference(world: &World<'_>, family: &Family, row: usize) -> String {
    format!("{}||{}/{row}", world.place(family, row).department, family.table)
}

/// What sealed values of a row are bound to.
const fn bond<'a>(place: &Place<'a>, record: Uuid) -> Bond<'a> {
    Bond { record, department: place.department, region: place.region, industry: place.industry }
}

/// The value of a hidden column: the reference of a row of another department, or what all rows of
/// a group share.
fn key(
    world: &World<'_>,
    (families, family): (&[&'static Family], &Family),
    column: &str,
    row: usize,
    variant: Variant,
) -> Option<String> {
    let target = family.links.iter().find(|link| link.local == column && link.foreign == "ref");
    let target = target.and_then(|link| families.iter().find(|other| other.name == link.to));
    match (variant, target) {
        (Variant::Null, _) => None,
        (Variant::A, Some(target)) => Some(reference(world, target, (row * 5 + 3) % ROWS)),
        (Variant::B, Some(target)) => Some(reference(world, target, (row * 7 + 2) % ROWS)),
        (Variant::A, None) => Some(format!("{column}-{}", group(row))),
        (Variant::B, None) => Some(format!("{column}-{}", group(row + 1))),
    }
}

/// Remarks, one about a field of each class: who may not read the field may not read the remark.
fn findings(family: &Family, world: &World<'_>, row: usize) -> Value {
    let whole = world.variant(family, row, Class::Internal, false, true);
    if whole == Variant::Null {
        return Value::String(None);
    }
    let remarks = Class::ALL.into_iter().filter_map(|class| {
        let field = family.fields.iter().find(|field| field.class == class && !field.hidden)?;
        let variant = world.variant(family, row, class, false, true).max_of(whole);
        (variant != Variant::Null).then(
            || json!({"code": format!("{variant:?}_{}", class.letter()), "field": field.name, "zh": "请核对。", "en": "Check it."}),
        )
    });
    serde_json::Value::from(remarks.collect::<Vec<_>>()).to_string().into()
}

impl Variant {
    /// The one of two that is further from `A`.
    fn max_of(self, other: Self) -> Self {
        if self == Self::A { other } else { self }
    }
}

/// Two versions of a row. Where internal facts are not shown their number and time differ too.
fn history(
    family: &'static Family,
    values: &Values<'_>,
    world: &World<'_>,
    id: Uuid,
    row: usize,
) -> [Vec<Value>; 2] {
    let place = world.place(family, row);
    let bond = bond(&place, id);
    let mut content = serde_json::Map::new();
    let mut changed = Vec::new();
    for field in family.fields.iter().filter(|field| !field.hidden) {
        let variant = world.of_field(family, row, field);
        let value = match family.fields.iter().position(|own| own.name == field.name) {
            Some(index) if index == family.region => place.region.into(),
            Some(index) if Some(index) == family.industry => place.industry.into(),
            _ => values.content(family, &bond, field, &values.plain(field, row, variant)),
        };
        if !value.is_null() {
            content.insert(field.name.to_owned(), value);
        }
        if variant == Variant::A {
            changed.push(field.name);
        }
    }
    let hidden = world.variant(family, row, Class::Internal, false, false) != Variant::A;
    let content = serde_json::Value::from(content).to_string();
    [(1, "CREATED", "[]".to_owned()), (2, "UPDATED", json!(changed).to_string())].map(
        |(version, action, changed)| {
            let at = family
                .all_fields()
                .find(|field| field.column == "created_at")
                .expect("a system field");
            let Plain::Instant(at) =
                values.plain(at, row, if hidden { Variant::B } else { Variant::A })
            else {
                unreachable!("an instant")
            };
            let version = version + if hidden { 5 } else { 0 };
            let mac = values.prover.version(&VersionParts {
                family: family.name,
                record: id,
                version,
                action,
                content: &content,
                changed: &changed,
                reason: None,
                author: ["test", place.department, place_of(row).region, "test"],
                at,
                reference: &reference(world, family, row),
                kept: None,
            });
            vec![
                id.into(),
                version.into(),
                family.name.into(),
                action.into(),
                content.as_str().into(),
                changed.into(),
                "test".into(),
                place.department.into(),
                place_of(row).region.into(),
                "test".into(),
                at.into(),
                mac.into(),
            ]
        },
    )
}
