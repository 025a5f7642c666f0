use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Line, withheld};

const LEAST: i64 = 3;

/// A table of places × industries × parts with all its sums: places in cities in a province, industries in all together,
/// parts in the whole.
struct Cube {
    counts: Vec<i64>,
    lines: Vec<Line>,
}

fn cube(cities: &[usize], industries: usize, parts: usize, cells: &[i64]) -> Cube {
    let places: usize = cities.iter().sum();
    // Places, then cities, then the province; industries, then all; parts, then the whole.
    let (rows, columns, depth) = (places + cities.len() + 1, industries + 1, parts + 1);
    let at = |row: usize, column: usize, part: usize| (row * columns + column) * depth + part;
    let mut counts = vec![0; rows * columns * depth];
    for row in 0..places {
        for column in 0..industries {
            for part in 0..parts {
                counts[at(row, column, part)] = cells[((row * industries + column) * parts + part) % cells.len()];
            }
        }
    }
    let mut lines = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            lines.push(Line { sum: at(row, column, parts), parts: (0..parts).map(|part| at(row, column, part)).collect() });
        }
        for part in 0..depth {
            lines.push(Line {
                sum: at(row, industries, part),
                parts: (0..industries).map(|column| at(row, column, part)).collect(),
            });
        }
    }
    for column in 0..columns {
        for part in 0..depth {
            let mut first = 0;
            for (city, size) in cities.iter().enumerate() {
                let inside = (first..first + size).map(|row| at(row, column, part)).collect();
                lines.push(Line { sum: at(places + city, column, part), parts: inside });
                first += size;
            }
            let all = (0..cities.len()).map(|city| at(places + city, column, part)).collect();
            lines.push(Line { sum: at(rows - 1, column, part), parts: all });
        }
    }
    // Sums of sums come out in as many rounds as there are levels.
    for _ in 0..4 {
        for line in &lines {
            counts[line.sum] = line.parts.iter().map(|part| counts[*part]).sum();
        }
    }
    Cube { counts, lines }
}

/// The attack of somebody else: narrows what each withheld cell can be until nothing moves. Written apart from the one that
/// the protection tries on itself.
fn attacked(cube: &Cube, hidden: &[bool]) -> Vec<(i128, i128)> {
    let most: i128 = cube.counts.iter().map(|count| i128::from(*count)).sum::<i128>() + 1_000;
    let mut known: Vec<(i128, i128)> = cube
        .counts
        .iter()
        .zip(hidden)
        .map(|(count, hidden)| if *hidden { (1, most) } else { (i128::from(*count), i128::from(*count)) })
        .collect();
    loop {
        let before = known.clone();
        for Line { sum, parts } in &cube.lines {
            for target in std::iter::once(sum).chain(parts) {
                // target = sum − others, or the sum of all parts.
                let others = parts.iter().filter(|part| *part != target);
                let (low, high) = if target == sum {
                    (parts.iter().map(|part| known[*part].0).sum(), parts.iter().map(|part| known[*part].1).sum())
                } else {
                    let (low, high) = others.fold((0, 0), |(low, high), part| (low + known[*part].0, high + known[*part].1));
                    (known[*sum].0 - high, known[*sum].1 - low)
                };
                known[*target] = (known[*target].0.max(low), known[*target].1.min(high));
            }
        }
        if known == before {
            return known;
        }
    }
}

fn check(cube: &Cube) {
    let hidden = withheld(&cube.counts, &cube.lines, LEAST);
    for (cell, (low, high)) in attacked(cube, &hidden).into_iter().enumerate() {
        let count = cube.counts[cell];
        assert!(hidden[cell] || !(1..LEAST).contains(&count), "{count} is shown");
        if !hidden[cell] {
            continue;
        }
        assert!(count > 0, "zero is shown");
        assert!(low < high, "{count} is found: {low}");
        assert!(count >= LEAST || high >= i128::from(LEAST), "{count} is found to be small: {low} to {high}");
    }
}

/// Every table that shows what this one shows, by trying all counts of its smallest cells.
fn possible(cube: &Cube, hidden: &[bool], most: i64) -> Vec<Vec<i64>> {
    let sums: BTreeSet<usize> = cube.lines.iter().map(|line| line.sum).collect();
    let leaves: Vec<usize> = (0..cube.counts.len()).filter(|cell| !sums.contains(cell)).collect();
    let mut tables = vec![cube.counts.clone()];
    for leaf in leaves.into_iter().filter(|leaf| hidden[*leaf]) {
        let with = |table: &Vec<i64>, count| {
            let mut table = table.clone();
            table[leaf] = count;
            table
        };
        tables = tables.iter().flat_map(|table| (1..=most).map(move |count| with(table, count))).collect();
    }
    let shows = |table: &Vec<i64>| {
        table.iter().zip(&cube.counts).zip(hidden).all(|((own, shown), hidden)| if *hidden { *own > 0 } else { own == shown })
    };
    for table in &mut tables {
        for _ in 0..4 {
            for line in &cube.lines {
                table[line.sum] = line.parts.iter().map(|part| table[*part]).sum();
            }
        }
    }
    tables.retain(shows);
    tables
}

fn line(counts: &[i64]) -> Vec<bool> {
    let sum = counts.iter().sum();
    let all: Vec<i64> = counts.iter().copied().chain([sum]).collect();
    withheld(&all, &[Line { sum: counts.len(), parts: (0..counts.len()).collect() }], LEAST)
}

#[test]
fn a_small_count_takes_the_next_smallest_with_it() {
    assert_eq!(line(&[10, 2, 7]), [false, true, true, false]);
    assert_eq!(line(&[10, 2, 1, 7]), [false, true, true, true, false], "two and one could not hide being small");
    assert_eq!(line(&[10, 7]), [false, false, false]);
    assert_eq!(line(&[0, 7, 0]), [false, false, false, false]);
    assert_eq!(line(&[2, 0, 0]), [true, false, false, true], "the sum is as small");
    assert_eq!(line(&[1, 1, 1]), [true, true, true, true], "three ones would be known from their sum");
    assert_eq!(line(&[9, 1]), [true, true, false]);
}

#[test]
fn nothing_is_withheld_where_nothing_is_small() {
    let cube = cube(&[2, 2], 3, 2, &[5, 0, 9, 4]);
    assert!(!withheld(&cube.counts, &cube.lines, LEAST).contains(&true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nobody_works_out_a_small_count(
        cities in prop::collection::vec(1..4_usize, 1..4), industries in 1..4_usize, parts in 1..3_usize,
        cells in prop::collection::vec(prop_oneof![4 => 0..5_i64, 1 => 5..60_i64], 1..48),
    ) {
        check(&cube(&cities, industries, parts, &cells));
    }

    #[test]
    fn the_same_table_gives_the_same_answer(cells in prop::collection::vec(0..9_i64, 1..30)) {
        let cube = cube(&[3, 2], 2, 2, &cells);
        prop_assert_eq!(withheld(&cube.counts, &cube.lines, LEAST), withheld(&cube.counts, &cube.lines, LEAST));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn trying_every_table_finds_no_small_count(cells in prop::collection::vec(0..5_i64, 4)) {
        let cube = cube(&[2], 2, 1, &cells);
        let hidden = withheld(&cube.counts, &cube.lines, LEAST);
        let tables = possible(&cube, &hidden, 9);
        prop_assert!(!tables.is_empty());
        for cell in (0..hidden.len()).filter(|cell| hidden[*cell]) {
            let values: BTreeSet<i64> = tables.iter().map(|table| table[cell]).collect();
            prop_assert!(values.len() > 1, "{} is found", cube.counts[cell]);
            prop_assert!(cube.counts[cell] >= LEAST || values.iter().any(|value| *value >= LEAST), "{} is small", cube.counts[cell]);
        }
    }
}
