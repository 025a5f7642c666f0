//! What one organisation may use of a hub, so that enough is left for the others: rows per day,
//! bytes of stored files, files waiting, subscriptions. Single requests have limits of their own;
//! these apply to all requests of an organisation together.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    domain::clock::shanghai_date,
    error::{HubError, Text},
    store::sql::database::Database,
};

/// The allowances of an organisation.
#[derive(Clone, Copy, Debug)]
pub struct QuotaSettings {
    /// Rows submitted on one day, by whatever route.
    pub rows_a_day: u64,
    /// Size of its stored files, in bytes as stored.
    pub kept_bytes: u64,
    /// Files being uploaded, waiting or being taken in.
    pub jobs: u64,
    /// Simultaneous subscriptions on one hub.
    pub subscriptions: usize,
}

impl Default for QuotaSettings {
    fn default() -> Self {
        Self { rows_a_day: 5_000_000, kept_bytes: 4 << 30, jobs: 200, subscriptions: 1_000 }
    }
}

/// A count in memory is valid for this long before the store is updated and asked what other hubs
/// counted …
const FRESH: Duration = Duration::from_secs(5);
/// … behind an answer, and before it when it is older than this …
const STALE: Duration = Duration::from_secs(60);
/// … or when the rows not yet reported to it exceed the allowance divided by this.
const PART: u64 = 50;
/// Seconds after which a file that was refused because others wait may be sent again.
const JOBS_AGAIN: u32 = 30;
/// The same for one that was refused because too much is stored: content is deleted every hour.
const BYTES_AGAIN: u32 = 3_600;
/// Counts of days older than this are deleted.
const DAYS: TimeDelta = TimeDelta::days(8);

/// Codes of department and region.
type Organisation = (String, String);

/// The rows of an organisation on a day.
#[derive(Clone, Copy, Debug)]
struct DailyRows {
    day: NaiveDate,
    /// Rows counted by this hub.
    own: u64,
    /// Rows counted by other hubs, and by this one before it was restarted.
    others: u64,
    /// The part of `own` that the store already has.
    told: u64,
    asked: Option<Instant>,
}

/// When the store is asked for the rows of an organisation.
#[derive(Clone, Copy, Debug)]
enum Asks {
    /// Before the answer.
    First,
    /// Behind the answer, for the next one.
    Behind,
}

/// The counts of one hub.
#[derive(Debug)]
pub struct Quotas {
    settings: QuotaSettings,
    database: Database,
    hub: Uuid,
    rows: Mutex<HashMap<Organisation, DailyRows>>,
    seats: Arc<Mutex<HashMap<Organisation, usize>>>,
}

/// A subscription of an organisation; dropping it frees the slot.
#[derive(Debug)]
pub struct SubscriptionSlot {
    seats: Arc<Mutex<HashMap<Organisation, usize>>>,
    organisation: Organisation,
}

impl Drop for SubscriptionSlot {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let left = seats.get(&self.organisation).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            seats.remove(&self.organisation);
        } else {
            seats.insert(self.organisation.clone(), left);
        }
    }
}

fn organisation(actor: &Actor) -> Organisation {
    (actor.department().as_str().to_owned(), actor.region().as_str().to_owned())
}

impl Quotas {
    /// The counts of a hub on this store, all zero.
    #[must_use]
    pub fn new(database: Database, settings: QuotaSettings) -> Self {
        let hub = OpCtx::begin("quotas").new_id();
        Self { settings, database, hub, rows: Mutex::default(), seats: Arc::default() }
    }

    /// The allowances with which the hub was started.
    #[must_use]
    pub const fn settings(&self) -> QuotaSettings {
        self.settings
    }

    /// Counts rows that an organisation submits now, if its allowance for today permits.
    ///
    /// # Errors
    ///
    /// [`HubError::Exhausted`] until midnight.
    pub async fn take_rows(
        self: &Arc<Self>,
        actor: &Actor,
        now: DateTime<Utc>,
        rows: usize,
    ) -> Result<(), HubError> {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let counted = self.counted(actor, now).await;
        if counted.saturating_add(rows) > self.settings.rows_a_day {
            return Err(self.no_more_rows(now));
        }
        self.count_rows(actor, now, rows);
        Ok(())
    }

    /// Whether an organisation may hand in more rows today. A file is many rows: the store is asked.
    ///
    /// # Errors
    ///
    /// [`HubError::Exhausted`] until midnight.
    pub async fn rows_left(
        self: &Arc<Self>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        self.with_rows(actor, now, |rows| rows.asked = None);
        if self.counted(actor, now).await < self.settings.rows_a_day {
            Ok(())
        } else {
            Err(self.no_more_rows(now))
        }
    }

    /// Counts rows of a file whose upload was allowed by [`Self::rows_left`].
    pub fn count_rows(&self, actor: &Actor, now: DateTime<Utc>, rows: u64) {
        self.with_rows(actor, now, |own| own.own = own.own.saturating_add(rows));
    }

    fn with_rows<T>(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        look: impl FnOnce(&mut DailyRows) -> T,
    ) -> T {
        let day = shanghai_date(now);
        let mut all = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(organisation(actor)).or_insert(DailyRows {
            day,
            own: 0,
            others: 0,
            told: 0,
            asked: None,
        });
        // What was asked about a day that has ended meanwhile does not bring it back.
        if own.day < day {
            *own = DailyRows { day, own: 0, others: 0, told: 0, asked: None };
        }
        look(own)
    }

    /// The rows of an organisation today. At intervals the store is updated with what this hub
    /// counted and asked for the rest; while it is unavailable, the last known counts are used.
    /// Nobody waits for it but the first after a while, and whoever follows many rows not yet reported.
    async fn counted(self: &Arc<Self>, actor: &Actor, now: DateTime<Utc>) -> u64 {
        let (rows, asks) = self.with_rows(actor, now, |rows| {
            let many = rows.own.saturating_sub(rows.told) > self.settings.rows_a_day / PART;
            let asks = match rows.asked {
                Some(asked) if !many && asked.elapsed() < STALE => {
                    (asked.elapsed() > FRESH).then_some(Asks::Behind)
                }
                _ => Some(Asks::First),
            };
            if asks.is_some() {
                // Whoever asks in the meantime uses the counts in memory.
                (rows.asked, rows.told) = (Some(Instant::now()), rows.own);
            }
            (*rows, asks)
        });
        match asks {
            Some(Asks::First) => self.asked(actor, now, rows).await,
            Some(Asks::Behind) => {
                let (quotas, actor) = (Arc::clone(self), actor.clone());
                tokio::spawn(async move { quotas.asked(&actor, now, rows).await });
                rows.own.saturating_add(rows.others)
            }
            None => rows.own.saturating_add(rows.others),
        }
    }

    async fn asked(&self, actor: &Actor, now: DateTime<Utc>, own: DailyRows) -> u64 {
        match self.database.organisation_rows(actor, self.hub, own.day, own.own).await {
            Ok(others) => self.with_rows(actor, now, |rows| {
                if rows.day == own.day {
                    rows.others = others;
                }
                rows.own.saturating_add(rows.others)
            }),
            Err(error) => {
                error.debug("the rows of a day could not be counted");
                own.own.saturating_add(own.others)
            }
        }
    }

    fn no_more_rows(&self, now: DateTime<Utc>) -> HubError {
        let most = self.settings.rows_a_day;
        let text = Text::new(
            format!(
                "本机构今日报送已达上限（{most} 行）。请于明日零时后继续，或请运行维护人员调高 organisation_rows_a_day。"
            ),
            format!(
                "Your organisation has handed in what it may today ({most} rows). Go on after midnight, or have organisation_rows_a_day raised."
            ),
        );
        HubError::Exhausted { text, after: Some(until_midnight(now)) }
    }

    /// Whether another file may be uploaded while this many are not finished.
    ///
    /// # Errors
    ///
    /// [`HubError::Exhausted`], with a time to wait, if not.
    pub fn job_fits(&self, waiting: u64) -> Result<(), HubError> {
        let most = self.settings.jobs;
        if waiting < most {
            return Ok(());
        }
        let text = Text::new(
            format!(
                "本机构已有 {waiting} 个文件任务尚未结束，上限为 {most} 个。请等其中一些结束，或取消不需要的任务，再发送同一文件。"
            ),
            format!(
                "{waiting} files of your organisation are not done yet; it may have {most}. Wait for some, or cancel what is not needed, and send the same again."
            ),
        );
        Err(HubError::Exhausted { text, after: Some(JOBS_AGAIN) })
    }

    /// Whether this many bytes may be stored for an organisation.
    ///
    /// # Errors
    ///
    /// [`HubError::Exhausted`] until older files are deleted.
    pub fn bytes_fit(&self, kept: u64) -> Result<(), HubError> {
        let most = self.settings.kept_bytes;
        if kept <= most {
            return Ok(());
        }
        let text = Text::new(
            format!(
                "本机构保存的文件内容已达上限（{} MiB）。旧文件到期（file_days）删除后可继续，或请运行维护人员调高 organisation_kept_bytes。",
                most >> 20
            ),
            format!(
                "Your organisation keeps as much content of files as it may ({} MiB). Go on when older files are deleted (file_days), or have organisation_kept_bytes raised.",
                most >> 20
            ),
        );
        Err(HubError::Exhausted { text, after: Some(BYTES_AGAIN) })
    }

    /// Starts another subscription of an organisation on this hub.
    ///
    /// # Errors
    ///
    /// [`HubError::Exhausted`] while its allowance is used up.
    pub fn subscribe(&self, actor: &Actor) -> Result<SubscriptionSlot, HubError> {
        let (organisation, most) = (organisation(actor), self.settings.subscriptions);
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.get(&organisation).copied().unwrap_or_default();
        if taken >= most {
            let text = Text::new(
                format!(
                    "本机构的订阅已达上限（{most} 个）。请关闭不用的订阅；同一系统用一个订阅即可取得全部类别。"
                ),
                format!(
                    "Your organisation has as many subscriptions as it may ({most}). End those not needed; one gives a system all families."
                ),
            );
            return Err(HubError::Exhausted { text, after: None });
        }
        seats.insert(organisation.clone(), taken + 1);
        drop(seats);
        Ok(SubscriptionSlot { seats: Arc::clone(&self.seats), organisation })
    }

    /// Deletes the counts of past days.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn tidy(&self, now: DateTime<Utc>) -> Result<(), HubError> {
        self.database.organisation_days_prune(shanghai_date(now - DAYS)).await
    }
}

/// Seconds until the day ends in China.
fn until_midnight(now: DateTime<Utc>) -> u32 {
    let tomorrow = shanghai_date(now).succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0));
    let left = tomorrow
        .map_or(0, |midnight| (midnight - TimeDelta::hours(8) - now.naive_utc()).num_seconds());
    u32::try_from(left.max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::until_midnight;

    #[test]
    fn a_day_ends_at_midnight_in_china() {
        for (now, seconds) in [
            ("2026-03-01T15:59:00Z", 60),
            ("2026-03-01T16:00:00Z", 86_400),
            ("2026-03-02T00:00:00Z", 57_600),
        ] {
            assert_eq!(
                until_midnight(DateTime::parse_from_rfc3339(now).expect("an instant").to_utc()),
                seconds,
                "{now}"
            );
        }
    }
}
