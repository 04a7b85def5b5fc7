//! A notice from its draft to the last receipt, through a real gateway on the loopback address.

use std::sync::atomic::AtomicBool;

use doldam_ground::ids::IncidentId;
use doldam_ground::locale::Language;
use doldam_ground::{Clock, Instant, Pii};
use doldam_notify::{Gateway, encode};
use doldam_response::ResponseError;
use doldam_response::clock::Evidence;
use doldam_response::contain::{self, Domains, Order};
use doldam_response::docket::{self, Clocks};
use doldam_response::notice::{self, Company, SendingRules, Stage};
use doldam_response::words::{Bilingual, EvidenceKind};
use doldam_response::{incident, report, timeline};
use doldam_store::audit;
use doldam_store::incident::draft::DraftState;
use doldam_store::notice::Decision;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use doldam_vault::StaffMember;
use serde_json::{Value, json};

use crate::world::{World, actor};

const NOTICE: &str = "kr-pipa-notice-2026";
const POSSIBLE: &str = "kr-pipa-possible-access-2026";
const RETRACTION: &str = "kr-pipa-retraction-2026";
const REPORT: &str = "kr-pipa-report-2026";

/// The machine's clock: a socket has no other.
struct MachineClock(std::time::Instant);

impl Clock for MachineClock {
    fn now(&self) -> Instant {
        Instant::from_micros(1_800_000_000_000_000 + i64::try_from(self.elapsed_us()).unwrap())
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "time-outs of a real socket need the real time")]
fn machine_clock() -> MachineClock {
    MachineClock(std::time::Instant::now())
}

fn company() -> Company {
    let both = |ko: &str, en: &str| Bilingual { ko: ko.to_owned(), en: en.to_owned() };
    Company {
        name: both("돌담은행", "Doldam Bank"),
        department: both("개인정보보호부", "Privacy Department"),
        telephone: "1599-0000".to_owned(),
    }
}

fn rules() -> SendingRules {
    SendingRules {
        sender: "15990000".to_owned(),
        senders_registered: vec!["15990000".to_owned()],
        bytes_max: encode::LMS_BYTES,
    }
}

fn gateway(smsc: &Smsc) -> Gateway {
    let address = smsc.address().to_string();
    let mut gateway = Gateway::new("main", &address, "bank", Pii::new("secret".to_owned()));
    "15990000".clone_into(&mut gateway.sender);
    gateway.long_text = encode::LongText::Payload;
    gateway.response_us = 300_000;
    gateway.receipt_wait_us = 300_000;
    gateway
}

/// A bank with an incident of `count` people, and its staff.
struct Bank {
    world: World,
    id: IncidentId,
    author: StaffMember,
    approvers: [StaffMember; 2],
}

impl Bank {
    fn new(count: u32) -> Self {
        let world = World::new(count);
        let id = world.open();
        let trace = world.trace(count as usize + 100);
        incident::attach(&world.vault, id, trace, world.vault.now(), &actor()).unwrap();
        world.learn_all(id);
        docket::start(&world.vault, id, &actor()).unwrap();
        Self::of(world, id)
    }

    /// A bank into whose processor's copy somebody broke: nobody knows yet what they took.
    fn broken_into(count: u32) -> Self {
        let world = World::new(count);
        let id = world.open();
        world.learn_all(id);
        let known_at = world.vault.now().to_rfc3339();
        let possible = [
            ("certainty", "possible"),
            ("possible_reason", "illegal_access"),
            ("subjects_unidentified", "yes"),
            ("possibility_known_at", &known_at),
            ("kinds", ""),
        ];
        incident::learn(&world.vault, id, &possible, &actor()).unwrap();
        docket::start(&world.vault, id, &actor()).unwrap();
        Self::of(world, id)
    }

    fn of(world: World, id: IncidentId) -> Self {
        let author = world.staff("minji", "privacy-officer");
        let approvers = [world.staff("bora", "approver"), world.staff("suho", "privacy-officer")];
        Self { world, id, author, approvers }
    }

    fn contain(&self) {
        let actor = actor();
        let (processor, reason) = (self.world.processor, "a copy was found");
        let order = Order { incident: self.id, processor, actor: &actor, reason };
        contain::contain(&self.world.vault, &order, &[&Domains(&self.world.vault)]).unwrap();
    }

    fn write(&self, duty: &str, stage: Stage) -> Result<u32, ResponseError> {
        let (company, rules) = (company(), rules());
        let vault = &self.world.vault;
        notice::write(vault, self.id, duty, stage, &company, &rules, self.author, &actor())
    }

    /// A notice that two people agreed to.
    fn approved(&self) -> u32 {
        self.approved_for(NOTICE)
    }

    fn approved_for(&self, duty: &str) -> u32 {
        let seq = self.write(duty, Stage::First).unwrap();
        let preview = notice::preview(&self.world.vault, self.id, seq, &actor()).unwrap();
        for by in self.approvers {
            self.approve(seq, &preview.digest, by).unwrap();
        }
        seq
    }

    fn approve(
        &self,
        seq: u32,
        digest: &[u8; 32],
        by: StaffMember,
    ) -> Result<usize, ResponseError> {
        notice::approve(&self.world.vault, self.id, seq, digest, by, &actor())
    }

    fn send(&self, seq: u32, smsc: &Smsc) -> doldam_notify::Summary {
        let (clock, stop) = (machine_clock(), AtomicBool::new(false));
        let (vault, gateway) = (&self.world.vault, gateway(smsc));
        notice::send(vault, self.id, seq, &gateway, &clock, &stop, &actor()).unwrap()
    }

    fn state(&self, seq: u32) -> DraftState {
        notice::find(&self.world.vault, self.id, seq).unwrap().state
    }

    fn clocks(&self) -> (u64, u64) {
        self.clocks_of(NOTICE)
    }

    fn clocks_of(&self, duty: &str) -> (u64, u64) {
        let all = docket::read(&self.world.vault, self.id).unwrap();
        let own = all.into_iter().find(|one| one.duty.rule.id == duty).unwrap();
        match own.clocks {
            Clocks::Each(summary) => (summary.running, summary.stopped_in_time),
            Clocks::One(_) => panic!("the law counts persons for a notice"),
        }
    }

    fn log(&self, action: &str) -> Vec<audit::AuditRow> {
        let rows = self.world.vault.data().read("test.log", |tx| audit::rows(tx, 0, 100_000));
        rows.unwrap().into_iter().filter(|row| row.action == action).collect()
    }
}

fn code<T>(answer: Result<T, ResponseError>) -> &'static str {
    match answer {
        Ok(_) => panic!("it should have been refused"),
        Err(error) => error.code(),
    }
}

#[test]
fn a_notice_says_what_the_record_says() {
    let bank = Bank::new(20);
    // What was done is part of what must be said, so it must have been done.
    assert_eq!(code(bank.write(NOTICE, Stage::First)), "response.refused");
    bank.contain();
    let seq = bank.write(NOTICE, Stage::First).unwrap();
    let preview = notice::preview(&bank.world.vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(preview.people, 20);
    let korean = &preview.texts[&Language::Ko];
    for said in [
        "돌담은행",
        "연계정보(CI)",
        "2026년 10월 1일부터 11월 20일 사이",
        "2026년 11월 23일",
        "1599-0000",
    ] {
        assert!(korean.contains(said), "{said}");
    }
    assert!(preview.texts[&Language::En].contains("statutory damages"));
    assert!(preview.bytes.values().all(|bytes| *bytes <= encode::LMS_BYTES));
    // What is not known is said to be not known, and only in a first notice.
    incident::learn(&bank.world.vault, bank.id, &[("occurred_at", "")], &actor()).unwrap();
    assert_eq!(code(bank.write(NOTICE, Stage::Supplement)), "response.refused");
    let seq = bank.write(NOTICE, Stage::First).unwrap();
    let preview = notice::preview(&bank.world.vault, bank.id, seq, &actor()).unwrap();
    assert!(preview.texts[&Language::Ko].contains("확인되는 대로"));
}

#[test]
fn a_notice_is_written_for_a_duty_that_is_due_and_without_a_fault() {
    let bank = Bank::new(20);
    bank.contain();
    for duty in ["kr-pipa-notice-2023", REPORT, "no-such-duty", "kr-pipa-possible-access-2026"] {
        assert_eq!(code(bank.write(duty, Stage::First)), "response.refused", "{duty}");
    }
    let unregistered = SendingRules { senders_registered: Vec::new(), bytes_max: 90, ..rules() };
    let (vault, author) = (&bank.world.vault, bank.author);
    let refused = notice::write(
        vault,
        bank.id,
        NOTICE,
        Stage::First,
        &company(),
        &unregistered,
        author,
        &actor(),
    );
    let Err(ResponseError::NoticeFaults(faults)) = refused else { panic!("it has faults") };
    assert_eq!(faults.len(), 4, "{faults:?}");
    let linked = Company { telephone: "https://doldam.example/claim".to_owned(), ..company() };
    let refused =
        notice::write(vault, bank.id, NOTICE, Stage::First, &linked, &rules(), author, &actor());
    assert_eq!(code(refused), "response.notice_faults");
    assert!(notice::drafts(vault, bank.id).unwrap().is_empty());
}

#[test]
fn two_others_agree_to_the_words_they_saw() {
    let bank = Bank::new(20);
    bank.contain();
    let vault = &bank.world.vault;
    let seq = bank.write(NOTICE, Stage::First).unwrap();
    let digest = notice::find(vault, bank.id, seq).unwrap().written.digest;
    let [bora, suho] = bank.approvers;
    assert_eq!(code(bank.approve(seq, &digest, bora)), "store.state");
    notice::preview(vault, bank.id, seq, &actor()).unwrap();
    let engineer = bank.world.staff("dana", "engineer");
    for (digest, by) in [(digest, bank.author), (digest, engineer), ([0; 32], bora)] {
        assert_eq!(code(bank.approve(seq, &digest, by)), "response.refused");
    }
    assert_eq!(bank.approve(seq, &digest, bora), Ok(1));
    assert_eq!(code(bank.approve(seq, &digest, bora)), "store.state");
    let plan = || notice::plan(vault, bank.id, seq, "main", &actor());
    assert_eq!((code(plan()), bank.state(seq)), ("store.state", DraftState::Previewed));
    assert_eq!(bank.approve(seq, &digest, suho), Ok(2));
    assert_eq!(bank.state(seq), DraftState::Approved);
    // An approved notice keeps the incident from being closed, until it is sent or dropped.
    notice::drop_draft(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(code(plan()), "store.state");
}

#[test]
fn a_small_team_sends_with_two_people_and_says_so() {
    let bank = Bank::new(20);
    bank.contain();
    let vault = &bank.world.vault;
    let seq = bank.write(NOTICE, Stage::First).unwrap();
    let digest = notice::preview(vault, bank.id, seq, &actor()).unwrap().digest;
    let [bora, suho] = bank.approvers;
    let why = "the second approver cannot be reached, the deadline is tonight";
    let alone = |digest: &[u8; 32], by, why: &str| {
        notice::break_glass(vault, bank.id, seq, digest, by, why, &actor())
    };
    let wait = || bank.world.clock.advance_us(3_600_000_000);
    wait();
    assert_eq!(code(alone(&digest, bank.author, why)), "vault.break_glass", "off by default");
    vault.set_small_team(true, suho, "three people work here", &actor()).unwrap();
    assert_eq!(code(alone(&digest, bank.author, why)), "vault.break_glass_early");
    wait();
    assert_eq!(code(alone(&digest, bora, why)), "vault.break_glass", "no officer");
    assert_eq!(code(alone(&digest, bank.author, "now")), "vault.break_glass", "no reason");
    let personal = "ask 010-1234-5678 why it cannot wait";
    assert_eq!(code(alone(&digest, bank.author, personal)), "response.refused");
    assert_eq!(code(alone(&[0; 32], bank.author, why)), "response.refused", "other words");
    assert_eq!(code(alone(&digest, bank.author, why)), "store.state", "nobody at all agreed");
    assert_eq!(bank.approve(seq, &digest, bora), Ok(1));
    assert_eq!(notice::broken_glass(vault, bank.id, seq), Ok(None));

    alone(&digest, bank.author, why).unwrap();
    assert_eq!(bank.state(seq), DraftState::Approved);
    assert_eq!(code(alone(&digest, bank.author, why)), "store.state", "once");
    let kept = notice::broken_glass(vault, bank.id, seq).unwrap().unwrap();
    assert_eq!((kept.staff, kept.reason.as_str()), (bank.author.id(), why));
    let rows = bank.log("approval.break_glass");
    assert_eq!((rows.len(), rows[0].purpose.as_str()), (1, why));
    assert_eq!(rows[0].object, format!("{} notice {seq}", bank.id));
    let told = timeline::read(vault, bank.id, 0).unwrap();
    assert!(told.iter().any(|row| row.entry.what == "approval.break_glass"));
    notice::plan(vault, bank.id, seq, "main", &actor()).unwrap();
    assert_eq!(bank.state(seq), DraftState::Sending);
}

#[test]
fn everybody_is_told_once_and_the_clocks_stop_on_the_receipts() {
    let bank = Bank::new(300);
    bank.contain();
    let vault = &bank.world.vault;
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    let seq = bank.approved();
    notice::plan(vault, bank.id, seq, "main", &actor()).unwrap();
    assert!(bank.log("subject.reveal_many").is_empty());
    let summary = bank.send(seq, &smsc);
    assert_eq!((summary.counts.delivered, summary.counts.all()), (300, 300));
    // One row of the log names all whose number left the vault, for this dispatch.
    let rows = bank.log("subject.reveal_many");
    assert_eq!((rows.len(), rows[0].subject_count, rows[0].object.as_str()), (1, 300, "N-1"));
    assert_eq!(bank.clocks(), (300, 0));
    notice::settle(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!((bank.clocks(), bank.state(seq)), ((0, 300), DraftState::Sending));
    notice::finish(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!((bank.clocks(), bank.state(seq)), ((0, 300), DraftState::Sent));
    // A second notice of the same stage finds nobody who was not told.
    let again = bank.approved();
    notice::plan(vault, bank.id, again, "main", &actor()).unwrap();
    assert_eq!(bank.send(again, &smsc).messages, 0);
    let log = smsc.log();
    assert_eq!((log.texted.len(), log.texted_twice()), (300, 0));
}

#[test]
fn what_is_in_doubt_waits_for_a_person() {
    let bank = Bank::new(40);
    bank.contain();
    let vault = &bank.world.vault;
    let deaf = Faults { lose_answer: 1_000, lose_receipt: 1_000, ..Faults::default() };
    let smsc = Smsc::start(Seed::new(2), deaf).unwrap();
    let seq = bank.approved();
    notice::plan(vault, bank.id, seq, "main", &actor()).unwrap();
    assert_eq!(bank.send(seq, &smsc).counts.in_doubt, 40);
    // Sending again tells nobody again.
    let messages = smsc.log().messages;
    assert_eq!(bank.send(seq, &smsc).counts.in_doubt, 40);
    assert_eq!(smsc.log().messages, messages);
    let finish = || notice::finish(vault, bank.id, seq, &actor());
    assert_eq!(code(finish()), "store.state");
    let counts = notice::settle(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(
        (counts.in_doubt, bank.clocks(), bank.state(seq)),
        (40, (40, 0), DraftState::Sending)
    );
    let doubts = notice::in_doubt(vault, bank.id, seq).unwrap();
    let decide = |place: usize, decision, by, reason| {
        let attempt = doubts[place].attempt;
        notice::resolve(vault, bank.id, seq, attempt, decision, by, reason, &actor())
    };
    let (by, engineer) = (bank.approvers[0], bank.world.staff("dana", "engineer"));
    assert_eq!(code(decide(0, Decision::GiveUp, engineer, "no receipt")), "response.refused");
    assert_eq!(code(decide(0, Decision::GiveUp, by, " ")), "store.state");
    decide(0, Decision::GiveUp, by, "the operator has no trace of it").unwrap();
    assert_eq!(code(decide(0, Decision::Resend, by, "changed my mind")), "store.conflict");
    for place in 1..40 {
        decide(place, Decision::Resend, by, "the operator says that it was never taken").unwrap();
    }
    let smsc = Smsc::start(Seed::new(3), Faults::default()).unwrap();
    assert_eq!(bank.send(seq, &smsc).counts.delivered, 39);
    finish().unwrap();
    assert_eq!((bank.clocks(), bank.state(seq)), ((1, 39), DraftState::Sent));
    // Whoever was not reached is told by a posting.
    let reference = "web:notice-1".parse().unwrap();
    let posting = Evidence { kind: EvidenceKind::PostingProof, reference };
    docket::stop(vault, bank.id, NOTICE, &posting, vault.now(), None, &actor()).unwrap();
    assert_eq!(bank.clocks(), (0, 40));
}

#[test]
fn a_report_says_unknown_where_nothing_is_known() {
    let world = World::new(20);
    let id = world.open();
    let draft =
        |institution| report::draft(&world.vault, id, REPORT, institution, None, &actor()).unwrap();
    let empty = draft(None);
    let items = empty["items"].as_object().unwrap();
    assert_eq!(items["leaked_items"]["answer"], json!("unknown"));
    assert_eq!(items["report_form_fields"]["answer"]["institution"], json!("unknown"));
    assert!(report::unknowns(items) >= 8);
    assert_eq!(empty["deadline"], json!("unknown"));
    incident::attach(&world.vault, id, world.trace(100), world.vault.now(), &actor()).unwrap();
    world.learn_all(id);
    docket::start(&world.vault, id, &actor()).unwrap();
    let full = draft(Some("돌담은행"));
    let kinds: Vec<&Value> =
        full["items"]["leaked_items"]["answer"].as_array().unwrap().iter().collect();
    assert_eq!(kinds.iter().map(|kind| &kind["kind"]).collect::<Vec<_>>(), ["ci", "nickname"]);
    assert_eq!(full["items"]["report_form_fields"]["answer"]["subjects"], json!(">=20"));
    assert_eq!(
        full["items"]["leak_time_and_cause"]["answer"]["path"]["word"],
        json!("processor_copy")
    );
    // 72 hours from 09:00 on the 23rd in Seoul.
    assert_eq!(full["deadline"], json!("2026-11-26T00:00:00Z"));
    assert_eq!(full["recipients"], json!([["PIPC", "KISA"]]));
    let (before, after) = (report::unknowns(items), full["items"].as_object().unwrap());
    assert!(report::unknowns(after) < before);
    let wrong = report::draft(&world.vault, id, NOTICE, None, None, &actor());
    assert_eq!(code(wrong), "response.refused");
}

#[test]
fn a_possible_leak_is_told_to_all_whom_it_may_have_touched_and_taken_back() {
    let bank = Bank::broken_into(60);
    bank.contain();
    let vault = &bank.world.vault;
    assert_eq!(bank.clocks_of(POSSIBLE), (60, 0), "the clock of the possibility runs");
    // It is no notice of a leak, has no supplement, and there is nothing to take back.
    for (duty, stage) in
        [(NOTICE, Stage::First), (POSSIBLE, Stage::Supplement), (RETRACTION, Stage::First)]
    {
        assert_eq!(code(bank.write(duty, stage)), "response.refused", "{duty}");
    }
    let seq = bank.approved_for(POSSIBLE);
    let draft = notice::find(vault, bank.id, seq).unwrap();
    let written = (draft.written.template.as_str(), draft.written.stage.as_str());
    assert_eq!(written, ("leak_possible", "possibility"));
    let preview = notice::preview(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(preview.people, 60, "everybody in the processor's copy, and no canary");
    let korean = &preview.texts[&Language::Ko];
    // What got out is not known: all that is held may have.
    for said in ["가능성", "연계정보(CI)", "이름", "11월 20일 사이", "다시 알려 드리겠습니다"]
    {
        assert!(korean.contains(said), "{said}");
    }
    assert!(!korean.contains("법정손해배상"), "no right is claimed that the text does not ask for");
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    notice::plan(vault, bank.id, seq, "main", &actor()).unwrap();
    assert_eq!(bank.send(seq, &smsc).counts.delivered, 60);
    notice::finish(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!((bank.clocks_of(POSSIBLE), bank.state(seq)), ((0, 60), DraftState::Sent));

    // It proves untrue: now taking it back is due, and that it was sent is on record already.
    bank.world.wait_hours(24);
    incident::learn(vault, bank.id, &[("certainty", "refuted")], &actor()).unwrap();
    docket::start(vault, bank.id, &actor()).unwrap();
    assert_eq!(bank.clocks_of(RETRACTION), (60, 0));
    let seq = bank.approved_for(RETRACTION);
    let preview = notice::preview(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(preview.people, 60);
    for (language, said, day) in [
        (Language::Ko, "유출되지 않은 것으로 확인", "2026년 11월 23일"),
        (Language::En, "your data did not get out", "23 November 2026"),
    ] {
        let text = &preview.texts[&language];
        assert!(text.contains(said) && text.contains(day), "{text}");
    }
    notice::plan(vault, bank.id, seq, "main", &actor()).unwrap();
    assert_eq!(bank.send(seq, &smsc).counts.delivered, 60);
    notice::finish(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(bank.clocks_of(RETRACTION), (0, 60));
    let texted = smsc.log().texted;
    assert_eq!(texted.len(), 60);
    assert!(texted.values().all(|times| *times == 2), "a warning, and that it was none");
}

#[test]
fn those_who_are_known_to_be_hit_are_not_told_that_they_may_be() {
    let bank = Bank::broken_into(60);
    bank.contain();
    let vault = &bank.world.vault;
    let trace = bank.world.trace(20);
    incident::attach(vault, bank.id, trace, vault.now(), &actor()).unwrap();
    let hit = incident::people(vault, bank.id).unwrap().len();
    assert!(hit > 0 && hit < 60);
    let seq = bank.write(POSSIBLE, Stage::First).unwrap();
    let preview = notice::preview(vault, bank.id, seq, &actor()).unwrap();
    assert_eq!(preview.people, 60 - hit);
}
