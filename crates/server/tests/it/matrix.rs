//! Who may do what: every route of the OpenAPI document by every kind of caller.

use std::collections::BTreeSet;

use doldam_processors::Scope;
use doldam_server::openapi;
use doldam_server::permission::{Door, Role, TABLE, Who, rule};
use doldam_store::access::staff_access::StaffAccess;
use serde_json::Value;

use crate::client::Ask;
use crate::world::{House, World};

/// Method and path of each operation of the document.
fn operations() -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(&openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut all = BTreeSet::new();
    for (path, item) in paths {
        for method in item.as_object().unwrap().keys() {
            all.insert((method.to_uppercase(), path.clone()));
        }
    }
    all
}

#[test]
fn the_document_and_the_table_have_the_same_routes() {
    let table: BTreeSet<_> =
        TABLE.iter().map(|rule| (rule.method.to_owned(), rule.path.to_owned())).collect();
    assert_eq!(operations(), table);
    assert!(table.len() >= 30);
}

#[test]
fn the_document_is_the_one_that_is_checked_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    #[expect(clippy::disallowed_methods, reason = "tests have no settings of their own")]
    if std::env::var_os("DOLDAM_UPDATE_OPENAPI").is_some() {
        std::fs::write(path, openapi::document()).unwrap();
    }
    let held = std::fs::read_to_string(path).unwrap_or_default();
    assert!(held == openapi::document(), "openapi.json differs: set DOLDAM_UPDATE_OPENAPI=1");
}

enum Credential {
    None,
    Session(String),
    Key(String),
}

/// One call; gives the status. Nothing has an effect: no POST has an Idempotency-Key.
fn call(house: &House, door: Door, method: &str, path: &str, credential: &Credential) -> u16 {
    let path = path.replace("{id}", "X-999").replace("{duty}", "none").replace("{notice}", "999");
    let path = path.replace("{name}", "nobody").replace("{event}", "none");
    let ask = Ask::new(method, &path);
    let ask = match credential {
        Credential::None => ask,
        Credential::Session(token) => ask.by(token),
        Credential::Key(key) => ask.with_key(key),
    };
    let to = match door {
        Door::Staff => house.staff,
        Door::Processor => house.processors,
        Door::Public => house.public,
    };
    ask.status(to)
}

fn expected(door: Door, method: &str, path: &str, kinds: &[Who], is_known: bool) -> Option<u16> {
    let rule = rule(method, path).unwrap();
    if !rule.doors.contains(&door) {
        return Some(404);
    }
    if kinds.iter().any(|who| rule.lets_in(door, *who)) {
        return None;
    }
    Some(if is_known { 403 } else { 401 })
}

#[test]
fn every_route_answers_every_caller_as_the_table_says() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let officer = house.officer();
    let all = Scope::ALL.map(Scope::word);
    let (own, own_key) = house.processor(&officer, "Builder", &all);
    let (_, other_key) = house.processor(&officer, "Other Builder", &all);
    house.delivery(&officer, own);
    let mut staff: Vec<(Who, _)> = Role::ALL
        .into_iter()
        .map(|role| {
            let end = Some(house.vault.now().plus_days(9));
            let access = StaffAccess { scope: Some(own), expires_at: end, one_time_until: None };
            let access = (role == Role::Inspector).then_some(access);
            (Who::Staff(role), house.staff_of(role.word(), access))
        })
        .collect();
    let one_time_until = Some(house.vault.now().plus_days(1));
    let access = StaffAccess { one_time_until, ..StaffAccess::default() };
    staff.push((Who::Newcomer, house.staff_of("privacy-officer", Some(access))));
    let mut keys = vec![(Scope::ALL.map(Who::Program).to_vec(), own_key)];
    keys.push((Scope::ALL.map(Who::Program).to_vec(), other_key));
    for scope in Scope::ALL {
        let key = house.key(&officer, &own.to_string(), &[scope.word()]);
        keys.push((vec![Who::Program(scope)], key));
    }
    let mut checked = 0;
    for (method, path) in operations() {
        let mut check = |door, credential: &Credential, kinds: &[Who], is_known| {
            let status = call(&house, door, &method, &path, credential);
            let place = format!("{method} {path} at {door:?} by {kinds:?}");
            match expected(door, &method, &path, kinds, is_known) {
                Some(wanted) => assert_eq!(status, wanted, "{place}"),
                None if path.contains('{') => {
                    assert!(!matches!(status, 401 | 403 | 500..), "{place}: {status}");
                }
                None => assert!(!matches!(status, 401 | 403 | 404 | 500..), "{place}: {status}"),
            }
            checked += 1;
        };
        for door in [Door::Staff, Door::Processor, Door::Public] {
            check(door, &Credential::None, &[Who::Anybody], false);
        }
        for (who, id) in &staff {
            let session = Credential::Session(house.session_of(*id));
            check(Door::Staff, &session, &[*who], true);
            // At the other door a session is nothing.
            check(Door::Processor, &session, &[Who::Anybody], false);
            check(Door::Public, &session, &[Who::Anybody], false);
        }
        for (kinds, key) in &keys {
            let key = Credential::Key(key.clone());
            check(Door::Processor, &key, kinds, true);
            check(Door::Staff, &key, &[Who::Anybody], false);
            check(Door::Public, &key, &[Who::Anybody], false);
        }
        for (door, wrong) in [
            (Door::Staff, Credential::Session("wrong".to_owned())),
            (Door::Processor, Credential::Key("doldam_wrong".to_owned())),
        ] {
            let rule = rule(&method, &path).unwrap();
            if rule.doors.contains(&door) && !rule.may.contains(&Who::Anybody) {
                assert_eq!(call(&house, door, &method, &path, &wrong), 401, "{method} {path}");
                checked += 1;
            }
        }
    }
    assert!(checked > TABLE.len() * 24, "{checked}");
}

#[test]
fn a_processor_and_an_inspector_see_only_their_own() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let officer = house.officer();
    let all = Scope::ALL.map(Scope::word);
    let (own, own_key) = house.processor(&officer, "Builder", &all);
    let (other, other_key) = house.processor(&officer, "Other Builder", &all);
    let delivery = house.delivery(&officer, own);
    let path = format!("/api/v1/deliveries/{delivery}/file");
    Ask::get(&path).with_key(&other_key).send(house.processors).expect(404);
    Ask::get(&path).with_key(&own_key).send(house.processors).expect(200);
    let list = |key: &str| Ask::get("/api/v1/deliveries").with_key(key).send(house.processors);
    assert_eq!(list(&other_key).json()["items"].as_array().unwrap().len(), 0);
    assert_eq!(list(&own_key).json()["items"][0]["id"], delivery.as_str());
    let end = Some(house.vault.now().plus_days(9));
    let access = StaffAccess { scope: Some(other), expires_at: end, one_time_until: None };
    let inspector = house.session_of(house.staff_of("inspector", Some(access)));
    for noun in ["disclosures", "deliveries"] {
        let items = house.look(&inspector, &format!("/api/v1/{noun}"))["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 0, "{noun}");
    }
    let processors = house.look(&inspector, "/api/v1/processors");
    assert_eq!(processors["items"].as_array().unwrap().len(), 1);
    for path in ["processors/P-1", "processors/P-1/api-keys", "disclosures/D-1"] {
        let path = format!("/api/v1/{path}");
        Ask::get(&path).by(&inspector).send(house.staff).expect(404);
        Ask::get(&path).by(&officer).send(house.staff).expect(200);
    }
    world.clock.advance_days(10);
    Ask::get("/api/v1/processors").by(&inspector).send(house.staff).expect(401);
}
