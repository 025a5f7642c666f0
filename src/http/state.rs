//! What every handler uses: the hub, its schema and its limits.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request,
    parser::types::{OperationDefinition, OperationType},
};
use axum::http::{StatusCode, header};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    exchange::{export::order, intake::uploads::UploadService},
    graphql::records::{changes, literals, names::FieldNames, session::Session, variables},
    http::{
        documents::{Documents, ParsedDocument},
        limits::{DocumentCost, DocumentLimits, ListSize, measure},
        live::{self, Streams},
        rate::SubjectRates,
        refusal::Refusal,
    },
    meeting::rulebook::Rulebook,
    services::Services,
};

/// Time after which a request stops waiting for a place.
const PATIENCE: Duration = Duration::from_millis(500);

/// State shared by all handlers.
pub struct AppState {
    /// Database, keys, policy and catalogue of the hub.
    pub services: Arc<Services>,
    /// The service that takes files in.
    pub uploads: Arc<UploadService>,
    /// Plans, deadlines and other rules of the joint meeting.
    pub rules: Arc<Rulebook>,
    /// The GraphQL schema, built at start from the catalogue and the subjects.
    pub schema: async_graphql::dynamic::Schema,
    /// Names of all families' fields.
    pub names: Arc<FieldNames>,
    /// Cache of parsed documents.
    pub documents: Documents,
    /// Requests of each account.
    pub rates: SubjectRates,
    /// Limits of a document.
    pub limits: DocumentLimits,
    /// Requests executed at the same time.
    pub places: Semaphore,
    /// Time limit of a request.
    pub timeout: Duration,
    /// Subscriptions with at least one subscriber.
    pub streams: Streams,
    /// Limits of a live connection.
    pub live: live::LiveSettings,
    /// Limits of an export.
    pub exports: order::ExportLimits,
    /// Whether the session cookie is sent over encrypted connections only.
    pub secure_cookies: bool,
}

impl AppState {
    /// A session for a request.
    pub(super) fn session(
        &self,
        actor: Option<Arc<Actor>>,
        ctx: OpCtx,
        language: Language,
    ) -> Session {
        Session::new(Arc::clone(&self.services), Arc::clone(&self.names), actor, ctx, language)
    }

    /// Waits for one of the places for requests that are executed at the same time.
    ///
    /// # Errors
    ///
    /// 503 when none becomes free in time.
    pub(super) async fn place(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let place = tokio::time::timeout(PATIENCE, self.places.acquire()).await;
        place.ok().and_then(Result::ok).ok_or_else(|| {
            let error = HubError::Unavailable("too many requests at the same time".into());
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "1")
        })
    }

    /// Whether an operation is within limits and its values fit their types.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] or [`HubError::Invalid`].
    pub(super) fn judge(
        &self,
        document: &ParsedDocument,
        operation: &OperationDefinition,
        request: &Request,
    ) -> Result<DocumentCost, HubError> {
        let measured =
            measure(&self.limits, &document.parsed, operation, &request.variables, &|name| {
                self.rows(name)
            })?;
        let registry = self.schema.registry();
        variables::check(registry, operation, &request.variables)?;
        if !document.known_valid() {
            literals::check(registry, &document.parsed, operation)?;
        }
        Ok(measured)
    }

    /// The document of a request and the kind of operation that it selects.
    ///
    /// # Errors
    ///
    /// As [`Documents::get`] and [`ParsedDocument::selected`].
    pub(super) fn asked(
        &self,
        request: &Request,
    ) -> Result<(Arc<ParsedDocument>, OperationType), HubError> {
        let document = self.documents.get(&self.limits, &request.query)?;
        let kind = document.selected(request)?.ty;
        Ok((document, kind))
    }

    /// Number of rows a field of that name returns; `None` when it is not a list.
    fn rows(&self, name: &str) -> Option<ListSize> {
        if name == changes::NAME {
            return Some(ListSize { default: changes::DEFAULT_FIRST, most: changes::MOST_FIRST });
        }
        self.names.is_list(name).then_some(ListSize::OF_LIST)
    }
}
