//! Pages with forms. What is sent is taken and leads back to the page; where it is refused, the page
//! comes again with what was wrong and what was entered; where nobody is signed in any more, what was
//! entered is shown, so that it can be copied.

use axum::{
    Form,
    extract::rejection::FormRejection,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use maud::{Markup, html};

use crate::{
    context::OpCtx,
    error::{HubError, Language},
    http::{
        language::language,
        meeting::{
            origin,
            place::MeetingRoute,
            refused::{self, SentCookie},
            session::{self, Visitor},
            shell::{self, led_to, say},
        },
        refusal::Refusal,
        state::AppState,
    },
};

/// What stands above a page after a form was sent.
pub(super) enum FormNote<'a, Entry> {
    /// No form was sent.
    None,
    /// It was taken.
    Done,
    /// What was wrong with it, and what was entered.
    Wrong(&'a Refusal, &'a Entry),
}

/// A page with a form.
pub(super) trait FormPage: Sync {
    /// What is entered.
    type Entry: Send + Sync;

    /// Address of the page.
    fn route(&self) -> MeetingRoute;

    /// What the page is called, in Chinese and English.
    fn name(&self) -> (&'static str, &'static str);

    /// How much may be entered, in Chinese and English.
    fn most(&self) -> (&'static str, &'static str);

    /// What was entered, each text by itself.
    fn texts(entry: &Self::Entry) -> Vec<&str>;

    /// Does what the form asks for.
    fn take(
        &self,
        visitor: &Visitor,
        entry: &Self::Entry,
    ) -> impl Future<Output = Result<(), HubError>> + Send;

    /// The page.
    fn page(
        &self,
        visitor: &Visitor,
        note: FormNote<'_, Self::Entry>,
    ) -> impl Future<Output = Result<Response, Refusal>> + Send;
}

/// The hub and the request that a page answers.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) edge: &'a AppState,
    pub(super) ctx: &'a OpCtx,
    pub(super) language: Language,
}

/// `GET`: the page, within the hub's limit on concurrent requests and the timeout of one.
pub(super) async fn show<P: FormPage>(
    asked: Asked<'_>,
    page: &P,
    visitor: &Visitor,
    done: bool,
) -> Result<Response, Refusal> {
    let note = if done { FormNote::Done } else { FormNote::None };
    let _place = asked.edge.place().await?;
    in_time(asked.edge, page.page(visitor, note)).await
}

/// `POST`: takes what was entered.
pub(super) async fn submit<P: FormPage>(
    asked: Asked<'_>,
    (headers, uri): (&HeaderMap, &Uri),
    page: &P,
    entry: Result<Form<P::Entry>, FormRejection>,
) -> Response {
    let Asked { edge, ctx, language } = asked;
    let entry = match origin::own(headers, uri) {
        Err(error) => Err(error.into()),
        Ok(_) => entry.map(|Form(entry)| entry).map_err(|rejection| unread(page, &rejection)),
    };
    let entry = match entry {
        Ok(entry) => entry,
        Err(refusal) => {
            return refused::page(&refusal, language, ctx, Some(&page.route()), SentCookie::Kept);
        }
    };
    let answered = async {
        let visitor = session::visitor(edge, headers, ctx)?;
        let _place = edge.place().await?;
        let taken = in_time(edge, async { Ok(page.take(&visitor, &entry).await) }).await?;
        let mut answer = match taken {
            Ok(()) => led_to(&format!("{}?done=1", page.route())),
            Err(
                error @ (HubError::Invalid(_)
                | HubError::Conflict(_)
                | HubError::Forbidden(_)
                | HubError::NotFound),
            ) => {
                let refusal = Refusal::from(error);
                in_time(edge, page.page(&visitor, FormNote::Wrong(&refusal, &entry))).await?
            }
            Err(error) => return Err(error.into()),
        };
        visitor.goes_on(&mut answer);
        Ok(answer)
    };
    answered.await.unwrap_or_else(|refusal| unsaved(&refusal, &entry, page, (language, ctx)))
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
fn unsaved<P: FormPage>(
    refusal: &Refusal,
    entry: &P::Entry,
    page: &P,
    (language, ctx): (Language, &OpCtx),
) -> Response {
    let route = page.route();
    let signed_out = refusal.status == StatusCode::UNAUTHORIZED;
    let (zh, en) = page.name();
    let (again, open) = if signed_out {
        let open = say(language, "在新窗口登录", "Sign in, in a new window");
        (format!("/sign-in?next={route}"), open.to_owned())
    } else {
        let open = match language {
            Language::Chinese => format!("在新窗口打开{zh}页面"),
            Language::English => format!("Open the page of {en} in a new window"),
        };
        (route.to_string(), open)
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
            @match language {
                Language::Chinese => { "，核对后把下面的内容复制到" (zh) "页面重新提交。" }
                Language::English => { ", look whether it is there, and copy what stands below into the page of " (en) "." }
            }
        }
        (kept::<P>(entry, language))
    };
    shell::page(refusal.status, language, title, &body)
}

fn unread<P: FormPage>(page: &P, rejection: &FormRejection) -> Refusal {
    let error = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let (zh, en) = page.most();
        HubError::invalid(
            format!("提交的内容过长。{zh}请返回上一页缩短后再提交。"),
            format!("That is too long: {en} Go back and shorten it."),
        )
    } else {
        HubError::invalid(
            "提交的内容无法识别。请返回原页面重新提交。",
            "The form cannot be read. Go back to the page and send it again.",
        )
    };
    Refusal::new(rejection.status(), error)
}

/// What stands above a page.
pub(super) fn note<P: FormPage>(
    note: &FormNote<'_, P::Entry>,
    (language, ctx): (Language, &OpCtx),
) -> Markup {
    match note {
        FormNote::None => html! {},
        FormNote::Done => html! { p role="status" { (say(language, "已保存。", "Saved.")) } },
        FormNote::Wrong(refusal, entry) => html! {
            (refused::sentence(refusal, language, ctx))
            (kept::<P>(entry, language))
        },
    }
}

/// The status of a page with that note.
pub(super) const fn status<Entry>(note: &FormNote<'_, Entry>) -> StatusCode {
    match note {
        FormNote::Wrong(refusal, _) => refusal.status,
        FormNote::None | FormNote::Done => StatusCode::OK,
    }
}

/// What was entered and is not kept anywhere else, so that it can be copied.
fn kept<P: FormPage>(entry: &P::Entry, language: Language) -> Markup {
    let texts = P::texts(entry);
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.trim().is_empty()).collect();
    html! {
        @if !texts.is_empty() {
            details {
                summary { (say(language, "您刚才填写的内容（未保存，可复制）", "What you entered (not saved; it can be copied)")) }
                @for text in texts { pre.report { (text) } }
            }
        }
    }
}

/// Language of a request.
pub(super) fn asked<'a>(edge: &'a AppState, ctx: &'a OpCtx, headers: &HeaderMap) -> Asked<'a> {
    Asked { edge, ctx, language: language(headers) }
}
