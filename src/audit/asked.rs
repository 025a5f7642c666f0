//! Records what a question asks, for the audit log and for those whose records it concerns: names
//! of fields, never values.

use std::collections::BTreeMap;

use entity::catalogue::{Class, Family, Field};

use crate::{
    audit::collector::{AskedQuestion, Collector},
    authz::{
        actor::Actor,
        policy::Policy,
        scope::{Scope, Use, everywhere_in},
    },
    store::records::{filter::QuestionTerm, row::Classes},
};

/// The asker, and the policy that decides whose records a question concerns.
#[derive(Clone, Copy, Debug)]
pub struct QuestionAudit<'a> {
    /// Access policy of the hub.
    pub policy: &'a Policy,
    /// The actor who asks the question.
    pub actor: &'a Actor,
}

impl QuestionAudit<'_> {
    /// Records figures: the families that were counted, each with the fields it was counted by, and
    /// the number of resulting groups.
    pub fn count(
        &self,
        collector: &Collector,
        counted: &[(&'static Family, Vec<&'static Field>)],
        groups: usize,
    ) {
        for (family, fields) in counted {
            let asked: Vec<QuestionTerm> =
                fields.iter().map(|field| QuestionTerm::field(family, field)).collect();
            self.note(collector, Use::Aggregate, family, &asked);
            collector.grouped(family.name, groups);
        }
    }

    /// Records a question about a family, also behind its links, if it involves personal classes.
    /// An aggregate is also recorded if it counts records that may be counted but not listed.
    pub fn note(
        &self,
        collector: &Collector,
        how: Use,
        family: &'static Family,
        asked: &[QuestionTerm],
    ) {
        let mut by_family: BTreeMap<&'static str, (&'static Family, Vec<&QuestionTerm>)> =
            BTreeMap::new();
        by_family.entry(family.name).or_insert((family, Vec::new()));
        for one in asked {
            by_family.entry(one.family.name).or_insert((one.family, Vec::new())).1.push(one);
        }
        for (name, (of, asked)) in by_family {
            let classes: Vec<Class> = asked.iter().map(|one| one.class).collect();
            let how = if name == family.name { how } else { Use::List };
            let personal = classes.iter().any(|class| *class >= Class::Personal);
            if how == Use::List && !personal {
                continue;
            }
            let scope = Scope::new(self.policy, self.actor, of).ok();
            let closed = how == Use::Aggregate
                && scope.as_ref().is_some_and(|scope| scope.protects(&classes));
            if !closed && !personal {
                continue;
            }
            let held = scope
                .map(|scope| scope.holders(self.policy, how, &classes))
                .filter(|held| !held.is_empty());
            let question = AskedQuestion {
                classes: classes.iter().copied().collect::<Classes>(),
                names: asked.iter().map(|one| one.name).collect(),
                holders: held
                    .unwrap_or_else(|| everywhere_in(self.policy, of, self.actor.region())),
            };
            collector.ask(name, question);
        }
    }
}
