//! Messages of `graphql-transport-ws`, and the codes with which a connection ends.
//! Source: graphql-ws, PROTOCOL.md.

use async_graphql::Request;
use axum::extract::ws::{CloseFrame, Utf8Bytes};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::http::body;

/// Name of the sub-protocol.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";
/// Longest identifier of an operation.
const MOST_ID: usize = 128;

/// What a client says.
pub(super) enum ClientMessage {
    /// Who it is: the value of its `authorization`, if it gives one.
    Init(Option<String>),
    Ping,
    Pong,
    Subscribe(String, Box<Request>),
    Complete(String),
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    Invalid,
    Unauthorized,
    Expired,
    Revoked,
    Late,
    Doubled,
    TwiceInitialised,
    Idle,
    Stopping,
    TooLarge,
}

#[derive(Deserialize)]
struct RawMessage {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    payload: Option<Value>,
}

/// Reads a message.
///
/// # Errors
///
/// [`Close::Invalid`].
pub(super) fn read(text: &str) -> Result<ClientMessage, Close> {
    let raw: RawMessage = serde_json::from_str(text).map_err(|_| Close::Invalid)?;
    let id = || raw.id.clone().filter(|id| (1..=MOST_ID).contains(&id.len())).ok_or(Close::Invalid);
    let members = |payload: Option<Value>| match payload {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(Close::Invalid),
    };
    match raw.kind.as_str() {
        "connection_init" => {
            let mut members = members(raw.payload)?;
            let named =
                members.keys().find(|name| name.eq_ignore_ascii_case("authorization")).cloned();
            match named.and_then(|name| members.remove(&name)) {
                None | Some(Value::Null) => Ok(ClientMessage::Init(None)),
                Some(Value::String(text)) => Ok(ClientMessage::Init(Some(text))),
                Some(_) => Err(Close::Invalid),
            }
        }
        "ping" => members(raw.payload).map(|_| ClientMessage::Ping),
        "pong" => members(raw.payload).map(|_| ClientMessage::Pong),
        "subscribe" => {
            let id = id()?;
            let request = body::request(members(raw.payload)?).map_err(|_| Close::Invalid)?;
            Ok(ClientMessage::Subscribe(id, Box::new(request)))
        }
        "complete" => Ok(ClientMessage::Complete(id()?)),
        _ => Err(Close::Invalid),
    }
}

/// A message about an operation; the payload is JSON already.
pub(super) fn about(kind: &str, id: &str, payload: &[u8]) -> Utf8Bytes {
    let mut text = String::with_capacity(payload.len() + id.len() + 48);
    text.push_str("{\"type\":\"");
    text.push_str(kind);
    text.push_str("\",\"id\":");
    text.push_str(&Value::from(id).to_string());
    text.push_str(",\"payload\":");
    // JSON that was written here is UTF-8.
    text.push_str(std::str::from_utf8(payload).unwrap_or("null"));
    text.push('}');
    text.into()
}

/// The message that an operation has ended.
pub(super) fn completed(id: &str) -> Utf8Bytes {
    format!("{{\"type\":\"complete\",\"id\":{}}}", Value::from(id)).into()
}

impl Close {
    /// Code and reason; a reason has at most 123 bytes.
    pub(super) fn frame(self) -> CloseFrame {
        let (code, reason) = match self {
            Self::Invalid => (4400, "消息无效 Invalid message"),
            Self::Unauthorized => {
                (4401, "请在 connection_init 中提供有效令牌 Unauthorized: give a valid token")
            }
            Self::Expired => {
                (4401, "令牌已过期，请换新令牌重连 Unauthorized: the token has expired")
            }
            Self::Revoked => (4401, "令牌已被吊销，请重新登录 Unauthorized: the token was revoked"),
            Self::Late => (4408, "未及时发送 connection_init Connection initialisation timeout"),
            Self::Doubled => (4409, "该 id 正在使用 Subscriber for this id already exists"),
            Self::TwiceInitialised => {
                (4429, "重复的 connection_init Too many initialisation requests")
            }
            Self::Idle => (1000, "无订阅 Nothing is subscribed"),
            Self::Stopping => (1001, "服务正在停止，请稍后重连 The hub is stopping, connect again"),
            Self::TooLarge => (1009, "消息过大 The message is too large"),
        };
        CloseFrame { code, reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientMessage, Close, about, read};

    #[test]
    fn what_is_no_message_of_the_protocol_is_invalid() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","payload":1}"#,
            r#"{"type":"connection_init","payload":{"authorization":1}}"#,
        ] {
            assert_eq!(read(text).err(), Some(Close::Invalid), "{text}");
        }
        let init = read(r#"{"type":"connection_init","payload":{"Authorization":"Bearer x"}}"#);
        assert!(matches!(init, Ok(ClientMessage::Init(Some(text))) if text == "Bearer x"));
    }

    #[test]
    fn an_identifier_is_told_back_as_it_came() {
        assert_eq!(
            about("next", "a\"b", b"{}").as_str(),
            r#"{"type":"next","id":"a\"b","payload":{}}"#
        );
    }

    #[test]
    fn reasons_fit_into_a_frame() {
        use Close::{
            Doubled, Expired, Idle, Invalid, Late, Revoked, Stopping, TooLarge, TwiceInitialised,
            Unauthorized,
        };
        for close in [
            Invalid,
            Unauthorized,
            Expired,
            Revoked,
            Late,
            Doubled,
            TwiceInitialised,
            Idle,
            Stopping,
            TooLarge,
        ] {
            assert!(close.frame().reason.len() <= 123, "{close:?}");
        }
    }
}
