//! A request for an export, and the result: a manifest already stored, and the content in pieces.

use std::{sync::Arc, time::Duration};

use entity::catalogue::Family;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    audit::{asked::QuestionAudit, collector::Collector, entry::Entry},
    authz::{
        actor::Actor,
        policy::Policy,
        scope::{Scope, Use},
    },
    context::OpCtx,
    domain::code::Coded as _,
    error::HubError,
    exchange::{
        export::{
            columns::ExportColumns,
            csv::Csv,
            format::Style,
            ndjson::Ndjson,
            pack::Packer,
            page::Pager,
            run::{ExportRun, Piece},
            writer::{ExportSheet, ExportWriter},
            xlsx::Xlsx,
        },
        format::media::Format,
    },
    services::Services,
    store::{
        exchange::exports::{self, Manifest},
        feed::checkpoint::FeedOffset,
        records::filter::{self, Filter},
        records::pages::RowDecoder,
    },
};

/// Limits of an export.
#[derive(Clone, Copy, Debug)]
pub struct ExportLimits {
    /// How long the client may take no bytes before the export is abandoned.
    pub stall: Duration,
    /// Longest duration of an export: the database has to keep an old state that long.
    pub longest: Duration,
    /// Records that fit into a workbook.
    pub sheet: u32,
    /// Records read and written at a time. Several pages are in memory at once, so this bounds the
    /// memory of an export.
    pub page: u32,
}

impl Default for ExportLimits {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(60),
            longest: Duration::from_secs(3600),
            sheet: 1_048_575,
            page: 4_096,
        }
    }
}

/// A request for an export.
pub struct ExportRequest {
    /// Record family to export.
    pub family: &'static Family,
    /// Condition the exported records have to meet.
    pub filter: Filter,
    /// The condition as the client wrote it, for the manifest; `None` without one.
    pub condition: Option<String>,
    /// Names of the columns, separated by commas; `None` for all columns.
    pub fields: Option<String>,
    /// Format and options of the file.
    pub style: Style,
}

/// A running export.
pub struct Export {
    /// Identifier of its manifest.
    pub id: Uuid,
    /// Cursor from which the change feed continues.
    pub cursor: String,
    /// The bytes of the file, as they are produced.
    pub content: ExportContent,
}

/// The content as it is produced. It ends normally only when it is complete; otherwise the last
/// item is an error.
pub struct ExportContent {
    first: Option<Vec<u8>>,
    pieces: mpsc::Receiver<Result<Piece, HubError>>,
    over: bool,
}

impl ExportContent {
    /// The next bytes; `None` after the last.
    ///
    /// # Errors
    ///
    /// Why the export failed. Nothing follows.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, HubError>> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        if self.over {
            return None;
        }
        match self.pieces.recv().await {
            Some(Ok(Piece::Bytes(bytes))) => Some(Ok(bytes)),
            Some(Ok(Piece::End)) => {
                self.over = true;
                None
            }
            Some(Err(error)) => {
                self.over = true;
                Some(Err(error))
            }
            None => {
                self.over = true;
                Some(Err(HubError::internal("an export ended without its end")))
            }
        }
    }
}

impl ExportRequest {
    /// The fields its condition depends on.
    #[must_use]
    pub fn asked(&self, policy: &Policy, actor: &Actor) -> Collector {
        let (mut asked, collector) = (Vec::new(), Collector::default());
        self.filter.asks(self.family, &mut asked);
        QuestionAudit { policy, actor }.note(&collector, Use::List, self.family, &asked);
        collector
    }

    /// The audit entry of the export: the family, and a digest of the exact request.
    #[must_use]
    pub fn entry(&self, actor: &Actor, ctx: &OpCtx) -> Entry {
        let mut digest = Sha256::new();
        for part in [
            self.family.name,
            self.condition.as_deref().unwrap_or_default(),
            self.fields.as_deref().unwrap_or_default(),
            self.style.format.code(),
        ] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        let hash = format!("{:x}", digest.finalize());
        Entry::of(actor, ctx.now(), ctx.request(), format!("export {}", self.family.name), hash)
    }

    /// Begins the export. When this returns, its first bytes are available, so refusals come before
    /// any byte.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] and [`HubError::Invalid`] as for a list; [`HubError::TooComplex`]
    /// for more records than the purpose or the format allows; [`HubError::Unavailable`] when too
    /// many exports run already.
    pub async fn start(
        self,
        services: &Arc<Services>,
        actor: &Actor,
        ctx: &OpCtx,
        limits: ExportLimits,
    ) -> Result<Export, HubError> {
        let scope = services.scope(actor, self.family)?;
        filter::check(&scope, Use::List, &self.filter, &[])?;
        let columns = ExportColumns::of(&scope, self.fields.as_deref())?;
        let snapshot = services.database.snapshot().await?;
        let manifest = self.manifest(services, actor, ctx, snapshot.place(), &columns).await?;
        let pages = snapshot.pages(&scope, &columns.selection, &self.filter).await?;
        let pager = self.pager(services, actor, ctx, &scope, pages.form(), columns, limits)?;
        let packer = Packer::new(self.style.packing)?;
        let (sender, pieces) = mpsc::channel(1);
        let run = ExportRun {
            services: Arc::clone(services),
            id: manifest.id,
            request: ctx.request().to_owned(),
            limits,
            sender,
        };
        tokio::spawn(run.drive(pages, pager, packer).in_current_span());
        let mut content = ExportContent { first: None, pieces, over: false };
        content.first = content.next().await.transpose()?;
        Ok(Export { id: manifest.id, cursor: manifest.cursor, content })
    }

    async fn manifest(
        &self,
        services: &Services,
        actor: &Actor,
        ctx: &OpCtx,
        place: FeedOffset,
        columns: &ExportColumns,
    ) -> Result<Manifest, HubError> {
        let manifest = Manifest {
            id: ctx.new_id(),
            subject: actor.subject().to_owned(),
            family: self.family.name.to_owned(),
            condition: self.condition.clone(),
            fields: columns.names(),
            format: self.style.format.code().to_owned(),
            cursor: services.cursor(actor, &[self.family], place).await?,
            started_at: ctx.now(),
            end: None,
        };
        exports::begin(&services.database, &services.seal, actor, &manifest).await?;
        Ok(manifest)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one export")]
    fn pager(
        &self,
        services: &Arc<Services>,
        actor: &Actor,
        ctx: &OpCtx,
        scope: &Arc<Scope>,
        form: RowDecoder,
        columns: ExportColumns,
        limits: ExportLimits,
    ) -> Result<Pager, HubError> {
        // A purpose bound to a case is held to its limit if any column may contain personal values.
        let most = scope.row_limit().filter(|_| columns.personal);
        let sheet = ExportSheet {
            family: self.family,
            columns,
            reference: Arc::clone(&services.reference),
            seal: services.seal.clone(),
            style: self.style,
            most: limits.sheet,
        };
        Ok(Pager {
            services: Arc::clone(services),
            form,
            scope: Arc::clone(scope),
            writer: writer(sheet)?,
            entry: self.entry(actor, ctx),
            asked: self.asked(&services.policy, actor),
            most,
            count: 0,
            begun: false,
        })
    }
}

/// A writer for the format of a sheet.
fn writer(sheet: ExportSheet) -> Result<Box<dyn ExportWriter>, HubError> {
    Ok(match sheet.style.format {
        Format::Ndjson => Box::new(Ndjson::new(sheet)),
        Format::Csv => Box::new(Csv::new(sheet)),
        Format::Xlsx => Box::new(Xlsx::new(sheet)?),
    })
}
