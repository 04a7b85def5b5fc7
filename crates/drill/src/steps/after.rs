//! After the file turned up: whose data, whose copy, what must be done, and what shows that it was.

use std::fs::File;
use std::path::PathBuf;

use doldam_ground::Kind;
use doldam_ground::ids::{IncidentId, TraceId};
use doldam_response::clock::{ClockState, Evidence};
use doldam_response::contain::{self, Domains, Order};
use doldam_response::docket::{self, Clocks};
use doldam_response::incident::{self, Opening, Source};
use doldam_response::words::{EvidenceKind, Word};
use doldam_response::{notice, report, timeline};
use doldam_scanner::read::table::TableOptions;
use doldam_scanner::report::{Report, scan_paths};
use doldam_scanner::{ScanOptions, WalkOptions};
use doldam_store::audit::{self, Verdict};
use doldam_trace::intake::{take_in, trace_evidence};

use super::telling::{CONTACT, NAME_EN};
use super::{Given, House, PURPOSE, expect, officer};
use crate::error::DrillError;

const REPORT: &str = "kr-pipa-report-2026";

/// Finds the file by what is in it, not by its name.
pub(crate) fn scan(house: &House) -> Result<PathBuf, DrillError> {
    let mut found = Report::default();
    let (walk, scan) = (WalkOptions::default(), ScanOptions::default());
    let outside = [house.folder.path().join("outside")];
    scan_paths(&outside, &walk, &scan, &mut |event| found.observe(event));
    let ours = found.files().iter().filter(|file| file.kinds.contains_key(&Kind::PSEUDONYM));
    let paths: Vec<PathBuf> = ours.map(|file| file.locator.path().to_owned()).collect();
    expect("files that hold our pseudonyms", 1, paths.len() as u64)?;
    Ok(paths.into_iter().next().unwrap_or_default())
}

/// Seals the file as evidence and says whose data it holds and whose copy it is.
pub(crate) fn trace(
    house: &House,
    file: &PathBuf,
    given: &Given,
    subjects: u32,
) -> Result<TraceId, DrillError> {
    let mut source = File::open(file)?;
    let held = take_in(&house.vault, &mut source, &officer(), PURPOSE)?;
    let options = TableOptions::default();
    let clock = &*house.clock;
    let traced = trace_evidence(&house.vault, &held, &options, &officer(), PURPOSE, clock)?;
    let report = &traced.trace.report;
    expect("people on the signed list", u64::from(subjects), report.subjects.exact)?;
    let first = report.processors.first().map(|holder| holder.id.as_str());
    let is_theirs = first == Some(given.processor.to_string().as_str());
    expect("copies that are the developer's", 1, u64::from(is_theirs))?;
    Ok(traced.id)
}

/// Opens the incident, puts the people of the signed list on it, and answers what is known.
pub(crate) fn open(
    house: &House,
    given: &Given,
    trace: TraceId,
    subjects: u32,
) -> Result<IncidentId, DrillError> {
    let now = house.vault.now();
    let opening = Opening {
        title: "Rehearsal: a developer's copy in a repository".to_owned(),
        source: Source::Finding,
        processor: Some(given.processor),
        aware_at: now,
    };
    let id = incident::open(&house.vault, &opening, &officer())?;
    incident::attach(&house.vault, id, trace, now, &officer())?;
    let occurred = format!("{}..{}", now.plus_days(-30).to_rfc3339(), now.to_rfc3339());
    let mut answers: Vec<(&str, &str)> =
        FACTS.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
    answers.push(("occurred_at", &occurred));
    // The signed list says "at least"; that there is no second copy is a person's answer.
    let count = subjects.to_string();
    answers.push(("subjects", &count));
    incident::learn(&house.vault, id, &answers, &officer())?;
    Ok(id)
}

/// Cuts the developer off.
pub(crate) fn contain(house: &House, id: IncidentId, given: &Given) -> Result<(), DrillError> {
    let actor = officer();
    let reason = "its copy was found outside, in a rehearsal";
    let order = Order { incident: id, processor: given.processor, actor: &actor, reason };
    let proofs = contain::contain(&house.vault, &order, &[&Domains(&house.vault)])?;
    expect("proofs of containment", 1, proofs.len() as u64)
}

/// Starts the clock of every duty that is due; gives how many.
pub(crate) fn start_clocks(house: &House, id: IncidentId) -> Result<u64, DrillError> {
    let started = docket::start(&house.vault, id, &officer())?;
    let all = docket::read(&house.vault, id)?;
    let undecided = all.iter().filter(|one| one.is_undecided()).count();
    expect("duties that are not decided", 0, undecided as u64)?;
    expect("clocks that run", started, all.iter().filter(|one| one.is_open()).count() as u64)?;
    Ok(started)
}

/// Drafts the report to the regulator; gives how many of its answers are unknown.
pub(crate) fn report(house: &House, id: IncidentId) -> Result<u64, DrillError> {
    let (vault, actor) = (&house.vault, officer());
    let draft = report::draft(vault, id, REPORT, Some(NAME_EN), Some(CONTACT), &actor)?;
    let items = draft["items"].as_object();
    Ok(items.map_or(0, |items| report::unknowns(items) as u64))
}

/// Stops every clock that still runs on evidence of a kind that its row of the rule table takes: a
/// posting for whoever was not reached, the log of the containment, the regulator's receipt.
pub(crate) fn evidence(house: &House, id: IncidentId, seq: u32) -> Result<(), DrillError> {
    notice::finish(&house.vault, id, seq, &officer())?;
    for standing in docket::read(&house.vault, id)?.iter().filter(|one| one.is_open()) {
        let rule = standing.duty.rule;
        let kind = match &standing.clocks {
            Clocks::Each(_) => EvidenceKind::PostingProof,
            Clocks::One(_) => rule.clock.stops_on[0],
        };
        let evidence = Evidence { kind, reference: format!("drill:{}", kind.id()).parse()? };
        let now = house.vault.now();
        docket::stop(&house.vault, id, &rule.id, &evidence, now, None, &officer())?;
    }
    let late = docket::read(&house.vault, id)?.into_iter().filter(|one| match &one.clocks {
        Clocks::One(reading) => reading.state == ClockState::Stopped { late: true },
        Clocks::Each(summary) => summary.stopped_late > 0,
    });
    expect("clocks that were stopped late", 0, late.count() as u64)
}

/// Closes the incident: refused while anything is open.
pub(crate) fn close(house: &House, id: IncidentId) -> Result<(), DrillError> {
    Ok(incident::close(&house.vault, id, &"drill:minutes".parse()?, &officer())?)
}

/// Checks the access log from its first row; gives how many lines the timeline has.
pub(crate) fn verify(house: &House, id: IncidentId) -> Result<u64, DrillError> {
    let verdict = house.vault.data().read("drill.verify", |tx| audit::verify(tx, None))?;
    let holds = matches!(verdict, Verdict::Intact { .. });
    expect("access logs that hold", 1, u64::from(holds))?;
    Ok(timeline::read(&house.vault, id, 0)?.len() as u64)
}

/// What a bank answers about itself and about this leak.
const FACTS: &str = "
    subject_to(KR)=yes role(controller)=yes role(financial_company)=yes role(ci_user)=yes
    role(processor)=no role(recipient)=no role(virtual_asset_exchange)=no role(us_registrant)=no
    info_service_provider=yes public_body=no isms_p_mandatory=no
    held_subjects=>=1000000 ci_received=>=1000000 turnover_krw=>=1000000000000
    kinds_held=ci,nickname,name,phone
    nis2_entity=no dora_entity=no nydfs_entity=no us_bank=no us_bank_service=no
    ftc_safeguards_entity=no hipaa_entity=no
    certainty=confirmed event=leak path=processor_copy relation=outsourcing leaked_at_processor=yes
    kinds=ci,nickname residents_of(*)=0
    contact_unknown=no was_possible=no possible_notice_sent=no intrusion=no encrypted=no
    takedown_requested=no no_longer_needed=no subprocessing=no new_fact_confirmed=no
    request=none mediation=none order=none court_order=none claim=none refuse=no
    channel=sms message_is_advert=no local_time=14:00
    fds_suspects_fraud_account=no shared_suspect_info=no temp_measure_taken=no relief_requested=no
    police_request=no id_check_failed=no efsr_reported=no closed=no outage_minutes=0
    data_or_program_manipulated=no intrusion_with_user_loss=no electronic_finance_disrupted=no";
