//! Reads the columns that an SQL text names, so that each is checked against a declaration by the
//! compiler.
//!
//! Keywords and functions are written in capitals; values stand in quotes or placeholders. What is
//! left in small letters is a column where a family was given without an alias, and `alias.column`
//! where it was given with one.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{
    Error, Ident, LitStr, Path, Result, Token, bracketed,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

/// A table that the text names: `v: accident_victim` under an alias, `accident` as the only one,
/// `s: _` for a part of the statement that is no family.
struct NamedTable {
    alias: Option<Ident>,
    family: Option<Path>,
}

impl Parse for NamedTable {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
            let alias = Some(input.parse()?);
            input.parse::<Token![:]>()?;
            if input.peek(Token![_]) {
                input.parse::<Token![_]>()?;
                return Ok(Self { alias, family: None });
            }
            return Ok(Self { alias, family: Some(input.parse()?) });
        }
        Ok(Self { alias: None, family: Some(input.parse()?) })
    }
}

/// `[v: accident_victim, …] "text", arguments of format!`.
pub struct Sql {
    tables: Vec<NamedTable>,
    text: LitStr,
    arguments: TokenStream,
}

impl Parse for Sql {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let tables;
        bracketed!(tables in input);
        let tables =
            Punctuated::<NamedTable, Token![,]>::parse_terminated(&tables)?.into_iter().collect();
        let text = input.parse()?;
        Ok(Self { tables, text, arguments: input.parse()? })
    }
}

/// A name in small letters, perhaps after the alias of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    pub alias: Option<String>,
    pub name: String,
}

/// Names in an SQL text outside quotes and placeholders. The table after FROM, JOIN, INTO and
/// UPDATE, its alias and what stands behind AS are none.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut last = PrecedingText::Other;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            '\'' => rest = after(rest, '\''),
            '"' => rest = after(rest, '"'),
            '{' if rest.starts_with("{{") => rest = &rest[2..],
            '{' => {
                rest = after(rest, '}');
                // The name of a table has its alias behind it.
                last = if matches!(last, PrecedingText::Table) {
                    PrecedingText::Alias
                } else {
                    PrecedingText::Other
                };
            }
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let end = rest
                    .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
                    .unwrap_or(rest.len());
                let (word, behind) = rest.split_at(end);
                rest = behind;
                if word.chars().all(|letter| !letter.is_ascii_lowercase()) {
                    last = match word {
                        "FROM" | "JOIN" | "INTO" | "UPDATE" => PrecedingText::Table,
                        "AS" => PrecedingText::Name,
                        _ => PrecedingText::Other,
                    };
                    continue;
                }
                // A function, all columns of a table, or one that a placeholder names.
                if rest.starts_with('(') || rest.starts_with(".*") || rest.starts_with(".{") {
                    last = PrecedingText::Other;
                    continue;
                }
                let qualified = rest
                    .strip_prefix('.')
                    .filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()));
                match last {
                    PrecedingText::Table => last = PrecedingText::Alias,
                    PrecedingText::Alias | PrecedingText::Name if qualified.is_none() => {
                        last = PrecedingText::Other
                    }
                    _ => {
                        last = PrecedingText::Other;
                        let Some(behind) = qualified else {
                            found.push(Word { alias: None, name: word.to_owned() });
                            continue;
                        };
                        let end = behind
                            .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
                            .unwrap_or(behind.len());
                        found.push(Word {
                            alias: Some(word.to_owned()),
                            name: behind[..end].to_owned(),
                        });
                        rest = &behind[end..];
                    }
                }
            }
            _ => {
                if !first.is_whitespace() {
                    // What stands behind a part in brackets is its alias.
                    last = if first == ')' { PrecedingText::Name } else { PrecedingText::Other };
                }
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    found
}

/// What stood before a word.
enum PrecedingText {
    Table,
    Alias,
    Name,
    Other,
}

/// What stands behind the next such letter after the first one.
fn after(text: &str, end: char) -> &str {
    text[1..].split_once(end).map_or("", |(_, rest)| rest)
}

/// `person_key` as the variant `PersonKey`.
fn variant(name: &str) -> String {
    if name == "ref" {
        return "Reference".to_owned();
    }
    let capital = |part: &str| {
        part.chars().next().map(|first| first.to_ascii_uppercase().to_string() + &part[1..])
    };
    name.split('_').filter_map(capital).collect()
}

pub fn expand(sql: &Sql) -> Result<TokenStream> {
    let Sql { tables, text, arguments } = sql;
    let own = text.value();
    let mut columns: Vec<TokenStream> = Vec::new();
    for Word { alias, name } in words(&own) {
        let is = |named: &&NamedTable| named.alias.as_ref().map(ToString::to_string) == alias;
        let Some(named) = tables.iter().find(is) else {
            let from = alias.map_or_else(
                || "no family is given without an alias".to_owned(),
                |alias| format!("`{alias}` is not given"),
            );
            return Err(Error::new(text.span(), format!("column `{name}`: {from}")));
        };
        if let Some(family) = &named.family {
            let variant = format_ident!("{}", variant(&name), span = Span::call_site());
            columns.push(quote!(let _ = #family::Column::#variant;));
        }
    }
    // A text without placeholders stays a literal.
    let formatted = own.replace("{{", "").replace("}}", "").contains('{');
    let value = if formatted || !arguments.is_empty() {
        quote!(format!(#text #arguments))
    } else {
        quote!(#text)
    };
    Ok(quote!({ #(#columns)* #value }))
}

#[cfg(test)]
mod tests {
    use super::{Word, variant, words};

    fn named(text: &str) -> Vec<String> {
        words(text)
            .into_iter()
            .map(|Word { alias, name }| {
                alias.map_or(name.clone(), |alias| format!("{alias}.{name}"))
            })
            .collect()
    }

    #[test]
    fn columns_are_what_is_no_keyword_value_table_or_alias() {
        let text = "SELECT {x} AS identity, c.id, v.key_industry FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref \
                    WHERE v.name = 'no column' AND SUM(a.deaths) > {least} AND \"quoted\" IS NULL";
        assert_eq!(
            named(text),
            ["c.id", "v.key_industry", "a.ref", "v.accident_ref", "v.name", "a.deaths"]
        );
        assert_eq!(
            named("deaths > 0 AND (article IS NULL OR article <> 'ART14_6')"),
            ["deaths", "article", "article"]
        );
    }

    #[test]
    fn variants_are_those_that_sea_orm_derives() {
        assert_eq!(variant("ref"), "Reference");
        assert_eq!(variant("base_rate_per_100000"), "BaseRatePer100000");
    }
}
