//! The command `lianfang`.

mod commands;
mod config;

use std::io::Write as _;

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};
use commands::{
    account, brief, demo, import, keys,
    options::{Common, into_anyhow},
    renumber, revoke, say, seed, serve, token, verify,
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 联防：工伤预防联防联控数据共享枢纽 The hub for sharing work-injury prevention records
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务 Serve
    Serve(Common),
    /// 建立演示库并启动 Make a demonstration store and serve it
    Demo(demo::DemoArgs),
    /// 建立或升级数据库 Bring the store's schema and code tables up to date
    Migrate(Common),
    /// 打印 GraphQL schema Print the schema
    Schema,
    /// 签发令牌 Issue a token
    Token(token::TokenArgs),
    /// 管理账号 Accounts of people and systems
    #[command(subcommand)]
    Account(account::AccountAction),
    /// 吊销令牌 Revoke tokens
    Revoke(revoke::RevokeArgs),
    /// 按模板导入文件 Import a file through a profile
    Import(import::ImportArgs),
    /// 写入演示数据 Write demonstration data
    Seed(seed::SeedArgs),
    /// 把联席会议材料写成文件 Write the materials of a joint meeting as files
    Brief(brief::BriefArgs),
    /// 打印访问矩阵 Print the access matrix
    AccessMatrix,
    /// 核验数据库 Check that nobody without the key has changed the store
    Verify(verify::VerifyArgs),
    /// 恢复到另一台 PostgreSQL 后重排变更事件 Renumber change events after a restore on another
    /// PostgreSQL server
    Renumber(Common),
    /// 管理密钥 Make or rotate keys
    #[command(subcommand)]
    Keys(keys::Action),
}

fn main() -> std::process::ExitCode {
    match begin() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        // Whoever reads our output has had enough of it.
        Err(error)
            if error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) =>
        {
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            // Standard error may be closed; there is nobody to tell then.
            let _ = writeln!(std::io::stderr(), "{error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn begin() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("LIANFANG_LOG")
        .unwrap_or_else(|_| EnvFilter::new("lianfang=info,warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().init();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run(arguments().command))
}

/// The command line. Clap says what is wrong with it in English; a value is told in both languages,
/// as those of file and environment are.
fn arguments() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        if let (ErrorKind::ValueValidation, Some(flag)) =
            (error.kind(), error.get(ContextKind::InvalidArg))
        {
            // As above.
            let _ = writeln!(std::io::stderr(), "命令行中 {flag} 的值不对。");
        }
        error.exit()
    })
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(common) => serve::run(&common.settle()?).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Migrate(common) => {
            let codes = common.settle()?.prepare().await?;
            say(format_args!(
                "数据库已是最新，更新代码 {codes} 条 the store is up to date, {codes} codes written"
            ))?;
            Ok(())
        }
        Command::Schema => {
            let catalogue = lianfang::app::catalogue().map_err(into_anyhow)?;
            say(lianfang::app::sdl(&catalogue).map_err(into_anyhow)?.trim_end())?;
            Ok(())
        }
        Command::Token(arguments) => token::run(arguments),
        Command::Account(action) => account::run(action).await,
        Command::Revoke(arguments) => revoke::run(arguments).await,
        Command::Import(arguments) => import::run(arguments).await,
        Command::Seed(arguments) => seed::run(arguments).await,
        Command::Brief(arguments) => brief::run(arguments).await,
        Command::AccessMatrix => {
            let catalogue = lianfang::app::catalogue().map_err(into_anyhow)?;
            let policy = lianfang::app::policy(None, &catalogue).map_err(into_anyhow)?;
            say(lianfang::authz::matrix::markdown(&catalogue, &policy).trim_end())?;
            Ok(())
        }
        Command::Verify(arguments) => verify::run(arguments).await,
        Command::Renumber(common) => renumber::run(common).await,
        Command::Keys(action) => keys::run(action).await,
    }
}
