//! What stands below 行业 in a ledger: 煤矿, 06, 煤炭开采和洗选业, 道路运输. It is a code of GB/T
//! 4754 or a key industry, whichever it names; what could be several is never guessed.

use std::sync::LazyLock;

use entity::catalogue::Family;

use super::codes::CodeFinder;
use crate::{
    domain::{
        industry,
        text::{half_width, without_invisible},
    },
    error::Text,
    submit::verdict::RowRemark,
};

/// The name under which `reference/heading.csv` has the headings of such a column.
pub const COLUMN: &str = "industry";
const CODE: &str = "industryCode";
const KEY: &str = "keyIndustry";
/// The fields that say an industry.
pub const FIELDS: [&str; 2] = [CODE, KEY];

/// What may follow the word.
const ENDINGS: [&str; 6] = ["行业领域", "行业", "领域", "企业", "类", "业"];

/// Words of ledgers with their key industry (`reference/industry_word.csv`).
static WORDS: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("../../../reference/industry_word.csv").lines().skip(1);
    let word = |line: &'static str| {
        let mut cells = line.split(',');
        Some((plain(cells.next()?), cells.next()?))
    };
    lines.filter_map(word).collect()
});

/// Whether records of a family say their industry.
pub fn belongs(family: &Family) -> bool {
    FIELDS.iter().any(|name| family.inputs().any(|field| field.name == *name))
}

fn plain(text: &str) -> String {
    half_width(&without_invisible(text)).chars().filter(|c| !c.is_whitespace()).collect()
}

/// The field and its value that a cell means; none where it could be several or is not known.
pub fn read(names: &CodeFinder, family: &Family, cell: &str) -> Option<(&'static str, String)> {
    let has = |name: &str| family.inputs().any(|field| field.name == name);
    let whole = plain(cell);
    let shorter = ENDINGS
        .iter()
        .filter_map(|ending| whole.strip_suffix(ending))
        .filter(|word| !word.is_empty());
    let spellings: Vec<&str> = std::iter::once(whole.as_str()).chain(shorter).collect();
    // 06, B06, `0610 烟煤和无烟煤开采洗选`, 06煤炭开采和洗选业.
    let first: String =
        whole.to_ascii_uppercase().chars().take_while(char::is_ascii_alphanumeric).collect();
    let first = industry::with_zero(&first).unwrap_or(first);
    let known = |code: &str| {
        industry::division(code)
            .is_some_and(|division| names.current("industry", division).is_some())
    };
    if let Some(code) = industry::numeric(&first).filter(|_| has(CODE) && known(&first)) {
        return Some((CODE, code.to_owned()));
    }
    spellings.iter().find_map(|word| {
        let listed = || WORDS.iter().find(|(own, _)| own == word).map(|(_, key)| (*key).to_owned());
        let key = || names.current("key_industry", word).or_else(listed).map(|key| (KEY, key));
        let code =
            || names.current("industry", word).filter(|code| known(code)).map(|code| (CODE, code));
        key().filter(|_| has(KEY)).or_else(|| code().filter(|_| has(CODE)))
    })
}

/// What is said where the word is not known, or names several.
pub fn unknown() -> RowRemark {
    let text = Text::new(
        "“行业”一栏的写法无法对应到唯一的行业，本条未计入任何行业。请填写重点行业名称（如煤矿、非煤矿山、建筑施工、交通运输、危险化学品、机械制造）或国民经济行业代码（如 0610）。",
        "What stands below 行业 does not lead to one industry; the record counts in none. Give a key industry (煤矿, 非煤矿山, 建筑施工 …) or \
         the code of GB/T 4754 (such as 0610).",
    );
    RowRemark::new("INDUSTRY_UNKNOWN", Some(KEY), text)
}
