use proptest::prelude::*;

use super::{CaptureCounts, Estimate, FEWEST_MATCHES, NoEstimate};

const fn lists(matched: u64, only_here: u64, only_there: u64) -> CaptureCounts {
    CaptureCounts { matched, only_here, only_there }
}

#[test]
fn a_worked_example_comes_out_as_by_hand() {
    // n1 = 200, n2 = 150, m = 50: 201 * 151 / 51 - 1 = 594.12 - 1.
    let estimate = lists(50, 150, 100).estimate().expect("an estimate");
    assert_eq!(estimate.total, 594);
    assert!(!estimate.weak);
    // Unseen 294.1, variance 201 * 151 * 150 * 100 / (51^2 * 52) = 3366: factor exp(1.96 *
    // sqrt(ln(1.03891))) = 1.4666.
    assert_eq!((estimate.low, estimate.high), (500, 732));
}

#[test]
fn lists_that_agree_leave_nothing_to_estimate() {
    assert_eq!(
        lists(12, 0, 0).estimate(),
        Ok(Estimate { total: 12, low: 12, high: 12, weak: false })
    );
    assert_eq!(
        lists(12, 5, 0).estimate(),
        Ok(Estimate { total: 17, low: 17, high: 17, weak: false })
    );
}

#[test]
fn without_a_match_there_is_no_estimate() {
    assert_eq!(lists(0, 3, 4).estimate(), Err(NoEstimate::NothingMatches));
    assert_eq!(lists(0, 0, 0).estimate(), Err(NoEstimate::NothingMatches));
    assert_eq!(lists(1, u64::MAX, 1).estimate(), Err(NoEstimate::TooMany));
}

#[test]
fn few_matches_are_said_to_be_few() {
    assert!(lists(FEWEST_MATCHES - 1, 3, 4).estimate().expect("an estimate").weak);
    assert!(!lists(FEWEST_MATCHES, 3, 4).estimate().expect("an estimate").weak);
}

proptest! {
    #[test]
    fn an_interval_holds_its_estimate_and_all_that_was_seen(m in 1_u64..100_000, a in 0_u64..100_000, b in 0_u64..100_000) {
        let lists = lists(m, a, b);
        let estimate = lists.estimate().expect("an estimate");
        prop_assert!(lists.seen() <= estimate.low);
        prop_assert!(estimate.low <= estimate.total && estimate.total <= estimate.high);
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter(m in 1_u64..1_000, a in 0_u64..1_000, b in 0_u64..1_000) {
        prop_assert_eq!(lists(m, a, b).estimate(), lists(m, b, a).estimate());
    }

    #[test]
    fn the_estimate_is_the_exact_quotient_to_the_nearest_whole(m in 1_u64..1_000_000, a in 0_u64..1_000_000, b in 0_u64..1_000_000) {
        let exact = u128::from(m + a + 1) * u128::from(m + b + 1);
        let divisor = u128::from(m + 1);
        let total = u128::from(lists(m, a, b).estimate().expect("an estimate").total) + 1;
        // Twice the distance is at most the divisor.
        prop_assert!((2 * total * divisor).abs_diff(2 * exact) <= divisor);
    }

    #[test]
    fn more_in_common_means_fewer_unseen(m in 1_u64..1_000, a in 1_u64..1_000, b in 1_u64..1_000) {
        let unseen = |lists: CaptureCounts| lists.estimate().expect("an estimate").total - lists.seen();
        prop_assert!(unseen(lists(m + 1, a - 1, b - 1)) <= unseen(lists(m, a, b)));
    }
}
