//! The only code that knows sea-orm: generic over the families of the catalogue.
//!
//! Every function that touches records asks for a [`crate::authz::scope::Scope`] or
//! [`crate::authz::permit::Permit`] first. It does not know who is asking, nor what a record means.

pub mod accounts;
pub mod audit;
pub mod disclosure;
pub mod exchange;
pub mod feed;
pub mod meeting;
mod organisations;
pub mod proof;
pub mod records;
pub mod reference;
pub mod rekey;
pub mod rotate;
pub mod seal;
pub mod sharing;
pub mod sql;
pub mod verify;
