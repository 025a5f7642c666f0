//! Accounts of systems: a secret for tokens, and no way in for anybody else.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lianfang::{
    accounts::manage::AccountChange, authz::officers::AccountsPermit, context::OpCtx,
    domain::account::AccountKind, error::HubError,
};
use serde_json::{Value, json};

use crate::{
    accounts::{CHOSEN, HTTPS, add, change, holds, order, person, post, signed_in},
    support::{TestHub, backends},
};

pub async fn token(hub: &TestHub, form: &str, basic: Option<&str>) -> (u16, Value) {
    let basic = basic.map(|text| format!("Basic {}", BASE64_STANDARD.encode(text)));
    let headers: Vec<(&str, &str)> =
        basic.as_deref().map(|basic| ("authorization", basic)).into_iter().collect();
    let (status, _, body) = post(hub, "/token", form, &headers).await;
    (status, serde_json::from_str(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_system_trades_its_secret_for_tokens_and_a_person_does_not() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let roles = ["READER", "SUBMITTER"];
        let secret =
            add(&hub, order("hrss-core", AccountKind::System, &roles)).await.expect("added");
        person(&hub, "clerk", &["READER"]).await;
        let grant = "grant_type=client_credentials";
        let own = format!("{grant}&client_id=hrss-core&client_secret={secret}");
        let (status, given) = token(&hub, &own, None).await;
        assert_eq!((status, &given["token_type"]), (200, &json!("Bearer")), "{given}");
        assert_eq!(given["expires_in"], 3600);
        assert!(holds(&hub, given["access_token"].as_str().expect("a token")).await);
        let (status, _) = token(&hub, grant, Some(&format!("hrss-core:{secret}"))).await;
        assert_eq!(status, 200, "{backend:?}: by Basic");
        // Nobody gives themselves a case.
        let case = format!("{own}&purpose=ASSISTANCE&ticket=X-1");
        let (_, given_case) = token(&hub, &case, None).await;
        let viewer = "{ viewer { purpose } }";
        let as_case = hub.data(given_case["access_token"].as_str().expect("a token"), viewer).await;
        assert_eq!(as_case["viewer"]["purpose"], "ROUTINE_SHARING", "{as_case}");
        for (form, basic, status, error) in [
            (own.replace(&secret, "Wrong-Secret-1"), None, 401, "invalid_client"),
            (
                own.replace("hrss-core", "clerk").replace(&secret, CHOSEN),
                None,
                401,
                "invalid_client",
            ),
            (grant.to_owned(), Some("hrss-core"), 401, "invalid_client"),
            (grant.to_owned(), None, 401, "invalid_client"),
            ("grant_type=password".to_owned(), None, 400, "unsupported_grant_type"),
            (String::new(), None, 400, "unsupported_grant_type"),
        ] {
            let (found, answer) = token(&hub, &form, basic).await;
            assert_eq!((found, answer["error"].as_str()), (status, Some(error)), "{form}");
            assert!(!answer.to_string().contains(&secret));
        }
        // A system has no page.
        let (status, ..) =
            post(&hub, "/sign-in", &format!("login=hrss-core&password={secret}"), &HTTPS).await;
        assert_eq!(status, 401);
        change(&hub, "hrss-core", AccountChange::Disable).await;
        assert!(!holds(&hub, given["access_token"].as_str().expect("a token")).await);
        assert_eq!(token(&hub, &own, None).await.0, 401, "{backend:?}: disabled");
    }
}

#[tokio::test]
async fn a_system_is_not_locked_out_and_a_reset_password_opens_a_locked_account() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let secret =
            add(&hub, order("hrss-core", AccountKind::System, &["READER"])).await.expect("added");
        let own =
            format!("grant_type=client_credentials&client_id=hrss-core&client_secret={secret}");
        for _ in 0..7 {
            assert_eq!(token(&hub, &own.replace(&secret, "Wrong-Secret-1"), None).await.0, 401);
            assert!(signed_in(&hub, "hrss-core", &secret, "").await.is_err());
        }
        let all = futures_util::future::join_all((0..7).map(|_| token(&hub, &own, None))).await;
        assert!(all.iter().all(|(status, _)| *status == 200), "{backend:?}: {all:?}");
        let ctx = OpCtx::begin("change");
        let permit = AccountsPermit::machine();
        let services = &hub.services;
        let at = (&*services.policy, &permit);
        let second = services.sign_ins.change(at, &ctx, "hrss-core", AccountChange::Second).await;
        assert!(matches!(second, Err(HubError::Invalid(_))), "it could never sign in again");
        person(&hub, "clerk", &["READER"]).await;
        for _ in 0..6 {
            assert!(signed_in(&hub, "clerk", "Wrong-Harbour-2031", "").await.is_err());
        }
        let first = change(&hub, "clerk", AccountChange::Password).await.expect("a password");
        let refused = signed_in(&hub, "clerk", &first, "").await;
        assert!(matches!(refused, Err(HubError::Forbidden(_))), "{backend:?}: to be changed first");
    }
}
