//! The state of one request: the caller, time, language, and what was shown.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::parser::types::ExecutableDocument;
use entity::catalogue::{Class, Family, Field};

use crate::{
    audit::{
        asked::QuestionAudit,
        collector::{Collector, Noted},
    },
    authz::{
        actor::Actor,
        scope::{Scope, Use},
    },
    context::OpCtx,
    error::{HubError, Language, Text},
    graphql::records::{answers::Answers, loader::RecordLoader, names::FieldNames},
    meeting::indicators::counted,
    services::Services,
    store::records::{
        filter::{Filter, QuestionTerm},
        row::{Classes, Row},
    },
};

/// A request that is being answered.
pub struct Session {
    /// Database, keys, policy and catalogue of the hub.
    pub services: Arc<Services>,
    /// Names of all families' fields.
    pub names: Arc<FieldNames>,
    /// The caller; `None` when not signed in.
    pub actor: Option<Arc<Actor>>,
    /// Time and number of the request.
    pub ctx: OpCtx,
    /// Language of messages.
    pub language: Language,
    /// Collects what was shown, for the audit log.
    pub collector: Arc<Collector>,
    /// The document, where the library was given only its root fields.
    pub document: Option<Arc<ExecutableDocument>>,
    /// Root fields already written.
    pub answers: Answers,
    /// Loads the records behind to-one links, each once a request.
    pub loader: RecordLoader,
    scopes: Mutex<HashMap<&'static str, Arc<Scope>>>,
}

impl Session {
    /// A session for a request.
    #[must_use]
    pub fn new(
        services: Arc<Services>,
        names: Arc<FieldNames>,
        actor: Option<Arc<Actor>>,
        ctx: OpCtx,
        language: Language,
    ) -> Self {
        Self {
            loader: RecordLoader::new(Arc::clone(&services)),
            services,
            names,
            actor,
            ctx,
            language,
            collector: Arc::new(Collector::default()),
            document: None,
            answers: Answers::default(),
            scopes: Mutex::new(HashMap::new()),
        }
    }

    /// The caller, who must be signed in.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`] when nobody is signed in.
    pub fn actor(&self) -> Result<&Actor, HubError> {
        self.actor.as_deref().ok_or_else(HubError::unauthenticated)
    }

    /// The right to read a family, computed once a request.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`] or [`HubError::Forbidden`].
    pub fn scope(&self, family: &'static Family) -> Result<Arc<Scope>, HubError> {
        let actor = self.actor()?;
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scope) = scopes.get(family.name) {
            return Ok(Arc::clone(scope));
        }
        let scope = self.services.scope(actor, family)?;
        scopes.insert(family.name, Arc::clone(&scope));
        Ok(scope)
    }

    /// Records that rows are about to be shown, and enforces the limit of a case purpose.
    ///
    /// # Errors
    ///
    /// [`HubError::TooComplex`] when a case purpose shows more records than one request may.
    pub fn show<'a>(
        &self,
        scope: &Scope,
        rows: impl IntoIterator<Item = &'a Row>,
    ) -> Result<(), HubError> {
        self.collector.note(scope.family().name, rows.into_iter().map(|row| noted(row, row.shown)));
        match scope.row_limit() {
            Some(most) if self.collector.count() as u64 > most => {
                Err(HubError::TooComplex(Text::new(
                    format!("个案用途一次最多查看 {most} 条个人信息。请缩小范围。"),
                    format!(
                        "A case purpose shows at most {most} personal records at a time. Narrow the request."
                    ),
                )))
            }
            _ => Ok(()),
        }
    }

    /// Records what a query depends on: its condition and the fields of its order.
    pub fn ask(&self, family: &'static Family, filter: &Filter, more: &[&'static Field]) {
        self.asked(Use::List, family, filter, more);
    }

    /// Records a query for statistics: its condition, groups and sums. The number of groups in the
    /// answer is recorded by [`Session::grouped`].
    pub fn ask_sums(&self, family: &'static Family, filter: &Filter, more: &[&'static Field]) {
        self.asked(Use::Aggregate, family, filter, more);
    }

    /// Records that all figures of a meeting were counted, and how many there are.
    pub fn count_figures(&self, figures: usize) {
        let counted = counted((&self.services.reference, &self.services.catalogue), None);
        self.count(&counted, figures);
    }

    /// Records that families were counted, each by these fields, and the number of groups.
    pub fn count(&self, counted: &[(&'static Family, Vec<&'static Field>)], groups: usize) {
        let Some(actor) = self.actor.as_deref() else { return };
        QuestionAudit { policy: &self.services.policy, actor }.count(
            &self.collector,
            counted,
            groups,
        );
    }

    /// Records the number of groups in the answer to a query for statistics.
    pub fn grouped(&self, family: &'static Family, groups: usize) {
        self.collector.grouped(family.name, groups);
    }

    fn asked(&self, how: Use, family: &'static Family, filter: &Filter, more: &[&'static Field]) {
        let Some(actor) = self.actor.as_deref() else { return };
        let mut asked: Vec<QuestionTerm> =
            more.iter().map(|field| QuestionTerm::field(family, field)).collect();
        filter.asks(family, &mut asked);
        QuestionAudit { policy: &self.services.policy, actor }.note(
            &self.collector,
            how,
            family,
            &asked,
        );
    }

    /// Records that rows were reached, or left, through a link of that class: which rows belong
    /// together is a fact of that class, whatever is shown of them.
    pub fn follow<'a>(
        &self,
        family: &'static Family,
        rows: impl IntoIterator<Item = &'a Row>,
        class: Class,
    ) {
        let classes: Classes = [class].into_iter().collect();
        self.collector.note(family.name, rows.into_iter().map(|row| noted(row, classes)));
    }

    /// Records that personal values of a record were shown outside a row (its history).
    pub fn show_classes(&self, scope: &Scope, row: &Row, classes: Classes) {
        self.collector.note(scope.family().name, [noted(row, classes)]);
    }
}

fn noted(row: &Row, classes: Classes) -> Noted<'_> {
    Noted { id: row.id, department: &row.department, region: &row.region, classes }
}
