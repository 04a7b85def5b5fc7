//! Passkeys: made, used, counted, revoked, and everything that must not work.

use crate::sign_in::error::SignInError;
use crate::sign_in::passkey::{self, Site};
use doldam_ground::ids::{PasskeyId, StaffId};
use doldam_store::access::passkey as held;
use serde_json::{Value, json};

use super::authenticator::{Authenticator, Said};
use super::world::{Held, World, actor};

fn site() -> Site {
    Site::new("http://localhost:7117").unwrap()
}

struct Room {
    world: World,
    site: Site,
    minji: StaffId,
    session: Held,
}

impl Room {
    fn new() -> Self {
        let world = World::new();
        let minji = world.staff("minji");
        let session = world.session(minji, "minji's session");
        Self { world, site: site(), minji, session }
    }

    fn options(&self) -> Value {
        passkey::begin_add(&self.world.vault, &self.site, self.session.owner()).unwrap()
    }

    fn add(&self, answer: &Value) -> Result<PasskeyId, SignInError> {
        let (vault, owner) = (&self.world.vault, self.session.owner());
        passkey::finish_add(vault, &self.site, owner, "blue key", answer, &actor())
    }

    fn with_key(&self) -> (Authenticator, PasskeyId) {
        let mut key = Authenticator::new();
        let id = self.add(&key.create(&self.options(), &Said::truth())).unwrap();
        (key, id)
    }

    fn begin(&self) -> (Value, String) {
        let (options, ticket) = passkey::begin(&self.world.vault, &self.site).unwrap();
        (options, ticket.expose().clone())
    }

    fn finish(&self, ticket: &str, answer: &Value) -> Result<Option<StaffId>, SignInError> {
        let proof = passkey::finish(&self.world.vault, &self.site, ticket, answer, &actor())?;
        Ok(self.world.open(proof))
    }

    /// Signs in; who came in.
    fn sign_in(
        &self,
        key: &mut Authenticator,
        said: &Said,
    ) -> Result<Option<StaffId>, SignInError> {
        let (options, ticket) = self.begin();
        self.finish(&ticket, &key.get(&options, said))
    }

    fn row(&self, id: PasskeyId) -> held::Passkey {
        self.world.vault.data().read("test.get", |tx| held::get(tx, id)).unwrap().unwrap()
    }
}

fn code<T>(result: Result<T, SignInError>) -> &'static str {
    result.err().map_or("none", |error| error.code())
}

#[test]
fn a_passkey_is_made_and_opens_a_session() {
    let room = Room::new();
    let (mut key, id) = room.with_key();
    assert_eq!(id.to_string(), "F-1");
    assert_eq!(room.row(id).name, "blue key");
    assert_eq!(room.sign_in(&mut key, &Said::truth()).unwrap(), Some(room.minji));
    assert_eq!(room.row(id).used_at, Some(room.world.vault.now()));
    assert_eq!(room.sign_in(&mut key, &Said::truth()).unwrap(), Some(room.minji));
    assert_eq!(room.world.logged("passkey.add"), 1);
}

#[test]
fn a_challenge_is_answered_once_in_time_and_by_the_browser_that_asked() {
    let room = Room::new();
    let (mut key, _) = room.with_key();
    let (options, ticket) = room.begin();
    let (_, other) = room.begin();
    let answer = key.get(&options, &Said::truth());
    assert_eq!(code(room.finish("no ticket", &answer)), "sign_in.not_begun");
    assert_eq!(code(room.finish(&other, &answer)), "sign_in.passkey_refused");
    assert_eq!(room.finish(&ticket, &answer).unwrap(), Some(room.minji));
    assert_eq!(code(room.finish(&ticket, &answer)), "sign_in.not_begun");
    // A wrong answer uses the challenge up as well.
    let (options, ticket) = room.begin();
    let wrong = key.get(&options, &Said { is_signature_wrong: true, ..Said::truth() });
    let right = key.get(&options, &Said::truth());
    assert_eq!(code(room.finish(&ticket, &wrong)), "sign_in.passkey_refused");
    assert_eq!(code(room.finish(&ticket, &right)), "sign_in.not_begun");
    let (options, ticket) = room.begin();
    let late = key.get(&options, &Said::truth());
    room.world.wait_s(300);
    assert_eq!(code(room.finish(&ticket, &late)), "sign_in.not_begun");
}

#[test]
fn two_answers_to_one_challenge_open_one_session() {
    let room = Room::new();
    let (mut key, _) = room.with_key();
    let (options, ticket) = room.begin();
    let answer = key.get(&options, &Said::truth());
    let prove =
        || passkey::finish(&room.world.vault, &room.site, &ticket, &answer, &actor()).unwrap();
    let (first, second) = (prove(), prove());
    assert_eq!(room.world.open(first), Some(room.minji));
    assert_eq!(room.world.open(second), None);
}

#[test]
fn what_an_authenticator_or_a_browser_lies_about_is_refused() {
    let room = Room::new();
    let (mut key, _) = room.with_key();
    let truth = Said::truth;
    let lies = [
        ("origin", Said { origin: "http://localhost:7118".to_owned(), ..truth() }),
        ("scheme", Said { origin: "https://localhost:7117".to_owned(), ..truth() }),
        ("site", Said { site: "evil.example".to_owned(), ..truth() }),
        ("kind", Said { kind: Some("webauthn.create"), ..truth() }),
        ("challenge", Said { challenge: Some("AAAA".to_owned()), ..truth() }),
        ("frame", Said { frame: json!({ "crossOrigin": true }), ..truth() }),
        ("top", Said { frame: json!({ "topOrigin": "https://evil.example" }), ..truth() }),
        ("absent", Said { is_present: false, ..truth() }),
        ("unverified", Said { is_verified: false, ..truth() }),
        ("signature", Said { is_signature_wrong: true, ..truth() }),
    ];
    for (what, lie) in &lies {
        assert_eq!(code(room.sign_in(&mut key, lie)), "sign_in.passkey_refused", "{what}");
    }
    for (what, lie) in lies.iter().filter(|(what, _)| *what != "signature") {
        let lie = if *what == "kind" {
            Said { kind: Some("webauthn.get"), ..truth() }
        } else {
            lie.clone()
        };
        let answer = Authenticator::new().create(&room.options(), &lie);
        assert_eq!(code(room.add(&answer)), "sign_in.passkey_refused", "{what}");
    }
    assert_eq!(room.sign_in(&mut key, &truth()).unwrap(), Some(room.minji));
}

#[test]
fn a_counter_that_goes_back_is_refused_and_noted() {
    let room = Room::new();
    let (mut key, id) = room.with_key();
    room.sign_in(&mut key, &Said::truth()).unwrap();
    key.counter -= 1;
    assert_eq!(code(room.sign_in(&mut key, &Said::truth())), "sign_in.passkey_copied");
    assert_eq!(room.world.logged("passkey.copied"), 1);
    // The owner's own authenticator goes on.
    assert_eq!(room.sign_in(&mut key, &Said::truth()).unwrap(), Some(room.minji));
    assert!(!room.row(id).is_backed_up);
}

#[test]
fn backup_flags_are_kept_and_may_not_turn() {
    let room = Room::new();
    let mut key = Authenticator::new();
    (key.is_copyable, key.counter) = (true, 0);
    let id = room.add(&key.create(&room.options(), &Said::truth())).unwrap();
    assert!(!room.row(id).is_backed_up);
    key.is_copied = true;
    for _ in 0..2 {
        // Authenticators whose keys are copied count nothing: their counter stays 0.
        assert_eq!(room.sign_in(&mut key, &Said::truth()).unwrap(), Some(room.minji));
    }
    assert!(room.row(id).is_backed_up);
    key.is_copyable = false;
    assert_eq!(code(room.sign_in(&mut key, &Said::truth())), "sign_in.passkey_refused");
    let (mut key, _) = room.with_key();
    key.is_copied = true;
    assert_eq!(code(room.sign_in(&mut key, &Said::truth())), "sign_in.passkey_refused");
}

#[test]
fn a_passkey_is_its_owners_and_nobody_elses() {
    let room = Room::new();
    let (mut key, id) = room.with_key();
    let jisu = room.world.staff("jisu");
    let other = room.world.session(jisu, "jisu's session");
    let options = passkey::begin_add(&room.world.vault, &room.site, other.owner()).unwrap();
    let theirs = room.session.owner();
    // Another's challenge, and a credential that is known already.
    let answer = Authenticator::new().create(&options, &Said::truth());
    let vault = &room.world.vault;
    let add = |owner, answer: &Value| {
        passkey::finish_add(vault, &room.site, owner, "key", answer, &actor())
    };
    assert_eq!(code(add(theirs, &answer)), "sign_in.not_begun");
    let mut twin = Authenticator::new();
    twin.id.clone_from(&key.id);
    assert_eq!(
        code(add(other.owner(), &twin.create(&options, &Said::truth()))),
        "store.constraint"
    );
    // The name that the authenticator keeps must be its owner's.
    let options = passkey::begin_add(vault, &room.site, other.owner()).unwrap();
    let mut jisus = Authenticator::new();
    add(other.owner(), &jisus.create(&options, &Said::truth())).unwrap();
    assert_eq!(room.sign_in(&mut jisus, &Said::truth()).unwrap(), Some(jisu));
    let handle = std::mem::replace(&mut key.handle, jisus.handle.clone());
    assert_eq!(code(room.sign_in(&mut key, &Said::truth())), "sign_in.passkey_refused");
    key.handle = handle;
    assert_eq!(room.sign_in(&mut key, &Said::truth()).unwrap(), Some(room.minji));
    assert_eq!(passkey::revoke(vault, id, Some(jisu), other.digest, &actor()).unwrap(), None);
    assert!(room.sign_in(&mut key, &Said::truth()).is_ok());
}

#[test]
fn a_revoked_passkey_opens_nothing_and_its_sessions_end() {
    let room = Room::new();
    let (mut key, id) = room.with_key();
    let (options, ticket) = room.begin();
    let answer = key.get(&options, &Said::truth());
    let vault = &room.world.vault;
    let begun = passkey::finish(vault, &room.site, &ticket, &answer, &actor()).unwrap();
    let second = room.world.session(room.minji, "another");
    let keep = room.session.digest;
    assert_eq!(passkey::revoke(vault, id, Some(room.minji), keep, &actor()).unwrap(), Some(1));
    assert_eq!(passkey::revoke(vault, id, None, keep, &actor()).unwrap(), None);
    assert!(room.world.works(&room.session) && !room.world.works(&second));
    assert_eq!(room.world.open(begun), None, "proved before, opened after");
    assert_eq!(code(room.sign_in(&mut key, &Said::truth())), "sign_in.passkey_refused");
    assert_eq!(room.world.logged("passkey.revoke"), 1);
}

#[test]
fn an_old_session_a_bad_name_and_too_many_are_refused() {
    let room = Room::new();
    let options = room.options();
    let answer = Authenticator::new().create(&options, &Said::truth());
    for name in ["", " key", "a\u{7}b", &"x".repeat(65)] {
        let (vault, owner) = (&room.world.vault, room.session.owner());
        let added = passkey::finish_add(vault, &room.site, owner, name, &answer, &actor());
        assert_eq!(code(added), "sign_in.name");
    }
    let mut unkept = answer.clone();
    unkept["clientExtensionResults"]["credProps"]["rk"] = json!(false);
    assert_eq!(code(room.add(&unkept)), "sign_in.not_kept");
    for garbage in [json!(null), json!({}), json!({ "id": 1 }), json!([[[]]])] {
        assert_eq!(code(room.add(&garbage)), "sign_in.unreadable");
        assert_eq!(code(room.finish("ticket", &garbage)), "sign_in.unreadable");
    }
    for _ in 0..20 {
        room.with_key();
    }
    let again = passkey::begin_add(&room.world.vault, &room.site, room.session.owner());
    assert_eq!(code(again), "sign_in.too_many");
    room.world.wait_s(901);
    let again = passkey::begin_add(&room.world.vault, &room.site, room.session.owner());
    assert_eq!(code(again), "sign_in.stale");
}

#[test]
fn the_address_of_the_console_must_be_one_that_passkeys_can_be_bound_to() {
    for origin in ["https://doldam.example", "https://doldam.example:8443", "http://localhost:7117"]
    {
        assert_eq!(Site::new(origin).unwrap().origin(), origin);
    }
    for origin in [
        "http://127.0.0.1:7117",
        "https://10.0.0.1",
        "http://doldam.example",
        "doldam.example",
        "https://doldam.example/",
        "https://doldam.example/console",
        "https://u@doldam.example",
        "",
        "ftp://localhost",
    ] {
        assert_eq!(code(Site::new(origin)), "sign_in.setting", "{origin}");
    }
}
