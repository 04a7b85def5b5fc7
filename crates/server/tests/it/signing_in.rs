//! Signing in: one-time password, chosen secret, locks, ends.

use doldam_vault::Newcomer;
use serde_json::json;

use crate::client::{Answer, Ask};
use crate::world::{House, World, actor, number};

const SECRET: &str = "a long secret of theirs";

fn sign_in(house: &House, name: &str, secret: &str) -> Answer {
    let body = json!({ "name": name, "secret": secret });
    Ask::post("/api/v1/sessions", &format!("sign-{}", number()), &body).send(house.staff)
}

#[test]
fn a_newcomer_does_nothing_but_choose_a_secret() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let newcomer = Newcomer {
        name: "jisu".to_owned(),
        role: "privacy-officer".to_owned(),
        scope: None,
        expires_at: None,
    };
    let (_, password) = house.vault.staff_invite(&newcomer, &actor()).unwrap();
    let opened = sign_in(&house, "jisu", password.expose()).expect(201);
    assert_eq!(opened.json()["must_choose_secret"], true);
    let cookie = opened.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let token = opened.token();
    let staff = |token: &str| Ask::get("/api/v1/staff").by(token).send(house.staff).status;
    assert_eq!(staff(&token), 403);
    let choose = |new: &str| {
        let body = json!({ "secret": password.expose(), "new_secret": new });
        let ask = Ask::post("/api/v1/staff/me/passphrase", &format!("c-{}", number()), &body);
        ask.by(&token).send(house.staff).status
    };
    assert_eq!(choose("fourteen chars"), 400);
    assert_eq!(choose(password.expose()), 400);
    assert_eq!(choose(SECRET), 204);
    assert_eq!(staff(&token), 200);
    assert_eq!(sign_in(&house, "jisu", password.expose()).status, 401);
    let second = sign_in(&house, "jisu", SECRET).expect(201).token();
    let delete = Ask::new("DELETE", "/api/v1/sessions/current").by(&second).send(house.staff);
    assert!(delete.expect(204).header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!((staff(&second), staff(&token)), (401, 200));
    let late = Newcomer { name: "late".to_owned(), ..newcomer };
    let (_, password) = house.vault.staff_invite(&late, &actor()).unwrap();
    world.clock.advance_days(1);
    assert_eq!(sign_in(&house, "late", password.expose()).status, 401);
}

#[test]
fn five_wrong_secrets_lock_a_name_whether_it_exists_or_not() {
    let world = World::new();
    let house = world.serve(world.create(1));
    house.vault.staff_add("minji", "analyst", &SECRET.to_owned().into(), &actor()).unwrap();
    let mut answers = Vec::new();
    for name in ["minji", "nobody-has-this"] {
        let tries: Vec<_> = (0..6).map(|_| sign_in(&house, name, "wrong wrong wrong")).collect();
        let statuses: Vec<u16> = tries.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429], "{name}");
        assert!(tries[5].header("retry-after").is_some());
        answers.push(tries.iter().map(Answer::text).collect::<Vec<_>>());
    }
    assert_eq!(answers[0], answers[1], "both read alike");
    sign_in(&house, "minji", SECRET).expect(429);
    world.clock.advance_us(61_000_000);
    sign_in(&house, "minji", SECRET).expect(201);
    // A right secret forgives.
    assert_eq!(sign_in(&house, "minji", "wrong wrong wrong").status, 401);
    sign_in(&house, "minji", SECRET).expect(201);
}

#[test]
fn a_session_ends_by_idling_by_age_and_with_its_owner() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let id = house.staff_of("auditor", None);
    let token = house.session_of(id);
    let status =
        |token: &str| Ask::get("/api/v1/sessions/current").by(token).send(house.staff).status;
    for _ in 0..3 {
        world.clock.advance_us(20 * 60_000_000);
        assert_eq!(status(&token), 200, "it was used meanwhile");
    }
    world.clock.advance_us(31 * 60_000_000);
    assert_eq!(status(&token), 401);
    let token = house.session_of(id);
    house.vault.staff_disable(id, &actor(), "left").unwrap();
    assert_eq!(status(&token), 401);
}

#[test]
fn another_sites_page_cannot_act() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let officer = house.officer();
    let body = json!({ "name": "Builder", "relation": "outsourcing" });
    let ask = Ask::post("/api/v1/processors", "x", &body).by(&officer);
    ask.clone().header("sec-fetch-site", "cross-site").send(house.staff).expect(403);
    ask.header("sec-fetch-site", "same-origin").send(house.staff).expect(201);
}
