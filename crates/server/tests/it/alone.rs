//! Break-glass over HTTP: refused by default, and seen by whoever looks.

use doldam_ground::limits::BREAK_GLASS_WAIT_MINUTES;
use doldam_store::staff;
use serde_json::json;

use crate::client::Ask;
use crate::world::World;

const REASON: &str = "the approver is in hospital and the deadline is tonight";

#[test]
fn an_act_that_was_carried_alone_is_seen_by_all_who_look() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let minji = house.staff_of("privacy-officer", None);
    let officer = house.session_of(minji);
    let now = house.vault.now();
    let request = move |tx: &mut doldam_store::Tx<'_>| {
        let end = now.plus_days(1);
        staff::approval_insert(tx, "disclose.raw", &[1; 32], "raw hand-over", minji, now, end)
    };
    house.vault.data().write("test.request", request).unwrap();
    let path = "/api/v1/approvals/A-1/break-glass";
    let glass = |key: &str, by: &str, reason: &str| {
        Ask::post(path, key, &json!({ "reason": reason })).by(by).send(house.staff)
    };
    let wait = || {
        let minutes = u32::try_from(BREAK_GLASS_WAIT_MINUTES).unwrap();
        world.clock.advance_us(minutes * 60_000_000);
    };
    assert_eq!(glass("g1", &officer, REASON).expect(409).json()["code"], "vault.break_glass");
    let route = "/api/v1/approvals/small-team";
    let declare = json!({ "on": true, "reason": "three people work here" });
    for role in ["approver", "engineer", "auditor"] {
        let token = house.session_of(house.staff_of(role, None));
        Ask::post(route, "declare", &declare).by(&token).send(house.staff).expect(403);
        glass("g2", &token, REASON).expect(403);
    }
    Ask::post(route, "declare", &declare).by(&officer).send(house.staff).expect(204);
    let early = glass("g3", &officer, REASON).expect(409).json();
    assert_eq!(early["code"], "vault.break_glass_early");
    wait();
    let officer = house.session_of(minji);
    assert_eq!(glass("g4", &officer, "urgent").expect(409).json()["code"], "vault.break_glass");
    glass("g5", &officer, "call 010-1234-5678 for the reason").expect(400);
    glass("g6", &officer, REASON).expect(204);
    glass("g7", &officer, REASON).expect(409);

    let auditor = house.session_of(house.staff_of("auditor", None));
    let seen = house.look(&auditor, "/api/v1/approvals");
    assert_eq!(seen["items"][0]["state"], "by break-glass");
    assert_eq!(seen["items"][0]["break_glass"]["reason"], REASON);
    let log = house.look(&auditor, "/api/v1/audit?limit=1000");
    let rows = log["items"].as_array().unwrap();
    let row = rows.iter().find(|row| row["action"] == "approval.break_glass").unwrap();
    assert_eq!((&row["object"], &row["purpose"]), (&json!("A-1"), &json!(REASON)));
}
