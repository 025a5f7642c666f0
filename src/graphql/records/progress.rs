//! What the library is told about a request beside its document: a document once found valid is not
//! validated again; and what it tells the HTTP edge: whether anything was executed, which decides
//! status and `data`. What is noted for the audit log is noted for the root field that is being
//! answered.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{
    CacheControl, Response, ServerError, ServerResult, ValidationResult, Value,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, NextValidation,
        ResolveInfo,
    },
};

use crate::graphql::records::session::Session;

/// Root types whose fields are noted.
const ROOTS: [&str; 2] = ["Query", "Mutation"];

/// How far a request has come; one a request, in the request's data.
#[derive(Clone, Debug)]
pub struct RequestProgress {
    known_valid: bool,
    executed: Arc<AtomicBool>,
}

impl RequestProgress {
    /// At the start. `known_valid` says that the document was found valid before, values written in
    /// it included, and that the variables fit their types.
    #[must_use]
    pub fn new(known_valid: bool) -> Self {
        Self { known_valid, executed: Arc::default() }
    }

    /// Whether execution has begun.
    #[must_use]
    pub fn executed(&self) -> bool {
        self.executed.load(Ordering::Relaxed)
    }
}

/// Makes the extension.
pub struct Follow;

impl ExtensionFactory for Follow {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(ProgressExtension)
    }
}

struct ProgressExtension;

#[async_graphql::async_trait::async_trait]
impl Extension for ProgressExtension {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        if ctx.data_opt::<RequestProgress>().is_some_and(|progress| progress.known_valid) {
            return Ok(ValidationResult {
                cache_control: CacheControl::default(),
                complexity: 0,
                depth: 0,
            });
        }
        next.run(ctx).await
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(progress) = ctx.data_opt::<RequestProgress>() {
            progress.executed.store(true, Ordering::Relaxed);
        }
        next.run(ctx, operation_name).await
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        match ctx
            .data_opt::<Session>()
            .filter(|_| ROOTS.contains(&info.parent_type) && !info.name.starts_with("__"))
        {
            Some(session) => {
                let (key, name) = (info.alias.unwrap_or(info.name), info.name);
                session.collector.within(key, name, next.run(ctx, info)).await
            }
            None => next.run(ctx, info).await,
        }
    }
}
