//! Deaths in the middle of what is changed about fraud detection. Decisions themselves are killed
//! by the hundred elsewhere: they have no Idempotency-Key.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Act, Prepare, Rig, Victim};
use crate::client::{Answer, Ask};
use crate::world::number;

pub(super) fn add(all: &mut BTreeMap<&'static str, Prepare>) {
    all.insert("/api/v1/fraud/lists/{name}", change);
    all.insert("/api/v1/fraud/setups/request", request);
    all.insert("/api/v1/fraud/setups", put);
}

fn look(rig: &Rig<'_>, victim: &Victim, path: &str) -> Value {
    Ask::get(path).by(&rig.token).send(victim.staff).expect(200).json()
}

fn change(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let key = format!("account-{}", number());
    let body = json!({ "add": [{ "key": key }], "why": "the leak of the old platform" });
    let check = |rig: &Rig<'_>, victim: &Victim, _: &Answer| {
        // A change that was made again is the same list.
        let members = look(rig, victim, "/api/v1/fraud/lists/leaked?limit=1000");
        let once = rig.count("SELECT COUNT(*) FROM audit WHERE action = 'fraud.list'");
        let count = members["items"].as_array().unwrap().len();
        assert_eq!(i64::try_from(count).unwrap(), once);
    };
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'fraud.list'";
    Act { check, ..rig.act("/api/v1/fraud/lists/leaked", &body, sql) }
}

/// The rules with another score.
fn draft(rig: &Rig<'_>, victim: &Victim) -> Value {
    let rules = look(rig, victim, "/api/v1/fraud/rules")["text"].clone();
    let text = format!("{}# {}\n", rules.as_str().unwrap(), number());
    json!({ "rules": text, "why": "a draft that did well" })
}

fn request(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let body = draft(rig, victim);
    rig.act("/api/v1/fraud/setups/request", &body, "SELECT COUNT(*) FROM approval")
}

/// With a consent that is used up once, and one entry of the log.
fn put(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let mut body = draft(rig, victim);
    let asked = rig.post(victim, "/api/v1/fraud/setups/request", &body);
    let agree = "UPDATE approval SET approved_by = 999 WHERE act = 'fraud.setup'";
    rig.database().execute(agree, []).unwrap();
    body["approval"] = asked["approval"].clone();
    let check = |rig: &Rig<'_>, victim: &Victim, _: &Answer| {
        let put = rig.count("SELECT COUNT(*) FROM audit WHERE action = 'fraud.setup'");
        let entries = rig.count("SELECT COUNT(*) FROM fraud_log WHERE entry = 4");
        assert_eq!(entries, put + 1, "what was shipped, and each once");
        let proof = Ask::new("POST", "/api/v1/fraud/proof").by(&rig.token).send(victim.staff);
        assert_eq!(proof.expect(200).json()["different"], 0);
    };
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'fraud.setup'";
    Act { check, ..rig.act("/api/v1/fraud/setups", &body, sql) }
}
