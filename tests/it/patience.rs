//! Waits of the tests, each with an end.

use std::time::Duration;

/// Longer than anything a test waits for takes on a busy machine, and shorter than a test may run
/// (`.config/nextest.toml`).
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Gives what comes; a test to which it does not come ends and says what it waited for.
pub async fn in_time<T>(what: &str, coming: impl Future<Output = T>) -> T {
    let Ok(came) = tokio::time::timeout(PATIENCE, coming).await else {
        unreachable!("waited {PATIENCE:?} in vain: {what}")
    };
    came
}

/// Looks again and again until it is so.
pub async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !so().await {
            tokio::time::sleep(PAUSE).await;
        }
    };
    in_time(what, looking).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "waited 300s in vain: snow in July")]
async fn a_wait_in_vain_ends_and_says_what_for() {
    until("snow in July", async || false).await;
}
