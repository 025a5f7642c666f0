//! Sharing between departments as the law orders it: corrections of records that others use.
//!
//! Source: 政务数据共享条例（国务院令第809号）.

pub mod corrections;
mod texts;
