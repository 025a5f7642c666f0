//! `/meeting/{region}/{year}/tasks`: the tasks of plans in a year, with the forms of those who report
//! them and of those who confirm them or send them back.

mod view;

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use maud::html;
use serde::Deserialize;

use self::view::{TaskNote, TaskView};
use crate::{
    authz::meeting::Seat,
    context::OpCtx,
    domain::{clock::shanghai_date, plan::TaskStep},
    error::{HubError, Language},
    http::{
        language::language,
        meeting::{
            caller, origin,
            place::{MeetingRoute, TasksPlace},
            refused::{self, SentCookie},
            session::{self, Visitor},
            shell::{self, led_to, say},
            who,
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

/// `GET`: the page.
pub(super) async fn show(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
    (place, language, done): (&TasksPlace, Language, bool),
) -> Result<Response, Refusal> {
    let note = if done { TaskNote::Done } else { TaskNote::None };
    let _place = edge.place().await?;
    in_time(edge, page(edge, ctx, visitor, (place, language), note)).await
}

/// `POST`: takes a step and leads back to the page. What was entered is kept where the step is
/// refused.
pub(super) async fn act(
    State(edge): State<Arc<AppState>>,
    Extension(ctx): Extension<OpCtx>,
    headers: HeaderMap,
    uri: Uri,
    entry: Result<Form<TaskForm>, FormRejection>,
) -> Response {
    let language = language(&headers);
    let route = MeetingRoute::of(uri.path(), uri.query().unwrap_or_default());
    let Some(MeetingRoute::Tasks(place)) = &route else {
        return super::otherwise(Extension(ctx), headers, uri).await;
    };
    let taken = async {
        origin::own(&headers, &uri).map_err(|error| (error.into(), None))?;
        let form = entry.map(|Form(form)| form).map_err(|rejection| (unread(&rejection), None))?;
        let visitor = session::visitor(&edge, &headers, &ctx)
            .map_err(|refusal| (refusal, Some(form.clone())))?;
        let _place = edge.place().await.map_err(|refusal| (refusal, Some(form.clone())))?;
        let work = async { Ok(step(&edge, &ctx, &visitor, place, &form).await) };
        let taken = in_time(&edge, work).await;
        let taken = taken.map_err(|refusal| (refusal, Some(form.clone())))?;
        let answer = match taken {
            Ok(()) => Ok(led_to(&format!("{}?done=1", MeetingRoute::Tasks(place.clone())))),
            Err(
                error @ (HubError::Invalid(_) | HubError::Conflict(_) | HubError::Forbidden(_)),
            ) => {
                let refusal = Refusal::from(error);
                let note = TaskNote::Wrong(&refusal, &form);
                in_time(&edge, page(&edge, &ctx, &visitor, (place, language), note)).await
            }
            Err(error) => Err(error.into()),
        };
        let mut answer = answer.map_err(|refusal| (refusal, Some(form)))?;
        visitor.goes_on(&mut answer);
        Ok(answer)
    };
    taken.await.unwrap_or_else(|(refusal, form): (Refusal, Option<TaskForm>)| match form {
        Some(form) => unsaved(&refusal, &form, place, (language, &ctx)),
        None => refused::page(&refusal, language, &ctx, route.as_ref(), SentCookie::Kept),
    })
}

/// What a page does, within the timeout of one request.
async fn in_time<T>(
    edge: &AppState,
    work: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let late = |_| HubError::Unavailable("the page took too long".into());
    tokio::time::timeout(edge.timeout, work).await.map_err(late)?
}

/// What was entered, for somebody whose step was not taken; most often because they have to sign in
/// again first.
fn unsaved(
    refusal: &Refusal,
    form: &TaskForm,
    place: &TasksPlace,
    (language, ctx): (Language, &OpCtx),
) -> Response {
    let tasks = MeetingRoute::Tasks(place.clone());
    let signed_out = refusal.status == StatusCode::UNAUTHORIZED;
    let (again, open) = if signed_out {
        (
            format!("/sign-in?next={tasks}"),
            say(language, "在新窗口登录", "Sign in, in a new window"),
        )
    } else {
        (
            tasks.to_string(),
            say(language, "在新窗口打开任务页面", "Open the page of tasks in a new window"),
        )
    };
    let title = if signed_out {
        say(language, "登录已结束，内容尚未保存", "Signed out; nothing was saved")
    } else {
        say(language, "内容可能尚未保存", "This may not have been saved")
    };
    let body = html! {
        (refused::sentence(refusal, language, ctx))
        p {
            a href=(again) target="_blank" rel="noopener" { (open) }
            (say(language, "，核对后把下面的内容复制到任务页面重新提交。", ", look whether it is there, and copy what stands below into the page of tasks."))
        }
        (view::kept(form, language))
    };
    shell::page(refusal.status, language, title, &body)
}

fn unread(rejection: &FormRejection) -> Refusal {
    let error = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        HubError::invalid(
            "提交的内容过长。报告最多 1000 字，佐证最多 20 件。请返回上一页缩短后再提交。",
            "That is too long: a report has at most 1,000 characters and 20 pieces of evidence. Go back and shorten it.",
        )
    } else {
        HubError::invalid(
            "提交的内容无法识别。请返回任务页面重新提交。",
            "The form cannot be read. Go back to the page and send it again.",
        )
    };
    Refusal::new(rejection.status(), error)
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
    note: TaskNote<'_>,
) -> Result<Response, Refusal> {
    let region = edge.rules.regions.present(place.region.as_str())?;
    let seat = caller(edge, ctx, visitor).seated(&region, &about(place)).await?;
    let sitting = sitting(edge, ctx, visitor, &seat);
    let tasks = sitting.tasks(place.year).await?;
    let begun = place.year <= chrono::Datelike::year(&shanghai_date(ctx.now()));
    let view = TaskView { edge, ctx, seat: &seat, place, language, begun, note: &note };
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
        div.who {
            span { (who(edge, &visitor.actor)) }
            @if visitor.by_cookie {
                form method="post" action="/meeting/sign-out" {
                    button.quiet type="submit" { (say(language, "退出登录", "Sign out")) }
                }
            }
        }
        p {
            a href=(meeting) { (say(language, "会议材料", "Materials of the meeting")) } " · "
            a href=(year(place.year - 1)) { (place.year - 1) } " · "
            a href=(year(place.year + 1)) { (place.year + 1) }
        }
        (view.note())
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
    let status = match &note {
        TaskNote::Wrong(refusal, _) => refusal.status,
        TaskNote::None | TaskNote::Done => StatusCode::OK,
    };
    Ok(shell::page(status, language, &title, &body))
}
