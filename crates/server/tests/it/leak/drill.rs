//! A rehearsal beside a live account: it reaches nobody.

use doldam_server::Channels;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::json;

use super::{Bank, MachineClock, channels};
use crate::client::Ask;
use crate::world::{World, number};

#[test]
fn a_drill_tells_its_outcome_and_not_one_pdu_reaches_the_live_account() {
    let live = Smsc::start(Seed::new(5), Faults::default()).unwrap();
    let world = World::new();
    let channels = channels(&live.address().to_string());
    let house = world.serve_with(world.create(20), MachineClock::of(&world), channels);
    let officer = house.officer();
    let body = json!({ "subjects": 500, "seed": 7, "trouble": true });
    let outcome = house.act(&officer, "/api/v1/drills", &body).expect(201).json();
    assert_eq!((&outcome["schema"], &outcome["affected"]), (&json!(1), &json!(500)));
    let notices = &outcome["notices"];
    assert_eq!((&notices["planned"], &notices["duplicate"]), (&json!(500), &json!(0)));
    assert!(outcome["steps"].as_array().unwrap().len() > 15);
    assert_eq!((live.log().binds, live.log().messages), (0, 0), "not one PDU");
    let body = json!({ "subjects": 200 });
    let second = house.act(&officer, "/api/v1/drills", &body).expect(201).json();
    let kept = house.look(&officer, "/api/v1/drills")["items"].clone();
    assert_eq!((&kept[0], &kept[1]), (&second, &outcome), "newest first");
    let page = house.look(&officer, "/api/v1/drills?limit=1");
    assert_eq!(page["next"], 2);
    let page = house.look(&officer, "/api/v1/drills?limit=1&after=2");
    assert_eq!(page["items"][0], outcome);
    assert_eq!(house.look(&officer, "/api/v1/drills/1"), outcome);
    Ask::get("/api/v1/drills/3").by(&officer).send(house.staff).expect(404);
    for wrong in [99, 1_000_000] {
        let ask =
            Ask::post("/api/v1/drills", &format!("w-{}", number()), &json!({ "subjects": wrong }));
        ask.by(&officer).send(house.staff).expect(400);
    }
    // Nothing of the house was touched: no incident, no processor.
    for noun in ["incidents", "processors"] {
        assert_eq!(house.look(&officer, &format!("/api/v1/{noun}"))["items"], json!([]));
    }
    assert_eq!((live.log().binds, live.log().messages), (0, 0), "not one PDU");
    // The control: a real notice through the same settings does reach it.
    let bank = Bank::new(&house);
    let path = bank.worked();
    let notice = bank.approved(&path);
    bank.send(&notice);
    bank.until(&notice, |progress| progress["worker"]["state"] == "settled");
    assert_eq!(live.log().texted.len(), 20);
}

#[test]
fn one_drill_at_a_time() {
    let world = World::new();
    let house = world.serve_with(world.create(1), MachineClock::of(&world), Channels::default());
    let officer = house.officer();
    let ask = |subjects: u32| {
        let key = format!("drill-{}", number());
        Ask::post("/api/v1/drills", &key, &json!({ "subjects": subjects })).by(&officer)
    };
    let both = [ask(2_000), ask(2_000)].map(|ask| {
        let to = house.staff;
        std::thread::spawn(move || ask.send(to))
    });
    let mut answers = both.map(|one| one.join().unwrap());
    answers.sort_by_key(|answer| answer.status);
    let [done, refused] = answers;
    assert_eq!((done.status, refused.status), (201, 503));
    assert_eq!(done.json()["affected"], 2_000);
    assert!(refused.header("retry-after").is_some());
    assert!(refused.json()["detail"].as_str().unwrap().contains("drill"));
    // To be busy is no fault: it is counted and not logged.
    assert!(house.log.lock().unwrap().is_empty());
}
