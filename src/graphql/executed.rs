//! Tells the HTTP edge whether a document was executed or refused before, which decides status and `data`.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{
    Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};

/// Set when execution begins; one a request, in the request's data.
#[derive(Clone, Debug, Default)]
pub struct Executed(Arc<AtomicBool>);

impl Executed {
    /// Whether execution has begun.
    #[must_use]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Makes the extension.
pub struct MarkExecuted;

impl ExtensionFactory for MarkExecuted {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Mark)
    }
}

struct Mark;

#[async_graphql::async_trait::async_trait]
impl Extension for Mark {
    async fn execute(&self, ctx: &ExtensionContext<'_>, operation_name: Option<&str>, next: NextExecute<'_>) -> Response {
        if let Some(executed) = ctx.data_opt::<Executed>() {
            executed.0.store(true, Ordering::Relaxed);
        }
        next.run(ctx, operation_name).await
    }
}
