//! The binary itself: a store from nothing, tokens, a real file imported, demonstration data.

use std::{path::PathBuf, process::Command};

use lianfang::{
    app::{self, Settings},
    keys::Keys,
    store::sql::database::Database,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A place for one store, and the binary run in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.path("hub.db").display())
    }

    /// Runs the binary; gives success, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_lianfang"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("LIANFANG_DATABASE_URL", self.url())
            .env("LIANFANG_SECRET_KEY_FILE", self.path("keys.json"))
            .env("LIANFANG_LOG", "error")
            .output()
            .expect("the binary runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// Standard output of a run that succeeds.
    fn done(&self, arguments: &[&str]) -> String {
        let (success, output, error) = self.run(arguments);
        assert!(success, "{arguments:?}: {error}");
        output
    }

    fn token(&self, department: &str, region: &str, role: &str) -> String {
        let output =
            self.done(&["token", "--department", department, "--region", region, "--role", role]);
        output.lines().next_back().expect("a token").to_owned()
    }

    /// Asks a hub on the store.
    async fn ask(&self, token: &str, query: &str) -> Value {
        let database = Database::connect(&self.url(), Settings::default().database)
            .await
            .expect("the store opens");
        let catalogue = app::catalogue().expect("the catalogue");
        let policy = app::policy(None, &catalogue).expect("the policy");
        let keys = std::sync::Arc::new(Keys::read(&self.path("keys.json")).expect("the keys"));
        let (router, _services) =
            app::start(database, catalogue, policy, keys, Settings::default())
                .await
                .expect("a hub");
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .body(axum::body::Body::from(json!({"query": query}).to_string()));
        let answer = router.oneshot(request.expect("a request")).await.expect("an answer");
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("whole");
        let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].clone()
    }
}

/// The first number after a word in a line of output that has all the words.
pub fn number(output: &str, words: &[&str], after: &str) -> u64 {
    let line = output
        .lines()
        .find(|line| words.iter().all(|word| line.contains(word)))
        .unwrap_or_else(|| unreachable!("{words:?} in {output}"));
    let (_, rest) = line.split_once(after).unwrap_or_else(|| unreachable!("{after} in {line}"));
    rest.split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or_else(|| unreachable!("a number after {after} in {line}"))
}

#[test]
fn a_checkpoint_that_cannot_be_read_is_said_to_be_unreadable_and_left_as_it_is() {
    let place = Place::new();
    place.done(&["keys", "init"]);
    place.done(&["migrate"]);
    let file = place.path("checkpoint.json");
    let path = file.display().to_string();
    assert!(place.done(&["verify", "--checkpoint", &path]).contains("checkpoint written"));
    let written = std::fs::read(&file).expect("the checkpoint");
    for spoilt in [&written[..written.len() / 2], b"".as_slice(), b"\xff\xfe\x00", b"{}"] {
        std::fs::write(&file, spoilt).expect("it is written");
        let (success, _, error) = place.run(&["verify", "--checkpoint", &path]);
        assert!(
            !success
                && error.contains("校验点文件无法读取")
                && error.contains("cannot be read")
                && error.contains(&path),
            "{error}"
        );
        assert_eq!(std::fs::read(&file).expect("the file"), spoilt, "it is not written over");
    }
    let directory = place.path("").display().to_string();
    let (success, _, error) = place.run(&["verify", "--checkpoint", &directory]);
    assert!(!success && error.contains("校验点文件无法读取"), "{error}");
    std::fs::write(&file, &written).expect("it is written");
    place.done(&["verify", "--checkpoint", &path]);
}

// The hub of `ask` goes on with its own work while the test waits for a command.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_file_is_imported_dry_then_for_good_then_without_change() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let place = Place::new();
    let (file, profile) = (
        place.path("accidents.csv"),
        root.join("examples/profiles/msha.toml").display().to_string(),
    );
    std::fs::copy(root.join("tests/data/us_msha_part50_accidents.csv"), &file).expect("copied");
    place.done(&["migrate"]);
    place.done(&["keys", "init"]);
    let token = place.token("EMERGENCY", "140600", "SUBMITTER");
    let file = file.display().to_string();
    let import = |more: &[&str]| {
        let mut arguments =
            vec!["import", "Accident", &file, "--profile", &profile, "--as", &token];
        arguments.extend(more);
        place.done(&arguments)
    };
    let reader = place.token("EMERGENCY", "140600", "READER");
    let counts = "{ employers { totalCount } accidents { totalCount } accidentVictims { totalCount } \
                  accidentStats { sums { deaths seriousInjuries minorInjuries } } }";

    let dry = import(&["--dry-run"]);
    assert!(dry.contains("dry run"), "{dry}");
    assert_eq!(
        place.ask(&reader, counts).await["accidents"]["totalCount"],
        0,
        "a dry run keeps nothing"
    );

    let first = import(&[]);
    for (family, created) in [("Employer", 1029), ("Accident ", 1908), ("AccidentVictim", 1690)] {
        assert_eq!(number(&first, &[family, "created"], "created"), created, "{first}");
        assert_eq!(
            number(&dry, &[family, "created"], "created"),
            created,
            "the dry run said so before: {dry}"
        );
        assert_eq!(number(&first, &[family, "rejected"], "rejected"), 0, "{first}");
    }
    let (stored, skipped, returned) = (
        number(&first, &["合计"], "stored"),
        number(&first, &["合计"], "skipped"),
        number(&first, &["合计"], "returned"),
    );
    assert_eq!((stored, skipped, returned), (1909, 67, 24), "{first}");
    let rejects = std::fs::read(place.path("accidents.rejects.csv")).expect("the rejects file");
    let mut lines = csv::Reader::from_reader(rejects.as_slice());
    assert_eq!(
        lines.records().count(),
        24,
        "2000 = stored + skipped by rule + in the rejects file"
    );

    let kept = place.ask(&reader, counts).await;
    for (list, count) in [("employers", 1029), ("accidents", 1908), ("accidentVictims", 1690)] {
        assert_eq!(kept[list]["totalCount"], count, "{kept}");
    }
    let hurt = place
        .ask(&reader, "{ accidentVictimStats(groupBy: [INJURY_DEGREE]) { count keys { value } } }")
        .await;
    for (degree, sum) in
        [("DEATH", "deaths"), ("SERIOUS", "seriousInjuries"), ("MINOR", "minorInjuries")]
    {
        let groups = hurt["accidentVictimStats"].as_array().expect("groups");
        let victims = groups
            .iter()
            .find(|group| group["keys"][0]["value"] == degree)
            .map(|group| &group["count"]);
        assert_eq!(
            victims,
            Some(&kept["accidentStats"][0]["sums"][sum]),
            "casualties are those of the victims: {degree}"
        );
    }

    let again = import(&[]);
    for (family, count) in [("Employer", 1029), ("Accident ", 1908), ("AccidentVictim", 1690)] {
        assert_eq!(number(&again, &[family, "unchanged"], "unchanged"), count, "{again}");
    }
    assert_eq!(place.ask(&reader, counts).await, kept);
    assert!(place.done(&["verify"]).contains("everything holds"));
}

// The hub of `ask` goes on with its own work while the test waits for a command.
#[tokio::test(flavor = "multi_thread")]
async fn demonstration_data_of_a_county_is_whole_and_written_once() {
    let place = Place::new();
    place.done(&["keys", "init"]);
    let said = place.done(&["seed", "--scale", "county"]);
    let rows = lianfang::seed::total_rows(lianfang::seed::Scale::County);
    assert!(said.contains(&format!("写入 {rows} 条")), "{said}");
    assert!(place.done(&["verify"]).contains("everything holds"));
    let mut all = 0;
    for province in ["140000", "370000"] {
        // Facts of other provinces are seen as well, so each is asked for its own.
        let list = |family: &&entity::catalogue::Family| {
            format!(
                "{}(where: {{regionCode: {{prefix: \"{}\"}}}}) {{ totalCount }} ",
                family.list_name(),
                &province[..2]
            )
        };
        let lists: String = entity::families().iter().map(list).collect();
        let data =
            place.ask(&place.token("HRSS", province, "READER"), &format!("{{ {lists} }}")).await;
        all += data
            .as_object()
            .expect("lists")
            .values()
            .map(|list| list["totalCount"].as_u64().expect("a count"))
            .sum::<u64>();
    }
    assert_eq!(all, rows, "what was written can be read");
    place.done(&["seed", "--scale", "county"]);
    assert!(place.done(&["verify"]).contains("everything holds"));
    let (success, _, error) = place.run(&["seed", "--scale", "galaxy"]);
    assert!(!success && error.contains("galaxy"), "{error}");
    let rotated = place.done(&["keys", "rotate"]);
    assert!(rotated.contains("key 2 is active"), "{rotated}");
    assert!(place.done(&["verify"]).contains("everything holds"));
}

#[test]
fn the_schema_is_the_one_in_the_repository_and_a_token_has_its_line() {
    let place = Place::new();
    let committed =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema.graphql"))
            .expect("schema.graphql");
    assert_eq!(
        place.done(&["schema"]).trim_end(),
        committed.trim_end(),
        "run: cargo run -- schema > schema.graphql"
    );
    let (success, _, error) =
        place.run(&["token", "--department", "HRSS", "--region", "140600", "--role", "READER"]);
    assert!(!success && error.contains("keys init"), "{error}");
    place.done(&["keys", "init"]);
    assert!(place.done(&["keys", "init"]).contains("kept"), "keys are not made twice");
    assert_eq!(place.token("HRSS", "140600", "READER").split('.').count(), 3);
    for wrong in [
        ["token", "--department", "NASA", "--region", "140600", "--role", "READER"],
        ["token", "--department", "HRSS", "--region", "14", "--role", "READER"],
        ["token", "--department", "HRSS", "--region", "140600", "--role", "KING"],
    ] {
        let (success, output, error) = place.run(&wrong);
        assert!(!success && output.is_empty() && !error.is_empty(), "{wrong:?}");
    }
    let (success, _, error) = place.run(&[
        "token",
        "--department",
        "HRSS",
        "--region",
        "140600",
        "--role",
        "AUDITOR",
        "--role",
        "OPERATOR",
    ]);
    assert!(!success && error.contains("三员分立"), "{error}");
    let (success, _, error) = place.run(&[
        "token",
        "--department",
        "HRSS",
        "--region",
        "140600",
        "--role",
        "READER",
        "--purpose",
        "RECOGNITION",
    ]);
    assert!(!success && error.contains("ticket"), "{error}");
}

// The hub of `ask` goes on with its own work while the test waits for a command.
#[tokio::test(flavor = "multi_thread")]
async fn materials_are_written_as_files_under_the_rights_of_a_token() {
    let place = Place::new();
    place.done(&["migrate"]);
    place.done(&["keys", "init"]);
    let token = place.token("HRSS", "140600", "SECRETARY");
    let brief = |token: &str, more: &[&str]| {
        let mut arguments = vec![
            "brief", "--region", "140600", "--year", "2024", "--out", "out/2024", "--as", token,
        ];
        arguments.extend(more);
        place.run(&arguments)
    };
    let (success, said, error) = brief(&token, &[]);
    assert!(success, "{error}");
    let written = |ending: &str| {
        let name = format!("朔州市2024年度工伤预防联席会议材料.{ending}");
        let bytes = std::fs::read(place.path("out/2024").join(&name)).expect(ending);
        let line = said
            .lines()
            .find(|line| line.ends_with(&name))
            .unwrap_or_else(|| unreachable!("{name} in {said}"));
        assert_eq!(number(line, &[], "written"), bytes.len() as u64, "{line}");
        bytes
    };
    assert!(written("docx").starts_with(b"PK") && written("xlsx").starts_with(b"PK"));
    let page = String::from_utf8(written("html")).expect("UTF-8");
    assert!(
        page.starts_with("<!DOCTYPE html>")
            && !page.contains("/meeting/sign-out")
            && !page.contains(&token),
        "{page}"
    );
    let content: Value = serde_json::from_slice(&written("json")).expect("JSON");
    let asked =
        place.ask(&token, "{ jointMeeting(region: \"140600\", year: 2024) { brief { head { year region { label } } } } }").await;
    assert_eq!(
        content["head"]["region"]["label"],
        asked["jointMeeting"]["brief"]["head"]["region"]["label"]
    );
    assert_eq!(
        std::fs::read_dir(place.path("out/2024")).expect("a directory").count(),
        4,
        "nothing else is left"
    );
    let (success, _, error) = brief(&place.token("HRSS", "140602", "SECRETARY"), &[]);
    assert!(!success && error.contains("不参加"), "{error}");
    let (success, _, error) = brief("nonsense", &["--today"]);
    assert!(!success && error.contains("令牌无效"), "{error}");
    assert!(brief(&token, &["--today"]).0);
    assert!(
        place.done(&["verify"]).contains("everything holds"),
        "the refusal is in the log, and the log holds"
    );
}
