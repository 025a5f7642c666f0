//! What answers while a hub waits for its database: that it runs, and that it is not ready. Once it
//! is, all goes through.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use tower_service::Service as _;

use crate::{
    error::HubError,
    http::{health, language::language, media::Media, refusal::Refusal},
};

/// The door of a hub.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<OnceLock<Router>>);

impl Door {
    /// The routes, before and after it is opened.
    pub fn router(&self) -> Router {
        Router::new().fallback(through).with_state(self.clone())
    }

    /// From now on the hub answers. It is opened once.
    pub fn open(&self, router: Router) {
        let _ = self.0.set(router);
    }
}

async fn through(State(door): State<Door>, request: Request) -> Response {
    let Some(router) = door.0.get() else { return waiting(&request) };
    let answer: Result<Response, Infallible> = router.clone().call(request).await;
    answer.into_response()
}

fn waiting(request: &Request) -> Response {
    match request.uri().path() {
        "/healthz" => "ok\n".into_response(),
        "/readyz" => health::unready("database: the hub has started and waits for it"),
        _ => {
            let error = HubError::Unavailable("the hub waits for its database".into());
            Refusal::from(error).answer(Media::Json, language(request.headers()), "")
        }
    }
}
