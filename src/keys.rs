//! The hub's secret keys: one to sign tokens, some to seal columns, one to match them, one to prove
//! what the store keeps.
//!
//! Kept in one JSON file outside the store (`LIANFANG_SECRET_KEY_FILE`). Sealed values carry the
//! number of their key, so that old values stay readable after a rotation until they are sealed
//! again.

use std::{collections::BTreeMap, fmt, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{EncodePrivateKey, EncodePublicKey, spki::der::pem::LineEnding},
};
use rand::{RngCore, rngs::OsRng};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{error::Text, owner_only};

/// What is wrong with a key file.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The file cannot be read or written.
    #[error("key file {0}: {1}")]
    File(String, std::io::Error),
    /// Others than its owner may read or write it.
    #[error("{0}")]
    Open(Text),
    /// The file holds something else.
    #[error("key file {0} is not a hub's key file: {1}")]
    Content(String, String),
}

/// File form of the keys.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    signing: String,
    matching: String,
    sealing: BTreeMap<u8, String>,
    active: u8,
    /// Missing in files from before stores were proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proving: Option<String>,
    /// Missing in files from before sealed values were bound to their records.
    #[serde(default)]
    bound: bool,
}

/// The keys in memory; printing them prints nothing.
pub struct Keys {
    signing_pem: Zeroizing<String>,
    verifying_pem: String,
    matching: Zeroizing<[u8; 32]>,
    sealing: BTreeMap<u8, Zeroizing<[u8; 32]>>,
    active: u8,
    proving: Option<Zeroizing<[u8; 32]>>,
    bound: bool,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keys").field("active", &self.active).finish_non_exhaustive()
    }
}

fn random() -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    OsRng.fill_bytes(bytes.as_mut_slice());
    bytes
}

impl Keys {
    /// New keys from the system's randomness.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Content`] if the signing key cannot be written as PEM.
    pub fn generate() -> Result<Self, KeyFault> {
        let signing = SigningKey::generate(&mut OsRng);
        let fault =
            |error: &dyn fmt::Display| KeyFault::Content("(new)".to_owned(), error.to_string());
        Ok(Self {
            signing_pem: signing.to_pkcs8_pem(LineEnding::LF).map_err(|error| fault(&error))?,
            verifying_pem: signing
                .verifying_key()
                .to_public_key_pem(LineEnding::LF)
                .map_err(|error| fault(&error))?,
            matching: random(),
            sealing: BTreeMap::from([(1, random())]),
            active: 1,
            proving: Some(random()),
            bound: true,
        })
    }

    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// [`KeyFault`] when it is not there or is not a key file.
    pub fn read(path: &Path) -> Result<Self, KeyFault> {
        use ed25519_dalek::pkcs8::DecodePrivateKey as _;
        let name = path.display().to_string();
        owner_only::check(path).map_err(|error| KeyFault::Open(error.text()))?;
        let text = Zeroizing::new(
            std::fs::read_to_string(path).map_err(|error| KeyFault::File(name.clone(), error))?,
        );
        let content = |error: &dyn fmt::Display| KeyFault::Content(name.clone(), error.to_string());
        let file: KeyFile = serde_json::from_str(&text).map_err(|error| content(&error))?;
        let signing = SigningKey::from_pkcs8_pem(&file.signing).map_err(|error| content(&error))?;
        let key = |text: &str| -> Result<Zeroizing<[u8; 32]>, KeyFault> {
            let bytes =
                Zeroizing::new(BASE64_STANDARD.decode(text).map_err(|error| content(&error))?);
            let array: [u8; 32] =
                bytes.as_slice().try_into().map_err(|_| content(&"a key has 32 bytes"))?;
            Ok(Zeroizing::new(array))
        };
        let sealing = file
            .sealing
            .iter()
            .map(|(id, text)| Ok((*id, key(text)?)))
            .collect::<Result<BTreeMap<_, _>, KeyFault>>()?;
        if !sealing.contains_key(&file.active) {
            return Err(content(&"the active sealing key is missing"));
        }
        Ok(Self {
            verifying_pem: signing
                .verifying_key()
                .to_public_key_pem(LineEnding::LF)
                .map_err(|error| content(&error))?,
            signing_pem: Zeroizing::new(file.signing),
            matching: key(&file.matching)?,
            sealing,
            active: file.active,
            proving: file.proving.as_deref().map(key).transpose()?,
            bound: file.bound,
        })
    }

    /// Writes the key file, readable by its owner only.
    ///
    /// # Errors
    ///
    /// [`KeyFault::File`] when the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), KeyFault> {
        let name = path.display().to_string();
        let file = KeyFile {
            signing: self.signing_pem.to_string(),
            matching: BASE64_STANDARD.encode(self.matching.as_slice()),
            sealing: self
                .sealing
                .iter()
                .map(|(id, key)| (*id, BASE64_STANDARD.encode(key.as_slice())))
                .collect(),
            active: self.active,
            proving: self.proving.as_ref().map(|key| BASE64_STANDARD.encode(key.as_slice())),
            bound: self.bound,
        };
        let text = Zeroizing::new(
            serde_json::to_string_pretty(&file)
                .map_err(|error| KeyFault::Content(name.clone(), error.to_string()))?,
        );
        let fault = |error| KeyFault::File(name.clone(), error);
        let partial = path.with_extension("partial");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut handle = options.open(&partial).map_err(fault)?;
        // One that was left behind may be open to others.
        owner_only::set(&handle).map_err(fault)?;
        std::io::Write::write_all(&mut handle, text.as_bytes()).map_err(fault)?;
        handle.sync_all().map_err(fault)?;
        std::fs::rename(&partial, path).map_err(fault)
    }

    /// Adds a sealing key and makes it the active one; the older ones stay for reading.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Content`] after 255 keys.
    pub fn rotate(&mut self) -> Result<u8, KeyFault> {
        let next =
            self.sealing.keys().next_back().and_then(|last| last.checked_add(1)).ok_or_else(
                || KeyFault::Content("(rotation)".to_owned(), "no key number is left".to_owned()),
            )?;
        self.sealing.insert(next, random());
        self.active = next;
        Ok(next)
    }

    /// PEM of the private key that signs tokens.
    #[must_use]
    pub fn signing_pem(&self) -> &str {
        &self.signing_pem
    }

    /// PEM of the public key that verifies tokens.
    #[must_use]
    pub fn verifying_pem(&self) -> &str {
        &self.verifying_pem
    }

    /// Key for keyed hashes.
    #[must_use]
    pub fn matching(&self) -> &[u8; 32] {
        &self.matching
    }

    /// Key that proves what the store keeps; a file from before that has none.
    #[must_use]
    pub fn proving(&self) -> Option<&[u8; 32]> {
        self.proving.as_deref()
    }

    /// Adds a proving key where there is none. The store has to be proved with it before the file
    /// is written: what is not proved by then never will be.
    pub fn prove(&mut self) {
        self.proving.get_or_insert_with(random);
    }

    /// Whether the sealed values of the store are bound to their records.
    #[must_use]
    pub const fn bound(&self) -> bool {
        self.bound
    }

    /// Notes that they are. They have to be before the file is written.
    pub const fn bind(&mut self) {
        self.bound = true;
    }

    /// Number of the key that seals new values.
    #[must_use]
    pub const fn active(&self) -> u8 {
        self.active
    }

    /// The sealing key of that number.
    #[must_use]
    pub fn sealing(&self, id: u8) -> Option<&[u8; 32]> {
        self.sealing.get(&id).map(|key| &**key)
    }
}
