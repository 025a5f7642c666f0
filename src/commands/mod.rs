//! The subcommands of `lianfang`, one a file.

pub mod account;
pub mod brief;
pub mod demo;
pub mod import;
pub mod keys;
pub mod options;
pub mod renumber;
pub mod revoke;
pub mod seed;
pub mod serve;
pub mod token;
pub mod verify;

use std::io::Write as _;

/// Prints a line for the person or program at the other end of the command.
///
/// # Errors
///
/// When standard output is closed.
pub fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")
}
