//! The attribute macro behind a record family's declaration.
//!
//! `#[record(…)]` on a struct adds the columns every family has, derives the sea-orm entity, and
//! emits `FAMILY`, the catalogue entry that the rest of the hub is driven by. A field without
//! `#[field(class = …)]`, or without a Chinese and an English description, does not compile.

mod declare;
mod expand;
mod sql;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Declares a record family.
///
/// ```ignore
/// /// 生产安全事故。A work-safety accident as held by the responsible department.
/// #[record(family = "Accident", table = "accidents", source_key = "accident_no", region = "region_code")]
/// #[link(name = "victims", to = "AccidentVictim", many, local = "ref", foreign = "accident_ref", class = P,
///        zh = "伤亡人员。", en = "Persons killed, missing or injured in the accident.")]
/// pub struct Model {
///     /// 死亡人数。Deaths within 30 days.
///     #[field(class = P, filter, order, sum, unit = "人")]
///     pub deaths: i32,
/// }
/// ```
///
/// becomes a sea-orm `Model` with the system columns (`id`, `ref`, `department`, …) before its own,
/// and `pub static FAMILY: Family`, whose `fields` and `links` repeat the declaration as data. A
/// `sealed` field is kept as bytes; `key = "person_key"` adds the column of its keyed hash and
/// `pinyin` the column `<name>_sort`.
#[proc_macro_attribute]
pub fn record(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = parse_macro_input!(arguments as declare::FamilyArguments);
    let item = parse_macro_input!(item as syn::ItemStruct);
    declare::Declaration::read(arguments, item)
        .map_or_else(|error| error.to_compile_error(), |declaration| expand::expand(&declaration))
        .into()
}

/// An SQL text whose columns the compiler knows: a text literal, or what `format!` makes of it.
///
/// ```ignore
/// let sql = sql!([v: accident_victim, a: accident, s: _] "SELECT v.name FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref \
///     WHERE a.deaths > {least} AND v.person_key = s.person_key");
/// ```
///
/// Each alias names the module of its family, or `_` where it is a part of the statement; a family
/// without alias is the only table of the text. A column that the family does not declare does not
/// compile.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as sql::Sql);
    sql::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
