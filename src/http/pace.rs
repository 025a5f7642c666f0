//! The body of a request, given up when it comes too slowly; the answer is `408` then.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};

use crate::{
    error::{HubError, Language, Text},
    http::{media::Media, patience::StallTimeout, refusal::Refusal},
};

/// A body whose sender is waited for with patience.
struct Paced {
    body: Body,
    patience: StallTimeout,
    late: Arc<AtomicBool>,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending => {
                ready!(self.patience.wait(context));
                self.late.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(
                    std::io::ErrorKind::TimedOut,
                )))))
            }
            Poll::Ready(frame) => {
                if let Some(Ok(frame)) = &frame {
                    self.patience.moved(frame.data_ref().map_or(0, Bytes::len));
                }
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Gives up a request whose body comes too slowly.
pub(super) async fn in_time(
    State(patience): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let watched = Arc::clone(&late);
    let request = request.map(|body| {
        Body::new(Paced { body, patience: StallTimeout::new(patience), late: watched })
    });
    let answer = next.run(request).await;
    if !late.load(Ordering::Relaxed) {
        return answer;
    }
    let error = HubError::Invalid(Text::new(
        "请求体传输过慢，已中断。请检查网络后重发。",
        "The body came too slowly and was given up. Check the network and send it again.",
    ));
    let refusal =
        Refusal::new(StatusCode::REQUEST_TIMEOUT, error).with(header::CONNECTION, "close");
    refusal.answer(Media::Json, Language::Chinese, "")
}
