//! Numbers that are shown exactly or not at all, depending on what the asker may see of the rows
//! behind them.
//!
//! Tables that are shown in part go through [`suppression`](super::suppression), free statistics
//! through [`noise`](super::noise); everything else is decided here.

/// What the asker may see of the rows behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowSight {
    /// The law entitles the asker to exact figures: the office that leads the meeting, acting for
    /// that purpose.
    pub exact: bool,
    /// The asker may list the rows one by one, so that there is nothing to protect.
    pub lists: bool,
}

impl RowSight {
    /// Whether the number is shown. Hiding does not depend on the value: zero, one and many look
    /// alike.
    #[must_use]
    pub const fn tells(self) -> bool {
        self.exact || self.lists
    }
}

/// A number, or the reason why it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisclosedNumber<T> {
    /// The exact number.
    Shown(T),
    /// Hidden because it counts records of all departments; shown only to those who see exact
    /// figures.
    Protected,
    /// Hidden because it counts records that the asker could never list. This does not mean zero.
    NotYours,
    /// There is none, because nothing was handed in that could be counted. This is no zero either.
    NoRecords,
}

impl<T> DisclosedNumber<T> {
    /// A number over the records of all departments. Without exact figures it is hidden, because
    /// small counts of a county or year could be derived from those of the city or of all years.
    pub fn of_all(number: T, sight: RowSight) -> Self {
        if sight.tells() { Self::Shown(number) } else { Self::Protected }
    }

    /// A number of items each of which is listed to the parties concerned.
    pub fn of_own(number: T, sight: RowSight) -> Self {
        if sight.tells() { Self::Shown(number) } else { Self::NotYours }
    }

    /// The number, if it is shown.
    pub fn shown(self) -> Option<T> {
        if let Self::Shown(number) = self { Some(number) } else { None }
    }

    /// Stable code of the reason why it is hidden; `None` if it is shown.
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Shown(_) => None,
            Self::Protected => Some("PROTECTED"),
            Self::NotYours => Some("NOT_YOURS"),
            Self::NoRecords => Some("NO_RECORDS"),
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
