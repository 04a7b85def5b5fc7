//! The POSTs of an incident and of a drill, each replayed.

use serde_json::{Value, json};

use super::Script;
use crate::leak::{GATEWAY, NOTICE, REPORT, facts};
use crate::world::World;

const ONE: &str = "/api/v1/incidents/{id}";

impl Script<'_> {
    /// Replays a POST to this incident; gives the answer's body.
    fn leak(&mut self, path: &str, verb: &str, body: &Value) -> Value {
        self.on(&format!("{ONE}{verb}"), &format!("{path}{verb}"), body)
    }

    fn on(&mut self, route: &str, path: &str, body: &Value) -> Value {
        self.act(route, path, body).json()
    }

    /// Waits until everybody whom a notice is for was told.
    fn settled(&self, notice: &str) {
        for _ in 0..600 {
            let progress = self.house.look(&self.token, &format!("{notice}/progress"));
            if progress["worker"]["state"] == "settled" {
                return;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
        panic!("not settled: {}", self.house.look(&self.token, &format!("{notice}/progress")));
    }
}

/// Works an incident of one person, T-1, whose copy is P-1's, from the lead to the close.
pub(super) fn play(script: &mut Script<'_>, world: &World) {
    let route = "/api/v1/drills";
    let outcome = script.on(route, route, &json!({ "subjects": 100, "seed": 5 }));
    assert_eq!(
        (&outcome["affected"], &outcome["notices"]["delivered"]),
        (&json!(100), &json!(100))
    );
    assert_eq!(script.count(route), 1);
    let route = "/api/v1/incidents";
    let body = json!({
        "title": "a copy in a repository", "source": "tip", "processor": "P-1",
        "aware_at": script.house.vault.now().to_rfc3339(),
    });
    let opened = script.on(route, route, &body);
    assert_eq!(script.count(route), 1);
    let path = format!("{route}/{}", opened["id"].as_str().unwrap());
    script.leak(&path, "/traces", &json!({ "trace": "T-1" }));
    let mut known = facts();
    known["facts"]["subjects"] = json!("1");
    assert_eq!(script.leak(&path, "/facts", &known)["facts"]["subjects"], "1");
    let proofs = script.leak(&path, "/containment", &json!({ "reason": "a copy was found" }));
    assert_eq!(proofs["items"].as_array().unwrap().len(), 2);
    let started = script.leak(&path, "/duties/start", &json!({}))["started"].as_u64().unwrap();
    assert!(started >= 2, "{started}");
    clocks(script, &path);
    let notice = agreed(script, world, &path);
    let posting = put_up(script, &path, &notice);
    told(script, world, &notice);
    take_down(script, world, &path, &posting);
    script.leak(&path, "/report", &json!({ "duty": REPORT }));
    let duties = script.house.look(&script.token, &format!("{path}/duties"))["items"].clone();
    for duty in duties.as_array().unwrap().iter().filter(|duty| duty["is_open"] == true) {
        let each = !duty["clock"]["persons"].is_null();
        let kind = if each { json!("posting_proof") } else { duty["stops_on"][0].clone() };
        let stop = format!("{path}/duties/{}/stop", duty["id"].as_str().unwrap());
        let body = json!({ "kind": kind, "reference": "minutes:4" });
        let stopped = script.on(&format!("{ONE}/duties/{{duty}}/stop"), &stop, &body);
        assert_eq!(stopped["is_open"], false, "{stopped}");
    }
    script.leak(&path, "/close", &json!({ "reference": "minutes:9" }));
    let lines = script.house.look(&script.token, &format!("{path}/timeline?limit=1000"));
    let lines = lines["items"].as_array().unwrap();
    let times = |what: &str| lines.iter().filter(|line| line["what"] == what).count();
    for once in ["incident.open", "incident.attach", "clock.start", "notice.plan", "incident.close"]
    {
        assert_eq!(times(once), 1, "{once}");
    }
    assert_eq!((times("contain.order"), times("notice.approve"), times("notice.draft")), (2, 3, 2));
    assert_eq!(times("approval.break_glass"), 1);
}

/// A reason to wait begins and ends.
fn clocks(script: &mut Script<'_>, path: &str) {
    let since = script.house.vault.now().to_rfc3339();
    let route = format!("{ONE}/duties/{{duty}}");
    let body = json!({
        "reason": "containment_in_progress", "evidence": "log:7", "since": since,
    });
    let waits = script.on(&format!("{route}/wait"), &format!("{path}/duties/{NOTICE}/wait"), &body);
    assert_eq!(waits["clock"]["persons"]["paused"], 1, "{waits}");
    assert_eq!(waits["clock"]["waits_for"], "containment_in_progress", "{waits}");
    let body =
        json!({ "reason": "containment_in_progress", "since": waits["clock"]["waits_since"] });
    let runs =
        script.on(&format!("{route}/go-on"), &format!("{path}/duties/{NOTICE}/go-on"), &body);
    assert_eq!(runs["clock"]["persons"]["paused"], 0, "{runs}");
    assert_eq!(runs["clock"]["waits_for"], json!(null), "{runs}");
}

/// A notice that is dropped, and one that two people agree to; gives the path of the second.
fn agreed(script: &mut Script<'_>, world: &World, path: &str) -> String {
    let route = format!("{ONE}/notices/{{notice}}");
    let body = json!({ "duty": NOTICE, "stage": "first" });
    let dropped = script.leak(path, "/notices", &body)["number"].clone();
    alone(script, world, &format!("{path}/notices/{dropped}"));
    let drop = format!("{path}/notices/{dropped}/drop");
    assert_eq!(script.on(&format!("{route}/drop"), &drop, &json!({}))["state"], "dropped");
    let kept = script.leak(path, "/notices", &body)["number"].clone();
    let notice = format!("{path}/notices/{kept}");
    let preview = script.on(&format!("{route}/preview"), &format!("{notice}/preview"), &json!({}));
    let author = script.token.clone();
    for role in ["approver", "privacy-officer"] {
        script.token = script.house.session_of(script.house.staff_of(role, None));
        let consent = json!({ "digest": preview["digest"] });
        script.on(&format!("{route}/approve"), &format!("{notice}/approve"), &consent);
    }
    script.token = author;
    notice
}

/// One other person agrees to a notice, and an officer of a small team gives the second consent.
fn alone(script: &mut Script<'_>, world: &World, notice: &str) {
    let route = format!("{ONE}/notices/{{notice}}");
    let preview = script.on(&format!("{route}/preview"), &format!("{notice}/preview"), &json!({}));
    let author = script.token.clone();
    script.token = script.house.session_of(script.house.staff_of("approver", None));
    let consent = json!({ "digest": preview["digest"] });
    script.on(&format!("{route}/approve"), &format!("{notice}/approve"), &consent);
    script.token = author;
    world.meddle("UPDATE notice_draft SET drafted_at_us = 1");
    let reason = "the second approver cannot be reached tonight";
    let consent = json!({ "digest": preview["digest"], "reason": reason });
    let path = format!("{notice}/break-glass");
    script.act(&format!("{route}/break-glass"), &path, &consent);
    let list = notice.rsplit_once('/').unwrap().0;
    let shown = script.house.look(&script.token, list)["items"][0].clone();
    assert_eq!(
        (&shown["state"], &shown["break_glass"]["reason"]),
        (&json!("approved"), &json!(reason))
    );
}

/// The notice stands on the web site; gives its number.
fn put_up(script: &mut Script<'_>, path: &str, notice: &str) -> Value {
    let number: u32 = notice.rsplit_once('/').unwrap().1.parse().unwrap();
    let all = script.house.look(&script.token, &format!("{path}/notices"))["items"].clone();
    let own = all.as_array().unwrap().iter().find(|one| one["number"] == number).unwrap();
    let body = json!({ "notice": number, "digest": own["digest"] });
    let posting = script.leak(path, "/postings", &body);
    assert_eq!(script.count(&format!("{path}/postings")), 1);
    posting["number"].clone()
}

/// Its days are over.
fn take_down(script: &mut Script<'_>, world: &World, path: &str, posting: &Value) {
    world.meddle("UPDATE posting SET full_at_us = 1");
    let route = format!("{ONE}/postings/{{posting}}/end");
    let end = format!("{path}/postings/{posting}/end");
    let down = script.on(&route, &end, &json!({ "reason": "its days are over" }));
    assert_eq!(down["is_standing"], false);
}

/// The notice is sent, a doubt about it is decided, and the sending ends.
fn told(script: &mut Script<'_>, world: &World, notice: &str) {
    let route = format!("{ONE}/notices/{{notice}}");
    let by = json!({ "gateway": GATEWAY });
    script.on(&format!("{route}/send"), &format!("{notice}/send"), &by);
    script.settled(notice);
    world.meddle("UPDATE notice SET state = 'in_doubt'");
    let doubts = script.house.look(&script.token, &format!("{notice}/in-doubt"));
    let body = json!({
        "doubt": doubts["items"][0]["doubt"], "decision": "give_up",
        "reason": "they were told by post",
    });
    let counts = script.on(&format!("{route}/resolve"), &format!("{notice}/resolve"), &body);
    assert_eq!((&counts["in_doubt"], &counts["failed"]), (&json!(0), &json!(1)));
    script.on(&format!("{route}/finish"), &format!("{notice}/finish"), &json!({}));
}
