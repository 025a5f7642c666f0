//! What one document may ask for, measured before it is validated. Each fragment is measured once,
//! so a document of nested fragments costs no more than its length. Validation walks the document
//! with all fragments expanded, in every operation: all of that is counted. All arithmetic
//! saturates.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{
        ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
    },
};

use crate::error::{HubError, Text};

/// Limits of a document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentLimits {
    /// Length of the text, in bytes.
    pub bytes: usize,
    /// Tokens of the text, estimated by [`check_text`].
    pub tokens: usize,
    /// Levels of nested selections.
    pub depth: u64,
    /// Fields, inline fragments and spreads of all operations, with fragments expanded.
    pub fields: u64,
    /// Aliases, with fragments expanded.
    pub aliases: u64,
    /// Root fields of the operation, with fragments expanded.
    pub roots: u64,
    /// Values the answer may contain at most.
    pub cost: u64,
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self {
            bytes: 65_536,
            tokens: 10_000,
            depth: 12,
            fields: 3_000,
            aliases: 100,
            roots: 20,
            cost: 1_000_000,
        }
    }
}

/// Number of rows a list returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSize {
    /// When the client does not ask for a number.
    pub default: u64,
    /// The largest number a client may ask for.
    pub most: u64,
}

impl ListSize {
    /// Rows of a list of records.
    pub const OF_LIST: Self = Self { default: 50, most: 200 };
}

/// Nested brackets at most: more than selections and conditions need, far fewer than the stack can
/// hold.
const MOST_NESTING: u64 = 100;

/// What a document asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentCost {
    depth: u64,
    fields: u64,
    aliases: u64,
    /// Values the answer may contain.
    pub cost: u64,
}

/// Refuses a text that is too long to be examined.
///
/// # Errors
///
/// [`HubError::TooComplex`].
pub fn check_text(limits: &DocumentLimits, text: &str) -> Result<(), HubError> {
    if text.len() > limits.bytes {
        return Err(too("查询文本过长", "The document is too long", limits.bytes as u64));
    }
    if tokens(text) > limits.tokens {
        return Err(too("查询的词过多", "The document has too many tokens", limits.tokens as u64));
    }
    if nesting(text) > MOST_NESTING {
        return Err(too("括号嵌套过深", "The brackets are nested too deeply", MOST_NESTING));
    }
    Ok(())
}

/// Nesting of brackets as the parser sees it: it recurses once for each, on a limited stack.
fn nesting(text: &str) -> u64 {
    let (mut level, mut most) = (0_u64, 0);
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'[' | b'{' | b'(' => {
                level += 1;
                most = most.max(level);
                after
            }
            b']' | b'}' | b')' => {
                level = level.saturating_sub(1);
                after
            }
            b'#' => after_comment(after),
            b'"' if after.starts_with(b"\"\"") => after_block(after.get(2..).unwrap_or_default()),
            b'"' => after_string(after),
            _ => after,
        };
    }
    most
}

fn after_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

/// Skips a string; one that does not end on its line does not parse, and what follows is counted.
fn after_string(text: &[u8]) -> &[u8] {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' | b'\n' | b'\r' => break,
            b'\\' => at += 1,
            _ => {}
        }
    }
    text.get(at..).unwrap_or_default()
}

fn after_block(mut text: &[u8]) -> &[u8] {
    while !text.is_empty() && !text.starts_with(b"\"\"\"") {
        let length = if text.starts_with(b"\\\"\"\"") { 4 } else { 1 };
        text = text.get(length..).unwrap_or_default();
    }
    text.get(3..).unwrap_or_default()
}

/// Tokens, estimated by changes of character class: never fewer than the parser sees, except in
/// strings.
fn tokens(text: &str) -> usize {
    let mut count = 0;
    let mut word = false;
    for byte in text.bytes() {
        let name = byte.is_ascii_alphanumeric() || byte == b'_';
        if (name && !word) || (!name && !byte.is_ascii_whitespace() && byte != b',') {
            count += 1;
        }
        word = name;
    }
    count
}

fn too(zh: &str, en: &str, most: u64) -> HubError {
    HubError::TooComplex(Text::new(
        format!("{zh}，上限 {most}。请拆分请求。"),
        format!("{en}; at most {most}. Split the request."),
    ))
}

/// Measures the selected operation and checks the limits. `many` recognises the fields that return
/// lists, by name.
///
/// # Errors
///
/// [`HubError::TooComplex`] naming the limit; [`HubError::Invalid`] for fragments that contain
/// themselves.
pub fn measure(
    limits: &DocumentLimits,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    many: &dyn Fn(&str) -> Option<ListSize>,
) -> Result<DocumentCost, HubError> {
    let mut ruler =
        Ruler { fragments: &document.fragments, variables, many, known: HashMap::new() };
    let mut fields = 0_u64;
    for (_, other) in document.operations.iter() {
        fields = fields.saturating_add(ruler.set(&other.node.selection_set.node)?.fields);
    }
    // Validation refuses these as well, but only after walking them.
    if document.fragments.keys().any(|name| !ruler.known.contains_key(name.as_str())) {
        return Err(HubError::invalid(
            "有片段没有被使用。请删去。",
            "A fragment is not used. Leave it out.",
        ));
    }
    let measure = ruler.set(&operation.selection_set.node)?;
    let roots = ruler.roots(&operation.selection_set.node, 0);
    for (value, most, zh, en) in [
        (measure.depth, limits.depth, "嵌套过深", "The document is nested too deeply"),
        (fields, limits.fields, "字段过多", "The document selects too many fields"),
        (measure.aliases, limits.aliases, "别名过多", "The document has too many aliases"),
        (roots, limits.roots, "顶层字段过多", "The document has too many root fields"),
        (measure.cost, limits.cost, "结果可能过大", "The answer could be too large"),
    ] {
        if value > most {
            return Err(too(zh, en, most));
        }
    }
    Ok(measure)
}

impl DocumentCost {
    /// Adds one step of walking the document.
    const fn walked(mut self) -> Self {
        self.fields = self.fields.saturating_add(1);
        self
    }
}

struct Ruler<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
    many: &'a dyn Fn(&str) -> Option<ListSize>,
    /// `None` while a fragment is being measured.
    known: HashMap<&'a str, Option<DocumentCost>>,
}

impl<'a> Ruler<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<DocumentCost, HubError> {
        let mut sum = DocumentCost::default();
        for item in &set.items {
            let part = match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node)?.walked()
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str())?.walked()
                }
            };
            sum.depth = sum.depth.max(part.depth);
            sum.fields = sum.fields.saturating_add(part.fields);
            sum.aliases = sum.aliases.saturating_add(part.aliases);
            sum.cost = sum.cost.saturating_add(part.cost);
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field) -> Result<DocumentCost, HubError> {
        let name = field.name.node.as_str();
        let below = self.set(&field.selection_set.node)?;
        let introspection = name == "__schema" || name == "__type";
        let rows = self.rows(field);
        Ok(DocumentCost {
            depth: if introspection { 1 } else { below.depth.saturating_add(1) },
            fields: below.fields.saturating_add(1),
            aliases: below.aliases.saturating_add(u64::from(field.alias.is_some())),
            cost: below.cost.saturating_mul(rows).saturating_add(1),
        })
    }

    /// Rows a field may return.
    fn rows(&self, field: &Field) -> u64 {
        let list = (self.many)(field.name.node.as_str());
        let ListSize { default, most } = list.unwrap_or(ListSize::OF_LIST);
        let bound = field
            .arguments
            .iter()
            .filter(|(name, _)| matches!(name.node.as_str(), "first" | "last"))
            .map(|(_, value)| {
                match value
                    .node
                    .clone()
                    .into_const_with(|name| self.variables.get(&name).cloned().ok_or(()))
                {
                    // A negative or excessive number is refused later; here it counts as the
                    // largest.
                    Ok(Value::Number(number)) => {
                        number.as_u64().map_or(most, |number| number.clamp(1, most))
                    }
                    Ok(Value::Null) => default,
                    _ => most,
                }
            })
            .max();
        bound.unwrap_or(if list.is_some() { default } else { 1 })
    }

    fn fragment(&mut self, name: &'a str) -> Result<DocumentCost, HubError> {
        match self.known.get(name) {
            Some(Some(measure)) => return Ok(*measure),
            Some(None) => {
                return Err(HubError::invalid(
                    "片段互相包含，无法执行。",
                    "A fragment contains itself.",
                ));
            }
            None => {}
        }
        // A fragment that does not exist is left to validation, which names it.
        let Some(fragment) = self.fragments.get(name) else { return Ok(DocumentCost::default()) };
        self.known.insert(name, None);
        let measure = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(measure));
        Ok(measure)
    }

    /// Root fields, through fragments; the nesting of fragments is already known to be finite.
    fn roots(&self, set: &SelectionSet, level: u32) -> u64 {
        if level > 32 {
            return u64::MAX;
        }
        set.items.iter().fold(0_u64, |sum, item| {
            sum.saturating_add(match &item.node {
                Selection::Field(_) => 1,
                Selection::InlineFragment(fragment) => {
                    self.roots(&fragment.node.selection_set.node, level + 1)
                }
                Selection::FragmentSpread(spread) => {
                    // The fields of the fragment are counted in its measure; it has at most that
                    // many roots.
                    self.known
                        .get(spread.node.fragment_name.node.as_str())
                        .copied()
                        .flatten()
                        .map_or(0, |measure| measure.fields)
                }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::nesting;

    #[test]
    fn brackets_are_counted_where_the_parser_sees_them() {
        for (text, levels) in [
            ("{ a(b: [1, {c: 2}]) { d } }", 4),
            ("{ a } { b }", 1),
            ("[ \"]\" [ \"]\" [", 3),
            ("[ # ]\n [ # ]\r [", 3),
            ("[ \"\"\"]\\\"\"\"]\"\"\" [", 2),
            ("[ \"\\\"]\" [", 2),
            ("[ # \\\n [", 2),
            ("[ \"open\n [ [", 3),
            ("[ \"\" [ \"\" [", 3),
            ("a(b: \"[[[[[\")", 1),
        ] {
            assert_eq!(nesting(text), levels, "{text}");
        }
    }
}
