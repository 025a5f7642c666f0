//! One who is subscribed: validates what they ask, follows the feed for them, and audits each page
//! before it leaves.

use std::{sync::Arc, time::Duration};

use async_graphql::Request;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::{
    audit::entry::{Entry, EntryDisclosure},
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    feed::follower::{FeedFollower, Turn},
    graphql::records::{
        changes::WrittenPage,
        progress::RequestProgress,
        subscription::{Live, SubscriptionRequests},
    },
    http::{
        audited::REFUSED,
        documents::{ParsedDocument, summary},
        live::{
            errors,
            streams::{self, FeedStream},
        },
        run::settle_errors,
        state::AppState,
    },
    quota::SubscriptionSlot,
    store::feed::checkpoint::FeedCheckpoint,
};

/// While the store is away a page is tried again after this …
const PAUSE: Duration = Duration::from_secs(1);
/// … for so long.
const TROUBLED: Duration = Duration::from_secs(30);

/// Who is subscribing, and how.
pub(super) struct SubscriptionCaller {
    pub edge: Arc<AppState>,
    pub ctx: OpCtx,
    pub actor: Option<Arc<Actor>>,
    pub language: Language,
    /// The subscription as one of the organisation's, where it has been counted already.
    pub seat: Option<SubscriptionSlot>,
}

/// One who is subscribed.
pub(super) struct Subscriber {
    caller: SubscriptionCaller,
    actor: Arc<Actor>,
    stream: Arc<FeedStream>,
    follower: FeedFollower,
    counter: u64,
    /// When a page is due even without events.
    due: Instant,
    _seat: SubscriptionSlot,
}

/// What a subscriber gets.
pub(super) enum SubscriptionItem {
    /// A result as JSON, with the cursor of its page.
    Next(Vec<u8>, String),
    /// The subscription ends with these errors.
    Failed(Value),
}

impl Subscriber {
    /// Begins a subscription; `from` is the cursor of a broken one to go on with instead of
    /// `after`.
    ///
    /// # Errors
    ///
    /// The errors as GraphQL lists them.
    pub async fn begin(
        mut caller: SubscriptionCaller,
        request: Request,
        from: Option<&str>,
    ) -> Result<Self, Value> {
        let (language, number) = (caller.language, caller.ctx.request().to_owned());
        let told = |error: &HubError| errors(error, language, &number);
        let edge = Arc::clone(&caller.edge);
        let document =
            edge.documents.get(&edge.limits, &request.query).map_err(|error| told(&error))?;
        let operation = document.selected(&request).map_err(|error| told(&error))?;
        edge.judge(&document, operation, &request).map_err(|error| told(&error))?;
        let live = validated(&caller, request_of(&request, &document.parsed), &document).await?;
        if document.judged_whole(operation, &request.variables) {
            document.found_valid();
        }
        let actor = caller.actor.clone().ok_or_else(|| told(&HubError::unauthenticated()))?;
        let seat = match caller.seat.take() {
            Some(seat) => seat,
            None => edge.services.quotas.subscribe(&actor).map_err(|error| told(&error))?,
        };
        let seal = &edge.services.seal;
        let after = match from {
            Some(cursor) => Some(
                FeedCheckpoint::opened(seal, &live.asked.question, cursor)
                    .map_err(|error| told(&error))?,
            ),
            None => live.asked.after,
        };
        let follower = edge.services.feed.follow(&live.asked.question, &live.asked.scopes, after);
        let key = streams::key((&actor, language), &request, operation, &document.hash);
        let stream = edge.streams.join(key, live, summary(operation), document.hash.clone());
        Ok(Self { caller, actor, stream, follower, counter: 0, due: Instant::now(), _seat: seat })
    }

    /// The next page, as soon as there is one for them.
    pub async fn next(&mut self) -> SubscriptionItem {
        let mut since = None;
        loop {
            match self.step().await {
                Ok(Some((json, cursor))) => return SubscriptionItem::Next(json, cursor),
                Ok(None) => {}
                Err(error)
                    if matches!(*error, HubError::Unavailable(_))
                        && troubled(&mut since) < TROUBLED =>
                {
                    tracing::debug!(
                        request = self.caller.ctx.request(),
                        "a page could not be read or audited: tried again"
                    );
                    sleep(PAUSE).await;
                }
                Err(error) => {
                    return SubscriptionItem::Failed(errors(
                        &error,
                        self.caller.language,
                        self.caller.ctx.request(),
                    ));
                }
            }
        }
    }

    /// Goes on by one page. Nothing is returned for a page that tells of nothing, unless one is
    /// due.
    async fn step(&mut self) -> Result<Option<(Vec<u8>, String)>, Arc<HubError>> {
        let page = match self.follower.turn(self.due).await {
            Turn::Quiet(end) => {
                let session = self.caller.edge.session(
                    Some(Arc::clone(&self.actor)),
                    self.now(),
                    self.caller.language,
                );
                Arc::new(self.stream.live.quiet(&session, end)?)
            }
            Turn::Read(after) => {
                let whose = (&self.actor, &self.now(), self.caller.language);
                let read = self.stream.page(&self.caller.edge, whose, after).await;
                let page = match &read.page {
                    Ok(page) => Arc::clone(page),
                    Err(error) => {
                        self.audited(&read.shown, error.code()).await?;
                        return Err(Arc::clone(error));
                    }
                };
                if page.events > 0 {
                    self.audited(&read.shown, "OK").await?;
                }
                self.follower.read(page.end, page.more);
                if page.events == 0 && Instant::now() < self.due {
                    return Ok(None);
                }
                page
            }
        };
        self.counter += 1;
        self.due = Instant::now() + self.caller.edge.services.feed.settings().heartbeat;
        Ok(Some((self.result(&page), page.cursor.clone())))
    }

    fn now(&self) -> OpCtx {
        OpCtx::begin(self.caller.ctx.request())
    }

    fn result(&self, page: &WrittenPage) -> Vec<u8> {
        let page = page.numbered(Some(self.counter));
        let request = self.caller.ctx.request();
        let mut json = Vec::with_capacity(page.len() + 128);
        // A response name and the number of a request are plain letters.
        json.extend_from_slice(format!("{{\"data\":{{\"{}\":", self.stream.live.key()).as_bytes());
        json.extend_from_slice(&page);
        json.extend_from_slice(
            format!("}},\"extensions\":{{\"requestId\":\"{request}\"}}}}").as_bytes(),
        );
        json
    }

    /// The entry of a page that shows personal data, or was refused: durable before it leaves.
    async fn audited(&self, shown: &EntryDisclosure, outcome: &str) -> Result<(), HubError> {
        if shown.is_empty() && !REFUSED.contains(&outcome) {
            return Ok(());
        }
        let ctx = self.now();
        let mut entry = Entry::of(
            &self.actor,
            ctx.now(),
            ctx.request(),
            self.stream.operation.clone(),
            self.stream.hash.clone(),
        );
        entry.show(shown.clone());
        outcome.clone_into(&mut entry.outcome);
        self.caller.edge.services.audit.append(entry).await
    }
}

/// For how long it has not worked, from the first time it is asked.
fn troubled(since: &mut Option<Instant>) -> Duration {
    since.get_or_insert_with(Instant::now).elapsed()
}

/// The request with its parsed document.
fn request_of(
    request: &Request,
    parsed: &async_graphql::parser::types::ExecutableDocument,
) -> Request {
    let mut own = Request::new(request.query.clone()).variables(request.variables.clone());
    own.operation_name.clone_from(&request.operation_name);
    own.set_parsed_query(parsed.clone());
    own
}

/// What the document asks, validated as every document is.
async fn validated(
    caller: &SubscriptionCaller,
    request: Request,
    document: &ParsedDocument,
) -> Result<Live, Value> {
    let (language, number) = (caller.language, caller.ctx.request());
    let slot = SubscriptionRequests::default();
    let session = caller.edge.session(caller.actor.clone(), caller.ctx.clone(), language);
    let request =
        request.data(session).data(RequestProgress::new(document.known_valid())).data(slot.clone());
    let mut answers = caller.edge.schema.execute_stream(request);
    let mut refused = Vec::new();
    while let Some(mut answer) = answers.next().await {
        settle_errors(&mut answer, language, number);
        refused.append(&mut answer.errors);
    }
    drop(answers);
    let mut found = slot.take();
    let (Some(live), true, true) = (found.pop(), refused.is_empty(), found.is_empty()) else {
        let listed =
            if refused.is_empty() { errors(&single(), language, number) } else { json!(refused) };
        return Err(refusal_audited(caller, listed, document.hash.clone()).await);
    };
    Ok(live)
}

fn single() -> HubError {
    HubError::invalid(
        "一个订阅只能有一个根字段 changes，直接写在操作中。",
        "A subscription has one root field, `changes`, directly in the operation.",
    )
}

/// A refusal is audited before it leaves.
async fn refusal_audited(caller: &SubscriptionCaller, listed: Value, hash: String) -> Value {
    let codes = listed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|error| error["extensions"]["code"].as_str());
    let (Some(code), Some(actor)) =
        (codes.into_iter().find(|code| REFUSED.contains(code)), &caller.actor)
    else {
        return listed;
    };
    let mut entry = Entry::of(
        actor,
        caller.ctx.now(),
        caller.ctx.request(),
        "subscription changes".to_owned(),
        hash,
    );
    code.clone_into(&mut entry.outcome);
    match caller.edge.services.audit.append(entry).await {
        Ok(()) => listed,
        Err(error) => errors(&error, caller.language, caller.ctx.request()),
    }
}
