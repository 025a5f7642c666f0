//! A system that keeps a copy by a subscription (server-sent events), and after every broken
//! connection subscribes again from the cursor it has kept.

use serde_json::{Value, json};

use crate::faults::{
    client::{Broken, Stream, open},
    fire::{Counts, Fire},
    follower::{EVENTS, Follower},
};

/// Subscribes until the round ends.
pub async fn run(fire: &Fire) -> Follower<'_> {
    let mut follower = Follower::new(fire);
    let subscribing = async {
        loop {
            if subscribed(fire, &mut follower).await.is_err() {
                fire.broken().await;
            }
        }
    };
    tokio::select! {
        () = subscribing => {}
        () = fire.ended() => {}
    }
    follower
}

/// One subscription, to its end.
async fn subscribed(fire: &Fire, follower: &mut Follower<'_>) -> Result<(), Broken> {
    let query = format!(
        "subscription($after: String, $families: [String!]) {{ changes(after: $after, families: $families, first: 50) {{ counter \
         cursor {EVENTS} }} }}"
    );
    let variables = json!({"after": follower.after, "families": follower.families});
    let mut request = fire.question("subscription", &query, &variables);
    request.headers_mut().insert("accept", "text/event-stream".parse().expect("a value"));
    let (status, mut stream) = open(fire.address().await, request).await?;
    if !status.is_success() {
        fire.wrong(format!("a subscription is answered {status}"));
    }
    let (mut text, mut counter) = (Vec::new(), 0);
    loop {
        let page = event(&mut stream, &mut text).await?;
        if page["errors"][0]["extensions"]["code"] == "UNAVAILABLE" {
            return Err(Broken);
        }
        counter += 1;
        if page["data"]["changes"]["counter"] != counter {
            fire.wrong(format!("page {counter} of a subscription: {page}"));
        }
        Counts::add(&fire.counts.pages);
        follower.take(&page);
    }
}

/// The data of the next event.
async fn event(stream: &mut Stream, text: &mut Vec<u8>) -> Result<Value, Broken> {
    loop {
        while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = text.drain(..=end).collect();
            if let Some(data) = line.strip_prefix(b"data: ") {
                return serde_json::from_slice(data).map_err(|_| Broken);
            }
        }
        text.extend_from_slice(&stream.piece().await?);
    }
}
