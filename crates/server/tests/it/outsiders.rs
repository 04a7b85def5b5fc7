//! What two people do about a processor, and what is told of the time before: a cut is undone, real
//! values are given, an old hand-over is put on record.

use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::world::{House, World, number, person};

fn post(house: &House, token: &str, path: &str, body: &Value) -> Answer {
    Ask::post(path, &format!("key-{}", number()), body).by(token).send(house.staff)
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_cut_is_undone_by_two_people_and_only_the_cut_they_meant() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let (officer, other) = (house.officer(), house.officer());
    let (builder, _) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let (second, _) = house.processor(&officer, "Other Builder", &["deliveries:read"]);
    house.delivery(&officer, builder);
    let path = format!("/api/v1/processors/{builder}");
    let reason = json!({ "reason": "the copy was found to be ours" });
    let ask = || post(&house, &officer, &format!("{path}/resume/request"), &reason);
    let resume = |token: &str, approval: &Value| {
        post(&house, token, &format!("{path}/resume"), &json!({ "approval": approval }))
    };
    assert_eq!(code(&ask().expect(409)), "processors.not_cut");
    assert!(house.look(&officer, &path).get("standing").is_none());
    house.act(&officer, &format!("{path}/cut"), &json!({ "reason": "a leaked file" }));
    let standing = || house.look(&officer, &path)["standing"].clone();
    assert_eq!(standing(), json!({ "cut": "C-1", "agreed": false }));
    nothing_new_is_given(&house, &officer, &path, &builder.to_string());
    let asked = ask().expect(202).json()["approval"].clone();
    assert_eq!(standing()["approval"], asked);
    assert_eq!(code(&resume(&officer, &asked).expect(409)), "vault.approval_pending");
    let agree = format!("/api/v1/approvals/{}/agree", asked.as_str().unwrap());
    assert_eq!(
        code(&post(&house, &officer, &agree, &json!({})).expect(409)),
        "vault.approval_refused"
    );
    house.agree(asked.as_str().unwrap());
    assert_eq!(standing()["agreed"], true);
    // It is theirs who asked, and for this processor.
    assert_eq!(code(&resume(&other, &asked).expect(409)), "vault.approval_refused");
    let elsewhere = format!("/api/v1/processors/{second}/resume");
    let body = json!({ "approval": asked });
    assert_eq!(code(&post(&house, &officer, &elsewhere, &body).expect(409)), "processors.not_cut");
    // Cut off again, it stays so: that was another cut.
    house.act(&officer, &format!("{path}/cut"), &json!({ "reason": "another leaked file" }));
    assert_eq!(code(&resume(&officer, &asked).expect(409)), "vault.approval_refused");
    let asked = ask().expect(202).json()["approval"].clone();
    house.agree(asked.as_str().unwrap());
    let resumed = resume(&officer, &asked).expect(200).json();
    assert_eq!(resumed["domains"].as_array().unwrap().len(), 3);
    assert_eq!(standing(), Value::Null);
    assert_eq!(code(&resume(&officer, &asked).expect(409)), "processors.not_cut");
    house.key(&officer, &builder.to_string(), &["deliveries:read"]);
    house.delivery(&officer, builder);
    let log = house.look(&officer, "/api/v1/audit?limit=1000")["items"].to_string();
    assert!(log.contains("the copy was found to be ours"), "the log says why");
}

/// Neither keys nor files.
fn nothing_new_is_given(house: &House, officer: &str, path: &str, builder: &str) {
    let key = json!({ "scopes": ["deliveries:read"], "days": 30 });
    let refused = post(house, officer, &format!("{path}/api-keys"), &key).expect(409);
    assert_eq!(code(&refused), "processors.cut");
    let order = json!({
        "processor": builder, "purpose": "another purpose", "fields": ["ci"], "subjects": "all",
    });
    let refused = post(house, officer, "/api/v1/disclosures", &order).expect(409);
    assert_eq!(code(&refused), "processors.cut");
    let publish = json!({ "disclosure": "D-1", "days": 7 });
    assert_eq!(
        code(&post(house, officer, "/api/v1/deliveries", &publish).expect(409)),
        "processors.cut"
    );
}

#[test]
fn whoever_asked_for_real_values_finds_the_order_again_when_somebody_agreed() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let (officer, other) = (house.officer(), house.officer());
    let (builder, key) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let order = json!({
        "processor": builder.to_string(), "purpose": "letters on paper", "fields": ["nickname"],
        "subjects": "first:3", "domain_wide": false, "canaries": null, "return_by": null,
        "approval": null,
    });
    let asked = post(&house, &officer, "/api/v1/disclosures/raw", &order).expect(202).json();
    let asked = asked["approval"].as_str().unwrap();
    let mine = |token: &str| {
        let all = house.look(token, "/api/v1/approvals")["items"].clone();
        all.as_array().unwrap().iter().find(|one| one["id"] == asked).cloned()
    };
    let open = mine(&other).unwrap();
    assert_eq!((&open["state"], &open["ready"]), (&json!("open"), &json!(false)));
    assert_eq!(open["order"], order, "whoever agrees sees what exactly");
    house.agree(asked);
    assert!(mine(&other).is_none(), "it waits for nobody else");
    let ready = mine(&officer).unwrap();
    assert_eq!((&ready["state"], &ready["ready"]), (&json!("agreed"), &json!(true)));
    let mut again = ready["order"].clone();
    again["approval"] = json!(asked);
    let made = post(&house, &officer, "/api/v1/disclosures", &again).expect(201).json();
    assert!(mine(&officer).is_none(), "it is used up");
    house.act(&officer, "/api/v1/deliveries", &json!({ "disclosure": made["id"], "days": 7 }));
    let path = format!("/api/v1/deliveries/{}/file", made["delivery"].as_str().unwrap());
    let file = Ask::get(&path).with_key(&key).send(house.processors).expect(200).text();
    assert!(file.contains(person(2).nickname.expose().as_str()), "real values");
}

const DATES: &str = "given_at=2025-01-02T00:00:00Z&return_by=2025-12-31T00:00:00Z";

/// A file of the time before: a header and these rows.
fn past(house: &House, token: &str, verb: &str, params: &str, file: &[u8]) -> Answer {
    let ask = Ask::new("POST", &format!("/api/v1/disclosures/past{verb}?{params}")).by(token);
    let ask = ask.header("idempotency-key", &format!("past-{}", number()));
    let ask = ask.header("doldam-purpose", "UTF-8''%EC%98%9B%20pilot%20of%202025");
    ask.body(file).send(house.staff)
}

fn old_file(people: std::ops::Range<u32>) -> String {
    let mut file = "ci,nickname,hamster\r\n".to_owned();
    for index in people {
        let known = person(index);
        file += &format!("{},{},wheel\r\n", known.ci.expose(), known.nickname.expose());
    }
    file + "a row of one field\r\n"
}

#[test]
fn an_old_hand_over_is_looked_at_recorded_once_and_found_by_the_tracer() {
    let world = World::new();
    let house = world.serve(world.create(60));
    let officer = house.officer();
    let (builder, _) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let (other, _) = house.processor(&officer, "Other Builder", &["deliveries:read"]);
    let params = format!("processor={builder}&{DATES}");
    // Forty customers, and five whom nobody knows.
    let file = old_file(20..65);
    let seen = past(&house, &officer, "/preview", &params, file.as_bytes()).expect(200).json();
    let counts = ["rows", "subjects", "strangers", "unreadable"].map(|name| seen[name].as_u64());
    assert_eq!(counts, [Some(40), Some(40), Some(5), Some(1)]);
    assert_eq!(seen["fields"], json!(["ci", "nickname"]));
    assert!(seen.get("recorded_as").is_none());
    assert!(!seen.to_string().contains(person(30).nickname.expose().as_str()));
    assert_eq!(house.look(&officer, "/api/v1/disclosures")["items"], json!([]));
    let made = past(&house, &officer, "", &params, file.as_bytes()).expect(201).json();
    let held = &made["disclosure"];
    assert_eq!((&held["origin"], &held["raw"]), (&json!("recorded"), &json!(true)));
    assert_eq!((&held["purpose"], &held["subjects"]), (&json!("옛 pilot of 2025"), &json!(40)));
    assert_eq!(held["given_at"], "2025-01-02T00:00:00Z");
    assert_eq!(
        (&held["return_by"], &made["strangers"]),
        (&json!("2025-12-31T00:00:00Z"), &json!(5))
    );
    let again = past(&house, &officer, "", &params, file.as_bytes()).expect(409);
    assert_eq!(code(&again), "server.recorded");
    let seen = past(&house, &officer, "/preview", &params, file.as_bytes()).expect(200).json();
    assert_eq!(seen["recorded_as"], held["id"]);
    // Another party may have been given the same file.
    let theirs = format!("processor={other}&{DATES}");
    let seen = past(&house, &officer, "/preview", &theirs, file.as_bytes()).expect(200).json();
    assert!(seen.get("recorded_as").is_none());
    let ask = Ask::new("POST", "/api/v1/traces").by(&officer).header("idempotency-key", "trace");
    let traced = ask.body(file.as_bytes()).send(house.staff).expect(201).json();
    assert_eq!(traced["processors"][0]["id"], builder.to_string(), "{traced}");
    assert_eq!(traced["attribution"]["verdict"], "processor");
}

#[test]
fn what_is_no_old_hand_over_is_refused_and_leaves_nothing() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let (builder, _) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let good = format!("processor={builder}&{DATES}");
    let file = old_file(0..5);
    let stranger = old_file(200..205);
    let long = "x".repeat(10_000);
    let long_row = format!("ci,nickname\r\n{},{}\r\n", person(1).ci.expose(), "가".repeat(10_000));
    for (what, verb, params, bytes, status) in [
        ("nothing", "", good.clone(), &b""[..], 400),
        ("a picture", "", good.clone(), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", 400),
        ("no header", "", good.clone(), b"kim,kim@example.com\r\nlee,lee@example.com\r\n", 400),
        ("no kinds", "", good.clone(), b"a,b\r\nc,d\r\n", 400),
        ("lines", "/preview", good.clone(), b"only words\r\nand lines\r\n", 400),
        ("strangers", "", good.clone(), stranger.as_bytes(), 400),
        ("nobody", "", format!("processor=P-99&{DATES}"), file.as_bytes(), 404),
        ("a name", "", format!("processor=Builder&{DATES}"), file.as_bytes(), 400),
        ("a long name", "", format!("processor={long}&{DATES}"), file.as_bytes(), 400),
        ("no dates", "", format!("processor={builder}"), file.as_bytes(), 400),
        ("a long date", "", format!("processor={builder}&given_at={long}"), file.as_bytes(), 400),
        (
            "tomorrow",
            "",
            format!("processor={builder}&given_at=2999-01-01T00:00:00Z"),
            file.as_bytes(),
            400,
        ),
        (
            "back before given",
            "/preview",
            format!(
                "processor={builder}&given_at=2025-01-02T00:00:00Z&return_by=2024-01-02T00:00:00Z"
            ),
            file.as_bytes(),
            400,
        ),
        ("a word too much", "", format!("{good}&hamster=1"), file.as_bytes(), 400),
    ] {
        let answer = past(&house, &officer, verb, &params, bytes);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert!(!answer.text().contains("kim"), "{what}");
    }
    let ask = Ask::new("POST", &format!("/api/v1/disclosures/past?{good}")).by(&officer);
    for (purpose, key) in
        [("why", "short"), (long.as_str(), "long"), ("call 010-2345-6789", "person")]
    {
        let ask = ask.clone().header("idempotency-key", key).header("doldam-purpose", purpose);
        ask.body(file.as_bytes()).send(house.staff).expect(400);
    }
    let unsaid = ask.header("idempotency-key", "unsaid").body(file.as_bytes());
    unsaid.send(house.staff).expect(400);
    assert_eq!(house.look(&officer, "/api/v1/disclosures")["items"], json!([]));
    // A field of ten thousand letters is one value more.
    let seen = past(&house, &officer, "/preview", &good, long_row.as_bytes()).expect(200).json();
    assert_eq!(seen["subjects"], 1);
}
