//! The error type of the hub, with a text for people and a cause for the log.

use std::fmt;

mod log;
mod outage;

pub use log::{Of, redacted};

/// A sentence in Chinese and in English that says what is wrong and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The sentence in Chinese.
    pub zh: String,
    /// The sentence in English.
    pub en: String,
}

impl Text {
    /// Makes a text of the sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The sentence in the requested language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n{}", self.zh, self.en)
    }
}

/// Language of messages, by `Accept-Language`; Chinese unless English is preferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Chinese, the default.
    #[default]
    Chinese,
    /// English, if the client prefers it.
    English,
}

/// What two writers tried to write at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Race {
    /// The same record.
    Record,
    /// The same idempotency key.
    Receipt,
    /// The end of the audit log.
    Log,
}

/// What can go wrong, grouped by how a client should react.
#[derive(Debug)]
pub enum HubError {
    /// Nobody is signed in, or the token is not valid.
    Unauthenticated(Text),
    /// The actor may know of the resource, but may not do this.
    Forbidden(Text),
    /// The resource does not exist or may not be seen; the response does not say which.
    NotFound,
    /// The input is wrong; the same request will fail again.
    Invalid(Text),
    /// A file cannot be used as a whole; the code gives the reason.
    File(&'static str, Text),
    /// The request contradicts the state of the store.
    Conflict(Text),
    /// Another writer was faster. The client is not at fault: whatever can be repeated is repeated,
    /// and only if that fails, or a person has to decide whether the request still applies, is the
    /// client told, as for a conflict.
    Overtaken(Race),
    /// The changes after the client's position are no longer complete: it must copy everything
    /// anew.
    Resync,
    /// The request exceeds a limit for a single request.
    TooComplex(Text),
    /// The organisation has used up what it is allowed.
    Exhausted {
        /// Which allowance is used up, and what to do.
        text: Text,
        /// Seconds after which a retry may succeed; `None` where waiting does not help.
        after: Option<u32>,
    },
    /// The hub or its database cannot answer now; try again later.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// An internal fault of the hub.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl HubError {
    /// Stable code for `extensions.code`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Invalid(_) => "BAD_USER_INPUT",
            Self::File(code, _) => code,
            Self::Conflict(_) | Self::Overtaken(_) => "CONFLICT",
            Self::Resync => "RESYNC",
            Self::TooComplex(_) => "TOO_COMPLEX",
            Self::Exhausted { .. } => "QUOTA_EXCEEDED",
            Self::Unavailable(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// The sentence shown to people; it never contains a cause.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unauthenticated(text)
            | Self::Forbidden(text)
            | Self::Invalid(text)
            | Self::File(_, text)
            | Self::Conflict(text)
            | Self::TooComplex(text)
            | Self::Exhausted { text, .. } => text.clone(),
            Self::NotFound => Text::new(
                "没有找到该记录，或您无权查看。请核对标识。",
                "No such record, or none you may see. Check the identifier.",
            ),
            Self::Overtaken(Race::Receipt) => Text::new(
                "同一幂等键的另一次请求正在处理。请稍后用同一键重试以取得回执。",
                "Another request with the same key was being handled. Retry with the same key for its receipt.",
            ),
            Self::Overtaken(Race::Record | Race::Log) => Text::new(
                "记录刚被另一次报送修改。请重新提交。",
                "The record was just changed by another submission. Submit again.",
            ),
            Self::Resync => Text::new(
                "此处之后的变更已不再保留，或数据库在此期间恢复过备份。请先完整导出，再从导出所附的 cursor 继续。",
                "What follows this place is no longer kept, or the store has been restored since. Take a full export, then \
                 continue from its cursor.",
            ),
            Self::Unavailable(cause) if outage::of_disk(cause.as_ref()) => Text::new(
                "数据库写不进磁盘（空间已满或磁盘故障）。请通知运行维护人员；恢复后用同一 idempotencyKey 重发，回执会说明是否已入库。",
                "The database cannot write to its disk, which is full or broken. Tell whoever runs the hub; afterwards send the same \
                 with the same idempotencyKey, and the receipt tells whether it was taken.",
            ),
            Self::Unavailable(cause) if outage::of_standby(cause.as_ref()) => Text::new(
                "数据库目前只读（备库或只读模式），不能报送，也不能记审计，因此不能显示个人信息。请通知运行维护人员；恢复后用同一 idempotencyKey 重发。",
                "The database takes no writes now: it is a standby or read-only, so nothing can be handed in, nor audited, nor \
                 personal data be shown. Tell whoever runs the hub; afterwards send the same with the same idempotencyKey.",
            ),
            Self::Unavailable(_) => Text::new(
                "服务暂时不可用，请稍后重试。",
                "The service is unavailable for the moment. Try again shortly.",
            ),
            Self::Internal(_) => Text::new(
                "服务内部错误，请凭 requestId 联系运行维护人员。",
                "Internal error. Give the requestId to whoever runs the hub.",
            ),
        }
    }

    /// The cause, for the log only.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }

    /// Seconds after which a retry may succeed, if known.
    #[must_use]
    pub const fn after(&self) -> Option<u32> {
        match self {
            Self::Exhausted { after, .. } => *after,
            Self::Unavailable(_) => Some(5),
            _ => None,
        }
    }

    /// Whether it is unavailable because the database accepts no writes: a standby, or read-only.
    #[must_use]
    pub fn is_standby(&self) -> bool {
        matches!(self, Self::Unavailable(cause) if outage::of_standby(cause.as_ref()))
    }

    /// Whether the same request may succeed later without anybody intervening.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable(cause) if !outage::lasts(cause.as_ref()))
    }

    /// An internal fault of the hub, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// Invalid input, explained in both languages.
    pub fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Text::new(zh, en))
    }

    /// A forbidden request, explained in both languages.
    pub fn forbidden(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Forbidden(Text::new(zh, en))
    }

    /// A conflict with the state of the store, explained in both languages.
    pub fn conflict(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(Text::new(zh, en))
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::Unauthenticated(Text::new(
            "请先登录：在 Authorization 头中提供有效的 Bearer 令牌。",
            "Sign in first: send a valid Bearer token in the Authorization header.",
        ))
    }
}

impl From<sea_orm::DbErr> for HubError {
    fn from(error: sea_orm::DbErr) -> Self {
        if outage::is_overtaken(&error) {
            Self::Overtaken(Race::Record)
        } else if outage::is_outage(&error) {
            Self::Unavailable(Box::new(error))
        } else {
            Self::Internal(Box::new(error))
        }
    }
}

impl fmt::Display for HubError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.text().en)
    }
}

impl std::error::Error for HubError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}
