//! Numbers that are told exactly or not at all: which it is follows from what whoever asks may see
//! of the rows behind them.
//!
//! Tables that are told in part go through [`suppression`](super::suppression), statistics asked
//! freely through [`noise`](super::noise); what is neither a table nor a statistic is decided here.

/// What whoever asks may see of the rows behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowSight {
    /// The law gives them exact figures: the office that leads the meeting, and its purpose.
    pub exact: bool,
    /// They may list the rows one by one, so that there is nothing to protect.
    pub lists: bool,
}

impl RowSight {
    /// Whether the number is told. A number that is not told is no zero either: none, one and many
    /// look alike.
    #[must_use]
    pub const fn tells(self) -> bool {
        self.exact || self.lists
    }
}

/// A number as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisclosedNumber<T> {
    /// The number.
    Shown(T),
    /// Counts records of all departments: for those who see exact figures.
    Protected,
    /// Counts what whoever asks could never list: not zero, but not theirs to know.
    NotYours,
}

impl<T> DisclosedNumber<T> {
    /// A number over records of all departments. Others than seats with exact figures would work
    /// out the small ones of a county or year from those of the city and of all years.
    pub fn of_all(number: T, sight: RowSight) -> Self {
        if sight.tells() { Self::Shown(number) } else { Self::Protected }
    }

    /// A number of things of which each is listed to those whom it concerns.
    pub fn of_own(number: T, sight: RowSight) -> Self {
        if sight.tells() { Self::Shown(number) } else { Self::NotYours }
    }

    /// The number, where it is told.
    pub fn shown(self) -> Option<T> {
        if let Self::Shown(number) = self { Some(number) } else { None }
    }

    /// Stable code of why it is not told.
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Shown(_) => None,
            Self::Protected => Some("PROTECTED"),
            Self::NotYours => Some("NOT_YOURS"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DisclosedNumber, RowSight};

    #[test]
    fn what_is_not_told_does_not_depend_on_the_number() {
        let none = RowSight { exact: false, lists: false };
        for number in [0, 1, 2, 1_000] {
            assert_eq!(DisclosedNumber::of_all(number, none), DisclosedNumber::Protected);
            assert_eq!(DisclosedNumber::of_own(number, none), DisclosedNumber::NotYours);
        }
        for sight in [RowSight { exact: true, ..none }, RowSight { lists: true, ..none }] {
            assert_eq!(DisclosedNumber::of_all(0, sight).shown(), Some(0));
            assert_eq!(DisclosedNumber::of_own(2, sight).reason(), None);
        }
    }
}
