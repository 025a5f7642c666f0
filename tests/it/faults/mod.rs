//! Faults the hub has to survive, each of them really done to the real program: killed, cut off
//! from its database, out of disk, with a second hub beside it, with clients that dawdle, with a
//! clock that jumps.
//!
//! Whatever is done, afterwards the same has to hold ([`aftermath`]): every acknowledged row is
//! there exactly once, nothing is half there, the feed is complete and in order, every receipt is
//! given again byte for byte, and `lianfang verify` finds nothing. Each test ends with a line of
//! what it did.
//!
//! `LIANFANG_FAULT_KILLS` sets the number of kills for each database, `LIANFANG_FAULT_SEED` the
//! seed of the last round, which is otherwise drawn and printed.

mod aftermath;
mod client;
mod clock;
mod cuts;
mod disk;
mod exporter;
mod fire;
mod follower;
mod imports;
mod kills;
mod ledger;
pub mod process;
mod proxy;
mod ready;
mod rights;
pub mod server;
mod silence;
mod slow;
mod subscriber;
mod uploader;
mod waiting;
mod writer;
