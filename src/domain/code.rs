//! Enums whose values travel as codes.

use strum::VariantArray;

/// An enum with a stable code for each value. `strum` derives it: the code is the name of the value
/// in capitals, unless `#[strum(serialize = …)]` says another.
pub trait Coded: Copy + Eq + 'static {
    /// Every value, in the order of the declaration.
    const ALL: &'static [Self];

    /// Stable code: what the API calls the value, and what the store keeps of it.
    #[must_use]
    fn code(self) -> &'static str;

    /// The value with this code.
    #[must_use]
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|own| own.code() == code)
    }
}

impl<T: Copy + Eq + VariantArray + Into<&'static str>> Coded for T {
    const ALL: &'static [Self] = Self::VARIANTS;

    fn code(self) -> &'static str {
        self.into()
    }
}
