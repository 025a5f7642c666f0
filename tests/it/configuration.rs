//! The configuration as whoever runs the program meets it: where a key may stand, which place wins,
//! and what is said of a mistake.

use std::process::Command;

use tempfile::TempDir;

use crate::docs::text;

/// A password that nothing may show.
const SECRET: &str = "hunter2-of-the-store";

/// A command with a file, an environment and flags; gives success, and all it printed.
fn run(file: &str, environment: &[(&str, &str)], arguments: &[&str]) -> (bool, String, TempDir) {
    let place = TempDir::new().expect("a directory");
    std::fs::write(place.path().join("lianfang.toml"), file).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_lianfang"))
        .args(arguments)
        .args(["--config", "lianfang.toml"])
        .current_dir(place.path())
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs");
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
    (output.status.success(), printed, place)
}

/// What is said of a mistake, which it has to be one for.
fn refused(file: &str, environment: &[(&str, &str)], flags: &[&str]) -> String {
    let (success, printed, place) = run(file, environment, &[&["keys", "init"], flags].concat());
    assert!(!success && !place.path().join("var").exists(), "{printed}");
    assert!(!printed.contains(SECRET), "{printed}");
    printed
}

/// Keys that docs/operations.md explains.
fn explained() -> Vec<String> {
    let document = text("docs/operations.md");
    let table = document
        .split("| key | default |")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .expect("a table of keys");
    table
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect()
}

#[test]
fn flags_win_over_the_environment_that_over_the_file() {
    let (file, environment, flag) = (
        "secret_key_file = \"of-file\"",
        ("LIANFANG_SECRET_KEY_FILE", "of-environment"),
        "of-flag",
    );
    let made = |file: &str, environment: &[_], flags: &[&str]| {
        let (success, printed, place) =
            run(file, environment, &[&["keys", "init"], flags].concat());
        assert!(success, "{printed}");
        let names = std::fs::read_dir(place.path())
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> =
            names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.retain(|name| name != "lianfang.toml");
        names.join(" ")
    };
    assert_eq!(made("", &[], &[]), "var");
    assert_eq!(made(file, &[], &[]), "of-file");
    assert_eq!(made(file, &[environment], &[]), "of-environment");
    assert_eq!(made(file, &[environment], &["--secret-key-file", flag]), "of-flag");
}

#[test]
fn a_key_that_is_not_known_is_told_with_the_one_that_was_meant() {
    let told = refused(&format!("databse_url = \"postgres://hub:{SECRET}@store/hub\""), &[], &[]);
    assert!(
        told.contains("lianfang.toml 中的 databse_url 不是配置项，是否应为 database_url？"),
        "{told}"
    );
    assert!(
        told.contains(
            "databse_url in the file lianfang.toml is no key. Did you mean database_url?"
        ),
        "{told}"
    );
    let told = refused("[organisation]\njobs = 1", &[], &[]);
    assert!(told.contains("organisation 不是配置项，是否应为 organisation_jobs？"), "{told}");
    let told = refused("", &[("LIANFANG_DATABSE_URL", SECRET)], &[]);
    assert!(
        told.contains("环境变量 LIANFANG_DATABSE_URL 不是配置项，是否应为 LIANFANG_DATABASE_URL？"),
        "{told}"
    );
    let told = refused("", &[], &["--databse-url", SECRET]);
    assert!(told.contains("--databse-url") && told.contains("--database-url"), "{told}");
    // Variables for others than the hub are theirs.
    let (success, printed, _place) =
        run("", &[("LIANFANG_TEST_POSTGRES_URL", "x"), ("LIANFANG_URL", "x")], &["keys", "init"]);
    assert!(success, "{printed}");
}

#[test]
fn a_value_of_the_wrong_type_is_told_with_its_key_and_where_it_stands() {
    let told = refused("feed_days = \"many\"", &[], &[]);
    assert!(told.contains("配置文件 lianfang.toml 中 feed_days 的值不对"), "{told}");
    assert!(told.contains("The value of feed_days in the file lianfang.toml is wrong"), "{told}");
    let told = refused("feed_days = -1", &[], &[]);
    assert!(told.contains("配置文件 lianfang.toml 中 feed_days 的值不对"), "{told}");
    let told = refused("", &[("LIANFANG_FEED_DAYS", "many")], &[]);
    assert!(
        told.contains("环境变量的值不对") && told.contains("A value in the environment is wrong"),
        "{told}"
    );
    assert!(told.contains("feed_days`") && told.contains("`LIANFANG_FEED_DAYS`"), "{told}");
    let told = refused("", &[], &["--feed-days", "many"]);
    assert!(
        told.contains("命令行中 --feed-days")
            && told.contains("invalid value 'many' for '--feed-days"),
        "{told}"
    );
    // A worse place does not hide behind a better one.
    let told =
        refused("feed_days = \"many\"", &[("LIANFANG_FEED_DAYS", "7")], &["--feed-days", "7"]);
    assert!(told.contains("feed_days 的值不对"), "{told}");
}

#[test]
fn a_password_is_shown_by_no_mistake() {
    let url = format!("postgres://hub:{SECRET}@store/hub");
    let told = refused(&format!("listen = \"x\"\ndatabase_url = \"{url}"), &[], &[]);
    assert!(told.contains("第 2 行不是 TOML"), "{told}");
    refused(&format!("database_url = \"{url}\"\nfeed_days = \"many\""), &[], &[]);
    refused(&format!("database_url = [\"{url}\"]"), &[], &[]);
    refused("", &[("LIANFANG_DATABASE_URL", &url), ("LIANFANG_FEED_DAYS", "many")], &[]);
    refused(&format!("feed_days = \"{url}\""), &[], &[]);
    refused("", &[("LIANFANG_FEED_DAYS", &url)], &[]);
    let (_, help, _place) = run("", &[("LIANFANG_DATABASE_URL", &url)], &["serve", "--help"]);
    assert!(help.contains("--database-url") && !help.contains(SECRET), "{help}");
}

#[test]
fn the_table_of_keys_is_that_of_the_program() {
    let (_, help, _place) = run("", &[], &["serve", "--help"]);
    let flags: Vec<&str> = help
        .split_whitespace()
        .map(|word| word.trim_matches('('))
        .filter(|word| word.starts_with("--"))
        .collect();
    let keys = explained();
    assert!(keys.len() > 20, "{} keys", keys.len());
    for key in &keys {
        assert!(flags.contains(&&*format!("--{}", key.replace('_', "-"))), "no flag for {key}");
        // A key of the file, and of one type: a list is none of them.
        let told = refused(&format!("{key} = []"), &[], &[]);
        assert!(told.contains(&format!("{key} 的值不对")), "{told}");
    }
    for flag in flags {
        let key = flag.trim_start_matches("--").replace('-', "_");
        assert!(
            ["config", "help"].contains(&&*key) || keys.contains(&key),
            "docs/operations.md does not explain {key}"
        );
    }
}

#[test]
fn the_hour_of_the_night_is_a_number_or_off_wherever_it_is_set() {
    for file in ["lead_search_hour = 2", "lead_search_hour = \"23\"", "lead_search_hour = \"off\""]
    {
        let (success, printed, _place) = run(file, &[], &["keys", "init"]);
        assert!(success, "{file}: {printed}");
    }
    let hour = |text| [("LIANFANG_LEAD_SEARCH_HOUR", text)];
    for text in ["0", "off", "2 "] {
        let (success, printed, _place) = run("", &hour(text), &["keys", "init"]);
        assert!(success, "{text}: {printed}");
    }
    for file in ["lead_search_hour = 24", "lead_search_hour = false", "lead_search_hour = -1"] {
        let told = refused(file, &[], &[]);
        assert!(told.contains("lead_search_hour") && told.contains("0–23"), "{file}: {told}");
    }
    assert!(refused("", &hour("noon"), &[]).contains("0–23"));
    assert!(refused("", &[], &["--lead-search-hour", "24"]).contains("0–23"));
}
