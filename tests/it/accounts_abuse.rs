//! What happened to accounts in use: clocks that jump, codes made anew, clicks twice, secrets guessed.

use axum::http::Request;
use lianfang::{
    accounts::{manage::AccountChange, revoking::revoke},
    authz::{officers::AccountsPermit, revoked::Revocation, token::TokenRequest},
    context::OpCtx,
    domain::account::AccountKind,
};

use crate::{
    accounts::{
        CHOSEN, HTTPS, PAGE, add, authenticator, change, cookies, holds, order, person, post,
        signed_in,
    },
    accounts_of_systems::token,
    samples::CITY,
    support::{TestHub, backends},
};

#[tokio::test]
async fn one_sign_in_while_a_clock_was_a_day_ahead_shuts_nobody_out_and_can_be_revoked() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        let ahead = || OpCtx::begin("ahead").now() + chrono::TimeDelta::days(1);
        let opened = hub.database.account_opened("clerk", AccountKind::Person, &ahead).await;
        opened.expect("it answers").expect("an account");
        let token = signed_in(&hub, "clerk", CHOSEN, "").await.expect("signed in");
        assert!(holds(&hub, &token).await, "{backend:?}: the turn lies ahead, the token holds");
        let what = Revocation::Subject("clerk".to_owned(), 0);
        let services = &hub.services;
        let at = (&services.database, &services.audit, &*services.tokens);
        let by = AccountsPermit::machine().author().clone();
        revoke(at, by, &OpCtx::begin("revoke"), what, "离岗").await.expect("revoked");
        assert!(!holds(&hub, &token).await, "{backend:?}");
        let again = signed_in(&hub, "clerk", CHOSEN, "").await.expect("signed in again");
        assert!(holds(&hub, &again).await, "{backend:?}");
    }
}

#[tokio::test]
async fn the_first_code_of_a_new_second_factor_is_good() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        let now = OpCtx::begin("now").now().timestamp().unsigned_abs();
        for _ in 0..2 {
            let address = change(&hub, "clerk", AccountChange::Second).await.expect("an address");
            // The code of the next step, so that both are of one, whenever they are made.
            let code = authenticator(&address).generate(now + 30).to_string();
            assert!(signed_in(&hub, "clerk", CHOSEN, &code).await.is_ok(), "{backend:?}");
        }
    }
}

#[tokio::test]
async fn whose_roles_have_no_page_is_told_so_and_not_signed_in() {
    let hub = TestHub::sqlite().await;
    person(&hub, "officer", &["SECURITY_OFFICER"]).await;
    let form = format!("login=officer&password={CHOSEN}");
    let (status, headers, page) = post(&hub, "/sign-in", &form, &HTTPS).await;
    assert_eq!((status, cookies(&headers)), (400, String::new()), "{page}");
    assert!(page.contains("SECURITY_OFFICER") && page.contains("未登录"), "{page}");
}

#[tokio::test]
async fn a_second_click_takes_no_session_away() {
    let hub = TestHub::sqlite().await;
    person(&hub, "clerk", &["READER"]).await;
    let (status, headers, _) = post(&hub, "/sign-in", "login=clerk&password=wrong", &HTTPS).await;
    assert_eq!((status, headers.get_all("set-cookie").iter().count()), (401, 0));
    // A cookie that no longer holds is taken away where it is sent.
    let request = Request::get(PAGE).header("cookie", "lianfang_account=no.such.token");
    let (status, headers, body) =
        hub.request(request.body(String::new()).expect("a request")).await;
    assert_eq!((status.as_u16(), headers.get_all("set-cookie").iter().count()), (401, 2));
    let page = String::from_utf8(body).expect("UTF-8");
    assert!(page.contains("请重新登录") && !page.contains("令牌无效"), "{page}");
}

#[tokio::test]
async fn wrong_secrets_of_a_system_fill_no_log() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        add(&hub, order("sys", AccountKind::System, &["SUBMITTER"])).await.expect("added");
        let form = "grant_type=client_credentials&client_id=sys&client_secret=x";
        for _ in 0..20 {
            let (status, answer) = token(&hub, form, None).await;
            let told = answer["error_description"].as_str().unwrap_or_default();
            assert!(status == 401 && told.contains("client_secret"), "{answer}");
        }
        let entries = hub.db_texts("SELECT operation FROM audit_entries").await;
        let failed = entries.iter().filter(|entry| entry.contains("failed sign in")).count();
        // The first five, the eighth and the sixteenth.
        assert_eq!(failed, 7, "{backend:?}: {entries:?}");
    }
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_and_one_in_use_goes_on_to_eight_hours() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        person(&hub, "clerk", &["READER"]).await;
        let (tokens, policy) = (&hub.services.tokens, &hub.services.policy);
        let begun = OpCtx::begin("now").now().timestamp();
        let first = signed_in(&hub, "clerk", CHOSEN, "").await.expect("signed in");
        let at = |minutes: i64| begun + minutes * 60;
        let later = |token: &str, minutes: i64| {
            tokens.drawn_out(token, at(minutes)).expect("signed").map(|token| token.text)
        };
        assert!(tokens.check(policy, &first, at(29)).is_ok());
        assert!(tokens.check(policy, &first, at(31)).is_err(), "half an hour without use");
        assert_eq!(later(&first, 31), None, "what has ended does not go on");
        let (mut token, mut minutes) = (first.clone(), 0);
        while let Some(next) = later(&token, minutes + 25) {
            minutes += 25;
            token = next;
            assert!(tokens.check(policy, &token, at(minutes + 4)).is_ok(), "{minutes}");
        }
        assert!((450..480).contains(&minutes), "{minutes}");
        assert!(tokens.check(policy, &token, at(479)).is_ok());
        assert!(tokens.check(policy, &token, at(481)).is_err(), "eight hours");
        // All of it is one session: signing out ends every token that it ever had.
        let drawn = later(&first, 10).expect("drawn out");
        assert!(holds(&hub, &drawn).await);
        let cookie = format!("lianfang_account={drawn}");
        let headers = [HTTPS[0], HTTPS[1], ("cookie", &*cookie)];
        let (status, ..) = post(&hub, "/meeting/sign-out", "", &headers).await;
        assert_eq!(status, 303, "{backend:?}");
        assert!(!holds(&hub, &first).await && !holds(&hub, &drawn).await, "{backend:?}");
    }
}

#[tokio::test]
async fn a_page_draws_the_session_out_that_reads_it_and_no_other_token() {
    let hub = TestHub::sqlite().await;
    let services = &hub.services;
    let begun = OpCtx::begin("now").now() - chrono::TimeDelta::minutes(10);
    let order = || TokenRequest {
        subject: "clerk".to_owned(),
        department: "HRSS".to_owned(),
        region: CITY.to_owned(),
        roles: vec!["READER".to_owned()],
        purpose: "ROUTINE_SHARING".to_owned(),
        ticket: None,
        seconds: 8 * 3600,
    };
    let session = services.tokens.issue_session(&services.policy, order(), begun, begun);
    let other = services.tokens.issue(&services.policy, order(), begun);
    for (name, token, drawn) in [("lianfang_account", session, 1), ("lianfang_session", other, 0)] {
        let token = token.expect("issued").text;
        let request = Request::get(PAGE).header("cookie", format!("{name}={token}"));
        let request = request.body(String::new()).expect("a request");
        let (status, headers, _) = hub.request(request).await;
        let set = headers.get_all("set-cookie").iter().count();
        assert_eq!((status.as_u16(), set), (200, drawn), "{name}");
        if drawn > 0 {
            let cookie = headers["set-cookie"].to_str().expect("text").to_owned();
            assert!(cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
            assert!(!cookie.contains(&token), "a later end");
        }
    }
}
