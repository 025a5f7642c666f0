//! Limits how long a client may stall. Time in which only the client could continue is deducted
//! from a budget, and the bytes it moves restore some. A slow line is tolerated; one byte per
//! second is not.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep};

/// Bytes per second at which the budget does not shrink.
const PACE: u32 = 4 * 1024;

/// The budget of one client.
pub(super) struct StallTimeout {
    most: Duration,
    spent: Duration,
    since: Option<Instant>,
    alarm: Pin<Box<Sleep>>,
}

impl StallTimeout {
    /// A full budget of `most`.
    pub(super) fn new(most: Duration) -> Self {
        Self { most, spent: Duration::ZERO, since: None, alarm: Box::pin(tokio::time::sleep(most)) }
    }

    /// Waits for the client. Ready when the budget is used up.
    pub(super) fn wait(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            self.alarm.as_mut().reset(now + self.most.saturating_sub(self.spent));
        }
        self.alarm.as_mut().poll(context)
    }

    /// The client has moved this many bytes.
    pub(super) fn moved(&mut self, bytes: usize) {
        if let Some(since) = self.since.take() {
            self.spent += since.elapsed();
        }
        self.spent = self.spent.saturating_sub(Duration::from_secs(bytes as u64) / PACE);
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, time::Duration};

    use tokio::time::{Instant, timeout};

    use super::StallTimeout;

    /// Seconds after which a client that moves this many bytes per second is disconnected, if
    /// within an hour.
    async fn given_up(bytes: usize) -> Option<u64> {
        let (mut patience, start) = (StallTimeout::new(Duration::from_secs(30)), Instant::now());
        for _ in 0..3_600 {
            let wait = poll_fn(|context| patience.wait(context));
            if timeout(Duration::from_secs(1), wait).await.is_ok() {
                return Some(start.elapsed().as_secs());
            }
            patience.moved(bytes);
        }
        None
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_a_second_is_given_up_and_a_slow_line_is_waited_for() {
        assert_eq!(given_up(0).await, Some(30));
        assert_eq!(given_up(1).await, Some(30));
        assert_eq!(given_up(2_048).await, Some(59));
        assert_eq!(given_up(4_096).await, None);
    }
}
