//! Keyed digests (HMAC-SHA-256) of what the store holds, under a separate key from the key file.
//! Whoever can write to the database but lacks the key can neither alter nor forge anything
//! unnoticed.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::keys::Keys;

/// Makes keyed digests.
#[derive(Clone)]
pub struct Prover {
    mac: Hmac<Sha256>,
    /// How often the tables have moved, as far as this hub knows; see [`super::tables`].
    moved: Arc<AtomicI64>,
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Prover")
    }
}

/// One part of the input to a digest. Each part is hashed with its type and length, so that no two
/// lists of parts collide.
#[derive(Clone, Copy, Debug)]
pub enum ProofInput<'a> {
    /// Text in UTF-8.
    Text(&'a str),
    /// Text that may be missing; missing differs from empty.
    May(Option<&'a str>),
    /// Number, hashed as eight bytes, big-endian.
    Number(i64),
    /// Identifier, hashed as its 16 bytes.
    Id(Uuid),
    /// Instant, to the microsecond.
    At(DateTime<Utc>),
}

impl Prover {
    /// With the proving key of a key file, if it has one.
    #[must_use]
    pub fn new(keys: &Keys) -> Option<Self> {
        let key = keys.proving()?;
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
        Some(Self { mac, moved: Arc::default() })
    }

    /// How often the tables have moved, as far as this hub knows.
    #[must_use]
    pub fn moved(&self) -> i64 {
        self.moved.load(Ordering::Relaxed)
    }

    /// The tables have moved that often.
    pub(in crate::store) fn note_moved(&self, times: i64) {
        self.moved.fetch_max(times, Ordering::Relaxed);
    }

    fn full(&self, usage: &str, parts: &[ProofInput<'_>]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        let mut add = |kind: u8, bytes: &[u8]| {
            mac.update(&[kind]);
            mac.update(&(bytes.len() as u64).to_be_bytes());
            mac.update(bytes);
        };
        add(b'u', usage.as_bytes());
        for part in parts {
            match part {
                ProofInput::Text(text) | ProofInput::May(Some(text)) => add(b't', text.as_bytes()),
                ProofInput::May(None) => add(b'0', &[]),
                ProofInput::Number(number) => add(b'n', &number.to_be_bytes()),
                ProofInput::Id(id) => add(b'i', id.as_bytes()),
                ProofInput::At(at) => add(b'n', &at.timestamp_micros().to_be_bytes()),
            }
        }
        mac.finalize().into_bytes().into()
    }

    /// Digest of parts for a use; 128 bits in URL-safe base64.
    #[must_use]
    pub fn tag(&self, usage: &str, parts: &[ProofInput<'_>]) -> String {
        let full = self.full(usage, parts);
        BASE64_URL_SAFE_NO_PAD.encode(full.get(..16).unwrap_or_default())
    }

    /// The same in full, in hexadecimal digits, for a link of a chain.
    #[must_use]
    pub fn link(&self, usage: &str, parts: &[ProofInput<'_>]) -> String {
        use std::fmt::Write as _;
        self.full(usage, parts).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
