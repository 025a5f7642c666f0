//! Digest and compression of outgoing content.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use zstd::stream::write::Encoder as ZstdEncoder;

use crate::{error::HubError, exchange::export::format::Packing};

/// Favours speed over size: the hub must not be slower than a line of the administrative network.
const GZIP: u32 = 3;
const ZSTD: i32 = 1;

/// Takes content, computes its digest and compresses it.
pub struct Packer {
    digest: Sha256,
    packed: Packed,
}

enum Packed {
    Plain,
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(ZstdEncoder<'static, Vec<u8>>),
}

impl Packer {
    /// An empty packer.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the compressor does not start.
    pub fn new(packing: Packing) -> Result<Self, HubError> {
        let packed = match packing {
            Packing::Plain => Packed::Plain,
            Packing::Gzip => Packed::Gzip(GzEncoder::new(Vec::new(), Compression::new(GZIP))),
            Packing::Zstd => {
                Packed::Zstd(ZstdEncoder::new(Vec::new(), ZSTD).map_err(HubError::internal)?)
            }
        };
        Ok(Self { digest: Sha256::new(), packed })
    }

    /// Takes content and returns the bytes that are ready.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the compressor fails.
    pub fn push(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, HubError> {
        self.digest.update(&bytes);
        match &mut self.packed {
            Packed::Plain => Ok(bytes),
            Packed::Gzip(encoder) => {
                encoder.write_all(&bytes).map_err(HubError::internal)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
            Packed::Zstd(encoder) => {
                encoder.write_all(&bytes).map_err(HubError::internal)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
        }
    }

    /// The last bytes, and the SHA-256 of the content in hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the compressor fails.
    pub fn finish(self) -> Result<(Vec<u8>, String), HubError> {
        let rest = match self.packed {
            Packed::Plain => Ok(Vec::new()),
            Packed::Gzip(encoder) => encoder.finish(),
            Packed::Zstd(encoder) => encoder.finish(),
        };
        Ok((rest.map_err(HubError::internal)?, format!("{:x}", self.digest.finalize())))
    }
}
