//! `GET /exchange/{family}`: a family as a file. `GET /exchange/exports/{id}`: its manifest.

use std::sync::Arc;

use async_graphql::Value;
use axum::{
    body::Body,
    extract::{Path, Query, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse as _, Response},
};
use entity::catalogue::{Catalogue, Family};
use futures_util::stream;

use crate::{
    audit::entry::Entry,
    authz::actor::Actor,
    context::OpCtx,
    domain::code::Coded as _,
    error::{HubError, Language, Of},
    exchange::{
        export::{
            format::{Packing, Style},
            manifest,
            order::{Export, ExportContent, ExportRequest},
        },
        format::media::Format,
    },
    graphql::records::{session::Session, variables, whereclause},
    http::{
        accept::{Accept, Specific},
        auth::actor,
        language::language,
        media::{Media, joined, preferred},
        refusal::Refusal,
        state::AppState,
    },
    store::records::filter::Filter,
};

/// Where the change feed goes on after an export.
static CURSOR: HeaderName = HeaderName::from_static("lianfang-cursor");

/// What may be asked beside the family.
#[derive(Debug, Default)]
struct ExportParameters {
    condition: Option<String>,
    fields: Option<String>,
    format: Option<String>,
    charset: Option<String>,
    headings: Option<String>,
}

/// Answers `GET /exchange/{family}`.
pub async fn handle(
    State(edge): State<Arc<AppState>>,
    axum::Extension(ctx): axum::Extension<OpCtx>,
    Path(family): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let language = language(&headers);
    match begun(&edge, &ctx, &family, &headers, query.as_deref(), language).await {
        Ok(answer) => answer,
        Err(refusal) => refused(&refusal, language, &ctx),
    }
}

/// Answers `GET /exchange/exports/{id}`.
pub async fn shown(
    State(edge): State<Arc<AppState>>,
    axum::Extension(ctx): axum::Extension<OpCtx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = language(&headers);
    let shown = async {
        let actor = signed_in(&edge, &headers, &ctx)?;
        manifest::show(&edge.services, &actor, &id).await.map_err(Refusal::from)
    };
    match shown.await {
        Ok(manifest) => axum::Json(manifest).into_response(),
        Err(refusal) => refused(&refusal, language, &ctx),
    }
}

fn refused(refusal: &Refusal, language: Language, ctx: &OpCtx) -> Response {
    refusal.error.log(Of::Request(ctx.request()), "export refused");
    refusal.answer(Media::Json, language, ctx.request())
}

fn signed_in(edge: &AppState, headers: &HeaderMap, ctx: &OpCtx) -> Result<Arc<Actor>, Refusal> {
    actor(edge, headers, ctx)?.ok_or_else(|| HubError::unauthenticated().into())
}

async fn begun(
    edge: &Arc<AppState>,
    ctx: &OpCtx,
    family: &str,
    headers: &HeaderMap,
    query: Option<&str>,
    language: Language,
) -> Result<Response, Refusal> {
    let actor = signed_in(edge, headers, ctx)?;
    let family = named(&edge.services.catalogue, family).ok_or(HubError::NotFound)?;
    let asked = asked(query)?;
    let style = style(&asked, headers, language)?;
    let session = Session::new(
        Arc::clone(&edge.services),
        Arc::clone(&edge.names),
        Some(Arc::clone(&actor)),
        ctx.clone(),
        language,
    );
    let filter = match &asked.condition {
        Some(text) => condition(edge, &session, family, text),
        None => Ok(Filter::everything()),
    };
    let order = ExportRequest {
        family,
        filter: filter.as_ref().map_or_else(|_| Filter::everything(), Clone::clone),
        condition: asked.condition,
        fields: asked.fields,
        style,
    };
    let (entry, asks) = (order.entry(&actor, ctx), order.asked(&edge.services.policy, &actor));
    let started = match filter {
        Ok(_) => order.start(&edge.services, &actor, ctx, edge.exports).await,
        Err(error) => Err(error),
    };
    let export = match started {
        Ok(export) => export,
        Err(error) => {
            if matches!(error, HubError::Forbidden(_)) {
                let mut entry = Entry { outcome: error.code().to_owned(), ..entry };
                asks.drain_into(&mut entry);
                edge.services.audit.append(entry).await?;
            }
            return Err(Refusal::from(error));
        }
    };
    metrics::counter!("lianfang_exports_total", "format" => style.format.code()).increment(1);
    Ok(answer((Arc::clone(edge), actor), family, style, ctx, export))
}

/// The family of a path, by its name or the name of its list.
fn named(catalogue: &Catalogue, name: &str) -> Option<&'static Family> {
    catalogue.families().find(|family| family.name == name || family.list_name() == name)
}

fn asked(query: Option<&str>) -> Result<ExportParameters, HubError> {
    let broken = || HubError::invalid("查询参数无法解析。", "The parameters cannot be read.");
    let uri: Uri = format!("/?{}", query.unwrap_or_default()).parse().map_err(|_| broken())?;
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| broken())?;
    let mut asked = ExportParameters::default();
    for (name, value) in pairs {
        let place = match name.as_str() {
            "where" => &mut asked.condition,
            "fields" => &mut asked.fields,
            "format" => &mut asked.format,
            "charset" => &mut asked.charset,
            "headings" => &mut asked.headings,
            // A name written wrong would export more than was meant.
            _ => {
                return Err(HubError::invalid(
                    "查询参数只能是 where、fields、format、charset、headings。",
                    "The parameters are `where`, `fields`, `format`, `charset` and `headings`.",
                ));
            }
        };
        if place.replace(value).is_some() {
            return Err(HubError::invalid(
                "每个查询参数只能出现一次。",
                "Each parameter may stand once.",
            ));
        }
    }
    Ok(asked)
}

/// The condition, written as the JSON of the family's `…Where` input.
fn condition(
    edge: &AppState,
    session: &Session,
    family: &'static Family,
    text: &str,
) -> Result<Filter, HubError> {
    let json: serde_json::Value = serde_json::from_str(text)
        .map_err(|_| HubError::invalid("where 不是有效的 JSON。", "`where` is not valid JSON."))?;
    let value = Value::from_json(json).map_err(HubError::internal)?;
    if !matches!(value, Value::Object(_)) {
        return Err(HubError::invalid("where 须为 JSON 对象。", "`where` must be a JSON object."));
    }
    // Depth and number before the types: checking them goes as deep as the value does.
    whereclause::measured(&value)?;
    variables::fits(edge.schema.registry(), "where", &format!("{}Where", family.name), &value)?;
    whereclause::read(session, family, &value)
}

fn style(
    asked: &ExportParameters,
    headers: &HeaderMap,
    language: Language,
) -> Result<Style, Refusal> {
    let format = match asked.format.as_deref() {
        Some(name) => {
            Format::ALL.iter().copied().find(|format| format.name() == name).ok_or_else(|| {
                Refusal::bad(
                    "format 须为 ndjson、csv 或 xlsx。",
                    "`format` is ndjson, csv or xlsx.",
                )
            })?
        }
        None => preferred(headers)?,
    };
    let gb18030 = match asked.charset.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("utf-8") => false,
        Some("gb18030" | "gbk" | "gb2312") if format == Format::Csv => true,
        Some(_) => {
            return Err(Refusal::bad(
                "charset 须为 utf-8；CSV 也可用 gb18030。",
                "`charset` is utf-8, or gb18030 for CSV.",
            ));
        }
    };
    let chinese = match asked.headings.as_deref() {
        None | Some("names") => false,
        Some("zh") if format != Format::Ndjson => true,
        Some(_) => {
            return Err(Refusal::bad(
                "headings 须为 names；CSV 和 XLSX 也可用 zh。",
                "`headings` is names, or zh for CSV and XLSX.",
            ));
        }
    };
    // A workbook is packed already.
    let packing = if format == Format::Xlsx { Packing::Plain } else { packing(headers) };
    Ok(Style { format, chinese, gb18030, packing, language })
}

/// Compression that the other end takes; Zstandard where it takes both as well.
fn packing(headers: &HeaderMap) -> Packing {
    let accept = Accept::of(&joined(headers, &header::ACCEPT_ENCODING));
    let named = |name: &str| {
        accept
            .rank(name)
            .filter(|rank| rank.specific == Specific::Name)
            .map_or(0, |rank| rank.weight)
    };
    match (named("zstd"), named("gzip")) {
        (0, 0) => Packing::Plain,
        (zstd, gzip) if zstd >= gzip => Packing::Zstd,
        _ => Packing::Gzip,
    }
}

fn answer(
    (edge, actor): (Arc<AppState>, Arc<Actor>),
    family: &Family,
    style: Style,
    ctx: &OpCtx,
    export: Export,
) -> Response {
    let Export { id, cursor, content } = export;
    let media = match style.format {
        Format::Ndjson => "application/x-ndjson; charset=utf-8",
        Format::Csv if style.gb18030 => "text/csv; charset=gb18030; header=present",
        Format::Csv => "text/csv; charset=utf-8; header=present",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let day = crate::store::sql::cell::shown(ctx.now());
    let name = format!(
        "{}-{}.{}",
        family.list_name(),
        day.get(..10).unwrap_or_default(),
        style.format.name()
    );
    let body = Body::from_stream(stream::unfold(content, move |mut content: ExportContent| {
        let (edge, actor) = (Arc::clone(&edge), Arc::clone(&actor));
        async move {
            // What broke is in the log; the other end sees that the body does not end as it should.
            let broken = |_| std::io::Error::other("the export broke off");
            let piece = content.next().await?.map_err(broken);
            let stands = edge.services.tokens.stands(&actor).map_err(broken);
            Some((stands.and(piece), content))
        }
    }));
    let mut answer = body.into_response();
    let mut put = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            answer.headers_mut().insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, media);
    put(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
    put(header::LINK, &format!("</exchange/exports/{id}>; rel=\"describedby\""));
    put(CURSOR.clone(), &cursor);
    put(header::VARY, "accept, accept-encoding, authorization");
    match style.packing {
        Packing::Plain => {}
        Packing::Gzip => put(header::CONTENT_ENCODING, "gzip"),
        Packing::Zstd => put(header::CONTENT_ENCODING, "zstd"),
    }
    answer
}
