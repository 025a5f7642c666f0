//! `/meeting/corrections`: what others say is wrong with the department's records, what it says of
//! those of others, and the forms for both.

mod view;

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, Uri},
    response::Response,
};
use maud::html;
use serde::Deserialize;

use self::view::CorrectionView;
use crate::{
    audit::{collector::Collector, entry::Entry},
    context::OpCtx,
    domain::{
        code::Coded as _,
        correction::{CorrectionState, CorrectionStep},
    },
    error::HubError,
    http::{
        meeting::{
            forms::{self, Asked, FormNote, FormPage},
            place::MeetingRoute,
            session::Visitor,
            shell::{self, say},
            visitor_line,
        },
        refusal::Refusal,
        state::AppState,
    },
    sharing::corrections::{CorrectionContext, CorrectionDraft, IDENTIFIER, noted},
    store::{records::global_id::parse_name, sharing::corrections::CorrectionQuery},
};

/// Bytes of a form at most: an opinion and what shows it, each letter written as nine.
pub(super) const MOST_BYTES: usize = 32 * 1024;
/// Corrections that wait for an answer and are shown, the oldest first.
const WAITING: u64 = 200;
/// Settled ones that are shown, the latest first.
const SETTLED: u64 = 20;

/// The submitted form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct CorrectionForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    version: i32,
    #[serde(default)]
    step: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    claim: String,
    #[serde(default)]
    basis: String,
}

/// The page.
pub(super) struct CorrectionDesk<'a> {
    pub(super) asked: Asked<'a>,
}

/// `POST`: raises a correction or takes a step with one.
pub(super) async fn act(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
    entry: Result<Form<CorrectionForm>, FormRejection>,
) -> Response {
    let page = CorrectionDesk { asked: forms::asked(&edge, &ctx, &headers) };
    forms::submit(page.asked, (&headers, &uri), &page, entry).await
}

impl CorrectionDesk<'_> {
    fn work<'a>(&'a self, visitor: &'a Visitor) -> CorrectionContext<'a> {
        let Asked { edge, ctx, .. } = self.asked;
        CorrectionContext {
            services: &edge.services,
            clocks: &edge.rules.clocks,
            calendar: &edge.rules.calendar,
            ctx,
            actor: &visitor.actor,
        }
    }
}

impl FormPage for CorrectionDesk<'_> {
    type Entry = CorrectionForm;

    fn route(&self) -> MeetingRoute {
        MeetingRoute::Corrections
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("数据校核", "corrections")
    }

    fn most(&self) -> (&'static str, &'static str) {
        (
            "校核意见和说明各最多 1000 字，依据最多 200 字。",
            "an opinion has at most 1,000 characters, what shows it 200.",
        )
    }

    fn texts(entry: &CorrectionForm) -> Vec<&str> {
        vec![&entry.record, &entry.field, &entry.claim, &entry.basis, &entry.words]
    }

    async fn take(&self, visitor: &Visitor, entry: &CorrectionForm) -> Result<(), HubError> {
        let work = self.work(visitor);
        if entry.step == "CLAIM" {
            let draft = CorrectionDraft {
                record: entry.record.trim().to_owned(),
                field: Some(entry.field.clone()),
                claim: entry.claim.clone(),
                basis: entry.basis.clone(),
                ..CorrectionDraft::default()
            };
            return work.claim(&draft).await.map(|_| ()).map_err(|error| match error {
                HubError::NotFound => HubError::invalid(
                    "没有这条记录，或您不能查看。请从导出表的“全局标识”列复制完整的标识。",
                    "There is no such record, or you may not see it. Copy the whole identifier from the column 全局标识 of an export.",
                ),
                error => error,
            });
        }
        let step = CorrectionStep::from_code(&entry.step).ok_or_else(|| {
            HubError::invalid(
                "没有选择要办的步骤。请用页面上的按钮提交。",
                "No step was chosen. Use the buttons of the page.",
            )
        })?;
        let id = parse_name(&self.asked.edge.services.seal, IDENTIFIER, &entry.id);
        work.take(id, entry.version, step, Some(&entry.words)).await.map(|_| ())
    }

    async fn page(
        &self,
        visitor: &Visitor,
        note: FormNote<'_, CorrectionForm>,
    ) -> Result<Response, Refusal> {
        let Asked { edge, ctx, language } = self.asked;
        let work = self.work(visitor);
        let list = async |raised: bool| {
            let some = async |settled: bool| {
                let states = CorrectionState::ALL.iter().copied();
                let states = states.filter(|state| state.is_settled() == settled).collect();
                let most = if settled { SETTLED } else { WAITING };
                let (raised, oldest_first) = (Some(raised), !settled);
                work.list(&CorrectionQuery {
                    raised,
                    states,
                    oldest_first,
                    most,
                    ..Default::default()
                })
                .await
            };
            let mut all = some(false).await?;
            all.extend(some(true).await?);
            Ok::<_, HubError>(all)
        };
        let lists = async { Ok((list(false).await?, list(true).await?)) }.await;
        let mut entry = Entry::of(
            &visitor.actor,
            ctx.now(),
            ctx.request(),
            "read corrections".to_owned(),
            String::new(),
        );
        let collector = Collector::default();
        if let Ok((held, raised)) = &lists {
            for own in held.iter().chain(raised) {
                if !work.shows_words(own)? {
                    continue;
                }
                let family = edge.services.catalogue.find(&own.claim.family);
                if let Some(family) = family {
                    collector.note(family.name, std::iter::once(noted(own)));
                }
            }
        }
        collector.drain_into(&mut entry);
        entry.outcome = lists.as_ref().err().map_or("OK", HubError::code).to_owned();
        edge.services.audit.append(entry).await?;
        let (held, raised) = lists?;
        let view = CorrectionView { edge, language, work, visitor, note: &note };
        let body = html! {
            (visitor_line(edge, visitor, language))
            p { a href=(MeetingRoute::Choice) { (say(language, "会议材料", "Materials of the meeting")) } }
            (forms::note::<CorrectionDesk<'_>>(&note, (language, ctx)))
            (view.list((say(language, "待本部门核实、答复的", "About records of your department"), "held"), &held)?)
            (view.list((say(language, "本部门提出的", "Raised by your department"), "raised"), &raised)?)
            (view.claim_form())
        };
        let title = say(language, "数据校核", "Corrections of records");
        Ok(shell::page(forms::status(&note), language, title, &body))
    }
}
