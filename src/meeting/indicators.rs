//! The indicators of a region and year (domain reference §6): every figure with the two numbers it
//! is made of, compared with its target, the year before and the base year, judged on exact
//! fractions, and opening down to its records.
//!
//! Numbers are counted under the scopes of whoever asks; a seat at the region's table says whether
//! small cells of sensitive counts are shown as they are. What is missing, withheld or not theirs
//! is said to be so and is never zero.

mod cube;
mod declared;
mod explain;
mod figure;
mod frame;
mod gaps;
mod incomplete;
mod make;
mod maker;
mod open;
mod owed;
mod punctual;
mod series;
mod shade;
mod sheet;
mod signed;
mod silent;
mod standing;
mod taken;
mod uses;

pub use frame::{Aim, IndustryGroup, JudgingBasis};
pub use gaps::{FigureGap, GapKind};
pub use make::sheet;
pub use maker::SheetQuery;
pub use owed::{AwaitedInput, MissingInput};
pub(in crate::meeting) use shade::lists;
pub use shade::{ProtectedTables, begin as make_ahead};
pub use sheet::{
    AccidentGrid, AccidentGridRow, DenominatorBasis, FigureBasis, FigureRecords, FigureSheet,
    FigureTerms, InjuryBasis, LabelledCount, RegionDifference, Series, SeriesMeasure, SheetFigure,
    SignedFigure, YearValue,
};
pub use taken::NumberStanding;
pub(in crate::meeting) use taken::whole;
pub use uses::counted;
