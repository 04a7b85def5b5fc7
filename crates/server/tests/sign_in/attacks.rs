//! Single sign-on against a provider that lies, and people who bring what is not theirs.

use std::collections::HashMap;
use std::sync::Arc;

use crate::sign_in::error::SignInError;
use crate::sign_in::sso::outside::Web;
use crate::sign_in::sso::provider::{Provider, ProviderSettings};
use crate::sign_in::sso::token::TokenFault;
use crate::sign_in::sso::{self, Brought};
use doldam_ground::ids::StaffId;
use doldam_ground::{Clock as _, MockClock, Pii};
use serde_json::json;

use super::liar::{CLIENT, Liar, SECRET, SUBJECT, Signing, Token, Trick};
use super::world::{World, actor};

struct Room {
    world: World,
    liar: Liar,
    provider: Provider,
    minji: StaffId,
}

fn now_s(clock: &MockClock) -> i64 {
    clock.now().micros() / 1_000_000
}

fn provider(world: &World, issuer: &str) -> Provider {
    let settings = ProviderSettings {
        issuer: issuer.to_owned(),
        client: CLIENT.to_owned(),
        secret: Some(Pii::new(SECRET.to_owned())),
        back: "http://localhost:7117/sign-in/back".to_owned(),
    };
    Provider::new(settings, Box::new(Web::new(None).unwrap()), world.clock.clone()).unwrap()
}

impl Room {
    fn new() -> Self {
        let world = World::new();
        let clock = Arc::clone(&world.clock);
        let liar = Liar::new(move || now_s(&clock));
        let provider = provider(&world, liar.issuer());
        let minji = world.staff("minji");
        let subject = Pii::new(SUBJECT.to_owned());
        sso::link(&world.vault, &provider, minji, &subject, &actor()).unwrap().unwrap();
        Self { world, liar, provider, minji }
    }

    fn begin(&self) -> (String, String) {
        let (door, ticket) = sso::begin(&self.world.vault, &self.provider).unwrap();
        (door, ticket.expose().clone())
    }

    fn finish(
        &self,
        ticket: &str,
        brought: &HashMap<String, String>,
    ) -> Result<Option<StaffId>, SignInError> {
        let brought: Brought = serde_json::from_value(json!(brought)).unwrap();
        let proof = sso::finish(&self.world.vault, &self.provider, ticket, &brought)?;
        Ok(self.world.open(proof))
    }

    /// The whole way; who came in.
    fn sign_in(&self) -> Result<Option<StaffId>, SignInError> {
        let (door, ticket) = self.begin();
        self.finish(&ticket, &self.liar.let_in(&door))
    }

    fn again(&self) {
        self.liar.be_honest();
        assert_eq!(self.sign_in().unwrap(), Some(self.minji), "the provider tells the truth");
    }
}

fn code<T>(result: Result<T, SignInError>) -> &'static str {
    result.err().map_or("none", |error| error.code())
}

#[test]
fn whoever_is_linked_comes_in() {
    let room = Room::new();
    assert_eq!(room.sign_in().unwrap(), Some(room.minji));
    assert_eq!(room.world.logged("sso.link"), 1);
    // Metadata and keys are read once.
    assert_eq!(room.sign_in().unwrap(), Some(room.minji));
    assert_eq!(room.liar.asked("/.well-known/openid-configuration"), 1);
    assert_eq!((room.liar.asked("/jwks"), room.liar.asked("/token")), (1, 2));
}

#[test]
fn nobody_comes_in_unlinked_or_as_somebody_else() {
    let room = Room::new();
    let vault = &room.world.vault;
    let jisu = room.world.staff("jisu");
    let link = |who, subject: &str| {
        sso::link(vault, &room.provider, who, &Pii::new(subject.to_owned()), &actor())
    };
    assert_eq!(code(link(jisu, SUBJECT)), "store.state");
    assert_eq!(link(StaffId::new(99), "x").unwrap(), None);
    // The same person at another provider is another person.
    let other = provider(&room.world, "https://other.example");
    sso::link(vault, &other, jisu, &Pii::new(SUBJECT.to_owned()), &actor()).unwrap().unwrap();
    assert_eq!(room.sign_in().unwrap(), Some(room.minji));
    let session = room.world.session(room.minji, "minji's session");
    assert_eq!(sso::unlink(vault, room.minji, &actor()).unwrap(), Some(1));
    assert!(!room.world.works(&session));
    assert_eq!(code(room.sign_in()), "sign_in.unlinked");
    // Unlinked between the token and the session.
    link(room.minji, SUBJECT).unwrap();
    let (door, ticket) = room.begin();
    let brought: Brought = serde_json::from_value(json!(room.liar.let_in(&door))).unwrap();
    let proof = sso::finish(vault, &room.provider, &ticket, &brought).unwrap();
    sso::unlink(vault, room.minji, &actor()).unwrap();
    assert_eq!(room.world.open(proof), None);
}

#[test]
fn a_code_is_used_once_and_only_by_the_browser_that_asked() {
    let room = Room::new();
    let (door, ticket) = room.begin();
    let brought = room.liar.let_in(&door);
    assert_eq!(room.finish(&ticket, &brought).unwrap(), Some(room.minji));
    // Code replay in the same browser.
    assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.not_begun");
    // Code replay in another way in, with its own state: the verifier is not the code's.
    let (door, victim) = room.begin();
    let mut stolen = room.liar.let_in(&door);
    let (_, thief) = room.begin();
    assert_eq!(code(room.finish(&thief, &stolen)), "sign_in.mixed");
    let (door, thief) = room.begin();
    let own = room.liar.let_in(&door);
    stolen.insert("state".to_owned(), own["state"].clone());
    assert_eq!(code(room.finish(&thief, &stolen)), "sign_in.provider_refused");
    // Login CSRF: a link with the thief's code and state, opened in a browser that began nothing, or
    // something else.
    let (door, _) = room.begin();
    let planted = room.liar.let_in(&door);
    assert_eq!(code(room.finish("", &planted)), "sign_in.not_begun");
    assert_eq!(code(room.finish(&victim, &planted)), "sign_in.mixed");
    room.again();
}

#[test]
fn what_is_missing_late_or_foreign_in_the_way_back_is_refused() {
    let room = Room::new();
    let change = |name: &str, value: Option<&str>| {
        let (door, ticket) = room.begin();
        let mut brought = room.liar.let_in(&door);
        match value {
            Some(value) => brought.insert(name.to_owned(), value.to_owned()),
            None => brought.remove(name),
        };
        (ticket, brought)
    };
    let (ticket, brought) = change("state", Some(""));
    assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.mixed");
    let (_, brought) = change("state", None);
    assert!(serde_json::from_value::<Brought>(json!(brought)).is_err(), "no state, no answer");
    // Issuer mix-up (RFC 9207).
    for issuer in [Some("https://other.example"), Some(""), None] {
        let (ticket, brought) = change("iss", issuer);
        assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.mixed");
    }
    let long = "x".repeat(5_000);
    for value in [None, Some(""), Some(long.as_str()), Some("made up")] {
        let (ticket, brought) = change("code", value);
        assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.provider_refused");
    }
    let (ticket, brought) = change("error", Some("access_denied"));
    assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.provider_refused");
    let (ticket, brought) = change("x", None);
    room.world.wait_s(300);
    assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.not_begun");
    room.again();
}

#[test]
fn a_provider_that_does_not_name_itself_may_leave_its_name_out() {
    let room = Room::new();
    room.liar.publish("authorization_response_iss_parameter_supported", json!(false));
    let (door, ticket) = room.begin();
    let mut brought = room.liar.let_in(&door);
    brought.remove("iss");
    assert_eq!(room.finish(&ticket, &brought).unwrap(), Some(room.minji));
    let (door, ticket) = room.begin();
    let mut brought = room.liar.let_in(&door);
    brought.insert("iss".to_owned(), "https://other.example".to_owned());
    assert_eq!(code(room.finish(&ticket, &brought)), "sign_in.mixed");
}

/// A claim that is something else, or missing when it is null.
fn claim(name: &'static str, value: serde_json::Value) -> Box<dyn Fn(&mut Token) + Send> {
    Box::new(move |token| {
        let claims = token.claims.as_object_mut().unwrap();
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.to_owned(), value.clone());
        }
    })
}

/// A head that is something else.
fn head(
    name: &'static str,
    value: serde_json::Value,
    signing: Signing,
) -> Box<dyn Fn(&mut Token) + Send> {
    Box::new(move |token| {
        token.head[name] = value.clone();
        token.signing = signing;
    })
}

fn lies(now: i64) -> Vec<(&'static str, Box<dyn Fn(&mut Token) + Send>, TokenFault)> {
    use TokenFault as Fault;
    vec![
        ("none", head("alg", json!("none"), Signing::Nothing), Fault::Algorithm),
        ("None", head("alg", json!("None"), Signing::Nothing), Fault::Algorithm),
        ("none, signed", head("alg", json!("none"), Signing::Right), Fault::Algorithm),
        ("HS256", head("alg", json!("HS256"), Signing::HmacOfPublicKey), Fault::Algorithm),
        ("HMAC as ES256", head("typ", json!("JWT"), Signing::HmacOfPublicKey), Fault::Signature),
        ("RS256 by an EC key", head("alg", json!("RS256"), Signing::Right), Fault::Key),
        ("empty", head("typ", json!("JWT"), Signing::Nothing), Fault::Signature),
        ("over something else", head("typ", json!("JWT"), Signing::Stale), Fault::Signature),
        ("by a stranger", head("typ", json!("JWT"), Signing::Stranger), Fault::Signature),
        ("own key along", head("jwk", json!({ "kty": "EC" }), Signing::Stranger), Fault::Signature),
        ("unknown key", head("kid", json!("k9"), Signing::Right), Fault::Key),
        ("key by path", head("kid", json!("../../dev/null"), Signing::Right), Fault::Key),
        ("critical", head("crit", json!(["b64"]), Signing::Right), Fault::Critical),
        ("issuer", claim("iss", json!("https://other.example")), Fault::Issuer),
        ("another client's", claim("aud", json!("another")), Fault::Audience),
        ("for two", claim("aud", json!([CLIENT, "another"])), Fault::Audience),
        ("for nobody", claim("aud", json!([])), Fault::Audience),
        ("another party", claim("azp", json!("another")), Fault::Audience),
        ("over", claim("exp", json!(now - 60)), Fault::Time),
        ("no end", claim("exp", json!(null)), Fault::Form),
        ("end in words", claim("exp", json!("tomorrow")), Fault::Form),
        ("from the future", claim("iat", json!(now + 61)), Fault::Time),
        ("not yet", claim("nbf", json!(now + 61)), Fault::Time),
        ("old", claim("iat", json!(now - 661)), Fault::Time),
        ("absurd", claim("iat", json!(1e300)), Fault::Time),
        ("no nonce", claim("nonce", json!(null)), Fault::Nonce),
        ("empty nonce", claim("nonce", json!("")), Fault::Nonce),
        ("nonce", claim("nonce", json!("another's")), Fault::Nonce),
        ("at_hash", claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")), Fault::AccessToken),
        ("nobody", claim("sub", json!(null)), Fault::Form),
        ("empty name", claim("sub", json!("")), Fault::Subject),
        ("long name", claim("sub", json!("x".repeat(256))), Fault::Subject),
        ("number", claim("sub", json!(1)), Fault::Form),
    ]
}

#[test]
fn a_token_that_lies_opens_nothing() {
    let room = Room::new();
    for (what, lie, fault) in lies(now_s(&room.world.clock)) {
        room.liar.lie(lie);
        match room.sign_in() {
            Err(SignInError::Token(found)) => assert_eq!(found, fault, "{what}"),
            other => panic!("{what}: {:?}", other.map_err(|error| error.code())),
        }
    }
    room.again();
    // What a provider may do.
    for lie in [
        claim("aud", json!([CLIENT])),
        claim("azp", json!(CLIENT)),
        claim("at_hash", json!(null)),
        claim("exp", json!(now_s(&room.world.clock) - 59)),
        claim("iat", json!(now_s(&room.world.clock) as f64 + 0.5)),
    ] {
        room.liar.lie(lie);
        assert_eq!(room.sign_in().unwrap(), Some(room.minji));
    }
}

#[test]
fn keys_change_and_are_looked_up_at_most_once_a_minute() {
    let room = Room::new();
    room.again();
    room.liar.turn_key("k2");
    for _ in 0..3 {
        assert_eq!(code(room.sign_in()), "sign_in.token");
    }
    assert_eq!(room.liar.asked("/jwks"), 1, "strangers cannot make us ask");
    room.world.wait_s(61);
    assert_eq!(room.sign_in().unwrap(), Some(room.minji));
    assert_eq!(room.liar.asked("/jwks"), 2);
    // A key that was withdrawn holds for an hour at most.
    room.liar.turn_key("k2");
    room.liar.lie(head("kid", json!("k2"), Signing::Right));
    assert_eq!(code(room.sign_in()), "sign_in.token");
    room.world.wait_s(3_600);
    assert_eq!(room.sign_in().unwrap(), Some(room.minji));
}

#[test]
fn a_provider_that_answers_badly_is_away() {
    let tricks = [
        Trick::Status(500, b"{}".to_vec()),
        Trick::Status(200, b"not JSON".to_vec()),
        Trick::Status(200, b"{}".to_vec()),
        Trick::Status(200, vec![b'['; 200_000]),
        Trick::Redirect("/truth".to_owned()),
        Trick::Endless,
    ];
    for path in ["/.well-known/openid-configuration", "/jwks", "/token"] {
        for trick in &tricks {
            let room = Room::new();
            room.liar.trick(path, trick.clone());
            let begun = sso::begin(&room.world.vault, &room.provider);
            if path.starts_with("/.well-known") {
                assert_eq!(code(begun), "sign_in.provider_away");
            } else {
                assert_eq!(code(room.sign_in()), "sign_in.provider_away", "{path}");
            }
            room.again();
        }
    }
}

#[test]
fn a_provider_that_says_the_wrong_things_of_itself_is_not_spoken_to() {
    for (name, value) in [
        ("issuer", json!("https://other.example")),
        ("authorization_endpoint", json!("http://other.example/authorize")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("token_endpoint", json!("http://10.0.0.1/token")),
        ("token_endpoint", json!("https://u:p@other.example/token")),
        ("jwks_uri", json!("file:///etc/passwd")),
        ("response_types_supported", json!(["id_token"])),
        ("code_challenge_methods_supported", json!(["plain"])),
        ("code_challenge_methods_supported", json!([])),
        ("id_token_signing_alg_values_supported", json!(["HS256", "none"])),
    ] {
        let room = Room::new();
        room.liar.publish(name, value);
        let begun = sso::begin(&room.world.vault, &room.provider);
        assert_eq!(code(begun), "sign_in.provider_away", "{name}");
        room.again();
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let world = World::new();
    let made = |issuer: &str, client: &str| {
        let settings = ProviderSettings {
            issuer: issuer.to_owned(),
            client: client.to_owned(),
            secret: None,
            back: "http://localhost:7117/sign-in/back".to_owned(),
        };
        Provider::new(settings, Box::new(Web::new(None).unwrap()), world.clock.clone())
    };
    for issuer in [
        "",
        "login.example",
        "http://login.example",
        "https://u@login.example",
        "https://login.example/?a",
        "https://login.example/#a",
        "ftp://localhost",
    ] {
        assert_eq!(code(made(issuer, CLIENT)), "sign_in.setting", "{issuer}");
    }
    assert_eq!(code(made("https://login.example", "")), "sign_in.setting");
    assert!(made("https://login.example/tenant", CLIENT).is_ok());
    assert!(Web::new(Some(b"no certificate")).is_none());
}
