//! A file sent as a form (`multipart/form-data`), as browsers do: the part with a file name is the
//! file; text parts before it are the parameters that programs put in the query. The file comes
//! last, because it is taken while it arrives: what stands behind it would be read too late.

use std::error::Error;

use axum::{
    BoxError,
    body::{Body, Bytes},
};
use futures_util::{Stream, stream::try_unfold};
use multer::{Field, Multipart};

use crate::{
    error::HubError,
    exchange::format::media::Format,
    http::{exchange::ExchangeRequest, refusal::Refusal},
};

/// Bytes of a text part at most.
const MOST: usize = 1024;
/// Text parts before the file at most.
const PARTS: usize = 16;

/// A form, read up to its file.
pub(super) struct UploadForm {
    /// Text parts by name, without empty ones.
    pub(super) texts: Vec<(String, String)>,
    /// Format of the file, with its encoding if stated; `None` when it is not known.
    pub(super) kind: Option<(Format, Option<String>)>,
    /// Content of the file part, not read yet.
    pub(super) file: Body,
}

/// Whether the request body is a form.
pub(super) fn is_form(asked: &ExchangeRequest) -> bool {
    asked
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Reads a form up to its file.
///
/// # Errors
///
/// 400 when it cannot be read or has no file.
pub(super) async fn read(asked: &ExchangeRequest, body: Body) -> Result<UploadForm, Refusal> {
    let unread =
        |_| Refusal::bad("表单无法读取，请重新发送。", "The form cannot be read. Send it again.");
    if asked.header("content-encoding").is_some_and(|encoding| !matches!(encoding, "" | "identity"))
    {
        return Err(Refusal::bad("表单请不压缩发送。", "A form is sent unpacked."));
    }
    let boundary =
        multer::parse_boundary(asked.header("content-type").unwrap_or_default()).map_err(unread)?;
    let mut parts = Multipart::new(body.into_data_stream(), boundary);
    let (mut texts, mut read) = (Vec::new(), 0);
    while let Some(mut part) = parts.next_field().await.map_err(unread)? {
        if let Some(name) = part.file_name() {
            let extension =
                name.rsplit_once('.').and_then(|(_, extension)| Format::of_name(extension));
            let stated = part.content_type().and_then(|kind| Format::of_media_type(kind.as_ref()));
            let charset = stated.as_ref().and_then(|(_, charset)| charset.clone());
            let kind =
                extension.or(stated.map(|(format, _)| format)).map(|format| (format, charset));
            return Ok(UploadForm { texts, kind, file: Body::from_stream(last(parts, part)) });
        }
        read += 1;
        let name = part.name().unwrap_or_default().to_owned();
        let mut text = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(unread)? {
            text.extend_from_slice(&piece);
            if text.len() > MOST {
                break;
            }
        }
        if text.len() > MOST || read > PARTS {
            return Err(HubError::invalid(
                "表单中的参数过多或过长。",
                "The form has too many texts, or one that is too long.",
            )
            .into());
        }
        let text = String::from_utf8_lossy(&text).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        if texts.iter().any(|(own, other)| *own == name && *other != text) {
            return Err(twice(&name));
        }
        texts.push((name, text));
    }
    Err(Refusal::bad(
        "表单中没有文件。请用文件选择框，参数放在文件之前。",
        "The form has no file. Send it as a file, and the texts before it.",
    ))
}

/// A parameter that comes with two values.
pub(super) fn twice(name: &str) -> Refusal {
    HubError::invalid(
        format!("参数 {name} 有两个不同的值。请只保留一个。"),
        format!("`{name}` comes with two values. Keep one."),
    )
    .into()
}

/// Something stands behind the file of a form.
#[derive(Debug, thiserror::Error)]
#[error("something stands behind the file of a form")]
struct Behind;

/// The content of a part that has to be the last one.
fn last(
    parts: Multipart<'static>,
    part: Field<'static>,
) -> impl Stream<Item = Result<Bytes, BoxError>> {
    try_unfold((parts, Some(part)), |(mut parts, mut part)| async move {
        if let Some(own) = &mut part
            && let Some(piece) = own.chunk().await?
        {
            return Ok(Some((piece, (parts, part))));
        }
        // The next part is only to be had without this one.
        drop(part);
        match parts.next_field().await? {
            None => Ok(None),
            Some(_) => Err(Behind.into()),
        }
    })
}

/// The refusal of a form whose file is not its last part, if that is why its content broke off.
pub(super) fn not_last(error: &(dyn Error + 'static)) -> Option<Refusal> {
    let mut causes = std::iter::successors(Some(error), |&cause| cause.source());
    causes.any(|cause| cause.is::<Behind>()).then(|| {
        Refusal::bad(
            "表单中文件之后还有内容，未保存。请把文件放在最后，参数放在文件之前；每个表单一个文件。",
            "Something stands behind the file of the form; nothing of it is kept. Put the file last and the texts before it, one file a form.",
        )
    })
}
