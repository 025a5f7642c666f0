//! What departments call a code beside its name (`reference/code_word.csv`), and spellings that
//! differ in nothing else: a running number in front, 其它 for 其他.

use std::sync::LazyLock;

/// A word with the code it means.
pub struct CodeWord {
    table: &'static str,
    pub word: &'static str,
    pub code: &'static str,
}

static WORDS: LazyLock<Vec<CodeWord>> = LazyLock::new(|| {
    let lines = include_str!("../../../reference/code_word.csv").lines().skip(1);
    let word = |line: &'static str| {
        let (table, rest) = line.split_once(',')?;
        // A word may hold a comma, and stands in quotes then.
        let (word, code) = rest.rsplit_once(',')?;
        Some(CodeWord { table, word: word.trim_matches('"'), code })
    };
    lines.filter_map(word).collect()
});

/// The words of a table.
pub fn of(table: &str) -> impl Iterator<Item = &'static CodeWord> {
    WORDS.iter().filter(move |word| word.table == table)
}

/// How a name may be written, as names are compared; the first is the text itself. Where codes are
/// `numbers`, a number in front is one of them.
pub fn spellings(table: &str, name: &str, numbers: bool) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    if name.contains("其它") {
        all.push(name.replace("其它", "其他"));
    }
    // 01物体打击, 1.物体打击, (1)物体打击.
    let bare = name.trim_start_matches('(').trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = bare.trim_start_matches([')', '.', '、', '-', ':']);
    if !numbers && bare.len() < name.len() && !bare.is_empty() && !bare.is_ascii() {
        all.push(bare.to_owned());
    }
    if table == "disease" {
        let plain = name.strip_prefix("职业性").unwrap_or(name);
        all.push(plain.to_owned());
        all.extend(plain.strip_suffix('病').map(ToOwned::to_owned));
    }
    all
}
