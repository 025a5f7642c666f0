//! Codes as people write them in tables: the code, `code 名称` as in the drop-down lists, or the
//! name alone.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::catalogue::{Family, Field, Kind};
use serde_json::Value;

use super::{fault::RowFault, words};
use crate::{
    domain::{
        industry, moment,
        text::{half_width, without_invisible},
    },
    store::reference::{CodeTable, Reference, ReferenceCode},
    submit::parse::InputRow,
};

/// Finds codes by their names, for the tables of one family.
pub struct CodeFinder {
    family: &'static Family,
    reference: Arc<Reference>,
    today: NaiveDate,
    tables: HashMap<&'static str, HashMap<String, Vec<usize>>>,
    /// Regions by what they are called for short; only asked where no whole name fits.
    shortened: HashMap<String, Vec<usize>>,
}

/// The table of a field whose values are codes.
pub const fn table_of(field: &Field) -> Option<&'static str> {
    match field.kind {
        Kind::Code(table) | Kind::Codes(table) => Some(table),
        _ => None,
    }
}

/// What a code is called: its name, in full for a region, and in English.
fn called(code: &ReferenceCode) -> impl Iterator<Item = String> {
    let full = code.attributes.get("full_name").map_or("", String::as_str);
    [code.name_zh.as_str(), full, code.name_en.as_str()]
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(key)
}

/// What a region is called with some of those above it: 朔州市朔城区, 山西省朔城区, beside the full
/// 山西省朔州市朔城区.
fn below(table: &CodeTable, code: &ReferenceCode) -> Vec<String> {
    if table.name != "region" {
        return Vec::new();
    }
    let mut above = Vec::new();
    let mut parent = code.parent.as_deref();
    while let Some(region) =
        parent.and_then(|parent| table.editions(parent).next()).filter(|_| above.len() < 3)
    {
        above.push(region.name_zh.as_str());
        parent = region.parent.as_deref();
    }
    above.iter().map(|region| key(&format!("{region}{}", code.name_zh))).collect()
}

/// What a region is called for short: its stem, alone and behind those of the regions above it; the
/// last may keep its kind.
fn shorter(table: &CodeTable, code: &ReferenceCode) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut parent = code.parent.as_deref();
    for _ in 0..2 {
        let Some(region) = parent.and_then(|parent| table.editions(parent).next()) else { break };
        let above = stem(&region.name_zh);
        names.extend(names.clone().iter().map(|rest| format!("{above}{rest}")));
        parent = region.parent.as_deref();
    }
    let own = [stem(&code.name_zh), code.name_zh.clone()];
    names
        .iter()
        .flat_map(|above| own.iter().map(move |own| key(&format!("{above}{own}"))))
        .collect()
}

fn key(name: &str) -> String {
    half_width(name).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// A region as people shorten it: 右玉 for 右玉县, with or without what lies above it, parted or
/// not (山西省-朔州市-右玉县, 朔州右玉).
fn short(name: &str) -> String {
    let parts = half_width(name);
    let parts = parts
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '>' | ',' | '、' | '·'))
        .filter(|part| !part.is_empty());
    parts.map(stem).collect()
}

/// A name without the word for what kind of region it is, unless too little would be left.
fn stem(name: &str) -> String {
    let kinds = ["自治州", "自治县", "自治区", "省", "市", "县", "区", "旗"];
    let stem = kinds
        .iter()
        .find_map(|kind| name.strip_suffix(kind))
        .filter(|stem| stem.chars().count() > 1);
    stem.unwrap_or(name).to_owned()
}

impl CodeFinder {
    pub fn new(family: &'static Family, reference: Arc<Reference>, today: NaiveDate) -> Self {
        let mut tables = HashMap::new();
        for name in family.inputs().filter_map(table_of) {
            let Some(table) = reference.table(name) else { continue };
            let mut names: HashMap<String, Vec<usize>> = HashMap::new();
            for (position, code) in table.codes.iter().enumerate() {
                for name in called(code).chain(below(table, code)) {
                    let places = names.entry(name).or_default();
                    if places.last() != Some(&position) {
                        places.push(position);
                    }
                }
            }
            for word in words::of(name) {
                let places = (0..).zip(&table.codes).filter(|(_, code)| code.code == word.code);
                names
                    .entry(key(word.word))
                    .or_insert_with(|| places.map(|(place, _)| place).collect());
            }
            tables.insert(name, names);
        }
        let mut shortened: HashMap<String, Vec<usize>> = HashMap::new();
        if let Some(table) = reference.table("region").filter(|_| tables.contains_key("region")) {
            for (position, code) in table.codes.iter().enumerate() {
                for name in shorter(table, code) {
                    let places = shortened.entry(name).or_default();
                    if places.last() != Some(&position) {
                        places.push(position);
                    }
                }
            }
        }
        Self { family, reference, today, tables, shortened }
    }

    /// Puts codes in the place of names in a row of texts. What is neither stays, for `submit` to
    /// judge.
    ///
    /// A name is looked for in the edition of the record's day: the same word can have another code
    /// since.
    pub fn resolve(&self, row: &mut InputRow) -> Vec<RowFault> {
        let day = self.day(row);
        let mut faults = Vec::new();
        for field in self.family.inputs() {
            let (Some(table), Some(Value::String(text))) =
                (table_of(field), row.get_mut(field.name))
            else {
                continue;
            };
            let several = matches!(field.kind, Kind::Codes(_));
            let read = if several {
                let half = half_width(text);
                // A name may hold such a sign itself.
                let sign = |c: char| matches!(c, '|' | '、' | ',' | ';');
                let each =
                    !self.known(table, &half) && half.split(sign).all(|one| self.known(table, one));
                half.split(|c: char| c == '|' || (each && sign(c)))
                    .filter(|one| !one.trim().is_empty())
                    .map(|one| self.code(field, table, one, day))
                    .collect::<Result<Vec<_>, _>>()
                    .map(|all| all.join("|"))
            } else {
                self.code(field, table, text, day)
            };
            match read {
                Ok(code) => *text = code,
                Err(fault) => faults.push(fault),
            }
        }
        faults
    }

    /// The one code of a table that is this code or has this name today.
    pub fn current(&self, table: &str, text: &str) -> Option<String> {
        let (codes, names) = (self.reference.table(table)?, self.tables.get(table)?);
        if let Some(code) =
            codes.editions(&text.to_ascii_uppercase()).find(|code| code.holds_on(self.today))
        {
            return Some(code.code.clone());
        }
        let places = names.get(&key(text))?.iter().filter_map(|place| codes.codes.get(*place));
        let mut today = places.filter(|code| code.holds_on(self.today));
        match (today.next(), today.next()) {
            (Some(code), None) => Some(code.code.clone()),
            _ => None,
        }
    }

    /// Whether a text is a code or a name of a table as it stands.
    fn known(&self, table: &str, text: &str) -> bool {
        let code = || text.trim().to_ascii_uppercase();
        self.tables.get(table).is_some_and(|names| names.contains_key(&key(text)))
            || self
                .reference
                .table(table)
                .is_some_and(|table| table.editions(&code()).next().is_some())
    }

    /// The county in which a township or village lies: 朔州市朔城区神头镇.
    fn around<'a>(
        &'a self,
        names: &'a HashMap<String, Vec<usize>>,
        text: &str,
    ) -> Option<&'a Vec<usize>> {
        const WITHIN: [&str; 7] = ["镇", "乡", "街道", "街道办事处", "村", "社区", "街办"];
        WITHIN.iter().find(|end| text.ends_with(**end))?;
        let ends = text.char_indices().map(|(place, _)| place).rev();
        let mut before = ends
            .filter_map(|end| text.get(..end))
            .filter(|name| ["县", "区", "市", "旗"].iter().any(|kind| name.ends_with(kind)));
        before.find_map(|name| names.get(name).or_else(|| self.shortened.get(name)))
    }

    /// The day by whose editions `submit` judges the codes.
    ///
    /// None where the row has a day that cannot be read, or none where it has to have one: what is
    /// wrong with the day is told at the day, and once.
    fn day(&self, row: &InputRow) -> Option<NaiveDate> {
        let on = |index: usize| {
            let field = self.family.fields.get(index)?;
            match row.get(field.name).and_then(Value::as_str) {
                Some(text) => Some(moment::read(text).ok().map(|moment| moment.day)),
                None => field.required.then_some(None),
            }
        };
        match (self.family.until, self.family.dated) {
            (Some(index), _) => {
                on(index).map_or(Some(self.today), |day| day.map(|day| day.min(self.today)))
            }
            (None, Some(index)) => on(index).unwrap_or(Some(self.today)),
            (None, None) => Some(self.today),
        }
    }

    fn code(
        &self,
        field: &Field,
        table: &'static str,
        raw: &str,
        day: Option<NaiveDate>,
    ) -> Result<String, RowFault> {
        let text = half_width(&without_invisible(raw));
        let text = text.trim().trim_start_matches('\'');
        let (Some(codes), Some(names)) = (self.reference.table(table), self.tables.get(table))
        else {
            return Ok(text.to_owned());
        };
        let upper = text.to_ascii_uppercase();
        if codes.editions(&upper).next().is_some() {
            return Ok(upper);
        }
        let numbers =
            codes.codes.iter().any(|code| code.code.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(places) =
            words::spellings(table, &key(text), numbers).iter().find_map(|own| names.get(own))
        {
            return named(codes, places, day)
                .ok_or(RowFault::NameOfSeveral { field: field_name(self.family, field) });
        }
        // 0610 that a spreadsheet took for a number.
        if table == "industry"
            && let Some(whole) = industry::with_zero(text)
        {
            return Ok(whole);
        }
        if table == "region" && !text.is_ascii() {
            let places = [key(text), key(&short(text))]
                .iter()
                .find_map(|name| self.shortened.get(name))
                .or_else(|| self.around(names, &key(text)));
            if let Some(places) = places {
                return named(codes, places, day)
                    .ok_or(RowFault::NameOfSeveral { field: field_name(self.family, field) });
            }
        }
        // 140623.0: a code that a program took for a number.
        let whole = text.strip_suffix(".0").filter(|code| codes.editions(code).next().is_some());
        if let Some(code) = whole {
            return Ok(code.to_owned());
        }
        // 右玉县(140623), 140623(右玉县).
        let bare = text.strip_suffix(')').and_then(|text| text.split_once('('));
        let swapped;
        let text = match bare {
            Some((name, code)) if codes.editions(code.trim()).next().is_some() => {
                swapped = format!("{} {}", code.trim(), name.trim());
                swapped.as_str()
            }
            Some((code, name)) if codes.editions(code.trim()).next().is_some() => {
                swapped = format!("{} {}", code.trim(), name.trim());
                swapped.as_str()
            }
            _ => text,
        };
        let Some((first, rest)) =
            text.split_once(char::is_whitespace).filter(|(first, _)| first.is_ascii())
        else {
            return Ok(text.to_owned());
        };
        let first = first.to_ascii_uppercase();
        let first = match industry::with_zero(&first).filter(|_| table == "industry") {
            Some(whole) => whole,
            None => first,
        };
        let rest = key(rest);
        let known = codes.editions(&first).next().is_some();
        if known && !codes.editions(&first).any(|code| called(code).any(|name| name == rest)) {
            return Err(RowFault::CodeAndName { field: field_name(self.family, field) });
        }
        // A first word that the table does not know can still be a class of industry or a code of
        // the source system.
        Ok(first)
    }
}

/// The one code that has the name on the day, or at any time.
fn named(table: &CodeTable, places: &[usize], day: Option<NaiveDate>) -> Option<String> {
    let all = || places.iter().filter_map(|place| table.codes.get(*place));
    let Some(day) = day else { return all().next().map(|code| code.code.clone()) };
    let on_the_day: BTreeSet<&str> =
        all().filter(|code| code.holds_on(day)).map(|code| code.code.as_str()).collect();
    let codes = if on_the_day.is_empty() {
        all().map(|code| code.code.as_str()).collect()
    } else {
        on_the_day
    };
    match (codes.len(), codes.first()) {
        (1, Some(code)) => Some((*code).to_owned()),
        _ => None,
    }
}

/// The field's name for the lifetime of the catalogue.
fn field_name(family: &'static Family, field: &Field) -> &'static str {
    family.field(field.name).map_or("", |field| field.name)
}
