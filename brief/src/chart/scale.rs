//! An axis: from where to where, and where its ticks stand.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// An axis whose ticks are decided by whoever draws, not by the room there is.
pub(crate) struct Axis {
    pub range: Range<f64>,
    pub ticks: Vec<f64>,
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, pixels: (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        pixels.0 + (f64::from(pixels.1 - pixels.0) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(value: &f64) -> String {
        value.to_string()
    }
}

/// From zero in round steps up to or above the greatest value: at most five steps, whole numbers
/// where `whole`.
pub(crate) fn ticks(most: f64, whole: bool) -> Vec<f64> {
    let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
    let mut step = 10_f64.powf((most / 4.0).log10().floor());
    for factor in [1.0, 2.0, 2.5, 5.0, 10.0] {
        let wide = step * factor;
        if wide * 4.5 >= most && (!whole || wide.fract() == 0.0) {
            step = wide;
            break;
        }
    }
    if whole && step < 1.0 {
        step = 1.0;
    }
    let count = (most / step - 1e-9).ceil().clamp(1.0, 6.0);
    (0..=6).map(f64::from).take_while(|at| *at <= count).map(|at| at * step).collect()
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn ticks_are_round_and_reach_the_greatest_value() {
        assert_eq!(ticks(24.0, true), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(ticks(1.0, true), [0.0, 1.0]);
        assert_eq!(ticks(3.0, true), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(ticks(0.0, true), [0.0, 1.0]);
        for most in [0.3, 1.0, 7.0, 9.9, 31.0, 99.0, 101.0, 12_345.0, 1e15] {
            for whole in [false, true] {
                let ticks = ticks(most, whole);
                assert!((2..=7).contains(&ticks.len()), "{most}: {ticks:?}");
                assert!(*ticks.last().unwrap() >= most, "{most}: {ticks:?}");
            }
        }
    }
}
