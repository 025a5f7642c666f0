//! The only code that decides who may see and do what.
//!
//! An [`actor::Actor`] comes from a signed token; [`policy::Policy`] is data; a [`scope::Scope`] or
//! [`permit::Permit`] is the proof the store asks for, and only this module can make one. It knows
//! nothing of SQL, GraphQL or HTTP.

pub mod actor;
pub mod chair;
pub mod corrections;
pub mod identity;
pub mod leads;
pub mod matching;
pub mod matrix;
pub mod meeting;
pub mod officers;
pub mod permit;
pub mod policy;
mod policy_files;
pub mod revoked;
pub mod scope;
pub mod token;
