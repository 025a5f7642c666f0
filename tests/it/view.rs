//! `examples/meeting-view/`: its types are those of the schema, it builds from what is locked, and
//! what it shows in a browser is what the hub answers.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    body::Body,
    extract,
    http::{Response, StatusCode, header},
    routing::get,
};

use crate::{
    browser::{run, with_a_meeting},
    clients::program::made,
};

const FILES: [&str; 16] = [
    "schema.graphql",
    "examples/meeting-view/package.json",
    "examples/meeting-view/package-lock.json",
    "examples/meeting-view/tsconfig.json",
    "examples/meeting-view/vite.config.ts",
    "examples/meeting-view/types.mjs",
    "examples/meeting-view/operation.graphql",
    "examples/meeting-view/index.html",
    "examples/meeting-view/src/ask.ts",
    "examples/meeting-view/src/dom.ts",
    "examples/meeting-view/src/main.ts",
    "examples/meeting-view/src/render.ts",
    "examples/meeting-view/src/style.css",
    "examples/meeting-view/src/types.ts",
    "examples/meeting-view/src/vite.d.ts",
    "examples/meeting-view/src/words.ts",
];

/// The view as it is built from the repository, with its types made anew.
fn built() -> PathBuf {
    let steps: [&[&str]; 3] = [
        &["npm", "ci", "--no-audit", "--no-fund"],
        &["npm", "run", "types"],
        &["npm", "run", "build"],
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    made("meeting-view", root, &FILES, "examples/meeting-view", &steps)
        .join("examples/meeting-view")
}

/// Serves the built files below `/view/`, and lets them do no more than they need.
fn beside(hub: Router, files: PathBuf) -> Router {
    let serve = |extract::State(files): extract::State<PathBuf>,
                 path: Option<extract::Path<String>>| async move {
        let name = path.map_or_else(|| "index.html".to_owned(), |extract::Path(path)| path);
        let (status, bytes) = match std::fs::read(files.join(&name)) {
            Ok(bytes) => (StatusCode::OK, bytes),
            Err(_) => (StatusCode::NOT_FOUND, Vec::new()),
        };
        let media = match name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            _ => "application/octet-stream",
        };
        Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, media)
            .header(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'",
            )
            .body(Body::from(bytes))
            .expect("an answer")
    };
    let view = Router::new()
        .route("/view/", get(serve))
        .route("/view/{*path}", get(serve))
        .with_state(files);
    hub.merge(view)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_view_shows_what_the_hub_answers() {
    let home = tokio::task::spawn_blocking(built).await.expect("built");
    let types = |path: &Path| std::fs::read_to_string(path.join("src/types.ts")).expect("types");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/meeting-view");
    assert_eq!(
        types(&own),
        types(&home),
        "the types are not those of schema.graphql: run `npm ci && npm run types` in examples/meeting-view"
    );
    let (hub, token) = with_a_meeting().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = beside(hub.router(), home.join("dist"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let found = run("view", address, &token).await;
    assert!(found["figures"].as_i64() > Some(0), "{found}");
}
