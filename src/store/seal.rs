//! Sealing of sensitive columns (AES-256-GCM) and keyed hashes for matching (HMAC-SHA-256).
//!
//! A sealed value is: key number (1 byte), nonce (12 bytes), ciphertext with tag. What it belongs
//! to is bound in: of a record see [`Bond`]. Moved elsewhere, or its record given to others by
//! hand, it does not open.

use std::sync::Arc;

use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload},
    aes::{
        Aes256, Block,
        cipher::{BlockDecrypt, BlockEncrypt},
    },
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use fpe::ff1::{FF1, FlexibleNumeralString};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use uuid::Uuid;

use crate::{error::HubError, keys::Keys};

/// Seals, opens and hashes with the hub's keys.
#[derive(Clone)]
pub struct Seal {
    keys: Arc<Keys>,
    ciphers: Arc<Vec<(u8, Aes256Gcm)>>,
    /// Initialised with the matching key; each hash starts from a copy.
    matching: Hmac<Sha256>,
    /// Encrypts identifiers that leave the hub.
    identifiers: Aes256,
    /// Encrypts serial numbers of leads that leave the hub.
    numbers: Arc<FF1<Aes256>>,
}

/// Number of different lead numbers.
const LEAD_NUMBERS: i64 = 1_000_000_000;

impl std::fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Seal")
    }
}

impl Seal {
    /// A seal that uses these keys.
    #[must_use]
    pub fn new(keys: Arc<Keys>) -> Self {
        let ciphers = (0..=u8::MAX)
            .filter_map(|id| {
                keys.sealing(id).map(|key| (id, Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key))))
            })
            .collect();
        let matching = <Hmac<Sha256> as Mac>::new_from_slice(keys.matching())
            .unwrap_or_else(|_| unreachable_length());
        let key_for = |usage: &[u8]| {
            let mut label = matching.clone();
            label.update(usage);
            label.finalize().into_bytes()
        };
        let identifiers = Aes256::new(&key_for(b"identifiers"));
        // Ten is a radix that FF1 takes.
        let numbers = Arc::new(
            FF1::new(&key_for(b"numbers"), 10).unwrap_or_else(|_| unreachable!("radix 10")),
        );
        Self { keys, ciphers: Arc::new(ciphers), matching, identifiers, numbers }
    }

    /// Number of the key that seals new values.
    #[must_use]
    pub fn active(&self) -> u8 {
        self.keys.active()
    }

    fn cipher(&self, id: u8) -> Result<&Aes256Gcm, HubError> {
        self.ciphers
            .iter()
            .find_map(|(own, cipher)| (*own == id).then_some(cipher))
            .ok_or_else(|| HubError::internal(format!("sealing key {id} is not in the key file")))
    }

    /// Seals a text for a place (table and column).
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the cipher fails.
    pub fn seal(&self, place: &str, plain: &str) -> Result<Vec<u8>, HubError> {
        self.seal_bytes(place, plain.as_bytes())
    }

    /// Seals bytes for a place.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the cipher fails.
    pub fn seal_bytes(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, HubError> {
        let id = self.keys.active();
        let mut nonce = [0_u8; 12];
        // A nonce has to be unique, not secret. A generator in each thread, seeded and reseeded by
        // the system, provides that without a system call for each value.
        rand::thread_rng().fill_bytes(&mut nonce);
        let secret = self
            .cipher(id)?
            .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: place.as_bytes() })
            .map_err(|_| HubError::internal("sealing failed"))?;
        let mut sealed = Vec::with_capacity(13 + secret.len());
        sealed.push(id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&secret);
        Ok(sealed)
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when it was sealed elsewhere, changed, or its key is missing.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<String, HubError> {
        String::from_utf8(self.open_bytes(place, sealed)?).map_err(|_| broken(place))
    }

    /// Opens what was sealed for the first place or, before values were bound to it, for the
    /// second.
    ///
    /// # Errors
    ///
    /// As [`Seal::open`].
    pub fn open_either(
        &self,
        place: &str,
        before: &str,
        sealed: &[u8],
    ) -> Result<String, HubError> {
        self.open(place, sealed).or_else(|error| self.open(before, sealed).map_err(|_| error))
    }

    /// Opens bytes that were sealed for that place.
    ///
    /// # Errors
    ///
    /// As [`Seal::open`].
    pub fn open_bytes(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, HubError> {
        let broken = || broken(place);
        let (id, rest) = sealed.split_first().ok_or_else(broken)?;
        let (nonce, secret) = rest.split_at_checked(12).ok_or_else(broken)?;
        self.cipher(*id)?
            .decrypt(Nonce::from_slice(nonce), Payload { msg: secret, aad: place.as_bytes() })
            .map_err(|_| broken())
    }

    /// Keyed hash of a text for a use; 128 bits in URL-safe base64. A plain hash could be undone by
    /// trying all numbers.
    #[must_use]
    pub fn hash(&self, usage: &str, text: &str) -> String {
        let mut mac = self.matching.clone();
        mac.update(usage.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let full = mac.finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode(full.get(..16).unwrap_or_default())
    }

    /// Keyed hash of a text for a use, as a number.
    #[must_use]
    pub fn number(&self, usage: &str, text: &str) -> u64 {
        let mut mac = self.matching.clone();
        mac.update(usage.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize()
            .into_bytes()
            .iter()
            .take(8)
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// The secret key of a record, 0 to 255, from which the noise of statistics is derived. It
    /// never changes for a natural key.
    #[must_use]
    pub fn record_key(&self, table: &str, reference: &str) -> i32 {
        self.number("record key", &format!("{table}|{reference}"))
            .to_le_bytes()
            .first()
            .copied()
            .map_or(0, i32::from)
    }

    /// An identifier as clients see it: one block of AES-256 under a key derived from the matching
    /// key. It reveals neither when a record was created nor which came first, and stays the same
    /// as long as that key does.
    #[must_use]
    pub fn outer(&self, id: Uuid) -> [u8; 16] {
        let mut block = Block::from(id.into_bytes());
        self.identifiers.encrypt_block(&mut block);
        block.into()
    }

    /// The stored identifier behind one that clients see.
    #[must_use]
    pub fn inner(&self, told: [u8; 16]) -> Uuid {
        let mut block = Block::from(told);
        self.identifiers.decrypt_block(&mut block);
        Uuid::from_bytes(block.into())
    }

    /// Number of a lead as clients see it: nine digits, different for every serial number (FF1 of
    /// NIST SP 800-38G). Serial numbers run over the leads of all departments; gaps between those a
    /// caller may read would reveal how many others there are.
    #[must_use]
    pub fn lead_number(&self, serial: i64) -> i64 {
        let digits: Vec<u16> = format!("{:09}", serial.rem_euclid(LEAD_NUMBERS))
            .bytes()
            .map(|digit| u16::from(digit - b'0'))
            .collect();
        let told = self.numbers.encrypt(b"lead", &FlexibleNumeralString::from(digits));
        let told = told.map_or_else(|_| Vec::new(), Vec::<u16>::from);
        told.into_iter().fold(0, |number, digit| number * 10 + i64::from(digit))
    }

    /// Keyed hash that links records of one person. Source: domain reference §2.1 and §5.7.
    #[must_use]
    pub fn person_key(&self, id_type: &str, number: &str) -> String {
        self.hash("person", &format!("{id_type}|{number}"))
    }
}

fn broken(place: &str) -> HubError {
    HubError::internal(format!("a sealed value of {place} does not open"))
}

/// HMAC takes keys of every length, so this is never reached.
fn unreachable_length() -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new(&hmac::digest::generic_array::GenericArray::default())
}

/// What a sealed value of a record is bound to besides table and column: the record, and everything
/// that decides who may read it.
#[derive(Clone, Copy, Debug)]
pub struct Bond<'a> {
    /// Identifier of the record.
    pub record: Uuid,
    /// Department that holds it.
    pub department: &'a str,
    /// Region where it lies.
    pub region: &'a str,
    /// Code of its key industry; `None` when it has none.
    pub industry: Option<&'a str>,
}

impl Bond<'_> {
    /// The place of a column, as bound into its sealed values.
    #[must_use]
    pub fn place(&self, table: &str, column: &str) -> String {
        let Self { record, department, region, industry } = self;
        format!("{table}.{column}|{record}|{department}|{region}|{}", industry.unwrap_or_default())
    }
}

/// The place of a column in values that were sealed before they were bound to their records.
#[must_use]
pub fn unbound(table: &str, column: &str) -> String {
    format!("{table}.{column}")
}
