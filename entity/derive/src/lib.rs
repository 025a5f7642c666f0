//! The attribute macro behind a record family's declaration.
//!
//! `#[record(…)]` on a struct adds the columns every family has, derives the sea-orm entity, and emits `FAMILY`,
//! the catalogue entry that the rest of the hub is driven by. A field without `#[field(class = …)]`, or without a
//! Chinese and an English description, does not compile.

mod declare;
mod expand;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Declares a record family.
///
/// ```ignore
/// /// 生产安全事故。A work-safety accident as held by the responsible department.
/// #[record(family = "Accident", table = "accidents", source_key = "accident_no", region = "region_code")]
/// #[link(name = "victims", to = "AccidentVictim", many, local = "ref", foreign = "accident_ref", class = P,
///        zh = "伤亡人员。", en = "Persons hurt.")]
/// pub struct Model {
///     /// 死亡人数。Deaths within 30 days.
///     #[field(class = P, filter, order, sum, unit = "人")]
///     pub deaths: i32,
/// }
/// ```
///
/// becomes a sea-orm `Model` with the system columns (`id`, `ref`, `department`, …) before its own, and
/// `pub static FAMILY: Family`, whose `fields` and `links` repeat the declaration as data. A `sealed` field is kept
/// as bytes; `key = "person_key"` adds the column of its keyed hash and `pinyin` the column `<name>_sort`.
#[proc_macro_attribute]
pub fn record(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = parse_macro_input!(arguments as declare::FamilyArguments);
    let item = parse_macro_input!(item as syn::ItemStruct);
    declare::Declaration::read(arguments, item)
        .map_or_else(|error| error.to_compile_error(), |declaration| expand::expand(&declaration))
        .into()
}
