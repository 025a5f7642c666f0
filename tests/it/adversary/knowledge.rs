//! What somebody works out of answers: each answer is a fact about how many cases there are of some
//! kinds, and linear programming over all of them says between what and what any other number lies.

use std::collections::BTreeMap;

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable,
};

/// More than there are cases.
const MANY: i32 = 100_000;

/// What is known: sums over kinds of cases, with the least and the most they may be.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    kinds: usize,
    facts: BTreeMap<Vec<usize>, (i64, i64)>,
}

impl Knowledge {
    pub const fn new(kinds: usize) -> Self {
        Self { kinds, facts: BTreeMap::new() }
    }

    /// Learns that the cases of some kinds together are as many as that.
    pub fn learn(&mut self, kinds: Vec<usize>, (least, most): (i64, i64)) {
        if kinds.is_empty() {
            return;
        }
        let fact = self.facts.entry(kinds).or_insert((0, i64::from(MANY)));
        *fact = (fact.0.max(least), fact.1.min(most));
    }

    /// Facts that are not so.
    pub fn wrong(&self, truth: &[i64]) -> Vec<String> {
        let sum = |kinds: &[usize]| kinds.iter().map(|kind| truth[*kind]).sum::<i64>();
        let wrong = self
            .facts
            .iter()
            .filter(|(kinds, (least, most))| !(*least..=*most).contains(&sum(kinds)));
        wrong
            .map(|(kinds, told)| format!("{} is told as {told:?}: {kinds:?}", sum(kinds)))
            .collect()
    }

    pub fn facts(&self) -> usize {
        self.facts.len()
    }

    /// All facts: kinds, and the least and the most there are of them together.
    pub fn told(&self) -> Vec<(&Vec<usize>, i64, i64)> {
        self.facts.iter().map(|(kinds, (least, most))| (kinds, *least, *most)).collect()
    }

    /// Between what and what a number lies.
    pub fn range(&self, target: &[usize]) -> (i64, i64) {
        let none: Vec<bool> = self.none();
        let solve = |most: bool| {
            let mut variables = ProblemVariables::new();
            let unknown: Vec<Option<Variable>> = none
                .iter()
                .map(|none| (!none).then(|| variables.add(variable().min(0).max(MANY))))
                .collect();
            let sum = |kinds: &[usize]| -> Expression {
                kinds.iter().filter_map(|kind| unknown[*kind]).sum()
            };
            let goal = sum(target);
            let model = if most {
                variables.maximise(goal.clone())
            } else {
                variables.minimise(goal.clone())
            };
            let number = |number: i64| f64::from(i32::try_from(number).expect("a small number"));
            let model = self.facts.iter().filter(|(_, (_, most))| *most > 0).fold(
                model.using(microlp),
                |mut model, (kinds, (least, most))| {
                    let sum = sum(kinds);
                    if least == most {
                        return model.with(constraint!(sum == number(*least)));
                    }
                    if *least > 0 {
                        model = model.with(constraint!(sum.clone() >= number(*least)));
                    }
                    if *most < i64::from(MANY) {
                        model.with(constraint!(sum <= number(*most)))
                    } else {
                        model
                    }
                },
            );
            model.solve().expect("the truth is possible").eval(&goal)
        };
        let rounded = |value: f64| value as i64;
        (rounded((solve(false) - 1e-6).ceil()), rounded((solve(true) + 1e-6).floor()))
    }

    /// Kinds of which there are none.
    fn none(&self) -> Vec<bool> {
        let mut none = vec![false; self.kinds];
        for (kinds, _) in self.facts.iter().filter(|(_, (_, most))| *most == 0) {
            kinds.iter().for_each(|kind| none[*kind] = true);
        }
        none
    }
}
