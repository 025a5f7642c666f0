//! What one takes into the room, over HTTP: signing in, the page, its files, and who is refused.

use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lianfang::app::Settings;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    samples::{CITY, COUNTY},
    support::{TestHub, backends},
};

const PAGE: &str = "/meeting/140600/2024";
const REFUSED: &str =
    "SELECT COUNT(*) FROM audit_entries WHERE operation = 'read meeting' AND outcome = 'FORBIDDEN'";

/// An answer with its body as text.
struct Shown {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Shown {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// A page that says what is wrong, under the rules of every page.
    fn refuses(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert!(self.text().contains(&format!("<code>{code}</code>")), "{}", self.text());
        self.is_page();
    }

    /// A whole page, whose one style is the one that its policy allows.
    fn is_page(&self) {
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        let text = self.text();
        assert!(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>"), "{text}");
        let (_, style) = text.split_once("<style>").expect("a style");
        let (style, _) = style.split_once("</style>").expect("its end");
        let hash = BASE64_STANDARD.encode(Sha256::digest(style));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        );
        assert_eq!(self.header("content-security-policy"), policy);
        assert_eq!(
            self.header("referrer-policy"),
            "same-origin",
            "or no browser says where a form comes from"
        );
        assert_eq!(self.header("cache-control"), "no-store");
        assert!(!text.contains("<script") && !text.contains("style=\""), "{text}");
    }
}

async fn send(hub: &TestHub, request: http::request::Builder, body: &str) -> Shown {
    let (status, headers, body) =
        hub.request(request.body(body.to_owned()).expect("a request")).await;
    Shown { status: status.as_u16(), headers, body }
}

async fn get(hub: &TestHub, path: &str, headers: &[(&str, &str)]) -> Shown {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(hub, request, "").await
}

async fn read(hub: &TestHub, token: &str, path: &str) -> Shown {
    get(hub, path, &[("authorization", &format!("Bearer {token}"))]).await
}

/// Sends the form as a browser at `origin` does.
async fn sign_in(hub: &TestHub, token: &str, next: &str, headers: &[(&str, &str)]) -> Shown {
    let request =
        Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    send(hub, request, &format!("token={token}&next={}", next.replace('?', "%3F"))).await
}

const HTTPS: [(&str, &str); 2] =
    [("host", "lianfang.example"), ("origin", "https://lianfang.example")];

/// What the browser sends back of a cookie.
fn cookie(shown: &Shown) -> String {
    shown.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

#[tokio::test]
async fn a_visitor_signs_in_reads_and_signs_out_without_script() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("HRSS", CITY);
        let first = get(&hub, PAGE, &[]).await;
        first.refuses(401, "UNAUTHENTICATED");
        for part in [
            "method=\"post\" action=\"/sign-in\"",
            "name=\"next\" value=\"/meeting/140600/2024\"",
            "role=\"alert\"",
        ] {
            assert!(first.text().contains(part), "{part}: {}", first.text());
        }
        let entered = sign_in(&hub, &token, PAGE, &HTTPS).await;
        assert_eq!((entered.status, entered.header("location")), (303, PAGE), "{}", entered.text());
        let set = entered.header("set-cookie");
        for part in ["lianfang_session=", "HttpOnly", "SameSite=Strict", "Secure", "Path=/meeting"]
        {
            assert!(set.split("; ").any(|own| own.starts_with(part)), "{part}: {set}");
        }
        let age: i64 = set
            .split("Max-Age=")
            .nth(1)
            .and_then(|rest| rest.split(';').next()?.parse().ok())
            .expect("an age");
        assert!((3590..=3600).contains(&age), "until the token ends: {age}");
        let session = cookie(&entered);
        let page = get(&hub, PAGE, &[("cookie", &format!("other=1; {session}"))]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.is_page();
        for part in [
            "<html lang=\"zh-CN\">",
            "朔州市",
            "action=\"/meeting/sign-out\"",
            "href=\"/meeting/140600/2024/brief.docx\"",
            "href=\"/meeting/140600/2024/brief.xlsx\"",
        ] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        assert!(!page.text().contains(&token), "the token is on no page");
        // A browser does not send the cookie there; whoever does gets nothing for it.
        let asked = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("cookie", &session);
        let asked =
            send(&hub, asked, &json!({"query": "{ viewer { department } }"}).to_string()).await;
        assert!(
            asked.text().contains("\"viewer\":null") || asked.text().contains("UNAUTHENTICATED"),
            "{}",
            asked.text()
        );

        let left = send(
            &hub,
            Request::post("/meeting/sign-out").header("sec-fetch-site", "same-origin"),
            "",
        )
        .await;
        assert_eq!((left.status, left.header("location")), (303, "/sign-in"));
        assert!(
            left.header("set-cookie").starts_with("lianfang_session=; "),
            "{}",
            left.header("set-cookie")
        );
        assert!(
            left.header("set-cookie").contains("Max-Age=0")
                && left.header("set-cookie").contains("Path=/meeting")
        );
        let form = get(&hub, "/sign-in?next=/meeting/140600/2024%3Ftoday=1", &[]).await;
        assert_eq!(form.status, 200);
        form.is_page();
        assert!(form.text().contains("value=\"/meeting/140600/2024?today=1\""), "{}", form.text());
    }
}

#[tokio::test]
async fn a_token_that_does_not_hold_signs_nobody_in_and_is_not_repeated() {
    let hub = TestHub::sqlite().await;
    for token in ["", "nonsense", "aaaa.bbbb.cccc"] {
        let refused = sign_in(&hub, token, PAGE, &HTTPS).await;
        refused.refuses(401, "UNAUTHENTICATED");
        assert!(token.is_empty() || !refused.text().contains(token), "{}", refused.text());
        assert!(refused.text().contains("aria-invalid=\"true\""), "{}", refused.text());
        assert!(
            refused.text().contains("name=\"next\" value=\"/meeting/140600/2024\""),
            "{}",
            refused.text()
        );
    }
    // A session that has ended is signed out, and the form leads back.
    let ended = get(&hub, PAGE, &[("cookie", "lianfang_session=aaaa.bbbb.cccc")]).await;
    ended.refuses(401, "UNAUTHENTICATED");
    assert!(ended.header("set-cookie").contains("Max-Age=0"), "{}", ended.header("set-cookie"));
    let token = hub.reader("HRSS", CITY);
    get(&hub, &format!("{PAGE}?token={token}"), &[]).await.refuses(401, "UNAUTHENTICATED");
    let form = get(&hub, &format!("/sign-in?token={token}"), &[]).await;
    assert!(
        form.header("set-cookie").is_empty() && !form.text().contains(&token),
        "a token in an address is not looked at"
    );
    let as_pasted = sign_in(&hub, &format!("%0ABearer+{token}%0D%0A"), PAGE, &HTTPS).await;
    assert_eq!(as_pasted.status, 303, "{}", as_pasted.text());
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("HRSS", CITY);
    let host = ("host", "lianfang.example");
    let foreign: [&[(&str, &str)]; 8] = [
        &[host],
        &[host, ("origin", "null")],
        &[host, ("origin", "https://evil.example")],
        &[host, ("origin", "https://lianfang.example.evil.example")],
        &[host, ("origin", "https://lianfang.example:8443")],
        &[host, ("origin", "https://lianfang.example"), ("sec-fetch-site", "cross-site")],
        &[host, ("origin", "https://lianfang.example"), ("sec-fetch-site", "same-site")],
        &[host, ("sec-fetch-site", "none")],
    ];
    for headers in foreign {
        let refused = sign_in(&hub, &token, PAGE, headers).await;
        refused.refuses(403, "FORBIDDEN");
        assert!(refused.header("set-cookie").is_empty(), "{headers:?}");
        let request =
            headers.iter().fold(Request::post("/meeting/sign-out"), |request, (name, value)| {
                request.header(*name, *value)
            });
        let left = send(&hub, request, "").await;
        left.refuses(403, "FORBIDDEN");
        assert!(left.header("set-cookie").is_empty(), "{headers:?}");
    }
    for headers in [[host, ("sec-fetch-site", "same-origin")], HTTPS] {
        assert_eq!(sign_in(&hub, &token, PAGE, &headers).await.status, 303, "{headers:?}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_pages_of_the_meeting_only() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("HRSS", CITY);
    for (next, place) in [
        ("/meeting/140602/2023?today=1", "/meeting/140602/2023?today=1"),
        ("/meeting/140600/2024/brief.xlsx", "/meeting/140600/2024/brief.xlsx"),
        ("", "/meeting"),
        ("https://evil.example/meeting", "/meeting"),
        ("//evil.example/meeting", "/meeting"),
        ("/meeting/../graphql", "/meeting"),
        ("/meeting//evil.example", "/meeting"),
        ("/meeting%5C%5Cevil.example", "/meeting"),
        ("/meeting%0D%0ASet-Cookie:%20a=b", "/meeting"),
        ("/graphql", "/meeting"),
    ] {
        assert_eq!(sign_in(&hub, &token, next, &HTTPS).await.header("location"), place, "{next}");
    }
}

#[tokio::test]
async fn the_cookie_goes_unencrypted_over_loopback_only_unless_it_is_told_otherwise() {
    let plain = [("host", "10.1.2.3:8080"), ("origin", "http://10.1.2.3:8080")];
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("HRSS", CITY);
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
            let origin = format!("http://{host}");
            let entered = sign_in(&hub, &token, PAGE, &[("host", host), ("origin", &origin)]).await;
            assert!(
                !entered.header("set-cookie").contains("Secure"),
                "{host}: {}",
                entered.header("set-cookie")
            );
            assert!(entered.header("set-cookie").contains("HttpOnly"), "{host}");
        }
        // Behind a proxy that ends TLS and names the hub by its own address.
        let behind = [
            ("host", "127.0.0.1:8080"),
            ("origin", "https://lianfang.example"),
            ("sec-fetch-site", "same-origin"),
        ];
        assert!(sign_in(&hub, &token, PAGE, &behind).await.header("set-cookie").contains("Secure"));
        let refused = sign_in(&hub, &token, PAGE, &plain).await;
        refused.refuses(400, "BAD_USER_INPUT");
        assert!(
            refused.text().contains("secure_cookies") && refused.header("set-cookie").is_empty(),
            "{}",
            refused.text()
        );
        let hub =
            TestHub::with(backend, Settings { secure_cookies: false, ..Settings::default() }).await;
        let entered = sign_in(&hub, &hub.reader("HRSS", CITY), PAGE, &plain).await;
        assert_eq!(entered.status, 303);
        assert!(!entered.header("set-cookie").contains("Secure"));
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused_as_a_page() {
    let hub = TestHub::sqlite().await;
    let post = |media: &str| {
        Request::post("/sign-in")
            .header("content-type", media)
            .header("sec-fetch-site", "same-origin")
    };
    let token = hub.reader("HRSS", CITY);
    send(&hub, post("application/json"), &json!({ "token": token }).to_string())
        .await
        .refuses(415, "BAD_USER_INPUT");
    let long = format!("token={}", "a".repeat(20_000));
    send(&hub, post("application/x-www-form-urlencoded"), &long)
        .await
        .refuses(413, "BAD_USER_INPUT");
    for (method, path, allow) in [
        ("POST", "/meeting", "GET, HEAD"),
        ("DELETE", PAGE, "GET, HEAD"),
        ("PUT", "/sign-in", "GET, HEAD, POST"),
        ("GET", "/meeting/sign-out", "POST"),
    ] {
        let answer = send(&hub, Request::builder().method(method).uri(path), "").await;
        answer.refuses(405, "BAD_USER_INPUT");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
    let head =
        send(&hub, Request::head(PAGE).header("authorization", format!("Bearer {token}")), "")
            .await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn the_rules_of_access_are_those_of_graphql_and_refusals_are_audited() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for (department, region, roles) in [
            ("HRSS", CITY, ["READER"].as_slice()),
            ("UNION", "140000", &["READER"]),
            ("EMERGENCY", CITY, &["SECRETARY"]),
            ("HRSS", COUNTY, &["SECRETARY"]),
            ("HRSS", "370300", &["READER"]),
            ("HRSS", CITY, &["SUBMITTER"]),
            ("HRSS", CITY, &["AUDITOR"]),
        ] {
            let token = hub.token(department, region, roles);
            let code = hub
                .code(
                    &token,
                    "{ jointMeeting(region: \"140600\", year: 2024) { brief { head { year } } } }",
                )
                .await;
            let (status, refused) = match code.as_str() {
                "" => (200, 0),
                "FORBIDDEN" => (403, 1),
                other => unreachable!("{other}"),
            };
            for path in [
                PAGE,
                "/meeting/140600/2024?today=1",
                "/meeting/140600/2024/brief.docx",
                "/meeting/140600/2024/brief.xlsx",
            ] {
                let before = hub.db_count(REFUSED).await;
                let shown = read(&hub, &token, path).await;
                assert_eq!(shown.status, status, "{department} {region} {roles:?} {path}");
                if status == 403 {
                    shown.refuses(403, "FORBIDDEN");
                    assert!(
                        shown.text().contains("href=\"/meeting\""),
                        "where to go next: {}",
                        shown.text()
                    );
                }
                assert_eq!(
                    hub.db_count(REFUSED).await - before,
                    refused,
                    "{department} {region} {path}"
                );
            }
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn addresses_that_lead_nowhere_say_where_to_go() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("HRSS", CITY);
    for path in [
        "/meeting/",
        "/meeting/140600",
        "/meeting/140600/24",
        "/meeting/14060/2024",
        "/meeting/140600/2024/brief.pdf",
    ] {
        let shown = read(&hub, &token, path).await;
        shown.refuses(404, "NOT_FOUND");
        assert!(
            shown.text().contains("href=\"/meeting\"") && shown.text().contains("请核对地址"),
            "{}",
            shown.text()
        );
        get(&hub, path, &[]).await.refuses(401, "UNAUTHENTICATED");
    }
    read(&hub, &token, "/meeting/140600/1999").await.refuses(404, "NOT_FOUND");
    read(&hub, &token, "/meeting/140699/2024").await.refuses(400, "BAD_USER_INPUT");
    let english = get(&hub, PAGE, &[("accept-language", "en-GB,zh;q=0.5")]).await;
    english.refuses(401, "UNAUTHENTICATED");
    assert!(
        english.text().contains("<html lang=\"en\">") && english.text().contains("Sign in first."),
        "{}",
        english.text()
    );
    let page = get(
        &hub,
        PAGE,
        &[("accept-language", "en"), ("authorization", &format!("Bearer {token}"))],
    )
    .await;
    assert!(page.text().contains("lang=\"zh-CN\""), "the materials are in Chinese");
}

#[tokio::test]
async fn region_and_year_are_chosen_from_those_the_visitor_may_see() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let shown = read(&hub, &office, "/meeting").await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        shown.is_page();
        assert!(
            shown.text().contains("<option value=\"140600\" selected>朔州市（140600）"),
            "{}",
            shown.text()
        );
        assert!(
            shown.text().contains("value=\"140602\"") && !shown.text().contains("value=\"140200\""),
            "{}",
            shown.text()
        );
        assert!(!shown.text().contains("退出登录"), "a token in a header is not signed out");
        assert!(shown.text().contains("尚未召集"), "{}", shown.text());
        let call = "mutation { callMeeting(input: {region: \"140600\", year: 2024, kind: ROUTINE, members: [HRSS], agenda: [\"通报\"]}) { id } }";
        hub.data(&office, call).await;
        let shown = read(&hub, &office, "/meeting").await;
        assert!(
            shown.text().contains("<a href=\"/meeting/140600/2024?meeting=1\">2024年度第1次"),
            "{}",
            shown.text()
        );
        let chosen = read(&hub, &office, "/meeting?region=140602&year=2023").await;
        assert_eq!((chosen.status, chosen.header("location")), (303, "/meeting/140602/2023"));
        read(&hub, &office, "/meeting?region=//evil.example&year=2023")
            .await
            .refuses(400, "BAD_USER_INPUT");
        let before = hub.db_count(REFUSED).await;
        read(&hub, &hub.token("HRSS", CITY, &["AUDITOR"]), "/meeting")
            .await
            .refuses(403, "FORBIDDEN");
        assert_eq!(hub.db_count(REFUSED).await, before + 1);
    }
}

#[tokio::test]
async fn frozen_materials_are_shown_as_they_were_signed_and_today_beside_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let call = "mutation { callMeeting(input: {region: \"140600\", year: 2024, kind: ROUTINE, members: [HRSS, EMERGENCY, UNION], agenda: [\"通报\"]}) { id } }";
        let id = hub.data(&office, call).await["callMeeting"]["id"].clone();
        let freeze = format!(
            "mutation {{ freezeMaterials(input: {{region: \"140600\", meeting: {id}}}) {{ digest }} }}"
        );
        let digest = hub.data(&office, &freeze).await["freezeMaterials"]["digest"]
            .as_str()
            .expect("a digest")
            .to_owned();
        let reader = hub.reader("EMERGENCY", CITY);
        assert!(
            read(&hub, &reader, PAGE).await.text().contains(&digest),
            "the frozen content names its digest"
        );
        assert!(
            !read(&hub, &reader, "/meeting/140600/2024?today=1").await.text().contains(&digest)
        );
        for (ending, media) in [
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            let file = read(&hub, &reader, &format!("{PAGE}/brief.{ending}")).await;
            assert_eq!((file.status, file.header("content-type")), (200, media));
            assert!(file.body.starts_with(b"PK"), "{ending}");
            let named = format!(
                "attachment; filename=\"140600-2024.{ending}\"; filename*=UTF-8''%E6%9C%94%E5%B7%9E%E5%B8%822024%E5%B9%B4%E5%BA%A6%E5%B7%A5%E4%BC%A4%E9%A2%84%E9%98%B2%E8%81%94%E5%B8%AD%E4%BC%9A%E8%AE%AE%E6%9D%90%E6%96%99.{ending}"
            );
            assert_eq!(file.header("content-disposition"), named);
            assert_eq!(file.header("content-security-policy"), "default-src 'none'");
            assert_eq!(file.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn pages_take_the_places_of_requests() {
    let hub = TestHub::with(
        crate::support::Backend::Sqlite,
        Settings { places: 0, ..Settings::default() },
    )
    .await;
    let busy = read(&hub, &hub.reader("HRSS", CITY), PAGE).await;
    busy.refuses(StatusCode::SERVICE_UNAVAILABLE.as_u16(), "UNAVAILABLE");
    assert_eq!(busy.header("retry-after"), "1");
}
