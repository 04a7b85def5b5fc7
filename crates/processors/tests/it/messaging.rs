//! Texts that processors ask for: what they are answered, who is texted, and who is not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use doldam_ground::ids::{ApprovalId, MessageId, Ordinal, ProcessorId};
use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii};
use doldam_notify::Gateway;
use doldam_processors::{
    Caller, MessageState, NewText, Processors, ProcessorsError, RegisteredText, Turn, Values,
};
use doldam_store::audit;
use doldam_synthetic::smsc::{Faults, Smsc};
use doldam_synthetic::{People, Seed};
use doldam_vault::disclosure::DropFile;
use doldam_vault::{StaffMember, Vault};

use crate::world::{World, actor, disclose, writer};

/// Two people, because one alone registers nothing.
pub(crate) struct Two {
    asks: StaffMember,
    agrees: StaffMember,
}

pub(crate) fn two(vault: &Vault) -> Two {
    let member = |name: &str, role: &str| {
        let secret = Pii::new(format!("the long secret of {name}"));
        vault.staff_add(name, role, &secret, &actor()).unwrap();
        vault.staff_prove(name, &secret).unwrap()
    };
    Two { asks: member("sora", "engineer"), agrees: member("bora", "approver") }
}

pub(crate) fn text(name: &str) -> NewText {
    let texts = [
        (Language::Ko, "[돌담은행] {{ what }} 안내입니다. 문의 1599-0000"),
        (Language::En, "[Doldam Bank] About {{ what }}. Ask 1599-0000"),
    ];
    NewText {
        name: name.to_owned(),
        texts: texts.map(|(language, text)| (language, text.to_owned())).into(),
        allowed: vec!["1599-0000".to_owned()],
    }
}

fn register(desk: &Processors, two: &Two, processor: ProcessorId, name: &str) -> RegisteredText {
    desk.template_register(processor, &text(name), two.asks, &actor()).unwrap()
}

fn agree(vault: &Vault, two: &Two, approval: ApprovalId) {
    vault.approve(approval, two.agrees, &actor()).unwrap();
}

/// A text that may be used.
pub(crate) fn agreed(desk: &Processors, vault: &Vault, two: &Two, processor: ProcessorId) {
    let registered = register(desk, two, processor, "order");
    agree(vault, two, registered.approval);
}

/// The first column of a delivery: pseudonyms of CIs.
pub(crate) fn pseudonyms(file: &DropFile) -> Vec<String> {
    let text = String::from_utf8(file.csv.clone()).unwrap();
    text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

pub(crate) fn ask(
    desk: &Processors,
    caller: &Caller,
    to: &str,
    what: &str,
) -> Result<MessageId, ProcessorsError> {
    let values: BTreeMap<_, _> = [("what".to_owned(), what.to_owned())].into();
    desk.message_ask(caller, &to.to_owned().into(), "order", &Values::new(values), &actor())
}

/// An account with short time-outs.
pub(crate) fn gateway(address: &str) -> Gateway {
    let mut gateway = Gateway::new("messages", address, "bank", Pii::new("secret".to_owned()));
    "15990000".clone_into(&mut gateway.sender);
    gateway.response_us = 400_000;
    gateway.throttle_pause_us = 500;
    gateway.reconnect_us = 1_000;
    gateway.receipt_wait_us = 250_000;
    gateway.lease_us = 400_000;
    gateway
}

fn turn(desk: &Processors, smsc: &Smsc) -> Turn {
    let gateway = gateway(&smsc.address().to_string());
    desk.messenger(&gateway).turn(&AtomicBool::new(false)).unwrap()
}

fn states(desk: &Processors, caller: &Caller, ids: &[MessageId]) -> Vec<&'static str> {
    let state = |id: &MessageId| desk.message_state(*id, caller.processor).unwrap().word();
    ids.iter().map(state).collect()
}

/// The actions of the access log behind a row, with what each is about.
fn log(vault: &Vault, after: u64) -> Vec<(String, String, u32)> {
    let rows = vault.data().read("test.audit", |tx| audit::rows(tx, after, 100)).unwrap();
    rows.into_iter().map(|row| (row.action, row.object, row.subject_count)).collect()
}

fn rows(vault: &Vault) -> u64 {
    vault.audit_verify(None).unwrap().rows
}

/// The number of a person, as the gateway sees it.
fn number_of(index: u32) -> String {
    let phone = People::new(&Seed::new(7)).person(index).phone;
    Kind::PHONE.normalise(phone.expose()).unwrap().expose().clone()
}

/// The pseudonym of one enrolled person in a delivery.
fn pseudonym_of(vault: &Vault, file: &DropFile, index: u32) -> String {
    let ci = People::new(&Seed::new(7)).person(index).ci;
    let ordinal = vault.subject_by_value(Kind::CI, &ci).unwrap();
    let place = order_of(vault, file).iter().position(|one| *one == ordinal).unwrap();
    pseudonyms(file)[place].clone()
}

fn order_of(vault: &Vault, file: &DropFile) -> Vec<Ordinal> {
    let facts = vault.disclosures().unwrap();
    let held = facts.iter().find(|facts| facts.row.id == file.id).unwrap();
    doldam_vault::disclosure::order_from_bytes(&held.row.row_order)
}

/// The pseudonym of a canary in a delivery.
fn canary_of(vault: &Vault, file: &DropFile) -> String {
    let place = order_of(vault, file).iter().position(|one| one.is_canary()).unwrap();
    pseudonyms(file)[place].clone()
}

#[test]
fn a_person_is_texted_once_and_the_processor_sees_no_number() {
    let world = World::passing();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    agreed(&desk, &vault, &two(&vault), file.processor.id);
    let caller = writer(&desk, file.processor.id);
    let before = rows(&vault);
    let to = pseudonym_of(&vault, &file, 3);
    let id = ask(&desk, &caller, &to, "작품 교환").unwrap();
    assert_eq!(states(&desk, &caller, &[id]), ["queued"]);
    let asked = ("message.ask".to_owned(), format!("{id} W-1"), 1);
    assert_eq!(log(&vault, before), [asked]);
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    assert_eq!(turn(&desk, &smsc), Turn { taken: 1, dropped: 0, left: 0 });
    assert_eq!(states(&desk, &caller, &[id]), ["delivered"]);
    assert_eq!(smsc.log().texted, [(number_of(3), 1)].into());
    let opened = log(&vault, before)[1].clone();
    assert_eq!(opened, ("subject.reveal_many".to_owned(), "N-1".to_owned(), 1));
    // Nothing is left to send, and nothing of what was said is kept.
    assert_eq!(turn(&desk, &smsc), Turn::default());
    assert_eq!(smsc.messages(), 1);
    let held = vault.data().read("test.find", |tx| {
        doldam_store::message::of_dispatch(tx, doldam_ground::ids::DispatchId::new(1))
    });
    assert!(held.unwrap().is_empty());
}

#[test]
fn what_is_not_theirs_is_taken_like_any_other_and_reaches_nobody() {
    let world = World::passing();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let two = two(&vault);
    let ours = disclose(&vault, "Builder").unwrap();
    let others = disclose(&vault, "Other").unwrap();
    agreed(&desk, &vault, &two, ours.processor.id);
    let caller = writer(&desk, ours.processor.id);
    let (member, gone) = (pseudonym_of(&vault, &ours, 3), pseudonym_of(&vault, &ours, 4));
    let erased = vault.subject_by_value(Kind::CI, &People::new(&Seed::new(7)).person(4).ci);
    vault.erase(erased.unwrap(), &actor(), "integration test").unwrap();
    let (foreign, canary) = (pseudonym_of(&vault, &others, 3), canary_of(&vault, &ours));
    let nickname = String::from_utf8(ours.csv.clone()).unwrap();
    let nickname = nickname.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    let ids: Vec<MessageId> = [&member, &gone, &foreign, &canary, &nickname, "nobody"]
        .iter()
        .map(|to| ask(&desk, &caller, to, "작품").unwrap())
        .collect();
    assert!(states(&desk, &caller, &ids).iter().all(|state| *state == "queued"));
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    assert_eq!(turn(&desk, &smsc).taken, 6);
    let expected = ["delivered", "failed", "failed", "delivered", "failed", "failed"];
    assert_eq!(states(&desk, &caller, &ids), expected, "a canary reads like anybody");
    assert_eq!(smsc.log().texted, [(number_of(3), 1)].into());
    let leads: Vec<_> = log(&vault, 0)
        .into_iter()
        .filter(|(action, ..)| action.starts_with("message.") && action != "message.ask")
        .filter(|(action, ..)| action != "message.register")
        .collect();
    let lead =
        |action: &str, id: MessageId, about: &str| (action.to_owned(), format!("{id} {about}"), 0);
    let expected = [lead("message.foreign", ids[2], "M-3"), lead("message.canary", ids[3], "D-1")];
    assert_eq!(leads, expected);
    // Another processor's message is not there, like one that never was.
    let stranger = writer(&desk, others.processor.id);
    for id in [ids[0], MessageId::new(99)] {
        let state = desk.message_state(id, stranger.processor);
        assert!(matches!(state, Err(ProcessorsError::NoMessage(_))));
    }
    // A suspended domain is no other answer either.
    let domain = vault.domains().unwrap()[0].id;
    vault.domain_suspend(domain, &actor(), "integration test").unwrap();
    let id = ask(&desk, &caller, &member, "작품").unwrap();
    turn(&desk, &smsc);
    assert_eq!(states(&desk, &caller, &[id]), ["failed"]);
    assert_eq!(smsc.messages(), 1);
}

#[test]
fn limits_are_those_of_the_pseudonym_whatever_it_stands_for() {
    let world = World::new();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    agreed(&desk, &vault, &two(&vault), file.processor.id);
    let caller = writer(&desk, file.processor.id);
    for to in [pseudonym_of(&vault, &file, 3).as_str(), &canary_of(&vault, &file), "nobody"] {
        for _ in 0..3 {
            ask(&desk, &caller, to, "작품").unwrap();
        }
        assert!(matches!(ask(&desk, &caller, to, "작품"), Err(ProcessorsError::TooMany)));
    }
    world.clock.advance_days(1);
    ask(&desk, &caller, "nobody", "작품").unwrap();
    for wrong in [String::new(), "x".repeat(129)] {
        assert!(matches!(ask(&desk, &caller, &wrong, "작품"), Err(ProcessorsError::Invalid(_))));
    }
}

#[test]
fn a_person_is_texted_five_times_a_day_whoever_asks() {
    let world = World::passing();
    let vault = world.create(5);
    let desk = world.desk(&vault);
    let two = two(&vault);
    let mut asked = Vec::new();
    for name in ["Builder", "Other"] {
        let file = disclose(&vault, name).unwrap();
        agreed(&desk, &vault, &two, file.processor.id);
        let caller = writer(&desk, file.processor.id);
        let to = pseudonym_of(&vault, &file, 3);
        for _ in 0..3 {
            asked.push((caller.clone(), ask(&desk, &caller, &to, "작품").unwrap()));
        }
    }
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    let turns: Vec<Turn> = (0..6).map(|_| turn(&desk, &smsc)).collect();
    // One at a time, so that nobody gets a heap of texts, and the sixth is given up.
    assert!(turns[..5].iter().all(|turn| (turn.taken, turn.dropped) == (1, 0)), "{turns:?}");
    assert_eq!((turns[5].taken, turns[5].dropped), (0, 1));
    let state =
        |(caller, id): &(Caller, MessageId)| desk.message_state(*id, caller.processor).unwrap();
    let states: Vec<MessageState> = asked.iter().map(state).collect();
    assert_eq!(states.iter().filter(|state| **state == MessageState::Delivered).count(), 5);
    assert_eq!(states[5], MessageState::Failed);
    assert_eq!(smsc.messages(), 5);
}

#[test]
fn a_text_is_used_once_a_second_person_agreed_and_only_by_its_processor() {
    let world = World::new();
    let vault = world.create(5);
    let desk = world.desk(&vault);
    let two = two(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    let id = file.processor.id;
    let caller = writer(&desk, id);
    let to = pseudonym_of(&vault, &file, 3);
    let refused = |what: &str| ask(&desk, &caller, &to, what).map_err(|error| error.code());
    let registered = register(&desk, &two, id, "order");
    assert_eq!(
        (registered.version, registered.variables.as_slice()),
        (1, &["what".to_owned()][..])
    );
    assert_eq!(refused("작품"), Err("processors.no_template"));
    assert!(vault.approve(registered.approval, two.asks, &actor()).is_err(), "nobody alone");
    agree(&vault, &two, registered.approval);
    assert!(refused("작품").is_ok());
    assert_eq!(refused("evil.example"), Err("processors.unfit"));
    assert_eq!(refused("010-1234-5678"), Err("processors.unfit"));
    let other = disclose(&vault, "Other").unwrap();
    let theirs = writer(&desk, other.processor.id);
    let theirs = ask(&desk, &theirs, &to, "작품").map_err(|error| error.code());
    assert_eq!(theirs, Err("processors.no_template"));
    let wrong = NewText { name: "Order 1".to_owned(), ..text("order") };
    assert!(desk.template_register(id, &wrong, two.asks, &actor()).is_err());
    let wrong = NewText { allowed: Vec::new(), ..text("order") };
    let error = desk.template_register(id, &wrong, two.asks, &actor()).unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("1599")), ("processors.unfit", false));
    assert_eq!(desk.templates(id).unwrap().len(), 1);
    assert!(desk.templates(ProcessorId::new(99)).is_err());
}

#[test]
fn a_cut_ends_what_waits_and_what_comes_late() {
    let world = World::passing();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let two = two(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    let other = disclose(&vault, "Other").unwrap();
    let (builder, bystander) = (file.processor.id, other.processor.id);
    agreed(&desk, &vault, &two, builder);
    agreed(&desk, &vault, &two, bystander);
    let (ours, theirs) = (writer(&desk, builder), writer(&desk, bystander));
    let to = pseudonym_of(&vault, &file, 3);
    let id = ask(&desk, &ours, &to, "작품").unwrap();
    let kept = ask(&desk, &theirs, &pseudonym_of(&vault, &other, 5), "작품").unwrap();
    let proof = desk.cut(builder, &actor(), "a leaked file").unwrap();
    let part = proof.parts.last().unwrap();
    assert_eq!((part.credential, part.revoked), ("messages that wait", 1));
    assert_eq!(states(&desk, &ours, &[id]), ["failed"]);
    // A request that was let in before the cut comes too late.
    let late = ask(&desk, &ours, &to, "작품").map_err(|error| error.code());
    assert_eq!(late, Err("store.state"));
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    assert_eq!(turn(&desk, &smsc).taken, 1);
    assert_eq!(states(&desk, &theirs, &[kept]), ["delivered"]);
    assert_eq!(smsc.log().texted, [(number_of(5), 1)].into());
}

#[test]
fn a_message_that_waited_too_long_is_given_up() {
    let world = World::new();
    let vault = world.create(5);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    agreed(&desk, &vault, &two(&vault), file.processor.id);
    let caller = writer(&desk, file.processor.id);
    let id = ask(&desk, &caller, &pseudonym_of(&vault, &file, 3), "작품").unwrap();
    // Nobody listens there: what cannot be sent waits.
    let nobody = Gateway { reconnects_max: 1, ..gateway("127.0.0.1:1") };
    let messenger = desk.messenger(&nobody);
    world.clock.advance_days(1);
    let turn = messenger.turn(&AtomicBool::new(false)).unwrap();
    assert_eq!((turn.taken, turn.dropped), (0, 1));
    assert_eq!(states(&desk, &caller, &[id]), ["failed"]);
}

#[test]
fn what_cannot_be_sent_now_is_sent_later() {
    let world = World::passing();
    let vault = world.create(5);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    agreed(&desk, &vault, &two(&vault), file.processor.id);
    let caller = writer(&desk, file.processor.id);
    let id = ask(&desk, &caller, &pseudonym_of(&vault, &file, 3), "작품").unwrap();
    let before = rows(&vault);
    let nobody = Gateway { reconnects_max: 1, ..gateway("127.0.0.1:1") };
    let messenger = desk.messenger(&nobody);
    let end = messenger.turn(&AtomicBool::new(false));
    assert!(matches!(end, Err(ProcessorsError::Notify(_))));
    assert_eq!(states(&desk, &caller, &[id]), ["queued"]);
    assert_eq!(rows(&vault), before, "no number was opened for a gateway that is not there");
    let smsc = Arc::new(Smsc::start(Seed::new(1), Faults::default()).unwrap());
    // The worker as the server runs it: until it is stopped.
    let stop = AtomicBool::new(false);
    let somebody = gateway(&smsc.address().to_string());
    std::thread::scope(|scope| {
        let messenger = desk.messenger(&somebody);
        let stop = &stop;
        scope.spawn(move || messenger.run(stop, &|error| panic!("{error}")));
        let mut tries = 0;
        while states(&desk, &caller, &[id]) != ["delivered"] && tries < 500 {
            std::thread::park_timeout(std::time::Duration::from_millis(20));
            tries += 1;
        }
        stop.store(true, std::sync::atomic::Ordering::Release);
    });
    assert_eq!(states(&desk, &caller, &[id]), ["delivered"]);
    assert_eq!(smsc.log().texted, [(number_of(3), 1)].into());
}
