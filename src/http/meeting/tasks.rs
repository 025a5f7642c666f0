//! `/meeting/{region}/{year}/tasks`: the tasks of plans in a year, with the forms of those who report
//! them and of those who confirm them or send them back.

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

use self::view::TaskView;
use crate::{
    authz::meeting::Seat,
    context::OpCtx,
    domain::{clock::shanghai_date, plan::TaskStep},
    error::{HubError, Language},
    http::{
        meeting::{
            caller,
            forms::{self, Asked, FormNote, FormPage},
            place::{MeetingRoute, TasksPlace},
            session::Visitor,
            shell::{self, say},
            visitor_line,
        },
        refusal::Refusal,
        state::AppState,
    },
    meeting::{
        returns::MeetingContext,
        room::{ContentChoice, ContentRequest},
    },
    store::meeting::tasks::{TaskEvidence, TaskKey, TaskReportDraft},
};

/// Bytes of a form at most: a report and its evidence, each letter written as nine.
pub(super) const MOST_BYTES: usize = 128 * 1024;

/// The submitted form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct TaskForm {
    #[serde(default)]
    task: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    version: i32,
    #[serde(default)]
    step: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    remark: String,
}

/// The page of the tasks of a region and year.
pub(super) struct TaskPage<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) place: &'a TasksPlace,
}

/// `POST`: takes a step and leads back to the page.
pub(super) async fn act(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
    entry: Result<Form<TaskForm>, FormRejection>,
) -> Response {
    let route = MeetingRoute::of(uri.path(), uri.query().unwrap_or_default());
    let Some(MeetingRoute::Tasks(place)) = &route else {
        return super::otherwise(Extension(ctx), headers, uri).await;
    };
    let page = TaskPage { asked: forms::asked(&edge, &ctx, &headers), place };
    forms::submit(page.asked, (&headers, &uri), &page, entry).await
}

impl FormPage for TaskPage<'_> {
    type Entry = TaskForm;

    fn route(&self) -> MeetingRoute {
        MeetingRoute::Tasks(self.place.clone())
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("任务", "tasks")
    }

    fn most(&self) -> (&'static str, &'static str) {
        (
            "报告最多 1000 字，佐证最多 20 件。",
            "a report has at most 1,000 characters and 20 pieces of evidence.",
        )
    }

    fn texts(entry: &TaskForm) -> Vec<&str> {
        vec![&entry.content, &entry.evidence, &entry.remark]
    }

    async fn take(&self, visitor: &Visitor, entry: &TaskForm) -> Result<(), HubError> {
        let Asked { edge, ctx, .. } = self.asked;
        step(edge, ctx, visitor, self.place, entry).await
    }

    async fn page(
        &self,
        visitor: &Visitor,
        note: FormNote<'_, TaskForm>,
    ) -> Result<Response, Refusal> {
        let Asked { edge, ctx, language } = self.asked;
        page(edge, ctx, visitor, (self.place, language), note).await
    }
}

/// Takes the step of a form.
async fn step(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
    place: &TasksPlace,
    form: &TaskForm,
) -> Result<(), HubError> {
    let region = edge.rules.regions.present(place.region.as_str())?;
    let seat = caller(edge, ctx, visitor).seated(&region, &about(place)).await?;
    let sitting = sitting(edge, ctx, visitor, &seat);
    let key = TaskKey { task: form.task.clone(), year: place.year };
    let review = async |step: TaskStep| {
        let remark = Some(form.remark.as_str());
        sitting.review_task((&key, &form.department), form.version, step, remark).await
    };
    match form.step.as_str() {
        "report" => {
            let mut evidence = evidence(&form.evidence);
            let own = seat.department().as_str();
            let known = edge.services.database.task_reports(&seat, place.year).await?;
            let known = known.iter().find(|report| report.key == key && report.department == own);
            let known =
                known.map(|report| report.last.draft.evidence.as_slice()).unwrap_or_default();
            bind(&mut evidence, known);
            let draft = TaskReportDraft { content: form.content.clone(), evidence };
            sitting.report_task(&key, form.version, &draft).await?;
        }
        "confirm" => _ = review(TaskStep::Confirm).await?,
        "return" => _ = review(TaskStep::Return).await?,
        _ => {
            return Err(HubError::invalid(
                "没有选择报告、确认或退回。请用页面上的按钮提交。",
                "Neither report, confirm nor send back was chosen. Use the buttons of the page.",
            ));
        }
    }
    Ok(())
}

/// Records that were named elsewhere stay named as long as their lines stay, and as many of one title
/// as there were: of fewer it is not known which went.
fn bind(evidence: &mut [TaskEvidence], known: &[TaskEvidence]) {
    let same = |one: &TaskEvidence, other: &TaskEvidence| {
        one.title == other.title && one.digest == other.digest
    };
    let entered = evidence.to_vec();
    for (place, one) in evidence.iter_mut().enumerate() {
        let old: Vec<&TaskEvidence> = known.iter().filter(|old| same(old, one)).collect();
        let now = entered.iter().filter(|own| same(own, one)).count();
        let own = entered.iter().take(place).filter(|own| same(own, one)).count();
        if old.len() == now {
            one.record = old.get(own).and_then(|old| old.record.clone());
        }
    }
}

/// Evidence as it is entered: one piece a line, the SHA-256 of a file behind its title.
fn evidence(text: &str) -> Vec<TaskEvidence> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let one = |line: &str| {
        let digest = line.rsplit_once(char::is_whitespace).filter(|(_, last)| {
            last.len() == 64 && last.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let (title, digest) = match digest {
            Some((title, digest)) => (title.trim(), Some(digest.to_owned())),
            None => (line, None),
        };
        TaskEvidence { title: title.to_owned(), record: None, digest }
    };
    lines.map(one).collect()
}

fn about(place: &TasksPlace) -> String {
    format!("{} {} tasks", place.region, place.year)
}

fn sitting<'a>(
    edge: &'a AppState,
    ctx: &'a OpCtx,
    visitor: &'a Visitor,
    seat: &'a Seat,
) -> MeetingContext<'a> {
    MeetingContext {
        services: &edge.services,
        rules: &edge.rules,
        ctx,
        actor: &visitor.actor,
        seat,
    }
}

async fn page(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
    (place, language): (&TasksPlace, Language),
    note: FormNote<'_, TaskForm>,
) -> Result<Response, Refusal> {
    let region = edge.rules.regions.present(place.region.as_str())?;
    let seat = caller(edge, ctx, visitor).seated(&region, &about(place)).await?;
    let sitting = sitting(edge, ctx, visitor, &seat);
    let tasks = sitting.tasks(place.year).await?;
    let begun = place.year <= chrono::Datelike::year(&shanghai_date(ctx.now()));
    let view = TaskView { edge, seat: &seat, place, language, begun, note: &note };
    let region = edge.services.reference.region_name(place.region.as_str());
    let region = region.unwrap_or(place.region.as_str());
    let meeting = MeetingRoute::Page(ContentRequest {
        region: place.region.clone(),
        year: place.year,
        number: None,
        which: ContentChoice::Shown,
    });
    let year = |year: i32| MeetingRoute::Tasks(TasksPlace { year, ..place.clone() });
    let body = html! {
        (visitor_line(edge, visitor, language))
        p {
            a href=(meeting) { (say(language, "会议材料", "Materials of the meeting")) } " · "
            a href=(year(place.year - 1)) { (place.year - 1) } " · "
            a href=(year(place.year + 1)) { (place.year + 1) }
        }
        (forms::note::<TaskPage<'_>>(&note, (language, ctx)))
        @if tasks.is_empty() {
            p.note { (say(language, "该年度的计划没有交给本地区的任务。", "No plan of that year has a task for this region.")) }
        }
        @for (number, task) in (1..).zip(&tasks) {
            (view.task(number, task))
        }
    };
    let title = match language {
        Language::Chinese => format!("{region}{}年计划任务", place.year),
        Language::English => format!("Tasks of {} in {region}", place.year),
    };
    Ok(shell::page(forms::status(&note), language, &title, &body))
}
