//! People and systems: their accounts, how they sign in, and when they are no longer heard.
//!
//! A token says who somebody is; it comes from signing in (`sign_in`) or from the command line, and
//! holds until it ends or is revoked (`revoking`). Changing an account (`manage`) revokes
//! what it was signed in with.

pub mod manage;
mod password;
pub mod revoking;
mod second;
pub mod sign_in;
