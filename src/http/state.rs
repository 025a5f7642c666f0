//! What every handler has: the hub, its schema and its bounds.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request,
    parser::types::{OperationDefinition, OperationType},
};
use axum::http::{StatusCode, header};
use entity::catalogue::Family;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language},
    exchange::{export::order, intake::uploads::UploadService},
    graphql::records::{changes, names::FieldNames, session::Session, variables},
    http::{
        documents::{Documents, ParsedDocument},
        limits::{DocumentCost, DocumentLimits, ListSize, measure},
        live::{self, Streams},
        refusal::Refusal,
    },
    meeting::rulebook::Rulebook,
    services::Services,
};

/// Waiting for a place ends after this.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the handler needs.
pub struct AppState {
    /// The hub.
    pub services: Arc<Services>,
    /// Where files are handed in.
    pub uploads: Arc<UploadService>,
    /// What the meeting goes by.
    pub rules: Arc<Rulebook>,
    /// The schema.
    pub schema: async_graphql::dynamic::Schema,
    /// Names of all families' fields.
    pub names: Arc<FieldNames>,
    /// Kept documents.
    pub documents: Documents,
    /// Bounds of a document.
    pub limits: DocumentLimits,
    /// Requests executed at the same time.
    pub places: Semaphore,
    /// A request ends after this.
    pub timeout: Duration,
    /// Subscriptions that are followed.
    pub streams: Streams,
    /// Bounds of a live connection.
    pub live: live::LiveSettings,
    /// Bounds of an export.
    pub exports: order::ExportLimits,
    /// Whether the cookie of a session is for encrypted connections only.
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

    /// A place among the requests that are executed at the same time.
    ///
    /// # Errors
    ///
    /// 503 when none comes free in time.
    pub(super) async fn place(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let place = tokio::time::timeout(PATIENCE, self.places.acquire()).await;
        place.ok().and_then(Result::ok).ok_or_else(|| {
            let error = HubError::Unavailable("too many requests at the same time".into());
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).with(header::RETRY_AFTER, "1")
        })
    }

    /// Whether an operation is within limits and its variables fit.
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
        variables::check(self.schema.registry(), operation, &request.variables)?;
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

    /// How many rows a field of that name gives, if it gives a list.
    fn rows(&self, name: &str) -> Option<ListSize> {
        if name == changes::NAME {
            return Some(ListSize { default: changes::DEFAULT_FIRST, most: changes::MOST_FIRST });
        }
        let is_list = |family: &Family| {
            family.list_name() == name
                || family.links.iter().any(|link| link.many && link.name == name)
        };
        self.services.catalogue.families().any(is_list).then_some(ListSize::OF_LIST)
    }
}
