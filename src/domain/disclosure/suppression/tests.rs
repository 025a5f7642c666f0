use std::collections::BTreeSet;

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable,
};
use proptest::prelude::*;

use super::{CellGuard, Sides, SuppressionTable, TableSide, withheld};

const GUARD: CellGuard = CellGuard { least: 0, most: 3 };

/// Places of so many cities, with the cities and all together.
fn places(cities: &[usize]) -> TableSide {
    let leaves = cities.iter().sum();
    let mut nodes: Vec<Vec<usize>> = (0..leaves).map(|leaf| vec![leaf]).collect();
    let mut first = 0;
    for size in cities {
        nodes.push((first..first + size).collect());
        first += size;
    }
    nodes.push((0..leaves).collect());
    TableSide::new(leaves, nodes)
}

/// Parts, with all together.
fn parts(leaves: usize) -> TableSide {
    TableSide::new(
        leaves,
        (0..leaves).map(|leaf| vec![leaf]).chain([(0..leaves).collect()]).collect(),
    )
}

/// Parts with two sums that overlap, and all together.
fn overlapping(leaves: usize) -> TableSide {
    let singles = (0..leaves).map(|leaf| vec![leaf]);
    let some = [(0..leaves.min(2)).collect(), (1..leaves).collect(), (0..leaves).collect()];
    TableSide::new(leaves, singles.chain(some).collect())
}

struct Released {
    sums: Vec<i64>,
    hidden: Vec<bool>,
}

fn release(sides: Sides<'_>, counts: &[i64]) -> Released {
    let sums = sides.sums(counts);
    let guards: Vec<Option<CellGuard>> =
        sums.iter().map(|sum| (*sum < GUARD.most).then_some(GUARD)).collect();
    let hidden = withheld(&SuppressionTable {
        sides,
        counts,
        told: &vec![true; sums.len()],
        guards: &guards,
    });
    Released { sums, hidden }
}

/// What somebody finds out of a cell who knows all shown cells and that no count is negative, by
/// linear programming.
fn narrowed(sides: Sides<'_>, told: &Released, cell: usize) -> (f64, f64) {
    let solve = |most: bool| {
        let mut variables = ProblemVariables::new();
        let unknown: Vec<Variable> =
            (0..sides.spots()).map(|_| variables.add(variable().min(0).max(10_000))).collect();
        let sum = |cell: usize| -> Expression {
            let at = sides.nodes(cell);
            let mut all = Expression::from(0);
            for row in sides.0[0].members(at[0]) {
                for column in sides.0[1].members(at[1]) {
                    for part in sides.0[2].members(at[2]) {
                        all += unknown[sides.spot([*row, *column, *part])];
                    }
                }
            }
            all
        };
        let target = sum(cell);
        let model = if most {
            variables.maximise(target.clone())
        } else {
            variables.minimise(target.clone())
        };
        let shown = (0..told.sums.len()).filter(|cell| !told.hidden[*cell]);
        let model = shown.fold(model.using(microlp), |model, cell| {
            model.with(constraint!(
                sum(cell) == f64::from(i32::try_from(told.sums[cell]).expect("a small count"))
            ))
        });
        model.solve().expect("the true table is possible").eval(&target)
    };
    (solve(false), solve(true))
}

fn check(sides: Sides<'_>, counts: &[i64]) {
    let told = release(sides, counts);
    for (cell, sum) in told.sums.iter().enumerate().filter(|(_, sum)| **sum < GUARD.most) {
        assert!(told.hidden[cell], "{sum} is shown");
        let (low, high) = narrowed(sides, &told, cell);
        assert!(
            low < 1e-6 && high > 3.0 - 1e-6,
            "{sum} at {:?} is found to be {low} to {high}",
            sides.nodes(cell)
        );
    }
}

fn line(counts: &[i64]) -> Vec<bool> {
    let (all, one) = (parts(counts.len()), TableSide::new(1, vec![vec![0]]));
    release(Sides([&all, &one, &one]), counts).hidden
}

#[test]
fn a_small_count_takes_another_with_it() {
    assert_eq!(line(&[10, 2, 7]), [false, true, true, false]);
    assert_eq!(
        line(&[10, 2, 1, 7]),
        [false, true, true, false, false],
        "two and one may be three and none"
    );
    assert_eq!(
        line(&[10, 1, 1, 7]),
        [false, true, true, true, false],
        "one and one could not hide being small"
    );
    assert_eq!(line(&[10, 7]), [false, false, false]);
    assert_eq!(line(&[9, 1]), [true, true, false]);
    assert_eq!(line(&[1, 1, 1]), [true, true, true, false], "any of them may be all three");
}

#[test]
fn nobody_tells_zero_from_one_and_two() {
    assert_eq!(line(&[0, 7, 9]), line(&[2, 7, 9]));
    assert_eq!(line(&[0, 7, 9]), [true, true, false, false]);
    assert_eq!(line(&[0, 0, 0]), [true; 4], "that there is none at all");
    assert_eq!(line(&[0, 0, 1]), [true; 4]);
}

#[test]
fn nothing_is_withheld_where_nothing_is_small() {
    let (rows, columns, depth) = (places(&[2, 2]), overlapping(3), parts(2));
    let sides = Sides([&rows, &columns, &depth]);
    let counts: Vec<i64> = (0..sides.spots()).map(|spot| [5, 3, 9, 4][spot % 4]).collect();
    assert!(!release(sides, &counts).hidden.contains(&true));
}

#[test]
fn empty_places_of_a_city_are_protected_alike() {
    let (rows, columns, depth) = (places(&[4, 3]), parts(2), parts(2));
    let sides = Sides([&rows, &columns, &depth]);
    let mut counts = vec![0; sides.spots()];
    for place in [0, 4, 5] {
        for rest in 0..4 {
            counts[place * 4 + rest] = 6;
        }
    }
    check(sides, &counts);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nobody_narrows_a_small_count(
        cities in prop::collection::vec(1..4_usize, 1..3), columns in 2..5_usize, depth in 1..3_usize,
        cells in prop::collection::vec(prop_oneof![4 => 0..5_i64, 1 => 5..60_i64], 1..36),
    ) {
        let (rows, columns, depth) = (places(&cities), overlapping(columns), parts(depth));
        let sides = Sides([&rows, &columns, &depth]);
        let counts: Vec<i64> = (0..sides.spots()).map(|spot| cells[spot % cells.len()]).collect();
        check(sides, &counts);
    }

    #[test]
    fn the_same_table_gives_the_same_answer(cells in prop::collection::vec(0..9_i64, 1..30)) {
        let (rows, columns, depth) = (places(&[3, 2]), overlapping(4), parts(2));
        let sides = Sides([&rows, &columns, &depth]);
        let counts: Vec<i64> = (0..sides.spots()).map(|spot| cells[spot % cells.len()]).collect();
        prop_assert_eq!(release(sides, &counts).hidden, release(sides, &counts).hidden);
    }

    #[test]
    fn trying_every_table_finds_no_small_count(cells in prop::collection::vec(0..5_i64, 4)) {
        let (rows, columns, one) = (parts(2), parts(2), TableSide::new(1, vec![vec![0]]));
        let sides = Sides([&rows, &columns, &one]);
        let told = release(sides, &cells);
        let shows = |sums: &[i64]| sums.iter().zip(&told.sums).zip(&told.hidden).all(|((own, shown), hidden)| *hidden || own == shown);
        let mut values = vec![BTreeSet::new(); told.sums.len()];
        let mut counts = [0_i64; 4];
        for number in 0..8_i64.pow(4) {
            (0..4).for_each(|place| counts[place] = number / 8_i64.pow(u32::try_from(place).expect("small")) % 8);
            let sums = sides.sums(&counts);
            if shows(&sums) {
                values.iter_mut().zip(&sums).for_each(|(values, sum)| { values.insert(*sum); });
            }
        }
        for cell in (0..told.sums.len()).filter(|cell| told.sums[*cell] < GUARD.most) {
            prop_assert!((0..=GUARD.most).all(|value| values[cell].contains(&value)), "{} is one of {:?}", told.sums[cell], values[cell]);
        }
    }
}
