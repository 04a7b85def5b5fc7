//! Every row of the rule table, once due and once not: the facts that make it due, and the one
//! change that makes it not due (`no`) or undecided (`?`).

use std::collections::BTreeSet;

use doldam_response::duty::{Answer, RuleTable};

use crate::bank::{answer, seoul};

/// What several rows start from.
const BASES: &[(&str, &str)] = &[
    ("-", ""),
    ("KR", "subject_to(KR)=yes role(controller)=yes"),
    (
        "OLD",
        "subject_to(KR)=yes role(controller)=yes aware_at=2026-06-30T00:00:00Z certainty=confirmed event=leak",
    ),
    (
        "NEW",
        "subject_to(KR)=yes role(controller)=yes aware_at=2026-09-11T00:00:00Z certainty=confirmed event=alteration",
    ),
    ("PROC", "subject_to(KR)=yes role(processor)=yes aware_at=2026-10-01T00:00:00Z"),
    (
        "CAN",
        "subject_to(KR)=yes role(controller)=yes possibility_known_at=2026-10-01T00:00:00Z certainty=possible",
    ),
    ("ASK", "subject_to(KR)=yes role(controller)=yes request_at=2026-10-01T00:00:00Z"),
    (
        "BANK",
        "subject_to(KR)=yes role(financial_company)=yes aware_at=2026-10-01T00:00:00Z certainty=confirmed",
    ),
    ("EU", "role(controller)=yes aware_at=2026-10-01T00:00:00Z residents_of(EU)=1"),
    ("NIS", "role(controller)=yes aware_at=2026-10-01T00:00:00Z nis2_entity=yes significant=yes"),
    ("DORA", "role(financial_company)=yes aware_at=2026-10-01T00:00:00Z dora_entity=yes major=yes"),
    ("GB", "role(controller)=yes aware_at=2026-10-01T00:00:00Z residents_of(GB)=1"),
    (
        "US",
        "role(controller)=yes aware_at=2026-10-01T00:00:00Z discovered_at=2026-10-01T00:00:00Z encrypted=no",
    ),
    ("AGENT", "role(processor)=yes aware_at=2026-10-01T00:00:00Z"),
    ("FIN", "role(financial_company)=yes aware_at=2026-10-01T00:00:00Z"),
    (
        "HIPAA",
        "role(controller)=yes aware_at=2026-10-01T00:00:00Z encrypted=no hipaa_entity=yes kinds=name,health",
    ),
    (
        "JP",
        "role(controller)=yes aware_at=2026-10-01T00:00:00Z residents_of(JP)=1 jp_strong_encryption=no kinds=name,+",
    ),
    ("SG", "role(controller)=yes aware_at=2026-10-01T00:00:00Z residents_of(SG)=1"),
];

/// `rule | base | more facts that make it due | the change | what it makes of it`
const ROWS: &str = "
kr-pipa-notice-2023 | OLD | | aware_at=2026-09-11T00:00:00Z | no
kr-pipa-posting-2023 | OLD | contact_unknown=yes | contact_unknown=no | no
kr-pipa-containment-2023 | OLD | occurred_at=2025-09-30T00:00:00Z | occurred_at=..2026-06-30T00:00:00Z | ?
kr-pipa-report-2023 | OLD | subjects=1000 | subjects=999 path=insider_error kinds=ci | no
kr-pipa-notice-2026 | NEW | | certainty=possible | no
kr-pipa-posting-2026 | NEW | contact_unknown=yes | contact_unknown=no | no
kr-pipa-possible-access-2026 | CAN | possible_reason=illegal_access subjects_unidentified=yes | possible_reason=partial_proof | no
kr-pipa-possible-partial-2026 | CAN | possible_reason=partial_proof | possibility_known_at=2026-09-10T14:59:59Z | no
kr-pipa-possible-posting-2026 | CAN | contact_unknown=yes | certainty=confirmed | no
kr-pipa-upgrade-2026 | NEW | was_possible=yes | was_possible=no | no
kr-pipa-retraction-2026 | CAN | certainty=refuted possible_notice_sent=yes | possible_notice_sent=no | no
kr-pipa-containment-2026 | NEW | occurred_at=2026-09-11T00:00:00Z | occurred_at=2026-09-10T14:59:59Z | no
kr-pipa-report-2026 | NEW | subjects=1 path=external_access | recovered=scan:77 | no
kr-pipa-takedown | KR | event=public_exposure takedown_requested=yes | takedown_requested=no | no
kr-pipa-processor-tells-controller | PROC | certainty=possible relation=outsourcing leaked_at_processor=yes | relation=provision | no
kr-guideline-proof-of-knowing | KR | event=loss | event=none | no
kr-guideline-manual | KR | held_subjects=>=1000 public_body=no | held_subjects=999 | no
kr-pipa-contract | KR | relation=outsourcing | relation=own | no
kr-pipa-publish-processors | KR | relation=outsourcing | relation=provision | no
kr-pipa-supervise | KR | relation=outsourcing | role(controller)=no | no
kr-pipa-subprocessing | PROC | subprocessing=yes | subprocessing=no | no
kr-guideline-destroy-5d | KR | no_longer_needed=yes | no_longer_needed=no | no
kr-notice-logs-1y | KR | held_subjects=49999 kinds_held=ci,name | held_subjects=50000 | no
kr-notice-logs-2y | KR | held_subjects=10 kinds_held=rrn,+ | kinds_held=ci,+ | ?
kr-notice-grants-3y | KR | | subject_to(KR)=no | no
kr-pipa-access-10d | ASK | request=access | request=none | no
kr-pipa-correct-10d | ASK | request=erase | request=access | no
kr-pipa-stop-10d | ASK | request=withdraw_consent | request=object | no
kr-pipa-automated-30d | ASK | request=refuse_automated | request_at=2024-03-14T00:00:00Z | no
kr-pipa-insurance | KR | turnover_krw=1000000000 held_subjects=10000 | turnover_krw=999999999 | no
kr-pipa-court-documents | ASK | court_order=produce_documents | court_order=none | no
kr-pipa-mediation-refusal-10d | ASK | mediation=notified refuse=yes | refuse=no | no
kr-pipa-mediation-15d | ASK | mediation=proposal_received | mediation=notified | no
kr-pipa-63-2-answer-10d | ASK | order=corrective_recommendation | order=none | no
kr-neta-incident-24h | NEW | info_service_provider=yes intrusion=yes | intrusion=no | no
kr-neta-incident-supplement-24h | NEW | info_service_provider=yes intrusion=yes new_fact_confirmed=yes | new_fact_confirmed=no | no
kr-ci-user-safeguards | KR | role(ci_user)=yes kinds_held=ci,+ | kinds_held=name | no
kr-ci-inspection | ASK | role(ci_user)=yes ci_received=1000 | ci_received=0..999 | no
kr-neta-night-adverts | KR | message_is_advert=yes local_time=21:00 | local_time=08:00 | no
kr-tba-caller-number | KR | channel=sms | channel=email | no
kr-cia-notice | BANK | kinds=account,name | kinds=ci,nickname | no
kr-cia-publicise-10000 | BANK | credit_info=yes subjects=10000 | subjects=9999 | no
kr-cia-report-10000 | BANK | credit_info=yes subjects=>=10000 | subjects=>=9999 | ?
kr-cia-report-commerce | NEW | role(financial_company)=no credit_info=yes subjects=10000 | role(financial_company)=yes | no
kr-efta-21-5 | BANK | intrusion=yes electronic_finance_disrupted=yes | electronic_finance_disrupted=no | no
kr-efsr-73-initial | BANK | outage_minutes=10 service_members=10000 | outage_minutes=9 data_or_program_manipulated=no intrusion_with_user_loss=no | no
kr-efsr-73-interim | BANK | efsr_reported=yes closed=no | closed=yes | no
kr-efta-error-14d | BANK | request_at=2026-10-01T00:00:00Z claim=transaction_error | claim=none | no
kr-tfr-temp-measure-2024 | BANK | occurred_at=2026-09-30T14:59:59Z fds_suspects_fraud_account=yes | occurred_at=2026-09-30T15:00:00Z | no
kr-tfr-temp-measure-2026 | BANK | occurred_at=2026-09-30T15:00:00Z shared_suspect_info=yes | occurred_at=2026-09-30T14:59:59Z | no
kr-tfr-tell-and-verify | BANK | occurred_at=2026-09-01T00:00:00Z temp_measure_taken=yes | role(financial_company)=no role(virtual_asset_exchange)=yes | no
kr-tfr-records-5y | BANK | occurred_at=2026-09-30T15:00:00Z temp_measure_taken=yes role(financial_company)=no role(virtual_asset_exchange)=yes | temp_measure_taken=no | no
kr-tfr-payment-stop | BANK | occurred_at=2026-09-01T00:00:00Z id_check_failed=yes | id_check_failed=no relief_requested=no police_request=no shared_suspect_info=no | no
eu-gdpr-33-1 | EU | risk=risk certainty=confirmed | risk=none | no
eu-gdpr-33-2 | EU | role(processor)=yes | residents_of(EU)=0 | no
eu-gdpr-33-5 | EU | | residents_of(EU)=0..3 | ?
eu-gdpr-34 | EU | risk=high encrypted=no | encrypted=yes | no
eu-gdpr-34-3c | EU | risk=high disproportionate_effort=yes | risk=risk | no
eu-gdpr-12-3 | EU | request=port request_at=2026-10-01T00:00:00Z | request=none | no
eu-nis2-24h | NIS | | significant=no | no
eu-nis2-72h | NIS | | nis2_entity=no | no
eu-nis2-final | NIS | | aware_at=2024-10-16T00:00:00Z | no
eu-dora-initial-4h | DORA | | major=no | no
eu-dora-initial-24h | DORA | | dora_entity=no | no
eu-dora-intermediate | DORA | | role(financial_company)=no role(controller)=yes | no
eu-dora-final | DORA | | aware_at=2025-01-16T00:00:00Z | no
eu-dora-clients | DORA | client_financial_impact=yes | client_financial_impact=no | no
uk-gdpr-33 | GB | risk=high certainty=confirmed | certainty=possible | no
uk-gdpr-34 | GB | risk=high encrypted=no | risk=risk | no
us-ca-persons | US | residents_of(US-CA)=1 us_pi(CA)=yes | aware_at=2025-12-31T00:00:00Z | no
us-ca-ag | US | residents_of(US-CA)=501 | residents_of(US-CA)=500 | no
us-ny-persons | US | residents_of(US-NY)=1 us_pi(NY)=yes | us_pi(NY)=no | no
us-ny-owner | AGENT | residents_of(US-NY)=1 | residents_of(US-NY)=0 | no
us-ny-agencies | US | residents_of(US-NY)=1 | residents_of(US-NY)=0 | no
us-nydfs-72h | FIN | nydfs_entity=yes cybersecurity_incident=yes | nydfs_entity=no | no
us-nydfs-extortion-24h | FIN | nydfs_entity=yes extortion_paid=yes | extortion_paid=no | no
us-tx-persons | US | residents_of(US-TX)=1 us_pi(TX)=yes | encrypted=yes | no
us-tx-ag | US | residents_of(US-TX)=250 | residents_of(US-TX)=249 | no
us-co-persons | US | residents_of(US-CO)=1 us_pi(CO)=yes misuse_likely=yes | misuse_likely=no | no
us-co-ag | US | residents_of(US-CO)=500 | residents_of(US-CO)=499 | no
us-fl-persons | US | residents_of(US-FL)=1 us_pi(FL)=yes | us_pi(FL)=no | no
us-fl-dla | US | residents_of(US-FL)=500 | residents_of(US-FL)=499 | no
us-fl-agent-10d | AGENT | residents_of(US-FL)=1 | role(processor)=no | no
us-de-persons | US | residents_of(US-DE)=1 us_pi(DE)=yes harm_likely=yes | harm_likely=no | no
us-de-ag | US | residents_of(US-DE)=501 | residents_of(US-DE)=500 | no
us-ma-persons | US | residents_of(US-MA)=1 us_pi(MA)=yes | us_pi(MA)=no | no
us-ma-ag-ocabr | US | residents_of(US-MA)=1 us_pi(MA)=yes | residents_of(US-MA)=0 | no
us-md-persons | US | residents_of(US-MD)=1 us_pi(MD)=yes misuse_likely=yes | misuse_likely=no | no
us-md-ag | US | residents_of(US-MD)=1 us_pi(MD)=yes misuse_likely=yes | us_pi(MD)=no | no
us-hipaa-404 | HIPAA | | kinds=name | no
us-hipaa-406 | HIPAA | any_state_residents=501 | any_state_residents=500 | no
us-hipaa-408-large | HIPAA | subjects=500 | subjects=499 | no
us-hipaa-408-small | HIPAA | subjects=499 | subjects=500 | no
us-hipaa-410 | HIPAA | role(processor)=yes | hipaa_entity=no | no
us-ftc-314-4j | FIN | ftc_safeguards_entity=yes subjects=500 encrypted=no | subjects=499 | no
us-bank-36h | FIN | us_bank=yes notification_incident=yes | us_bank=no | no
us-bank-provider | AGENT | us_bank_service=yes disruption_hours=4 | disruption_hours=3 | no
us-sec-8k-105 | AGENT | role(us_registrant)=yes material=yes | material=no | no
jp-appi-preliminary | JP | subjects=1001 | subjects=1000 jp_property_loss_risk=no jp_sensitive=no jp_wrongful_purpose=no | no
jp-appi-final | JP | kinds=health,+ jp_wrongful_purpose=no | jp_wrongful_purpose=yes | no
jp-appi-final-wrongful | JP | jp_wrongful_purpose=yes | jp_strong_encryption=yes | no
jp-appi-persons | JP | kinds=card | kinds=password_plain subjects=1 jp_wrongful_purpose=no | ?
jp-appi-entrustee | JP | role(processor)=yes subjects=1001 | residents_of(JP)=0 | no
sg-pdpa-assess | SG | | residents_of(SG)=0 | no
sg-pdpa-commission-3d | SG | subjects=500 within_organisation_only=no | within_organisation_only=yes | no
sg-pdpa-persons | SG | significant_harm=yes encrypted=no regulator_forbids=no | regulator_forbids=yes | no
sg-pdpa-intermediary | SG | role(processor)=yes | aware_at=2021-01-31T00:00:00Z | no
kr-pipa-isms-p-2027 | KR | isms_p_mandatory=yes | isms_p_mandatory=no | no
";

struct Row<'t> {
    rule: &'t str,
    due: String,
    changed: String,
    expected: &'t str,
}

fn rows() -> Vec<Row<'static>> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [rule, base, more, change, expected] = cells[..] else { panic!("{line}") };
        let base = BASES.iter().find(|(name, _)| *name == base).unwrap().1;
        let due = format!("{base} {more}");
        Row { rule, changed: format!("{due} {change}"), due, expected }
    };
    ROWS.trim().lines().map(row).collect()
}

#[test]
fn each_row_is_due_on_its_facts_and_not_on_others() {
    for row in rows() {
        let at = match row.rule {
            "kr-pipa-isms-p-2027" => seoul("2027-07-01"),
            _ => seoul("2026-11-23"),
        };
        assert_eq!(answer(row.rule, &row.due, at), Answer::Due, "{}", row.rule);
        let changed = answer(row.rule, &row.changed, at);
        let said = match changed {
            Answer::Due => "due",
            Answer::NotDue => "no",
            Answer::Unknown { .. } => "?",
        };
        assert_eq!(said, row.expected, "{}", row.rule);
    }
}

#[test]
fn no_row_is_left_out() {
    let tested: BTreeSet<&str> = rows().iter().map(|row| row.rule).collect();
    let table: BTreeSet<&str> =
        RuleTable::built_in().rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(tested.len(), rows().len(), "a row is tested twice");
    assert_eq!(tested, table);
}

#[test]
fn a_law_that_is_only_promised_is_not_due_before_its_day() {
    let facts = "subject_to(KR)=yes role(controller)=yes isms_p_mandatory=yes";
    assert_eq!(answer("kr-pipa-isms-p-2027", facts, seoul("2027-06-30T23:59:59")), Answer::NotDue);
}
