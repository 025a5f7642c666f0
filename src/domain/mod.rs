//! The rules of the field: identifiers, codes, grades, deadlines, money, dates, names.
//!
//! Everything here is pure: values in, values out. The module knows no database, no network, no
//! GraphQL, no clock and no random source; today's date and tables that change (regions,
//! industries, editions) are handed in. What can be computed from records is computed here, once.
//!
//! Faults (the value is wrong) and warnings (the value is kept, someone should look) are enums with
//! a stable `code()` and a message in Chinese and English that says what to do next. Enums that
//! travel as codes are [`code::Coded`].

pub mod accident;
pub mod account;
pub mod calendar;
pub mod chapman;
pub mod clock;
pub mod code;
pub mod correction;
pub mod credit_code;
pub mod deadline;
pub mod department;
pub mod disclosure;
pub mod disease;
pub mod education_base;
pub mod exposure;
pub mod fraction;
pub mod hazard;
pub mod identity;
pub mod indicator;
pub mod industry;
pub mod injury;
pub mod lead;
pub mod mask;
pub mod moment;
pub mod money;
pub mod number;
pub mod plan;
pub mod premium;
pub mod quantity;
pub mod recognition;
pub mod region;
pub mod report;
pub mod returns;
pub mod sort_key;
pub mod text;
