//! Logging of errors: each once, with the number of the request and the cause, without anything
//! that a database may quote from a row. Causes are logged nowhere else.

use std::error::Error;

use uuid::Uuid;

use crate::error::HubError;

/// What the failure belongs to, for finding it in the log.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// A request, by its identifier.
    Request(&'a str),
    /// A job, by its identifier.
    Job(Uuid),
    /// The hub itself.
    Hub,
}

impl<'a> Of<'a> {
    const fn request(self) -> Option<&'a str> {
        match self {
            Self::Request(number) => Some(number),
            Self::Job(_) | Self::Hub => None,
        }
    }

    fn job(self) -> Option<String> {
        match self {
            Self::Job(id) => Some(id.to_string()),
            Self::Request(_) | Self::Hub => None,
        }
    }
}

impl HubError {
    /// The cause, without values; `None` where the response already says everything.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.cause().map(|cause| redacted(cause))
    }

    /// Logs a fault of the hub or an outage. Errors that the client has to correct are not logged.
    pub fn log(&self, of: Of<'_>, what: &str) {
        if self.cause().is_some() {
            self.alarm(of, what);
        }
    }

    /// Logs something that needs attention, whatever the cause.
    pub fn alarm(&self, of: Of<'_>, what: &str) {
        tracing::error!(
            request = of.request(),
            job = of.job(),
            code = self.code(),
            cause = self.reason(),
            "{what}"
        );
    }

    /// Logs, at debug level, something that recovers by itself.
    pub(crate) fn debug(&self, what: &str) {
        tracing::debug!(code = self.code(), cause = self.reason(), "{what}");
    }

    /// Logs something that may recover by itself.
    pub fn warn(&self, of: Of<'_>, what: &str) {
        tracing::warn!(
            request = of.request(),
            job = of.job(),
            code = self.code(),
            cause = self.reason(),
            "{what}"
        );
    }
}

/// Greatest length of one cause, in characters.
const MOST: usize = 300;
/// A run of this many digits is no longer a count or a region code: it may be an identity number, a
/// date of birth, a telephone or a card number.
const LONG: usize = 7;
/// A quotation after one of these words is the name of a part of the schema or the server, and
/// helps to find the fault.
const NAMED: [&str; 10] = [
    "column",
    "constraint",
    "database",
    "function",
    "index",
    "relation",
    "role",
    "table",
    "type",
    "user",
];
/// Where a database begins to quote a row.
const ROW: [&str; 3] = ["DETAIL", "Key (", "Failing row"];
/// Quotation marks, in pairs.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('«', '»')];

/// An error and its causes, without the values that a database may quote: text in quotes, long
/// numbers, and the row itself.
#[must_use]
pub fn redacted(error: &(dyn Error + 'static)) -> String {
    let mut text = without_values(&error.to_string());
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(" <- ");
        text.push_str(&without_values(&cause.to_string()));
        next = cause.source();
    }
    text
}

fn without_values(text: &str) -> String {
    let end = ROW.iter().filter_map(|begin| text.find(begin)).min().unwrap_or(text.len());
    let mut rest = text.get(..end).unwrap_or_default();
    let mut out = String::new();
    while let Some((at, open, close)) = quote(rest) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        out.push(open);
        let inner = after.get(open.len_utf8()..).unwrap_or_default();
        let named = before.split_whitespace().next_back().is_some_and(|word| NAMED.contains(&word));
        let plain = |quoted: &&str| {
            let part = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            named && quoted.chars().all(part)
        };
        let name = inner.split_once(close).map(|(quoted, _)| quoted).filter(plain);
        // Databases do not escape quotation marks inside a value: a value ends at the last
        // quotation mark of its line, and without one everything up to the end is left out.
        let line = inner.split('\n').next().unwrap_or_default();
        let length = name.map_or_else(|| line.rfind(close).unwrap_or(inner.len()), str::len);
        let left = inner.get(length..).unwrap_or_default();
        out.push_str(name.unwrap_or("…"));
        out.push(close);
        rest = left.get(close.len_utf8()..).unwrap_or_default();
    }
    out.push_str(rest);
    without_numbers(out.trim_end()).chars().take(MOST).collect()
}

/// The first opening quotation mark, with its position and its closing counterpart. Between two
/// Latin letters `'` is an apostrophe.
fn quote(text: &str) -> Option<(usize, char, char)> {
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let next = text.get(at + letter.len_utf8()..).and_then(|rest| rest.chars().next());
        let within =
            before.is_ascii_alphabetic() && next.is_some_and(|next| next.is_ascii_alphabetic());
        let apostrophe = letter == '\'' && within;
        if let Some((open, close)) =
            QUOTES.into_iter().find(|(open, _)| *open == letter && !apostrophe)
        {
            return Some((at, open, close));
        }
        before = letter;
    }
    None
}

fn without_numbers(text: &str) -> String {
    let (mut out, mut digits) = (String::new(), String::new());
    for letter in text.chars().chain(['\0']) {
        if letter.is_numeric() {
            digits.push(letter);
            continue;
        }
        out.push_str(if digits.chars().count() < LONG { &digits } else { "…" });
        digits.clear();
        if letter != '\0' {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_values;

    /// An identity number and a name, as databases quote them.
    #[test]
    fn nothing_of_a_row_is_left_in_what_a_database_says() {
        for (said, left) in [
            (
                "invalid input syntax for type uuid: \"11010119900307002X\"",
                "invalid input syntax for type uuid: \"…\"",
            ),
            ("Token \"王小明\" is invalid.", "Token \"…\" is invalid."),
            ("syntax error at or near \"11010119900307002X\"", "syntax error at or near \"…\""),
            (
                "unterminated quoted string at or near \"'王小明",
                "unterminated quoted string at or near \"…\"",
            ),
            (
                "duplicate key value violates unique constraint \"persons_ref\"\nDETAIL:  Key (name)=(王小明) already exists.",
                "duplicate key value violates unique constraint \"persons_ref\"",
            ),
            ("Failing row contains (1, 王小明, 11010119900307002X)", ""),
            (
                "value 110101199003070021 is out of range for type integer",
                "value … is out of range for type integer",
            ),
            ("Key (name)=(王小明) is not present", ""),
            ("无效的类型 uuid 输入语法: “王小明”", "无效的类型 uuid 输入语法: “…”"),
            ("column \"王小明\" does not exist", "column \"…\" does not exist"),
            ("can't convert '王小明'", "can't convert '…'"),
            ("UNIQUE constraint failed: persons.ref", "UNIQUE constraint failed: persons.ref"),
            (
                "null value in column \"name\" of relation \"persons\"",
                "null value in column \"name\" of relation \"persons\"",
            ),
            ("pool timed out after 30 s", "pool timed out after 30 s"),
            ("值\"王小明\"超出类型", "值\"…\"超出类型"),
            ("invalid input for type date: \"x\" 王小明\"", "invalid input for type date: \"…\""),
            ("near \"110101 1990\" in column \"a\"", "near \"…\""),
            ("database \"hub-test\" of region 140600", "database \"hub-test\" of region 140600"),
            ("born 19900307", "born …"),
        ] {
            assert_eq!(without_values(said), left, "{said}");
        }
    }
}
