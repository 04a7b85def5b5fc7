//! An incident from its opening to its close, on a real vault: no shortcut closes it.

use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, ProcessorId};
use doldam_response::ResponseError;
use doldam_response::clock::{ClockState, Evidence, What};
use doldam_response::contain::{self, Containment, Domains, Order};
use doldam_response::docket::{self, Clocks, Standing};
use doldam_response::incident::{self, Opening, Source};
use doldam_response::timeline;
use doldam_response::words::EvidenceKind;
use doldam_store::incident::Exposed;
use roaring::RoaringBitmap;
use serde_json::{Value, json};

use crate::world::{World, actor};

const NOTICE: &str = "kr-pipa-notice-2026";
const REPORT: &str = "kr-pipa-report-2026";

fn evidence(kind: EvidenceKind, reference: &str) -> Evidence {
    Evidence { kind, reference: reference.parse().unwrap() }
}

fn standing(world: &World, id: IncidentId, duty: &str) -> Standing {
    let all = docket::read(&world.vault, id).unwrap();
    all.into_iter().find(|one| one.duty.rule.id == duty).unwrap()
}

fn due(world: &World, id: IncidentId) -> Vec<String> {
    let all = docket::read(&world.vault, id).unwrap();
    all.iter().filter(|one| one.is_open()).map(|one| one.duty.rule.id.clone()).collect()
}

fn running(world: &World, id: IncidentId) -> (u64, u64, u64) {
    match standing(world, id, NOTICE).clocks {
        Clocks::Each(summary) => (summary.waiting, summary.running, summary.stopped_in_time),
        Clocks::One(_) => panic!("the law counts persons for a notice"),
    }
}

/// A traced incident of 1,200 people with every fact answered and every clock started.
fn ready() -> (World, IncidentId) {
    let world = World::new(1_200);
    let id = world.open();
    incident::attach(&world.vault, id, world.trace(2_000), world.vault.now(), &actor()).unwrap();
    world.learn_all(id);
    docket::start(&world.vault, id, &actor()).unwrap();
    (world, id)
}

fn stop(
    world: &World,
    id: IncidentId,
    duty: &str,
    evidence: &Evidence,
    whose: Option<&RoaringBitmap>,
) -> Result<(), ResponseError> {
    docket::stop(&world.vault, id, duty, evidence, world.vault.now(), whose, &actor())
}

#[test]
fn nothing_is_guessed_before_the_facts_are_in() {
    let world = World::new(100);
    let id = world.open();
    let all = docket::read(&world.vault, id).unwrap();
    assert!(all.iter().all(|one| !one.duty.is_due()));
    assert!(all.iter().any(Standing::is_undecided));
    // An undecided duty is not forgotten: its clock runs.
    assert!(docket::start(&world.vault, id, &actor()).unwrap() > 0);
    let report = standing(&world, id, REPORT);
    let Clocks::One(reading) = &report.clocks else { panic!("a report has one clock") };
    assert!(report.is_undecided() && reading.state == ClockState::Running);
    let closing = "minutes-1".parse().unwrap();
    let refused = incident::close(&world.vault, id, &closing, &actor()).unwrap_err();
    assert_eq!(refused.code(), "response.duties_open");
}

#[test]
fn each_persons_clock_starts_when_that_person_was_known() {
    let world = World::new(1_200);
    let id = world.open();
    world.learn_all(id);
    let first = incident::attach(&world.vault, id, world.trace(400), world.vault.now(), &actor());
    let first = first.unwrap();
    docket::start(&world.vault, id, &actor()).unwrap();
    let Clocks::Each(early) = standing(&world, id, NOTICE).clocks else { panic!("per person") };
    world.wait_hours(24);
    let second =
        incident::attach(&world.vault, id, world.trace(2_000), world.vault.now(), &actor());
    let second = second.unwrap();
    assert_eq!((second.already, second.added), (first.added, 1_200 - first.added));
    // Who has no clock yet is seen as waiting, not overlooked.
    assert_eq!(running(&world, id), (second.added, first.added, 0));
    docket::start(&world.vault, id, &actor()).unwrap();
    assert_eq!(docket::start(&world.vault, id, &actor()).unwrap(), 0);
    assert_eq!(running(&world, id), (0, 1_200, 0));
    world.wait_hours(49);
    let Clocks::Each(late) = standing(&world, id, NOTICE).clocks else { panic!("per person") };
    assert_eq!((late.overdue, late.running), (first.added, second.added));
    let hours = |from: Option<doldam_ground::Instant>, to: Option<doldam_ground::Instant>| {
        (to.unwrap().micros() - from.unwrap().micros()) / 3_600_000_000
    };
    assert_eq!(hours(early.next_due_at, late.next_due_at), 24);
}

#[test]
fn an_incident_closes_on_evidence_and_not_before() {
    let (world, id) = ready();
    let expected = [NOTICE, "kr-pipa-containment-2026", REPORT, "kr-guideline-proof-of-knowing"];
    assert_eq!(due(&world, id), expected);
    let closing = "minutes-1".parse().unwrap();
    let close = || incident::close(&world.vault, id, &closing, &actor());
    assert_eq!(close(), Err(ResponseError::DutiesOpen { open: 4, unknown: 0 }));
    // The wrong evidence stops nothing, nor does one person's receipt stop everybody's clock.
    let receipt = evidence(EvidenceKind::DeliveryReceipt, "N-1");
    assert_eq!(
        stop(&world, id, REPORT, &receipt, None).unwrap_err().code(),
        "response.clock_evidence"
    );
    let all = stop(&world, id, NOTICE, &receipt, None).unwrap_err();
    assert_eq!(all.code(), "response.clock_one_persons_evidence");
    let people = incident::people(&world.vault, id).unwrap();
    let (told, untold): (Vec<u32>, Vec<u32>) = people.iter().partition(|number| number % 100 != 0);
    stop(&world, id, NOTICE, &receipt, Some(&told.iter().collect())).unwrap();
    assert_eq!(running(&world, id), (0, untold.len() as u64, told.len() as u64));
    stop(&world, id, NOTICE, &evidence(EvidenceKind::PostingProof, "web-1"), None).unwrap();
    assert_eq!(running(&world, id), (0, 0, 1_200));
    for (duty, kind) in [
        (expected[1], EvidenceKind::ContainmentLog),
        (REPORT, EvidenceKind::RegulatorReceipt),
        (expected[3], EvidenceKind::LogEntry),
    ] {
        assert!(close().is_err());
        stop(&world, id, duty, &evidence(kind, "E-1"), None).unwrap();
    }
    close().unwrap();
    assert!(incident::find(&world.vault, id).unwrap().closed_at.is_some());
    // What is closed is not worked on.
    assert!(incident::learn(&world.vault, id, &[("subjects", "1")], &actor()).is_err());
    assert!(close().is_err());
}

#[test]
fn a_wait_is_shown_and_ended_by_what_is_shown() {
    let (world, id) = ready();
    let reason = "disaster_or_unavoidable";
    for duty in [NOTICE, REPORT] {
        assert_eq!(standing(&world, id, duty).waits, None);
        assert!(docket::delay_end(&world.vault, id, duty, reason, None).is_err());
        let what = What::DelayBegan { reason: reason.into(), evidence: "log:7".parse().unwrap() };
        let since = world.vault.now();
        docket::record(&world.vault, id, duty, &what, since, None, &actor()).unwrap();
        let waits = standing(&world, id, duty).waits.unwrap();
        assert_eq!((waits.reason.as_str(), waits.since), (reason, since));
        // What a person reads has no fractions of a second; an hour earlier nothing began.
        let told = Instant::parse(&since.to_rfc3339(), "UTC").unwrap();
        let earlier = Instant::from_micros(told.micros() - 3_600_000_000);
        let end = |since| docket::delay_end(&world.vault, id, duty, reason, since);
        assert!(end(Some(earlier)).is_err());
        let ended = end(Some(told)).unwrap();
        assert_eq!(ended, end(None).unwrap());
        docket::record(&world.vault, id, duty, &ended, world.vault.now(), None, &actor()).unwrap();
        assert_eq!(standing(&world, id, duty).waits, None);
        assert!(standing(&world, id, duty).is_open());
    }
}

#[test]
fn the_timeline_and_the_log_tell_every_act() {
    let (world, id) = ready();
    let lines = timeline::read(&world.vault, id, 0).unwrap();
    let acts: Vec<&str> = lines.iter().map(|line| line.entry.what.as_str()).collect();
    assert_eq!(acts, ["incident.open", "incident.attach", "incident.learn", "clock.start"]);
    let attached: Value = serde_json::from_str(&lines[1].entry.facts).unwrap();
    assert_eq!(attached["subjects"], json!(1_200));
    let rows = world.vault.data();
    let rows = rows.read("test.audit", |tx| doldam_store::audit::rows(tx, 0, 100_000)).unwrap();
    for act in acts {
        let row = rows.iter().find(|row| row.action == act).unwrap();
        assert!(row.object.starts_with(&id.to_string()), "{act}");
    }
    let attach = rows.iter().find(|row| row.action == "incident.attach").unwrap();
    assert_eq!(attach.subject_count, 1_200);
}

#[test]
fn only_a_signed_list_names_people() {
    let world = World::new(300);
    let id = world.open();
    let trace = world.trace(1_000);
    let forged = world.vault.data().write("test.forge", move |tx| {
        let mut row = doldam_store::evidence::trace_find(tx, trace)?.unwrap();
        let (next, version) = doldam_store::evidence::trace_next(tx, row.evidence)?;
        let mut members = RoaringBitmap::deserialize_from(&row.members[..]).unwrap();
        members.remove(members.min().unwrap());
        (row.id, row.version) = (next, version);
        row.members = doldam_vault::members_to_bytes(&members);
        doldam_store::evidence::trace_insert(tx, &row)?;
        Ok(next)
    });
    let attach = |trace| incident::attach(&world.vault, id, trace, world.vault.now(), &actor());
    assert_eq!(attach(forged.unwrap()).unwrap_err().code(), "response.refused");
    // Canaries are no people.
    assert_eq!(attach(trace).unwrap(), Exposed { added: 300, already: 0 });
    let facts = incident::facts(&world.vault, id, None).unwrap();
    assert!(facts.answers().contains(&("subjects".to_owned(), ">=300".to_owned())));
}

#[test]
fn what_was_known_on_a_day_stays_readable() {
    let world = World::new(100);
    let id = world.open();
    let learn = |pair| incident::learn(&world.vault, id, &[pair], &actor());
    learn(("subjects", ">=4500")).unwrap();
    let first_day = world.vault.now();
    world.wait_hours(24);
    learn(("subjects", "33700000")).unwrap();
    let known = |at| incident::facts(&world.vault, id, at).unwrap().answers();
    assert!(known(Some(first_day)).contains(&("subjects".to_owned(), ">=4500".to_owned())));
    assert!(known(None).contains(&("subjects".to_owned(), "33700000".to_owned())));
    learn(("subjects", "")).unwrap();
    assert!(known(None).iter().all(|(name, _)| name != "subjects"));
    // One bad fact, and none is taken.
    let both = [("risk", "high"), ("certainty", "perhaps")];
    assert!(incident::learn(&world.vault, id, &both, &actor()).is_err());
    assert!(known(None).iter().all(|(name, _)| name != "risk"));
}

#[test]
fn an_opening_needs_a_title_and_a_time_that_was() {
    let world = World::new(10);
    let opening = |title: &str, days| Opening {
        title: title.to_owned(),
        source: Source::Tip,
        processor: None,
        aware_at: world.vault.now().plus_days(days),
    };
    for bad in [
        opening(" ", 0),
        opening(&"가".repeat(201), 0),
        opening("a leak", 1),
        opening("the list of kim.minsu@naver.com, 010-1234-5678", 0),
    ] {
        let refused = incident::open(&world.vault, &bad, &actor()).unwrap_err();
        assert_eq!(refused.code(), "response.refused");
    }
    assert!(incident::list(&world.vault).unwrap().is_empty());
    incident::open(&world.vault, &opening(&"가".repeat(200), -3), &actor()).unwrap();
    assert_eq!(incident::list(&world.vault).unwrap().len(), 1);
}

/// A means that fails as often as it is told to.
struct Access(std::cell::Cell<u32>);

impl Containment for Access {
    fn means(&self) -> &'static str {
        "access"
    }

    fn contain(&self, order: &Order<'_>) -> Result<Value, ResponseError> {
        if self.0.get() > 0 {
            self.0.set(self.0.get() - 1);
            return Err(ResponseError::Refused("the gateway did not answer"));
        }
        Ok(json!({ "revoked": 2, "processor": order.processor.to_string() }))
    }
}

#[test]
fn an_order_without_a_proof_stays_visible_until_it_is_carried_out() {
    let world = World::new(100);
    let id = world.open();
    let actor = actor();
    let order = Order {
        incident: id,
        processor: world.processor,
        actor: &actor,
        reason: "a copy was found",
    };
    let access = Access(std::cell::Cell::new(1));
    let domains = Domains(&world.vault);
    let give = || contain::contain(&world.vault, &order, &[&access, &domains]);
    // The one that fails does not keep the other from being cut.
    assert_eq!(give().unwrap_err().code(), "response.refused");
    let state = |state: &str| world.vault.domains().unwrap().iter().all(|one| one.state == state);
    assert!(state("suspended"));
    let proved = |world: &World| -> Vec<(String, bool)> {
        let orders = contain::orders(&world.vault, id).unwrap();
        orders.into_iter().map(|one| (one.order.means, one.proof.is_some())).collect()
    };
    let line = |means: &str, proved| (means.to_owned(), proved);
    assert_eq!(proved(&world), [line("access", false), line("domains", true)]);
    let proofs = give().unwrap();
    assert_eq!(proofs.iter().map(|one| one.means).collect::<Vec<_>>(), ["access", "domains"]);
    assert_eq!(proofs[0].facts["revoked"], json!(2));
    // The order that had no proof got it; the one that had was given once more.
    let all = [line("access", true), line("domains", true), line("domains", true)];
    assert_eq!(proved(&world), all);
    // What was issued stays traceable, and the key cannot be destroyed while the incident holds it.
    let exposed = incident::attach(&world.vault, id, world.trace(500), world.vault.now(), &actor);
    assert_eq!(exposed.unwrap().added, 100);
    let silent = Order { incident: id, processor: world.processor, actor: &actor, reason: " " };
    assert!(contain::contain(&world.vault, &silent, &[&domains]).is_err());
    let nobody = Order { incident: id, processor: ProcessorId::new(9), actor: &actor, reason: "x" };
    assert_eq!(contain::contain(&world.vault, &nobody, &[&domains]).unwrap().len(), 1);
}
