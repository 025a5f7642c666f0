//! Asking for files and reading them, for the tests of exports.

use std::{collections::BTreeMap, io::Cursor};

use axum::{body::Body, http::Request, response::Response};
use calamine::{Data, Reader as _, Xlsx};
use http_body_util::BodyExt as _;
use lianfang::store::sql::cell::shown;
use serde_json::Value;

use crate::support::TestHub;

/// A whole answer.
pub struct File {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl File {
    /// Code of the error it is.
    pub fn code(&self) -> String {
        let answer: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        assert!(
            answer["errors"][0]["extensions"]["requestId"].is_string(),
            "{}",
            String::from_utf8_lossy(&self.bytes)
        );
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Path of the manifest.
    pub fn manifest(&self) -> String {
        let link = self.header("link");
        let (path, rest) = link.trim_start_matches('<').split_once('>').expect("a link");
        assert_eq!(rest, "; rel=\"describedby\"");
        path.to_owned()
    }

    /// The records of NDJSON.
    pub fn records(&self) -> Vec<Value> {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, 200, "{text}");
        text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
    }

    /// Headings and cells of CSV, the apostrophe before what looks like a formula taken away.
    pub fn lines(&self) -> Vec<Vec<String>> {
        let text = match self.bytes.strip_prefix("\u{FEFF}".as_bytes()) {
            Some(rest) => String::from_utf8(rest.to_vec()).expect("UTF-8"),
            None => encoding_rs::GB18030
                .decode_without_bom_handling_and_without_replacement(&self.bytes)
                .expect("GB 18030")
                .into_owned(),
        };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let cell = |text: &str| text.strip_prefix('\'').unwrap_or(text).to_owned();
        reader
            .records()
            .map(|record| record.expect("a record").iter().map(cell).collect())
            .collect()
    }

    /// Headings and cells of a workbook, values as CSV writes them.
    pub fn sheet(&self) -> Vec<Vec<String>> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(self.bytes.clone())).expect("a workbook");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
        let width = range.width();
        let cell = |data: &Data| match data {
            Data::Empty => String::new(),
            Data::String(text) => text.clone(),
            Data::Bool(yes) => yes.to_string(),
            Data::Float(number) => number.to_string(),
            Data::Int(number) => number.to_string(),
            Data::DateTime(moment) => {
                let milliseconds = (moment.as_f64() * 86_400_000.0).round() as i64;
                let origin = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)
                    .expect("a day")
                    .and_time(chrono::NaiveTime::MIN);
                let local = origin + chrono::TimeDelta::milliseconds(milliseconds);
                if moment.as_f64().fract() == 0.0 {
                    local.date().to_string()
                } else {
                    shown((local - chrono::TimeDelta::hours(8)).and_utc())
                }
            }
            other => unreachable!("{other:?}"),
        };
        let rows: Vec<Vec<String>> =
            range.rows().map(|row| row.iter().map(cell).collect()).collect();
        assert!(rows.iter().all(|row| row.len() == width));
        rows
    }
}

/// A value of an answer as CSV writes it.
pub fn as_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().map(|code| code.as_str().unwrap_or_default()).collect::<Vec<_>>().join("|")
        }
        other => other.to_string(),
    }
}

/// A path with parameters.
pub fn path(list: &str, parameters: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect::<String>()
    };
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    format!("/exchange/{list}?{}", pairs.join("&"))
}

/// Names and values of a record.
pub fn named(value: &Value) -> BTreeMap<String, Value> {
    value
        .as_object()
        .expect("a record")
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl TestHub {
    /// The answer to a GET, its body not yet read.
    pub async fn open(&self, token: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::get(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.respond(request.body(Body::empty()).expect("a request")).await
    }

    /// A whole file.
    pub async fn file(&self, token: &str, path: &str, headers: &[(&str, &str)]) -> File {
        let (parts, body) = self.open(token, path, headers).await.into_parts();
        let bytes = body.collect().await.expect("the body is whole").to_bytes().to_vec();
        File { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// The records of a list.
    pub async fn exported(&self, token: &str, list: &str, parameters: &[(&str, &str)]) -> File {
        self.file(token, &path(list, parameters), &[]).await
    }

    /// JSON of a GET.
    pub async fn json(&self, token: &str, path: &str) -> Value {
        serde_json::from_slice(&self.file(token, path, &[]).await.bytes).expect("JSON")
    }
}
