//! Random numbers that depend on nothing but the keys they are asked for.
//!
//! `StdRng` may change its algorithm between releases of `rand`; the demonstration data must not,
//! so the generator is written out here. The module does not know what the numbers are used for.

use rand::{Error, Rng, RngCore};

/// SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, good enough for names and dates,
/// never for secrets.
#[derive(Clone, Debug)]
pub(super) struct SplitMix64(u64);

impl SplitMix64 {
    /// The stream that belongs to these keys, for example scale, county and index.
    pub(super) fn of(keys: &[u64]) -> Self {
        let mut stream = Self(0x4C69_616E_6661_6E67);
        for key in keys {
            stream.0 ^= key.wrapping_mul(0xD6E8_FEB8_6659_FD93);
            stream.0 = stream.next_u64();
        }
        stream
    }

    /// A number below `limit`; 0 when there is no such number.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        if limit == 0 { 0 } else { self.gen_range(0..limit) }
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a thousand cases.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the words, each as likely as the others; the empty text when there are none.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.below(words.len() as u32) as usize).copied().unwrap_or_default()
    }

    /// Index of one of the weights, drawn by weight.
    pub(super) fn weighted(&mut self, weights: impl IntoIterator<Item = u32> + Clone) -> usize {
        let mut rest = self.below(weights.clone().into_iter().sum());
        for (index, weight) in weights.into_iter().enumerate() {
            if rest < weight {
                return index;
            }
            rest -= weight;
        }
        0
    }

    /// One of the values, drawn by the weight beside it.
    pub(super) fn choose<T: Copy + Default>(&mut self, options: &[(T, u32)]) -> T {
        let index = self.weighted(options.iter().map(|(_, weight)| *weight));
        options.get(index).map(|(value, _)| *value).unwrap_or_default()
    }
}

impl RngCore for SplitMix64 {
    fn next_u32(&mut self) -> u32 {
        (self.next_u64() >> 32) as u32
    }

    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(number.get(..chunk.len()).unwrap_or_default());
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

/// Splits a total by weights so that the parts add up exactly (largest remainder, first one first).
pub(super) fn apportion(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<u64> =
        weights.iter().map(|weight| u64::from(total) * u64::from(*weight)).collect();
    let mut parts: Vec<u32> = exact.iter().map(|share| (share / sum) as u32).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(exact.get(*index).map_or(0, |share| share % sum)));
    let missing = total - parts.iter().sum::<u32>();
    for index in order.into_iter().take(missing as usize) {
        if let Some(part) = parts.get_mut(index) {
            *part += 1;
        }
    }
    parts
}
