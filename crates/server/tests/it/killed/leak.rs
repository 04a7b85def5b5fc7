//! The clocks, the notices, the postings and the close of an incident, and a drill, each killed in
//! its middle.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Act, Prepare, Rig, Victim, incident, processor, trace};
use crate::client::{Answer, Ask};
use crate::leak::{GATEWAY, NOTICE, facts};

const RECORDED: &str = "SELECT COUNT(*) FROM audit WHERE action = 'clock.record'";

pub(super) fn add(all: &mut BTreeMap<&'static str, Prepare>) {
    all.insert("/api/v1/drills", drill);
    all.insert("/api/v1/incidents/{id}/close", close);
    all.insert("/api/v1/incidents/{id}/duties/{duty}/stop", stop);
    all.insert("/api/v1/incidents/{id}/duties/{duty}/wait", wait);
    all.insert("/api/v1/incidents/{id}/duties/{duty}/go-on", go_on);
    all.insert("/api/v1/incidents/{id}/notices", write);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/preview", preview);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/approve", approve);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/break-glass", break_glass);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/drop", drop_it);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/send", send);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/resolve", resolve);
    all.insert("/api/v1/incidents/{id}/notices/{notice}/finish", finish);
    all.insert("/api/v1/incidents/{id}/postings", put_up);
    all.insert("/api/v1/incidents/{id}/postings/{posting}/end", take_down);
}

fn look(rig: &Rig<'_>, victim: &Victim, path: &str) -> Value {
    Ask::get(path).by(&rig.token).send(victim.staff).expect(200).json()
}

/// An incident of one person whose processor is cut off and whose clocks run.
fn worked(rig: &mut Rig<'_>, victim: &Victim) -> String {
    let traced = trace(rig, victim).ask.send(victim.staff).expect(201).json();
    let path = incident(rig, victim);
    rig.post(victim, &format!("{path}/traces"), &json!({ "trace": traced["trace"] }));
    let mut known = facts();
    known["facts"]["subjects"] = json!("1");
    rig.post(victim, &format!("{path}/facts"), &known);
    let body = json!({ "processor": processor(rig, victim), "reason": "a leaked file" });
    rig.post(victim, &format!("{path}/containment"), &body);
    rig.post(victim, &format!("{path}/duties/start"), &json!({}));
    path
}

fn drill(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = json!({ "subjects": 100, "seed": 5 });
    rig.act("/api/v1/drills", &body, "SELECT COUNT(*) FROM drill")
}

fn close(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = worked(rig, victim);
    let duties = look(rig, victim, &format!("{path}/duties"))["items"].clone();
    for duty in duties.as_array().unwrap().iter().filter(|duty| duty["is_open"] == true) {
        let each = !duty["clock"]["persons"].is_null();
        let kind = if each { json!("posting_proof") } else { duty["stops_on"][0].clone() };
        let stop = format!("{path}/duties/{}/stop", duty["id"].as_str().unwrap());
        rig.post(victim, &stop, &json!({ "kind": kind, "reference": "minutes:4" }));
    }
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'incident.close'";
    rig.act(&format!("{path}/close"), &json!({ "reference": "minutes:9" }), sql)
}

fn stop(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/duties/{NOTICE}/stop", worked(rig, victim));
    rig.act(&path, &json!({ "kind": "posting_proof", "reference": "page:1" }), RECORDED)
}

fn delay() -> Value {
    let since = crate::world::World::start().to_rfc3339();
    json!({ "reason": "containment_in_progress", "evidence": "log:7", "since": since })
}

fn wait(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/duties/{NOTICE}/wait", worked(rig, victim));
    rig.act(&path, &delay(), RECORDED)
}

fn go_on(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = worked(rig, victim);
    rig.post(victim, &format!("{path}/duties/{NOTICE}/wait"), &delay());
    let body = json!({ "reason": "containment_in_progress", "since": delay()["since"] });
    rig.act(&format!("{path}/duties/{NOTICE}/go-on"), &body, RECORDED)
}

fn notice() -> Value {
    json!({ "duty": NOTICE, "stage": "first" })
}

fn write(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/notices", worked(rig, victim));
    rig.act(&path, &notice(), "SELECT COUNT(*) FROM notice_draft")
}

fn written(rig: &mut Rig<'_>, victim: &Victim) -> String {
    let path = worked(rig, victim);
    rig.post(victim, &format!("{path}/notices"), &notice());
    format!("{path}/notices/1")
}

fn preview(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/preview", written(rig, victim));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'notice.preview'";
    rig.act(&path, &json!({}), sql)
}

fn approve(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = written(rig, victim);
    let seen = rig.post(victim, &format!("{path}/preview"), &json!({}));
    // Somebody else wrote it.
    rig.database().execute("UPDATE notice_draft SET author = 999", []).unwrap();
    let sql = "SELECT COUNT(*) FROM notice_approval";
    rig.act(&format!("{path}/approve"), &json!({ "digest": seen["digest"] }), sql)
}

/// One other person agreed; the officer gives the second consent alone.
fn break_glass(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = written(rig, victim);
    let seen = rig.post(victim, &format!("{path}/preview"), &json!({}));
    super::small_for_long(rig);
    rig.database()
        .execute_batch(
            "INSERT INTO notice_approval (incident_id, draft_seq, staff_id, digest, approved_at_us)
             SELECT incident_id, seq, 901, digest, 1 FROM notice_draft
             WHERE state = 'previewed' AND (incident_id, seq) NOT IN
                   (SELECT incident_id, draft_seq FROM notice_approval);
             UPDATE notice_draft SET drafted_at_us = 1 WHERE state = 'previewed'",
        )
        .unwrap();
    let body = json!({
        "digest": seen["digest"],
        "reason": "the approver is in hospital and the deadline is tonight",
    });
    let sql = "SELECT COUNT(*) FROM break_glass WHERE draft_seq IS NOT NULL";
    rig.act(&format!("{path}/break-glass"), &body, sql)
}

/// What stands on the web site after its words were agreed to.
fn put_up(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = approved(rig, victim);
    let digest =
        look(rig, victim, &path.replace("/notices/1", "/notices"))["items"][0]["digest"].clone();
    let body = json!({ "notice": 1, "digest": digest });
    let act =
        rig.act(&path.replace("/notices/1", "/postings"), &body, "SELECT COUNT(*) FROM posting");
    Act { check: forget, ..act }
}

fn take_down(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let made = put_up(rig, victim).ask.send(victim.staff).expect(201).json();
    rig.database().execute("UPDATE posting SET full_at_us = 1", []).unwrap();
    let id = rig.count("SELECT MAX(id) FROM incident");
    let path = format!("/api/v1/incidents/L-{id}/postings/{}/end", made["number"]);
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'posting.end'";
    rig.act(&path, &json!({ "reason": "its days are over" }), sql)
}

fn drop_it(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/drop", written(rig, victim));
    rig.act(&path, &json!({}), "SELECT COUNT(*) FROM audit WHERE action = 'notice.drop'")
}

/// A notice that two others agreed to.
fn approved(rig: &mut Rig<'_>, victim: &Victim) -> String {
    let path = written(rig, victim);
    rig.database()
        .execute_batch(
            "INSERT INTO notice_approval (incident_id, draft_seq, staff_id, digest, approved_at_us)
             SELECT incident_id, seq, 901, digest, 1 FROM notice_draft WHERE state = 'draft'
             UNION ALL
             SELECT incident_id, seq, 902, digest, 1 FROM notice_draft WHERE state = 'draft';
             UPDATE notice_draft SET state = 'approved' WHERE state = 'draft'",
        )
        .unwrap();
    path
}

/// Nobody listens at the gateway of these tests; the next round has workers enough of its own.
fn forget(rig: &Rig<'_>, _: &Victim, _: &Answer) {
    let sql = "UPDATE notice_draft SET state = 'dropped' WHERE state = 'sending'";
    rig.database().execute(sql, []).unwrap();
}

fn send(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/send", approved(rig, victim));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'notice.plan'";
    Act { check: forget, ..rig.act(&path, &json!({ "gateway": GATEWAY }), sql) }
}

fn sent(rig: &mut Rig<'_>, victim: &Victim) -> String {
    let path = approved(rig, victim);
    rig.post(victim, &format!("{path}/send"), &json!({ "gateway": GATEWAY }));
    path
}

fn resolve(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = sent(rig, victim);
    let sql = "UPDATE notice SET state = 'in_doubt' WHERE state = 'planned'";
    rig.database().execute(sql, []).unwrap();
    let doubts = look(rig, victim, &format!("{path}/in-doubt"));
    let body = json!({
        "doubt": doubts["items"][0]["doubt"], "decision": "give_up",
        "reason": "they were told by post",
    });
    let sql = "SELECT COUNT(*) FROM notice_decision";
    Act { check: forget, ..rig.act(&format!("{path}/resolve"), &body, sql) }
}

fn finish(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = sent(rig, victim);
    let sql = "UPDATE notice SET state = 'failed' WHERE state = 'planned'";
    rig.database().execute(sql, []).unwrap();
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'notice.finish'";
    rig.act(&format!("{path}/finish"), &json!({}), sql)
}
