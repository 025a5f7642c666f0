//! Tables region × industry × year, drawn at random and suppressed: all sums told, counts under
//! three protected. A few here; with `LIANFANG_SUPPRESSION_TABLES` and `LIANFANG_SUPPRESSION_OUT`
//! so many are written, a line of JSON each, for `scripts/oracles/suppression.sh`, which audits
//! them with another solver and compares what is lost. `tests/data/suppression.ndjson` holds tables as
//! that audit left them.

use std::io::Write as _;

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable,
};
use lianfang::domain::disclosure::suppression::{
    CellGuard, Sides, SuppressionTable, TableSide, withheld,
};
use serde_json::json;

use crate::indicators::made_up::Dice;

const GUARD: CellGuard = CellGuard { least: 0, most: 3 };

fn side(leaves: usize) -> TableSide {
    TableSide::new(
        leaves,
        (0..leaves).map(|leaf| vec![leaf]).chain([(0..leaves).collect()]).collect(),
    )
}

/// The sum of a cell over what is unknown.
fn sum(sides: Sides<'_>, cell: usize, unknown: &[Variable]) -> Expression {
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
}

/// The least and the most a cell may be by what is shown.
fn range(sides: Sides<'_>, sums: &[i64], hidden: &[bool], cell: usize) -> [f64; 2] {
    [false, true].map(|most| {
        let mut variables = ProblemVariables::new();
        let unknown: Vec<Variable> =
            (0..sides.spots()).map(|_| variables.add(variable().min(0).max(10_000))).collect();
        let goal = sum(sides, cell, &unknown);
        let model =
            if most { variables.maximise(goal.clone()) } else { variables.minimise(goal.clone()) };
        let shown = (0..sums.len()).filter(|cell| !hidden[*cell]);
        let model = shown.fold(model.using(microlp), |model, cell| {
            let number = f64::from(i32::try_from(sums[cell]).expect("a small count"));
            model.with(constraint!(sum(sides, cell, &unknown) == number))
        });
        model.solve().expect("the true table is possible").eval(&goal)
    })
}

/// What is withheld of a table whose small counts are protected.
fn hidden(sides: Sides<'_>, counts: &[i64], sums: &[i64]) -> Vec<bool> {
    let guards: Vec<Option<CellGuard>> =
        sums.iter().map(|sum| (*sum < GUARD.most).then_some(GUARD)).collect();
    withheld(&SuppressionTable { sides, counts, told: &vec![true; sums.len()], guards: &guards })
}

/// A table as another solver found it protected.
#[derive(serde::Deserialize)]
struct Audited {
    shape: [usize; 3],
    counts: Vec<i64>,
    /// Cells that were withheld.
    hidden: Vec<usize>,
    /// How many another method withholds.
    other: usize,
}

#[test]
fn tables_are_withheld_as_another_solver_found_them_protected() {
    let lines = include_str!("../data/suppression.ndjson").lines();
    let tables: Vec<Audited> =
        lines.map(|line| serde_json::from_str(line).expect("a table")).collect();
    assert_eq!(tables.len(), 60, "all of the sample held");
    for (number, table) in tables.iter().enumerate() {
        let [rows, columns, years] = table.shape.map(side);
        let sides = Sides([&rows, &columns, &years]);
        let hidden = hidden(sides, &table.counts, &sides.sums(&table.counts));
        let places: Vec<usize> = (0..hidden.len()).filter(|cell| hidden[*cell]).collect();
        assert_eq!(
            places, table.hidden,
            "table {number}: withheld otherwise; `scripts/oracles/suppression.sh sample` audits it anew"
        );
    }
    let [own, others] = [
        tables.iter().map(|table| table.hidden.len()).sum::<usize>(),
        tables.iter().map(|table| table.other).sum(),
    ];
    assert!(own * 10 <= others * 12, "{own} withheld, {others} by the other method");
}

#[test]
fn no_protected_interval_of_a_random_table_is_too_narrow() {
    let number = std::env::var("LIANFANG_SUPPRESSION_TABLES")
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(12_u64);
    let mut out = std::env::var("LIANFANG_SUPPRESSION_OUT")
        .ok()
        .map(|path| std::fs::File::create(path).expect("a file"));
    for seed in 0..number {
        let mut dice = Dice::new(seed + 1);
        let [rows, columns, years] =
            [5, 4, 3].map(|most| side(2 + usize::try_from(dice.below(most - 1)).expect("small")));
        let sides = Sides([&rows, &columns, &years]);
        let many = 2 + dice.below(9);
        let counts: Vec<i64> = (0..sides.spots())
            .map(|_| {
                let most = if dice.below(4) == 0 { many * 4 } else { many };
                i64::try_from(dice.below(most)).expect("small")
            })
            .collect();
        let sums = sides.sums(&counts);
        let hidden = hidden(sides, &counts, &sums);
        if let Some(out) = &mut out {
            let shape = [rows.leaves(), columns.leaves(), years.leaves()];
            writeln!(
                out,
                "{}",
                json!({"shape": shape, "counts": counts, "sums": sums, "hidden": hidden})
            )
            .expect("written");
            continue;
        }
        for cell in (0..sums.len()).filter(|cell| sums[*cell] < GUARD.most) {
            let [least, most] = range(sides, &sums, &hidden, cell);
            assert!(
                hidden[cell] && least < 1e-6 && most > 3.0 - 1e-6,
                "table {seed}: {} is {least} to {most}",
                sums[cell]
            );
        }
    }
}
