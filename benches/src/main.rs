//! The speed proof. `ideal` is the server written by hand; `drive` measures it and the hub in turn.
//! `run.sh` runs both.

mod client;
mod drive;
mod embedded;
mod export;
mod files;
mod follow;
mod ideal;
mod meeting;
mod operations;
mod scopes;
mod table;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Measures the hub against a server written by hand on the same database")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve what the measured operations ask, one statement a request, JSON built by PostgreSQL
    Ideal(ideal::Arguments),
    /// Measure both servers, A B A B, and print the table
    Drive(drive::Arguments),
    /// Measure how long a commit takes to reach everybody who follows the changes of a running hub
    Follow(follow::Arguments),
    /// Measure an export of many records against COPY
    Export(export::Arguments),
    /// Measure files taken in against statements that put the same rows, and the feed against its
    /// table
    Files(files::Arguments),
    /// The same on SQLite, in this process
    FilesSqlite(embedded::Arguments),
    /// Measure the indicators of a province against statements written by hand
    Meeting(meeting::Arguments),
    /// Measure a county's first pages beside others against those of the county alone
    Scopes(scopes::Arguments),
}

fn main() -> anyhow::Result<std::process::ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match Cli::parse().command {
        Command::Ideal(arguments) => runtime.block_on(ideal::serve(arguments)),
        Command::Follow(arguments) => runtime.block_on(follow::run(arguments)),
        Command::Export(arguments) => return runtime.block_on(export::run(arguments)),
        Command::Files(arguments) => return runtime.block_on(files::run(arguments)),
        Command::Meeting(arguments) => return runtime.block_on(meeting::run(arguments)),
        Command::Scopes(arguments) => return runtime.block_on(scopes::run(arguments)),
        Command::FilesSqlite(arguments) => return runtime.block_on(embedded::run(arguments)),
        Command::Drive(arguments) => return runtime.block_on(drive::run(arguments)),
    }?;
    Ok(std::process::ExitCode::SUCCESS)
}
