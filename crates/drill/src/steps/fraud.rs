//! Fraud detection of the drill's own: a watched customer's transfer, and a thief who signs in with
//! a canary.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use doldam_fraud::decision::Action;
use doldam_fraud::desk::{Answer, Decided, Desk, FailPolicy, Furnishing};
use doldam_fraud::journal::StoreJournal;
use doldam_fraud::setup::{Parts, Setup};
use doldam_fraud::{Event, EventId, FraudError, Schema};
use doldam_ground::Kind;
use doldam_ground::ids::IncidentId;
use doldam_response::{ResponseError, watch as response};
use doldam_vault::disclosure::{Filter, Order};
use serde_json::{Value, json};

use super::{Given, House, PURPOSE, expect, officer};
use crate::error::DrillError;

/// How long people stay on watch.
const WATCH_DAYS: i64 = 90;
/// What a rule of the starter pack puts a suspicious event of a watched customer at, at least.
const WATCHED_SCORE: u8 = 70;

/// The desk that judges, and under which names it knows the first two customers.
pub(crate) struct FraudDesk {
    desk: Desk,
    schema: Schema,
    customers: [String; 2],
}

/// Opens a desk over the drill's own store, gives it pseudonyms of everybody, and puts the canaries
/// of the developer's copy on its list.
pub(crate) fn fraud(house: &House, given: &Given) -> Result<FraudDesk, DrillError> {
    let order = Order {
        processor: response::PARTY.to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: response::PURPOSE.to_owned(),
        fields: vec![Kind::CI],
        raw: false,
        bound: false,
        canaries: Some(0),
        return_by: None,
        requester: None,
        approval: None,
    };
    let everybody = house.vault.select(Filter::All)?;
    let drop = house.vault.disclose(&order, &everybody, &officer())?;
    house.vault.disclosure_given(drop.id)?;
    let text = String::from_utf8_lossy(&drop.csv);
    let mut rows = text.lines().skip(1).map(str::to_owned);
    let customers = [rows.next().unwrap_or_default(), rows.next().unwrap_or_default()];
    let parts = Parts::shipped();
    let schema = Schema::parse(&parts.schema)?;
    let desk = Desk::open(furnishing(house), parts)?;
    let planted = response::plant(&house.vault, &desk, given.disclosure, &officer())?;
    let held = house.vault.disclosure(given.disclosure)?;
    let canaries = held.map_or(0, |held| u64::from(held.row.canary_count));
    expect("canaries that fraud detection knows", canaries, planted)?;
    Ok(FraudDesk { desk, schema, customers })
}

/// The log stands in the drill's store; what a set-up was compiled from is kept in memory.
fn furnishing(house: &House) -> Furnishing {
    let kept = Arc::new(Mutex::new(HashMap::<[u8; 32], Vec<u8>>::new()));
    let fetched = Arc::clone(&kept);
    Furnishing {
        journal: Arc::new(StoreJournal::new(Arc::new(house.vault.data().clone()))),
        fetch: Box::new(move |version| {
            Ok(fetched.lock().unwrap_or_else(PoisonError::into_inner).get(version).cloned())
        }),
        keep: Box::new(move |parts, _| {
            let bodies = parts.bodies().into_iter();
            let bodies = bodies.map(|(part, body)| (part.version(body), body.to_vec()));
            kept.lock().unwrap_or_else(PoisonError::into_inner).extend(bodies);
            Ok(())
        }),
        clock: Arc::clone(&house.clock),
        policy: FailPolicy::default(),
        snapshot: None,
    }
}

/// Puts the people of the incident on watch. The same suspicious transfer is judged before, of one
/// customer, and after, of another: it must weigh more. What is not suspicious still passes.
pub(crate) fn watch(
    house: &House,
    fraud: &FraudDesk,
    id: IncidentId,
    subjects: u32,
) -> Result<(), DrillError> {
    let [first, second] = &fraud.customers;
    let before = fraud.judge(house, "drill-1", transfer(first, 1_000_000, true))?;
    let (before, light) = (before.decision.verdict.score, WATCHED_SCORE);
    expect("transfers that weigh little before the watch", 1, u64::from(before < light))?;
    let until = house.vault.now().plus_days(WATCH_DAYS);
    let watched = response::begin(&house.vault, &fraud.desk, id, until, &officer(), PURPOSE)?;
    expect("people on watch", u64::from(subjects), watched.people)?;
    expect("names on the list", u64::from(subjects), watched.keys)?;
    let usual = fraud.judge(house, "drill-2", transfer(second, 10_000, false))?;
    let passes = usual.decision.verdict.action == Action::Allow;
    expect("usual transfers of watched customers that pass", 1, u64::from(passes))?;
    let after = fraud.judge(house, "drill-3", transfer(second, 1_000_000, true))?;
    let verdict = &after.decision.verdict;
    let kept_back = verdict.action >= Action::StepUp && verdict.score >= light;
    expect("watched customers' suspicious transfers that are kept back", 1, u64::from(kept_back))?;
    let said = after.decision.marks.iter().any(|mark| *mark.reference == *id.to_string());
    expect("decisions that name the incident", 1, u64::from(said))
}

/// A thief signs in with a canary of the developer's copy: that is a lead, once.
pub(crate) fn canary(
    house: &House,
    fraud: &FraudDesk,
    id: IncidentId,
    given: &Given,
) -> Result<(), DrillError> {
    let identities = house.vault.canary_identities(given.disclosure, &officer(), PURPOSE)?;
    let identity = identities.first().map_or("", |first| first.expose().as_str());
    let copy = String::from_utf8_lossy(&given.csv);
    let stands = !identity.is_empty() && copy.contains(identity);
    expect("canaries that stand in the developer's copy", 1, u64::from(stands))?;
    let log_in = json!({ "kind": "log_in", "account": "a stranger", "identity": identity });
    let used = fraud.judge(house, "drill-4", log_in)?;
    let held = used.decision.verdict.action >= Action::Hold;
    expect("log-ins with a canary that are held", 1, u64::from(held))?;
    let leads = || -> Result<Vec<response::Lead>, DrillError> {
        let (setup, event) = (fraud.setup()?, EventId::new("drill-4"));
        let event = event.map_err(FraudError::from)?;
        Ok(response::leads(&house.vault, &setup, &event, &used.decision, &officer())?)
    };
    let named = |lead: &response::Lead| {
        lead.processor == given.processor
            && lead.disclosure == given.disclosure
            && lead.incident == id
            && !lead.opened
    };
    let first = leads()?;
    let right = first.iter().filter(|lead| named(lead)).count() as u64;
    expect("leads that name the developer and its disclosure", 1, right)?;
    expect("leads of one log-in", 1, (first.len() + leads()?.len()) as u64)
}

fn transfer(account: &str, won: u64, in_call: bool) -> Value {
    json!({
        "kind": "payment", "account": account, "amount": won, "currency": "KRW",
        "payee": "an account", "in_call": in_call,
    })
}

impl FraudDesk {
    fn judge(&self, house: &House, id: &str, mut event: Value) -> Result<Decided, DrillError> {
        event["id"] = id.into();
        event["time"] = house.vault.now().to_rfc3339().into();
        let event = Event::from_json(&self.schema, event.to_string().as_bytes())
            .map_err(FraudError::from)?;
        match self.desk.judge_now(vec![event]).pop() {
            Some(Answer::Decided(decided)) => Ok(*decided),
            _ => Err(ResponseError::Refused("fraud detection did not decide").into()),
        }
    }

    fn setup(&self) -> Result<Arc<Setup>, DrillError> {
        Ok(self.desk.look(|engine| Arc::clone(engine.setup()))?)
    }
}
