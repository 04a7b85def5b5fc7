//! A leak worked over HTTP alone, from the found file to the close; and what must not happen on the
//! way.

mod drill;
mod order;
mod scope;
mod sending;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use doldam_ground::{Clock, Instant, Pii};
use doldam_notify::Gateway;
use doldam_notify::encode::{LMS_BYTES, LongText};
use doldam_response::notice::{Company, SendingRules};
use doldam_response::words::Bilingual;
use doldam_server::Channels;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::{Map, Value, json};

use crate::client::{Answer, Ask};
use crate::world::{House, World, number};

pub(crate) const NOTICE: &str = "kr-pipa-notice-2026";
pub(crate) const REPORT: &str = "kr-pipa-report-2026";
pub(crate) const GATEWAY: &str = "main";

/// A wall clock that starts where the world's stands, and durations that are real: a socket waits
/// for nobody's mock.
pub(crate) struct MachineClock {
    start: Instant,
    begun: std::time::Instant,
}

impl MachineClock {
    #[expect(clippy::disallowed_methods, reason = "time-outs of a real socket need the real time")]
    pub(crate) fn of(world: &World) -> Arc<dyn Clock> {
        Arc::new(Self { start: world.clock.now(), begun: std::time::Instant::now() })
    }
}

impl Clock for MachineClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.start.micros() + i64::try_from(self.elapsed_us()).unwrap())
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap()
    }
}

/// The settings of a bank whose provider listens at this address.
pub(crate) fn channels(address: &str) -> Channels {
    let both = |ko: &str, en: &str| Bilingual { ko: ko.to_owned(), en: en.to_owned() };
    let mut gateway = Gateway::new(GATEWAY, address, "bank", Pii::new("secret".to_owned()));
    "15990000".clone_into(&mut gateway.sender);
    gateway.long_text = LongText::Payload;
    gateway.window = 16;
    gateway.response_us = 300_000;
    gateway.receipt_wait_us = 300_000;
    gateway.reconnects_max = 3;
    Channels {
        gateways: vec![gateway],
        messages: None,
        company: Some(Company {
            name: both("돌담은행", "Doldam Bank"),
            department: both("개인정보보호부", "Privacy Department"),
            telephone: "1599-0000".to_owned(),
        }),
        rules: Some(SendingRules {
            sender: "15990000".to_owned(),
            senders_registered: vec!["15990000".to_owned()],
            bytes_max: LMS_BYTES,
        }),
    }
}

/// What a bank can answer about itself and about this leak.
pub(crate) fn facts() -> Value {
    let pairs = FACTS.split_whitespace().map(|pair| pair.split_once('=').unwrap());
    let facts: Map<String, Value> =
        pairs.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    json!({ "facts": facts })
}

/// A bank with a processor whose copy of everybody turned up and was traced.
pub(crate) struct Bank<'w> {
    pub(crate) house: &'w House,
    pub(crate) officer: String,
    pub(crate) approvers: [String; 2],
    pub(crate) processor: String,
    pub(crate) key: String,
    pub(crate) trace: String,
}

impl<'w> Bank<'w> {
    pub(crate) fn new(house: &'w House) -> Self {
        let officer = house.officer();
        let approvers = ["approver", "privacy-officer"]
            .map(|role| house.session_of(house.staff_of(role, None)));
        let (processor, key) = house.processor(&officer, "Builder", &["deliveries:read"]);
        let delivery = house.delivery(&officer, processor);
        let path = format!("/api/v1/deliveries/{delivery}/file");
        let copy = Ask::get(&path).with_key(&key).send(house.processors).expect(200).body;
        let ask = Ask::new("POST", "/api/v1/traces").by(&officer);
        let ask = ask.header("idempotency-key", &format!("trace-{}", number())).body(&copy);
        let traced = ask.send(house.staff).expect(201).json();
        let trace = traced["trace"].as_str().unwrap().to_owned();
        let processor = processor.to_string();
        Self { house, officer, approvers, processor, key, trace }
    }

    /// Opens an incident about the traced copy.
    pub(crate) fn open(&self) -> String {
        let body = json!({
            "title": "a copy in a repository", "source": "finding", "processor": self.processor,
            "aware_at": self.house.vault.now().to_rfc3339(),
        });
        let opened = self.house.act(&self.officer, "/api/v1/incidents", &body).json();
        format!("/api/v1/incidents/{}", opened["id"].as_str().unwrap())
    }

    pub(crate) fn act(&self, path: &str, body: &Value) -> Answer {
        self.house.act(&self.officer, path, body)
    }

    /// A POST of this member of staff, whatever comes of it.
    pub(crate) fn ask(&self, token: &str, path: &str, body: &Value) -> Answer {
        let key = format!("ask-{}", number());
        Ask::post(path, &key, body).by(token).send(self.house.staff)
    }

    pub(crate) fn look(&self, path: &str) -> Value {
        self.house.look(&self.officer, path)
    }

    /// An incident with its people, facts and clocks, whose processor is cut off.
    pub(crate) fn worked(&self) -> String {
        let path = self.open();
        self.act(&format!("{path}/traces"), &json!({ "trace": self.trace }));
        self.act(&format!("{path}/facts"), &facts());
        let people = self.look(&path)["people"].as_u64().unwrap();
        let count = json!({ "facts": { "subjects": people.to_string() } });
        self.act(&format!("{path}/facts"), &count);
        self.act(&format!("{path}/containment"), &json!({ "reason": "a copy was found" }));
        self.act(&format!("{path}/duties/start"), &json!({}));
        path
    }

    /// A notice that two people agreed to; gives its path.
    pub(crate) fn approved(&self, path: &str) -> String {
        let body = json!({ "duty": NOTICE, "stage": "first" });
        let written = self.act(&format!("{path}/notices"), &body).json();
        let notice = format!("{path}/notices/{}", written["number"]);
        let preview = self.house.act(&self.approvers[0], &format!("{notice}/preview"), &json!({}));
        let digest = preview.json()["digest"].clone();
        for by in &self.approvers {
            let consent = json!({ "digest": digest });
            self.house.act(by, &format!("{notice}/approve"), &consent).expect(200);
        }
        notice
    }

    pub(crate) fn send(&self, notice: &str) -> Answer {
        self.act(&format!("{notice}/send"), &json!({ "gateway": GATEWAY })).expect(202)
    }

    /// Waits until the progress of a sending is as it should be.
    pub(crate) fn until(&self, notice: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..600 {
            let progress = self.look(&format!("{notice}/progress"));
            if is_so(&progress) {
                return progress;
            }
            thread::park_timeout(Duration::from_millis(50));
        }
        panic!("it never came so: {}", self.look(&format!("{notice}/progress")));
    }

    /// Stops every clock that is open on evidence of a kind that its row takes.
    pub(crate) fn stop_clocks(&self, path: &str) {
        let duties = self.look(&format!("{path}/duties"))["items"].clone();
        for duty in duties.as_array().unwrap().iter().filter(|duty| duty["is_open"] == true) {
            let kinds = duty["stops_on"].as_array().unwrap();
            let posting = kinds.iter().find(|kind| *kind == "posting_proof");
            let each = !duty["clock"]["persons"].is_null();
            let kind = if each { posting.unwrap() } else { &kinds[0] };
            let stop = format!("{path}/duties/{}/stop", duty["id"].as_str().unwrap());
            self.act(&stop, &json!({ "kind": kind, "reference": "minutes:4" })).expect(200);
        }
    }
}

#[test]
fn a_leak_is_worked_over_http_from_the_file_to_the_close() {
    let faults = Faults {
        disconnect_every: 500,
        lose_answer: 20,
        lose_receipt: 300,
        repeat_receipt: 100,
        undeliverable: 10,
        ..Faults::default()
    };
    let smsc = Smsc::start(Seed::new(5), faults).unwrap();
    let world = World::new();
    let (clock, channels) = (MachineClock::of(&world), channels(&smsc.address().to_string()));
    let house = world.serve_with(world.create(1_200), clock, channels);
    let bank = Bank::new(&house);
    let path = bank.worked();
    known(&bank, &path);
    let notice = bank.approved(&path);
    assert_eq!(smsc.log().binds, 0, "nothing is sent before somebody says so");
    told(&bank, &notice);
    let log = smsc.log();
    assert_eq!(log.texted_twice(), 0);
    assert!(log.texted.len() > 1_100 && log.texted.len() <= 1_200, "{}", log.texted.len());
    let report = bank.act(&format!("{path}/report"), &json!({ "duty": REPORT })).json();
    assert_eq!(report["items"]["report_form_fields"]["answer"]["institution"], "돌담은행");
    bank.ask(&bank.officer, &format!("{path}/close"), &json!({ "reference": "m:1" })).expect(409);
    bank.stop_clocks(&path);
    let closed = bank.act(&format!("{path}/close"), &json!({ "reference": "minutes:9" })).json();
    assert_eq!(closed["state"], "closed");
    remembered(&bank, &path);
}

/// What is known of the incident, what was cut, and what the law asks.
fn known(bank: &Bank<'_>, path: &str) {
    let shown = bank.look(path);
    assert_eq!((&shown["people"], &shown["traces"]), (&json!(1_200), &json!([bank.trace])));
    assert_eq!(shown["facts"]["kinds"], "ci,nickname");
    let orders = shown["containment"].as_array().unwrap();
    assert_eq!(orders.len(), 2);
    assert!(orders.iter().all(|order| order["proved_at"].is_string()), "{orders:?}");
    assert_eq!(orders[0]["proof"]["cut"], "C-1");
    let duties = bank.look(&format!("{path}/duties"))["items"].clone();
    let duty = |id: &str| duties.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap();
    assert_eq!(duty(NOTICE)["answer"], "due");
    assert_eq!(duty(NOTICE)["clock"]["persons"]["running"], 1_200);
    assert_eq!(
        (&duty(REPORT)["answer"], &duty(REPORT)["clock"]["state"]),
        (&json!("due"), &json!("running"))
    );
}

/// Everybody is told as far as the gateway lets us; a person decides about those in doubt.
fn told(bank: &Bank<'_>, notice: &str) {
    let sent = bank.send(notice).json();
    assert_eq!(sent["progress"], format!("{notice}/progress"));
    let progress = bank.until(notice, |progress| {
        let counts = &progress["counts"];
        counts["planned"] == 0
            && counts["intent"] == 0
            && progress["worker"]["state"] == "listening"
    });
    let doubts = bank.look(&format!("{notice}/in-doubt"))["items"].clone();
    let doubts = doubts.as_array().unwrap();
    assert!(!doubts.is_empty(), "the gateway lost answers: {progress}");
    // Nobody is forgotten while a doubt is open.
    bank.ask(&bank.officer, &format!("{notice}/finish"), &json!({})).expect(409);
    for doubt in doubts {
        let body = json!({
            "doubt": doubt["doubt"], "decision": "give_up",
            "reason": "no receipt came; the posting tells them",
        });
        let answer = bank.ask(&bank.approvers[0], &format!("{notice}/resolve"), &body);
        // A late receipt may have settled it meanwhile.
        assert!(matches!(answer.status, 200 | 409), "{}", answer.text());
    }
    let counts = bank.act(&format!("{notice}/finish"), &json!({})).json();
    assert_eq!((&counts["planned"], &counts["in_doubt"]), (&json!(0), &json!(0)));
    let delivered = counts["delivered"].as_u64().unwrap();
    assert!(delivered > 700 && delivered < 1_000, "three in ten receipts are withheld: {counts}");
}

/// The timeline tells all of it, and the access log holds.
fn remembered(bank: &Bank<'_>, path: &str) {
    let lines = bank.look(&format!("{path}/timeline?limit=1000"))["items"].clone();
    let lines: Vec<&str> =
        lines.as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    for what in [
        "incident.open",
        "incident.attach",
        "incident.learn",
        "contain.order",
        "contain.prove",
        "clock.start",
        "notice.draft",
        "notice.preview",
        "notice.approve",
        "notice.plan",
        "notice.resolve",
        "notice.finish",
        "report.draft",
        "clock.record",
        "incident.close",
    ] {
        assert!(lines.contains(&what), "{what} is not in {lines:?}");
    }
    assert_eq!((lines[0], *lines.last().unwrap()), ("incident.open", "incident.close"));
    assert!(bank.look("/api/v1/audit/verification")["intact"].as_bool().unwrap());
}

const FACTS: &str = "
    subject_to(KR)=yes role(controller)=yes role(financial_company)=yes role(ci_user)=yes
    role(processor)=no role(recipient)=no role(virtual_asset_exchange)=no role(us_registrant)=no
    info_service_provider=yes public_body=no isms_p_mandatory=no
    held_subjects=>=1000000 ci_received=>=1000000 turnover_krw=>=1000000000000
    kinds_held=ci,nickname,name,phone
    nis2_entity=no dora_entity=no nydfs_entity=no us_bank=no us_bank_service=no
    ftc_safeguards_entity=no hipaa_entity=no
    certainty=confirmed event=leak path=processor_copy relation=outsourcing leaked_at_processor=yes
    kinds=ci,nickname residents_of(*)=0 occurred_at=2026-10-01T00:00:00Z..2026-11-10T00:00:00Z
    contact_unknown=no was_possible=no possible_notice_sent=no intrusion=no encrypted=no
    takedown_requested=no no_longer_needed=no subprocessing=no new_fact_confirmed=no
    request=none mediation=none order=none court_order=none claim=none refuse=no
    channel=sms message_is_advert=no local_time=14:00
    fds_suspects_fraud_account=no shared_suspect_info=no temp_measure_taken=no relief_requested=no
    police_request=no id_check_failed=no efsr_reported=no closed=no outage_minutes=0
    data_or_program_manipulated=no intrusion_with_user_loss=no electronic_finance_disrupted=no";
