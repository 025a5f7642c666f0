//! Names as they are compared in SQL.

use crate::domain::text::{comparable_name, left_out_of_names};

/// From so many letters on a name may have a dot between its parts that another writing leaves out.
/// Shorter ones, nearly all there are, are compared as they stand, by their index.
const DOTTED: usize = 5;

/// A name without what is written in one place and left out in another, and with one form of
/// brackets: as [`comparable_name`](crate::domain::text::comparable_name) says, as far as both
/// databases can.
pub(in crate::store) fn plain(name: &str) -> String {
    let bare = left_out_of_names()
        .fold(format!("lower({name})"), |name, mark| format!("replace({name}, '{mark}', '')"));
    [('（', '('), ('）', ')')]
        .iter()
        .fold(bare, |name, (wide, plain)| format!("replace({name}, '{wide}', '{plain}')"))
}

/// A name as [`plain`] gives it, where people write that name in several ways; none where they
/// write it in one.
pub(in crate::store) fn folded(name: &str) -> Option<String> {
    let bare = comparable_name(name);
    (bare.chars().count() >= DOTTED
        || name.contains(|letter| left_out_of_names().any(|own| own == letter)))
    .then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn only_names_that_are_written_in_several_ways_are_folded() {
        assert_eq!(folded("王小明"), None);
        assert_eq!(folded("买买提·艾力"), Some("买买提艾力".to_owned()));
        assert_eq!(folded("买买提艾力"), folded("买买提•艾力"));
        assert_eq!(folded("王 明"), Some("王明".to_owned()));
    }
}
