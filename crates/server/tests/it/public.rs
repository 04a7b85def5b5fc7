//! The web notice: put up from words that two people agreed to, read by anybody, kept as evidence.

use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Answer, Ask};
use crate::leak::{Bank, MachineClock, NOTICE, channels};
use crate::world::{House, World};

fn read(house: &House, path: &str) -> Answer {
    Ask::get(path).send(house.public)
}

/// The words of a notice and its number, as the officer asks for a posting.
fn ask(bank: &Bank<'_>, path: &str, notice: &str) -> Value {
    let number: u32 = notice.rsplit_once('/').unwrap().1.parse().unwrap();
    let all = bank.look(&format!("{path}/notices"))["items"].clone();
    let own = all.as_array().unwrap().iter().find(|one| one["number"] == number).unwrap();
    json!({ "notice": number, "digest": own["digest"] })
}

fn hash(page: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(page))
}

/// What a page must be for people who cannot see it, who print it, and who trust nobody.
fn is_a_letter(page: &str) {
    assert!(page.starts_with("<!doctype html>\n<html lang=\"ko\">"), "{page}");
    assert_eq!(page.matches("<h1").count(), 1, "{page}");
    for once in ["<main>", "</main>", "<title>", "name=\"viewport\"", "<meta charset=\"utf-8\">"] {
        assert_eq!(page.matches(once).count(), 1, "{once}");
    }
    for never in [
        "<script",
        "javascript:",
        "http:",
        "https:",
        "src=",
        "url(",
        "@import",
        "<form",
        "<input",
        "<table",
        "<iframe",
        "<img",
        "onclick",
        "style=\"",
    ] {
        assert!(!page.contains(never), "{never}");
    }
    for tag in [
        "html", "head", "body", "article", "section", "h1", "h2", "h3", "p", "a", "ul", "li",
        "header", "footer",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

fn is_guarded(answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
    assert!(answer.header("set-cookie").is_none());
    assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn a_notice_stands_on_the_web_for_whoever_was_not_reached() {
    let faults = Faults { undeliverable: 300, ..Faults::default() };
    let smsc = Smsc::start(Seed::new(5), faults).unwrap();
    let world = World::new();
    let (clock, channels) = (MachineClock::of(&world), channels(&smsc.address().to_string()));
    let house = world.serve_with(world.create(60), clock, channels);
    let bank = Bank::new(&house);
    let path = bank.worked();
    let notice = bank.approved(&path);
    let posting = put_up(&bank, &path, &notice);
    let page = posting["page"].as_str().unwrap().to_owned();
    let address = posting["path"].as_str().unwrap().to_owned();
    let shown = read(&house, &address).expect(200);
    assert_eq!(shown.text(), page);
    assert_eq!(posting["page_digest"], json!(hash(&shown.body)));
    is_guarded(&shown);
    is_a_letter(&page);
    for said in [
        "돌담은행",
        "개인정보 유출 안내",
        "2026년 11월 18일",
        "2026년 12월 18일",
        "Doldam Bank",
        "18 December 2026",
        "<h2>지금 하실 일</h2>",
        "<h3>Your rights</h3>",
        "tel:1599-0000",
        "<article lang=\"en\" id=\"en\">",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    let listed = read(&house, "/notices").expect(200);
    is_guarded(&listed);
    is_a_letter(&listed.text());
    assert!(listed.text().contains(&format!("<a href=\"{address}\">개인정보 유출 안내</a>")));
    let tag = shown.header("etag").unwrap().to_owned();
    let has = Ask::get(&address).header("if-none-match", &tag).send(house.public).expect(304);
    assert!(has.body.is_empty());
    not_reached(&bank, &path, &notice);
    counted(&bank, &path);
    let second = put_up(&bank, &path, &notice);
    ended(&bank, &path, &address, &second);
    drop(house);
    survives(&world, &address, &second);
}

/// Only words that two people agreed to, and for as long as the law asks.
fn put_up(bank: &Bank<'_>, path: &str, notice: &str) -> Value {
    let postings = format!("{path}/postings");
    let written =
        bank.act(&format!("{path}/notices"), &json!({ "duty": NOTICE, "stage": "first" }));
    let unread = format!("{path}/notices/{}", written.json()["number"]);
    bank.ask(&bank.officer, &postings, &ask(bank, path, &unread)).expect(409);
    bank.act(&format!("{unread}/drop"), &json!({}));
    let mut wanted = ask(bank, path, notice);
    for (field, value, status) in [
        ("days", json!(29), 409),
        ("days", json!(367), 409),
        ("digest", json!("00".repeat(32)), 409),
        ("digest", json!("00"), 400),
    ] {
        let mut body = wanted.clone();
        body[field] = value;
        bank.ask(&bank.officer, &postings, &body).expect(status);
    }
    wanted["days"] = json!(30);
    let posting = bank.act(&postings, &wanted).expect(201).json();
    assert_eq!((&posting["days"], &posting["zone"]), (&json!(30), &json!("Asia/Seoul")));
    // From the evening of 18 November in Seoul: the first day is not counted, the last one is whole.
    assert_eq!(posting["full_at"], "2026-12-18T15:00:00Z");
    posting
}

/// Its page is the evidence for those whom the text did not reach, and for nobody else.
fn not_reached(bank: &Bank<'_>, path: &str, notice: &str) {
    let of = |id: &str| {
        let duties = bank.look(&format!("{path}/duties"))["items"].clone();
        duties.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone()
    };
    assert_eq!(of(NOTICE)["clock"]["persons"]["running"], 60, "nobody was tried yet");
    bank.send(notice);
    bank.until(notice, |progress| {
        let counts = &progress["counts"];
        ["planned", "intent", "accepted", "in_doubt"].iter().all(|state| counts[*state] == 0)
    });
    let counts = bank.act(&format!("{notice}/finish"), &json!({})).json();
    let failed = counts["failed"].as_u64().unwrap();
    assert!(failed > 0 && failed < 60, "{counts}");
    let standing = of(NOTICE);
    assert_eq!(standing["clock"]["persons"]["stopped_in_time"], 60, "{standing}");
    assert_eq!(standing["is_open"], false);
    let evidence = bank.look(path)["evidence"].clone();
    let proofs: Vec<&Value> = evidence
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["kind"] == "posting_proof")
        .map(|one| &one["reference"])
        .collect();
    assert_eq!(proofs, ["posting:1"]);
    // A posting that there is not proves nothing.
    let stop = format!("{path}/duties/{NOTICE}/stop");
    for reference in ["posting:9", "posting:x"] {
        let body = json!({ "kind": "posting_proof", "reference": reference });
        bank.ask(&bank.officer, &stop, &body).expect(409);
    }
    let body = json!({ "kind": "posting_proof", "reference": "posting:1" });
    bank.ask(&bank.officer, &stop, &body).expect(200);
}

/// Two readers came, and each of our own looks is one that held.
fn counted(bank: &Bank<'_>, path: &str) {
    let record = bank.look(&format!("{path}/postings"))["items"][0]["record"].clone();
    assert_eq!((&record[0]["day"], &record[0]["served"]), (&json!("2026-11-18"), &json!(2)));
    assert_eq!(record[0]["missed"], 0);
    let line = bank.look(&format!("{path}/timeline?limit=1000"));
    let lines = line["items"].as_array().unwrap();
    let put_up = lines.iter().find(|line| line["what"] == "posting.put_up").unwrap();
    assert_eq!(put_up["object"], "posting:1");
}

/// It is not taken down before its time unless another one stands.
fn ended(bank: &Bank<'_>, path: &str, address: &str, second: &Value) {
    let end = |number: u64| format!("{path}/postings/{number}/end");
    let reason = json!({ "reason": "its successor stands" });
    bank.ask(&bank.officer, &end(2), &reason).expect(409);
    bank.ask(&bank.officer, &end(3), &reason).expect(404);
    let names = json!({ "reason": "call 010-1234-5678" });
    bank.ask(&bank.officer, &end(1), &names).expect(409);
    let down = bank.ask(&bank.officer, &end(1), &reason).expect(200).json();
    assert_eq!((&down["is_standing"], &down["ended_reason"]), (&json!(false), &reason["reason"]));
    bank.ask(&bank.officer, &end(1), &reason).expect(409);
    let gone = read(bank.house, address).expect(410);
    is_guarded(&gone);
    is_a_letter(&gone.text());
    read(bank.house, second["path"].as_str().unwrap()).expect(200);
    assert!(!read(bank.house, "/notices").text().contains(&format!("\"{address}\"")));
}

/// Another process shows the same bytes.
fn survives(world: &World, first: &str, second: &Value) {
    let house = world.serve(world.open());
    let page = read(&house, second["path"].as_str().unwrap()).expect(200);
    assert_eq!(json!(page.text()), second["page"]);
    read(&house, first).expect(410);
    for nothing in ["/", "/notices/2026-11-18-9", "/notices/%FF", "/notices/a/b", "/favicon.ico"] {
        let answer = read(&house, nothing).expect(404);
        is_guarded(&answer);
        is_a_letter(&answer.text());
    }
    read(&house, "/healthz").expect(200);
    for other in ["/readyz", "/metrics", "/api/v1/incidents", "/api/v1/openapi.json"] {
        read(&house, other).expect(404);
    }
    Ask::get("/notices").send(house.staff).expect(404);
    Ask::get("/notices").send(house.processors).expect(404);
}
