//! Accounts: signing in with a password and a second factor, and everything that must not work.

use axum::http::{HeaderMap, Request, header};
use lianfang::{
    accounts::{
        manage::{AccountChange, AccountOrder},
        sign_in::Credentials,
    },
    app::{self, Settings},
    authz::{officers::AccountsPermit, token::TokenRequest},
    context::OpCtx,
    domain::account::AccountKind,
    error::HubError,
    keys::Keys,
    store::{rotate::reseal, seal::Seal},
};
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::{
    patience::until,
    samples::CITY,
    support::{TestHub, backends},
};

pub const CHOSEN: &str = "Blue-Harbour-2031";
pub const PAGE: &str = "/meeting/140600/2024";
pub const HTTPS: [(&str, &str); 2] =
    [("host", "lianfang.example"), ("origin", "https://lianfang.example")];

pub fn order(login: &str, kind: AccountKind, roles: &[&str]) -> AccountOrder {
    AccountOrder {
        login: login.to_owned(),
        name: "测试人员".to_owned(),
        kind,
        department: "HRSS".to_owned(),
        region: CITY.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

pub async fn add(hub: &TestHub, order: AccountOrder) -> Result<String, HubError> {
    let ctx = OpCtx::begin("add");
    let permit = AccountsPermit::machine();
    let services = &hub.services;
    let made = services.sign_ins.add((&services.policy, &permit), &ctx, order).await?;
    Ok(made.to_string())
}

pub async fn change(hub: &TestHub, login: &str, change: AccountChange) -> Option<String> {
    let ctx = OpCtx::begin("change");
    let permit = AccountsPermit::machine();
    let services = &hub.services;
    let told = services.sign_ins.change((&services.policy, &permit), &ctx, login, change).await;
    told.expect("changed").map(|told| told.to_string())
}

/// A person who has chosen a password.
pub async fn person(hub: &TestHub, login: &str, roles: &[&str]) {
    let first = add(hub, order(login, AccountKind::Person, roles)).await.expect("added");
    let credentials = credentials(login, &first, "");
    let chosen = Zeroizing::new(CHOSEN.to_owned());
    let ctx = OpCtx::begin("choose");
    hub.services.sign_ins.change_password(&ctx, credentials, &chosen).await.expect("changed");
}

pub fn credentials(login: &str, password: &str, code: &str) -> Credentials {
    Credentials {
        login: login.to_owned(),
        password: Zeroizing::new(password.to_owned()),
        code: code.to_owned(),
    }
}

pub async fn signed_in(
    hub: &TestHub,
    login: &str,
    password: &str,
    code: &str,
) -> Result<String, HubError> {
    let ctx = OpCtx::begin("sign-in");
    let given = credentials(login, password, code);
    let issued = hub.services.sign_ins.sign_in(&ctx, AccountKind::Person, given).await?;
    Ok(issued.text)
}

pub async fn holds(hub: &TestHub, token: &str) -> bool {
    let answer = hub.ask(token, "{ viewer { department } }", json!({})).await;
    answer["data"]["viewer"].is_object()
}

/// Sends a form as a browser does.
pub async fn post(
    hub: &TestHub,
    path: &str,
    form: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, String) {
    let mut request =
        Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (status, headers, body) =
        hub.request(request.body(form.to_owned()).expect("a request")).await;
    (status.as_u16(), headers, String::from_utf8(body).expect("UTF-8"))
}

async fn get(hub: &TestHub, path: &str, cookie: &str) -> u16 {
    let request = Request::get(path).header("cookie", cookie);
    hub.request(request.body(String::new()).expect("a request")).await.0.as_u16()
}

/// What a browser keeps of an answer.
pub fn cookies(headers: &HeaderMap) -> String {
    let all = headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let kept = all.filter(|cookie| !cookie.contains("Max-Age=0"));
    kept.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn a_clerk_changes_the_first_password_signs_in_reads_and_signs_out() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let first =
            add(&hub, order("clerk", AccountKind::Person, &["READER"])).await.expect("added");
        let entered = format!("login=clerk&password={first}&next={PAGE}");
        let (status, headers, page) = post(&hub, "/sign-in", &entered, &HTTPS).await;
        assert_eq!(status, 403, "{page}");
        assert!(cookies(&headers).is_empty() && page.contains("action=\"/password\""), "{page}");
        assert!(!page.contains(&first));
        let told = "SELECT COUNT(*) FROM audit_entries WHERE subject = 'clerk' AND outcome = 'FORBIDDEN' \
                    AND operation = 'password right, not signed in'";
        assert_eq!(hub.db_count(told).await, 1, "{backend:?}: somebody knows the first password");
        let chosen = format!("login=clerk&password={first}&chosen={CHOSEN}&again={CHOSEN}");
        let (status, headers, page) = post(&hub, "/password", &chosen, &HTTPS).await;
        assert_eq!(
            (status, headers["location"].to_str().ok()),
            (303, Some("/sign-in?changed=1")),
            "{page}"
        );
        let (status, ..) = post(&hub, "/sign-in", &entered, &HTTPS).await;
        assert_eq!(status, 401, "the first password is gone");
        let entered = format!("login=Clerk+&password={CHOSEN}&next={PAGE}");
        let (status, headers, page) = post(&hub, "/sign-in", &entered, &HTTPS).await;
        assert_eq!((status, headers["location"].to_str().ok()), (303, Some(PAGE)), "{page}");
        let cookie = cookies(&headers);
        assert!(cookie.starts_with("lianfang_account="), "{cookie}");
        let written = format!("{:?}", headers.get_all("set-cookie").iter().collect::<Vec<_>>());
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/meeting"] {
            assert!(written.contains(part), "{part}: {written}");
        }
        assert_eq!(get(&hub, PAGE, &cookie).await, 200);
        // What is in the cookie ends with the session, on every hub.
        let other = hub.another().await;
        let leaving = [HTTPS[0], HTTPS[1], ("cookie", cookie.as_str())];
        let (status, ..) = post(&hub, "/meeting/sign-out", "", &leaving).await;
        assert_eq!(status, 303);
        assert_eq!(get(&hub, PAGE, &cookie).await, 401, "{backend:?}: a kept cookie is of no use");
        until("the other hub knows", async || get(&other, PAGE, &cookie).await == 401).await;
        hub.holds().await;
    }
}

#[tokio::test]
async fn whatever_is_wrong_is_answered_alike() {
    let hub = TestHub::sqlite().await;
    person(&hub, "clerk", &["READER"]).await;
    person(&hub, "gone", &["READER"]).await;
    change(&hub, "gone", AccountChange::Disable).await;
    add(&hub, order("system", AccountKind::System, &["SUBMITTER"])).await.expect("added");
    let mut told = Vec::new();
    for entered in [
        "login=clerk&password=Wrong-Harbour-2031".to_owned(),
        format!("login=nobody&password={CHOSEN}"),
        format!("login=gone&password={CHOSEN}"),
        format!("login=system&password={CHOSEN}"),
        format!("login=%27+OR+1%3D1&password={CHOSEN}"),
        format!("login=clerk&password={}", "x".repeat(3_000)),
        format!("login={}&password={CHOSEN}", "y".repeat(3_000)),
        "login=clerk&password=".to_owned(),
        String::new(),
    ] {
        let (status, headers, page) = post(&hub, "/sign-in", &entered, &HTTPS).await;
        assert_eq!(status, 401, "{entered}: {page}");
        assert!(cookies(&headers).is_empty(), "{entered}");
        let (_, sentence) = page.split_once("role=\"alert\">").expect("what is wrong");
        told.push(sentence.split('<').next().expect("a sentence").to_owned());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn five_failures_lock_an_account_however_many_try_at_once() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        person(&hub, "other", &["READER"]).await;
        // Four failures and a success begin anew.
        for _ in 0..4 {
            assert!(signed_in(&hub, "clerk", "Wrong-Harbour-2031", "").await.is_err());
        }
        assert!(signed_in(&hub, "clerk", CHOSEN, "").await.is_ok(), "{backend:?}");
        // Many at once are as many: the right one among them does not pass after the fifth.
        let right = (0..12).map(|_| signed_in(&hub, "clerk", CHOSEN, ""));
        let all = futures_util::future::join_all(right).await;
        assert!(all.iter().all(Result::is_ok), "{backend:?}: who is right is not counted out");
        let guesses = (0..12).map(|_| signed_in(&hub, "clerk", "Wrong-Harbour-2031", ""));
        let all = futures_util::future::join_all(guesses).await;
        assert!(all.iter().all(Result::is_err));
        assert!(signed_in(&hub, "clerk", CHOSEN, "").await.is_err(), "{backend:?}: locked");
        assert!(signed_in(&hub, "other", CHOSEN, "").await.is_ok(), "{backend:?}");
        let attempts = hub
            .db_count("SELECT CAST(failures AS bigint) FROM account_attempts WHERE locked_until IS NOT NULL")
            .await;
        assert_eq!(attempts, 5, "{backend:?}");
        // After a quarter of an hour it is open again.
        hub.db_run("UPDATE account_attempts SET locked_until = '2020-01-01 00:00:00+00:00'").await;
        assert!(signed_in(&hub, "clerk", CHOSEN, "").await.is_ok(), "{backend:?}");
        let failed = hub
            .db_count("SELECT COUNT(*) FROM audit_entries WHERE operation = 'failed sign in' AND subject = 'clerk'")
            .await;
        assert_eq!(failed, 9, "{backend:?}: each failure is in the log");
    }
}

pub fn authenticator(address: &str) -> Totp {
    let (_, rest) = address.split_once("secret=").expect("a secret");
    let secret = rest.split('&').next().expect("a text");
    let secret = Secret::try_from_base32(secret).expect("base32");
    Builder::new().with_secret(secret).with_account_name("clerk").build().expect("an authenticator")
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_each_code_is_good_once() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        let address = change(&hub, "clerk", AccountChange::Second).await.expect("an address");
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        let totp = authenticator(&address);
        let now = || OpCtx::begin("now").now().timestamp().unsigned_abs();
        let code = |time: u64| totp.generate(time).to_string();
        for wrong in ["", "000000", "12345", "abcdef", &code(now() - 300), &code(now() + 300)] {
            assert!(signed_in(&hub, "clerk", CHOSEN, wrong).await.is_err(), "{wrong}");
            hub.db_run("UPDATE account_attempts SET failures = 0, locked_until = NULL").await;
        }
        let good = code(now());
        let wide = |digit: char| char::from_u32(digit as u32 + 0xfee0).expect("a wide digit");
        let spaced: String = format!("{} {}", &good[..3], &good[3..])
            .chars()
            .map(|digit| if digit == ' ' { digit } else { wide(digit) })
            .collect();
        assert!(signed_in(&hub, "clerk", CHOSEN, &spaced).await.is_ok(), "{backend:?}");
        assert!(signed_in(&hub, "clerk", CHOSEN, &good).await.is_err(), "{backend:?}: replayed");
        // The code before it, still within the time of grace, is spent too.
        assert!(signed_in(&hub, "clerk", CHOSEN, &code(now() - 30)).await.is_err(), "{backend:?}");
        let twice = code(now() + 30);
        let [one, two] = [(); 2].map(|()| signed_in(&hub, "clerk", CHOSEN, &twice));
        let (one, two) = tokio::join!(one, two);
        assert!(one.is_ok() != two.is_ok(), "{backend:?}: one code, one session");
        // Without the database's secret in the clear.
        let secret = address.split_once("secret=").expect("a secret").1[..32].to_owned();
        let bytes = totp_rs::Secret::try_from_base32(&secret).expect("base32");
        let hexadecimal =
            if hub.is_postgres() { "encode(second, 'hex')" } else { "lower(hex(second))" };
        let stored = hub.db_texts(&format!("SELECT {hexadecimal} FROM accounts")).await;
        let plain: String = bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(stored[0].len() > plain.len() && !stored[0].contains(&plain), "{backend:?}");
    }
}

#[tokio::test]
async fn a_change_of_an_account_ends_what_it_was_signed_in_with_on_every_hub() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let other = hub.another().await;
        for made in [
            AccountChange::Roles(vec!["READER".to_owned()]),
            AccountChange::Password,
            AccountChange::Disable,
            AccountChange::Second,
        ] {
            let login = format!("clerk-{}", format!("{made:?}").to_lowercase().len());
            person(&hub, &login, &["READER", "SUBMITTER"]).await;
            let token = signed_in(&hub, &login, CHOSEN, "").await.expect("signed in");
            assert!(holds(&other, &token).await);
            change(&hub, &login, made.clone()).await;
            assert!(!holds(&hub, &token).await, "{backend:?}: {made:?}");
            until("the other hub knows", async || !holds(&other, &token).await).await;
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn who_signs_in_while_the_account_is_disabled_is_not_left_signed_in() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for number in 0..6 {
            let login = format!("clerk{number}");
            person(&hub, &login, &["READER"]).await;
            let (token, _) = tokio::join!(signed_in(&hub, &login, CHOSEN, ""), async {
                tokio::time::sleep(std::time::Duration::from_millis(number * 12)).await;
                change(&hub, &login, AccountChange::Disable).await
            });
            if let Ok(token) = token {
                assert!(!holds(&hub, &token).await, "{backend:?}: {number}");
            }
        }
    }
}

#[tokio::test]
async fn no_account_has_the_roles_of_two_officers_or_codes_that_there_are_not() {
    let hub = TestHub::sqlite().await;
    let wrong = async |order| matches!(add(&hub, order).await, Err(HubError::Invalid(_)));
    for roles in [
        &["OPERATOR", "AUDITOR"][..],
        &["SECURITY_OFFICER", "OPERATOR"],
        &["AUDITOR", "READER"],
        &["NONE"],
        &[],
    ] {
        assert!(wrong(order("officer", AccountKind::Person, roles)).await, "{roles:?}");
    }
    for login in ["", "A", "王", "a b", "x\ny"] {
        assert!(wrong(order(login, AccountKind::Person, &["READER"])).await, "{login:?}");
    }
    let good = || order("officer", AccountKind::Person, &["AUDITOR"]);
    assert!(wrong(AccountOrder { department: "POLICE".to_owned(), ..good() }).await);
    assert!(wrong(AccountOrder { region: "14".to_owned(), ..good() }).await);
    assert!(wrong(AccountOrder { name: " ".to_owned(), ..good() }).await);
    assert!(add(&hub, good()).await.is_ok());
    assert!(matches!(add(&hub, good()).await, Err(HubError::Conflict(_))));
    let ctx = OpCtx::begin("change");
    let permit = AccountsPermit::machine();
    let services = &hub.services;
    let at = (&*services.policy, &permit);
    let both = AccountChange::Roles(vec!["AUDITOR".to_owned(), "OPERATOR".to_owned()]);
    let refused = services.sign_ins.change(at, &ctx, "officer", both).await;
    assert!(matches!(refused, Err(HubError::Invalid(_))));
    let refused = services.sign_ins.change(at, &ctx, "nobody", AccountChange::Disable).await;
    assert!(matches!(refused, Err(HubError::Invalid(_))));
}

#[tokio::test]
async fn forms_of_other_sites_and_over_plain_http_are_no_attempts() {
    let hub = TestHub::with(crate::support::Backend::Sqlite, Settings::default()).await;
    person(&hub, "clerk", &["READER"]).await;
    let entered = format!("login=clerk&password={CHOSEN}");
    let elsewhere = [("host", "lianfang.example"), ("origin", "https://evil.example")];
    let plain = [("host", "lianfang.example"), ("origin", "http://lianfang.example")];
    let chosen = format!("{entered}&chosen=Green-Harbour-2032&again=Green-Harbour-2032");
    for (headers, expected) in [(elsewhere, 403), (plain, 400)] {
        for path in ["/sign-in", "/password"] {
            for _ in 0..6 {
                let (status, headers, _) = post(&hub, path, &chosen, &headers).await;
                assert_eq!(status, expected, "{path}");
                assert!(cookies(&headers).is_empty());
            }
        }
    }
    let (status, ..) = post(&hub, "/sign-in", &entered, &HTTPS).await;
    assert_eq!(status, 303, "nothing was counted, nothing changed");
}

#[tokio::test]
async fn a_chosen_password_is_no_plain_one_and_needs_the_old_one() {
    let hub = TestHub::sqlite().await;
    person(&hub, "clerk", &["READER"]).await;
    for (chosen, again) in [
        ("short", "short"),
        ("nothingbutletters", "nothingbutletters"),
        ("Clerk-Harbour-2031", "Clerk-Harbour-2031"),
        (CHOSEN, CHOSEN),
        ("Green-Harbour-2032", "Green-Harbour-2033"),
    ] {
        let form = format!("login=clerk&password={CHOSEN}&chosen={chosen}&again={again}");
        let (status, _, page) = post(&hub, "/password", &form, &HTTPS).await;
        assert_eq!(status, 400, "{chosen}: {page}");
        assert!(!page.contains(chosen), "{page}");
    }
    let form =
        "login=clerk&password=Wrong-Harbour-1&chosen=Green-Harbour-2032&again=Green-Harbour-2032";
    assert_eq!(post(&hub, "/password", form, &HTTPS).await.0, 401);
    let token = signed_in(&hub, "clerk", CHOSEN, "").await.expect("unchanged");
    let form =
        format!("login=clerk&password={CHOSEN}&chosen=Green-Harbour-2032&again=Green-Harbour-2032");
    assert_eq!(post(&hub, "/password", &form, &HTTPS).await.0, 303);
    assert!(!holds(&hub, &token).await, "a change ends what was signed in before");
}

#[tokio::test]
async fn nothing_that_proves_who_somebody_is_lies_in_the_store_or_the_log() {
    let hub = TestHub::sqlite().await;
    let secret =
        add(&hub, order("hrss-core", AccountKind::System, &["READER"])).await.expect("added");
    person(&hub, "clerk", &["READER"]).await;
    assert!(signed_in(&hub, "clerk", CHOSEN, "").await.is_ok());
    for table in ["accounts", "audit_entries", "row_proofs", "token_revocations"] {
        for column in hub.db_texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await
        {
            let values =
                hub.db_texts(&format!("SELECT COALESCE(hex(\"{column}\"), '') FROM {table}")).await;
            let found = |text: &str| {
                let text: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
                values.iter().any(|value| value.contains(&text))
            };
            assert!(!found(&secret) && !found(CHOSEN), "{table}.{column}");
        }
    }
}

#[tokio::test]
async fn clocks_that_differ_leave_nobody_signed_in() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        // A hub whose clock is ten seconds ahead signs in just before the account is disabled.
        let ahead = || OpCtx::begin("ahead").now() + chrono::TimeDelta::seconds(10);
        let opened = hub.database.account_opened("clerk", AccountKind::Person, &ahead).await;
        let (account, turn) = opened.expect("it answers").expect("an account");
        let services = &hub.services;
        let order = TokenRequest {
            subject: account.login,
            department: account.department,
            region: account.region,
            roles: account.roles,
            purpose: "ROUTINE_SHARING".to_owned(),
            ticket: None,
            seconds: 3600,
        };
        let tokens = &services.tokens;
        let now = OpCtx::begin("now").now();
        let issued = tokens.issue_in_turn(&services.policy, order, now, turn.read_at);
        let issued = issued.expect("issued");
        assert!(holds(&hub, &issued.text).await, "{backend:?}");
        change(&hub, "clerk", AccountChange::Disable).await;
        assert!(!holds(&hub, &issued.text).await, "{backend:?}");
        // And whoever signs in after that, by a clock that is behind, is heard.
        change(&hub, "clerk", AccountChange::Enable).await;
        let token = signed_in(&hub, "clerk", CHOSEN, "").await.expect("signed in");
        assert!(holds(&hub, &token).await, "{backend:?}");
    }
}

#[tokio::test]
async fn a_second_factor_outlives_the_rotation_of_keys() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        let address = change(&hub, "clerk", AccountChange::Second).await.expect("an address");
        let directory = tempfile::TempDir::new().expect("a directory");
        let path = directory.path().join("keys.json");
        hub.keys.write(&path).expect("written");
        let mut keys = Keys::read(&path).expect("read");
        keys.rotate().expect("rotated");
        let keys = std::sync::Arc::new(keys);
        let seal = Seal::new(std::sync::Arc::clone(&keys));
        let catalogue = std::sync::Arc::clone(&hub.services.catalogue);
        let sealed = reseal(&hub.database, &seal, &catalogue).await.expect("sealed again");
        assert_eq!(sealed, 1, "{backend:?}");
        let policy = app::policy(None, &catalogue).expect("the policy");
        let (router, services) =
            app::start(hub.database.clone(), catalogue, policy, keys, Settings::default())
                .await
                .expect("a hub with the new keys");
        let turned = TestHub::beside(&hub, router, services);
        let now = OpCtx::begin("now").now().timestamp().unsigned_abs();
        let code = authenticator(&address).generate(now).to_string();
        assert!(signed_in(&turned, "clerk", CHOSEN, &code).await.is_ok(), "{backend:?}");
        turned.holds().await;
    }
}
