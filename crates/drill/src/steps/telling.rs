//! Telling everybody once: a notice that two people agree to, a gateway, receipts, and what a
//! person decides about those in doubt.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use doldam_ground::Pii;
use doldam_ground::ids::IncidentId;
use doldam_notify::encode::{LMS_BYTES, LongText};
use doldam_notify::{Gateway, Summary};
use doldam_response::notice::{self, Company, SendingRules, Stage};
use doldam_response::words::Bilingual;
use doldam_store::notice::Decision;
use doldam_synthetic::smsc::{Faults, Smsc};

use super::{Cast, House, acting, expect, officer};
use crate::error::DrillError;
use crate::outcome::Notices;

/// The duty that the notice fulfils.
const NOTICE: &str = "kr-pipa-notice-2026";
pub(super) const NAME_EN: &str = "Drill Bank";
pub(super) const CONTACT: &str = "Privacy Department";
/// A number of the shape of a sender's; the gateway is the drill's own and dials nobody.
const SENDER: &str = "15990000";
const GATEWAY: &str = "drill";
/// Runs of the sender after which a drill gives up.
const RUNS_MAX: u32 = 50;
const SECOND_US: u64 = 1_000_000;

/// The outside world of a drill: a gateway of its own on the loopback address.
pub(crate) struct Outside {
    smsc: Smsc,
    gateway: Gateway,
}

/// Writes the notice; two who did not write it look at it and agree; everybody is planned.
pub(crate) fn agree(house: &House, cast: &Cast, id: IncidentId) -> Result<u32, DrillError> {
    let both = |ko: &str, en: &str| Bilingual { ko: ko.to_owned(), en: en.to_owned() };
    let company = Company {
        name: both("훈련은행", NAME_EN),
        department: both("개인정보보호부", CONTACT),
        telephone: "1599-0000".to_owned(),
    };
    let rules = SendingRules {
        sender: SENDER.to_owned(),
        senders_registered: vec![SENDER.to_owned()],
        bytes_max: LMS_BYTES,
    };
    let (vault, author) = (&house.vault, cast.author);
    let seq = notice::write(vault, id, NOTICE, Stage::First, &company, &rules, author, &officer())?;
    for (by, name) in cast.approvers.into_iter().zip(["bora", "suho"]) {
        let seen = notice::preview(vault, id, seq, &acting(name))?;
        notice::approve(vault, id, seq, &seen.digest, by, &acting(name))?;
    }
    notice::plan(vault, id, seq, GATEWAY, &officer())?;
    Ok(seq)
}

/// Starts the gateway.
pub(crate) fn gateway(house: &House, faults: Faults) -> Result<Outside, DrillError> {
    let smsc = Smsc::start(house.seed.child("gateway"), faults)?;
    let address = smsc.address().to_string();
    let mut gateway = Gateway::new(GATEWAY, &address, "drill", Pii::new("drill".to_owned()));
    SENDER.clone_into(&mut gateway.sender);
    gateway.long_text = LongText::Payload;
    gateway.response_us = SECOND_US;
    gateway.reconnect_us = SECOND_US / 100;
    gateway.receipt_wait_us = SECOND_US / 4;
    Ok(Outside { smsc, gateway })
}

/// Sends until nobody is planned any more; gives when the first text was on the wire.
pub(crate) fn send(
    house: &House,
    outside: &Outside,
    id: IncidentId,
    seq: u32,
) -> Result<u64, DrillError> {
    let (first_us, ended) = (AtomicU64::new(u64::MAX), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while outside.smsc.messages() == 0 && !ended.load(Ordering::Acquire) {
                thread::park_timeout(Duration::from_millis(1));
            }
            first_us.store(house.clock.elapsed_us(), Ordering::Release);
        });
        let sent = send_all(house, outside, id, seq);
        ended.store(true, Ordering::Release);
        sent
    })?;
    Ok(first_us.into_inner())
}

fn send_all(house: &House, outside: &Outside, id: IncidentId, seq: u32) -> Result<(), DrillError> {
    for _ in 0..RUNS_MAX {
        if run(house, outside, id, seq)?.counts.planned == 0 {
            return Ok(());
        }
    }
    let left = notice::progress(&house.vault, id, seq)?.planned;
    expect("people who wait to be told", 0, left)
}

fn run(house: &House, outside: &Outside, id: IncidentId, seq: u32) -> Result<Summary, DrillError> {
    let stop = AtomicBool::new(false);
    let (vault, gateway, clock) = (&house.vault, &outside.gateway, &*house.clock);
    Ok(notice::send(vault, id, seq, gateway, clock, &stop, &officer())?)
}

/// Waits for the receipts that are still to come, and stops the clocks of whoever was reached.
pub(crate) fn receipts(
    house: &House,
    outside: &Outside,
    id: IncidentId,
    seq: u32,
) -> Result<Notices, DrillError> {
    let before = notice::progress(&house.vault, id, seq)?;
    if before.accepted + before.in_doubt > 0 {
        run(house, outside, id, seq)?;
    }
    let counts = notice::settle(&house.vault, id, seq, &officer())?;
    let log = outside.smsc.log();
    let notices = Notices {
        planned: counts.all(),
        accepted: counts.accepted,
        delivered: counts.delivered,
        failed: counts.failed + counts.expired,
        in_doubt: counts.in_doubt,
        duplicate: log.texted_twice() as u64,
    };
    expect("people who were texted twice", 0, notices.duplicate)?;
    expect("people who were forgotten", 0, counts.planned + counts.intent)?;
    Ok(notices)
}

/// A person decides about each notice in doubt. In a drill nobody is sent a text again: they are
/// told by the posting.
pub(crate) fn resolve(
    house: &House,
    cast: &Cast,
    id: IncidentId,
    seq: u32,
) -> Result<(), DrillError> {
    let reason = "no receipt came; the posting tells whoever was not reached";
    loop {
        let doubts = notice::in_doubt(&house.vault, id, seq)?;
        if doubts.is_empty() {
            return Ok(());
        }
        for doubt in doubts {
            notice::resolve(
                &house.vault,
                id,
                seq,
                doubt.attempt,
                Decision::GiveUp,
                cast.approvers[0],
                reason,
                &acting("bora"),
            )?;
        }
    }
}
