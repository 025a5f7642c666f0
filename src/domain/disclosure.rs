//! What may be told of counts whose rows somebody may not see: one control for every way out.

pub mod blur;
pub mod noise;
pub mod published;
pub mod rules;
pub mod sight;
pub mod suppression;
