//! The commands of `docs/exchange.md` are run as they stand there, one after the other, against a
//! hub.

use std::process::{Command, Stdio};

use crate::{
    clients::program::needed,
    consumer::settled,
    docs::{blocks, text},
    live_client::listening,
    samples::accident,
    support::{TestHub, backends},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_of_the_page_on_exchange_does_what_the_page_says() {
    for program in ["bash", "curl", "openssl", "python3"] {
        needed(program);
    }
    let mut script = "set -euo pipefail\n".to_owned();
    for block in
        blocks(&text("docs/exchange.md")).into_iter().filter(|block| block.language == "sh")
    {
        script.push_str(&format!("echo '--- line {}'\n{}echo\n", block.line, block.body));
    }
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        hub.submit(&token, "Accidents", "ATOMIC", "before", &[accident("A-1")]).await;
        settled(&hub).await;
        let directory = tempfile::TempDir::new().expect("a directory");
        let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        std::os::unix::fs::symlink(examples, directory.path().join("examples")).expect("a link");
        let mut command = Command::new("bash");
        command.args(["-c", &script]).current_dir(directory.path()).stdin(Stdio::null());
        command
            .env("LIANFANG_URL", format!("http://{}", listening(&hub).await))
            .env("LIANFANG_TOKEN", &token)
            .env("LC_ALL", "C.UTF-8");
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .expect("it ends")
            .expect("it runs");
        let (said, wrong) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{backend:?}\n{said}\n{wrong}");
        assert!(!said.contains("\"errors\""), "{backend:?}\n{said}");
        for expected in [
            r#""department":"EMERGENCY""#,
            r#""events":[]"#,
            r#""mode":"DRY_RUN""#,
            r#""code":"REGION_NOT_YOURS""#,
            r#""state":"DONE","unchanged":1"#,
            r#""name":"bureau""#,
        ] {
            assert!(said.replace(": ", ":").contains(expected), "{backend:?} {expected}\n{said}");
        }
        // One from before, one of the night, one that was mended.
        assert_eq!(hub.accidents(&token).await, 3, "{backend:?}\n{said}");
        for workbook in ["mend.xlsx", "template.xlsx"] {
            let bytes = std::fs::read(directory.path().join(workbook)).expect(workbook);
            assert!(bytes.starts_with(b"PK"), "{workbook}");
        }
    }
}
