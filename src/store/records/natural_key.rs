//! Natural keys as rows hold them. Department, source system and number say which record is meant,
//! among those that the organisation may write. Where another organisation of the department, whose
//! records it may not see, holds that number already, the new row gets a mark of its own behind it:
//! both are kept, and neither is told of the other.

/// What stands before the mark; no number, department or system holds it, as control characters are
/// refused.
const MARK: char = '\u{1f}';

/// The natural key without a mark: department, source system and number.
#[must_use]
pub fn number_of(reference: &str) -> &str {
    reference.split_once(MARK).map_or(reference, |(number, _)| number)
}

/// The natural key of a new row: as it is if nobody has it, else marked with the row's region. Two
/// writers who make the same record at the same time make the same key, so one of them is told to
/// look again.
#[must_use]
pub fn free(number: &str, region: &str, taken: &[String]) -> String {
    let free = |reference: &String| !taken.contains(reference);
    let first = Some(number.to_owned())
        .filter(free)
        .or_else(|| Some(format!("{number}{MARK}{region}")).filter(free));
    first
        .or_else(|| (2..).map(|turn| format!("{number}{MARK}{region}.{turn}")).find(free))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{free, number_of};

    #[test]
    fn a_key_is_free_or_marked_and_its_number_stays() {
        let mut taken = Vec::new();
        for expected in ["E||A1", "E||A1\u{1f}140603", "E||A1\u{1f}140603.2", "E||A1\u{1f}140603.3"]
        {
            let key = free("E||A1", "140603", &taken);
            assert_eq!(key, expected);
            assert_eq!(number_of(&key), "E||A1");
            taken.push(key);
        }
        assert_eq!(free("E||A1", "140602", &taken), "E||A1\u{1f}140602");
    }
}
