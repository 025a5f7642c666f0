//! The document and the workbook of a meeting, for download.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    context::OpCtx,
    error::HubError,
    http::{
        meeting::{content, place::MeetingDownload, session::Visitor, shell::put},
        refusal::Refusal,
        state::AppState,
    },
    meeting::room::{self, ContentRequest},
};

/// Characters that need no encoding in a file name of a header. Source: RFC 8187, `attr-char`.
const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Answers with the document or the workbook of a meeting as an attachment.
pub(super) async fn fetch(
    edge: &AppState,
    ctx: &OpCtx,
    visitor: &Visitor,
    wanted: &ContentRequest,
    file: MeetingDownload,
) -> Result<Response, Refusal> {
    let made = move |content: brief::content::Brief| {
        let bytes = match file {
            MeetingDownload::Docx => brief::docx::write(&content),
            MeetingDownload::Xlsx => brief::xlsx::write(&content),
        };
        Ok((bytes.map_err(HubError::internal)?, room::file_name(&content)))
    };
    let (bytes, name) = content(edge, ctx, visitor, wanted, made).await?;
    let media = match file {
        MeetingDownload::Docx => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        MeetingDownload::Xlsx => {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    };
    let mut answer = bytes.into_response();
    put(&mut answer, header::CONTENT_TYPE, media);
    put(&mut answer, header::CONTENT_DISPOSITION, &named(wanted, file, &name));
    Ok(answer)
}

/// The Chinese file name, and an ASCII one for programs that cannot read it. Source: RFC 6266,
/// section 4.3.
fn named(wanted: &ContentRequest, file: MeetingDownload, name: &str) -> String {
    let ending = file.ending();
    let name = format!("{name}.{ending}");
    let plain = format!("{}-{}.{ending}", wanted.region, wanted.year);
    format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{}",
        utf8_percent_encode(&name, NAME)
    )
}
