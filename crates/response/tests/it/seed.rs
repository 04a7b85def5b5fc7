//! The case the product began with: a bank learns on 2026-06-30 that its developer's copy of 17,551
//! customers' nicknames and CIs got out. And what would have been different.

use doldam_ground::Instant;
use doldam_ground::locale::Language;
use doldam_response::duty::{Answer, FactName, Reason, RuleTable};

use crate::bank::{answer, due, facts, seoul, unknown};

const BANK: &str = "
    subject_to(KR)=yes role(controller)=yes role(financial_company)=yes role(ci_user)=yes
    role(processor)=no role(recipient)=no role(virtual_asset_exchange)=no role(us_registrant)=no
    info_service_provider=yes public_body=no isms_p_mandatory=no
    held_subjects=>=1000000 ci_received=>=1000000 turnover_krw=>=1000000000000
    kinds_held=ci,nickname,name,phone,account,rrn,+
    nis2_entity=no dora_entity=no nydfs_entity=no us_bank=no us_bank_service=no
    ftc_safeguards_entity=no hipaa_entity=no";

const LEAK: &str = "
    certainty=confirmed event=leak path=processor_copy relation=outsourcing leaked_at_processor=yes
    subjects=17551 kinds=ci,nickname residents_of(KR)=17551 residents_of(*)=0
    aware_at=2026-06-30T00:00:00Z occurred_at=2025-09-01T00:00:00Z..2025-12-31T00:00:00Z
    contact_unknown=no was_possible=no possible_notice_sent=no intrusion=no encrypted=no
    takedown_requested=no no_longer_needed=no subprocessing=no new_fact_confirmed=no";

const QUIET: &str = "
    request=none mediation=none order=none court_order=none claim=none refuse=no
    channel=sms message_is_advert=no local_time=14:00
    fds_suspects_fraud_account=no shared_suspect_info=no temp_measure_taken=no relief_requested=no
    police_request=no id_check_failed=no efsr_reported=no closed=no outage_minutes=0
    data_or_program_manipulated=no intrusion_with_user_loss=no electronic_finance_disrupted=no";

/// What a bank with a processor has to do on any day, leak or not.
const STANDING: [&str; 9] = [
    "kr-guideline-manual",
    "kr-pipa-contract",
    "kr-pipa-publish-processors",
    "kr-pipa-supervise",
    "kr-notice-logs-2y",
    "kr-notice-grants-3y",
    "kr-pipa-insurance",
    "kr-ci-user-safeguards",
    "kr-tba-caller-number",
];

fn with(changes: &str) -> String {
    format!("{BANK} {LEAK} {QUIET} {changes}")
}

/// The duties that are due over the seed case with changes, without the standing ones.
fn due_with(changes: &str, at: &str) -> Vec<String> {
    let duties = RuleTable::built_in().evaluate(&facts(&with(changes)), seoul(at));
    let mut due = due(&duties);
    for standing in STANDING {
        assert!(due.iter().any(|id| id == standing), "{standing}");
    }
    due.retain(|id| !STANDING.contains(&id.as_str()));
    due
}

#[test]
fn the_seed_case_is_wholly_under_the_old_text() {
    assert_eq!(
        due_with("", "2026-07-01"),
        [
            "kr-pipa-notice-2023",
            "kr-pipa-containment-2023",
            "kr-pipa-report-2023",
            "kr-guideline-proof-of-knowing",
        ]
    );
    // Months later, with the new text long in force, the case stays under the old one.
    assert_eq!(due_with("", "2026-11-23"), due_with("", "2026-07-01"));
}

#[test]
fn the_seed_case_leaves_one_question() {
    let table = RuleTable::built_in();
    let duties = table.evaluate(&facts(&with("")), seoul("2026-07-01"));
    assert_eq!(unknown(&duties), ["kr-ci-inspection"]);
    let inspection = table.rule("kr-ci-inspection").unwrap();
    let duty = table.evaluate_rule(inspection, &facts(&with("")), seoul("2026-07-01"));
    let request_at: FactName = "request_at".parse().unwrap();
    assert_eq!(duty.answer, Answer::Unknown { needs: vec![request_at] });
}

#[test]
fn the_old_notice_has_five_items_and_the_new_one_six() {
    let table = RuleTable::built_in();
    let items = |rule: &str| -> Vec<&str> {
        table.rule(rule).unwrap().must_items.iter().map(|item| item.id.as_str()).collect()
    };
    assert_eq!(
        items("kr-pipa-notice-2023"),
        [
            "leaked_items",
            "leak_time_and_cause",
            "self_protection_steps",
            "countermeasures_and_relief",
            "contact_for_damage_reports",
        ]
    );
    assert_eq!(items("kr-pipa-notice-2026")[5..], ["legal_rights_and_how"]);
    let promised = items("kr-pipa-possible-access-2026");
    assert!(promised.contains(&"promise_of_further_notice"));
    assert!(!promised.contains(&"legal_rights_and_how"));
}

#[test]
fn notice_and_report_go_by_the_day_of_knowing_and_recall_by_the_day_of_the_leak() {
    // Known at the first instant of 2026-09-11 in Seoul, of a leak of the year before.
    assert_eq!(
        due_with("aware_at=2026-09-10T15:00:00Z", "2026-09-12"),
        [
            "kr-pipa-containment-2023",
            "kr-pipa-notice-2026",
            "kr-pipa-report-2026",
            "kr-guideline-proof-of-knowing",
        ]
    );
    // One second earlier it is still the day before, and the old text.
    let before = due_with("aware_at=2026-09-10T14:59:59Z", "2026-09-12");
    assert_eq!(before, due_with("", "2026-07-01"));
    // Leaked and known under the new text.
    assert_eq!(
        due_with("aware_at=2026-09-20T00:00:00Z occurred_at=2026-09-15T00:00:00Z", "2026-09-21"),
        [
            "kr-pipa-notice-2026",
            "kr-pipa-containment-2026",
            "kr-pipa-report-2026",
            "kr-guideline-proof-of-knowing",
        ]
    );
}

#[test]
fn when_the_leak_happened_may_be_unknown() {
    let now = seoul("2026-07-01");
    // It cannot have happened after it was known, so the 2026 text is out; the 2023 one may apply.
    let pairs = with("occurred_at=..");
    assert_eq!(answer("kr-pipa-containment-2026", &pairs, now), Answer::NotDue);
    let needs = vec!["occurred_at".parse().unwrap()];
    assert_eq!(answer("kr-pipa-containment-2023", &pairs, now), Answer::Unknown { needs });
}

#[test]
fn a_report_hangs_on_heads_or_kinds_or_outside_access() {
    let report = |changes: &str| answer("kr-pipa-report-2023", &with(changes), seoul("2026-07-01"));
    let unknown = |need: &str| Answer::Unknown { needs: vec![need.parse().unwrap()] };
    assert_eq!(report("subjects=1000 residents_of(KR)=1000"), Answer::Due);
    assert_eq!(report("subjects=999 residents_of(KR)=999"), Answer::NotDue);
    let few = "subjects=1 residents_of(KR)=1";
    assert_eq!(report(&format!("{few} kinds=health")), Answer::Due);
    assert_eq!(report(&format!("{few} kinds=passport")), Answer::Due);
    assert_eq!(report(&format!("{few} path=external_access")), Answer::Due);
    assert_eq!(report(&format!("{few} kinds=ci,+")), unknown("kinds"));
    let open = "subjects=>=4 residents_of(KR)=>=4";
    assert_eq!(report(open), unknown("subjects"));
    assert_eq!(report(&format!("{open} path=external_access")), Answer::Due);
}

#[test]
fn recovered_counts_only_with_evidence() {
    let report = |changes: &str| answer("kr-pipa-report-2023", &with(changes), seoul("2026-07-01"));
    assert_eq!(report("recovered=no"), Answer::Due);
    assert_eq!(report("recovered=scan:2026-06-30/attestation"), Answer::NotDue);
    // The persons are told all the same.
    let notice = answer("kr-pipa-notice-2023", &with("recovered=scan:1"), seoul("2026-07-01"));
    assert_eq!(notice, Answer::Due);
}

#[test]
fn a_possible_leak_is_told_since_the_autumn_of_2026_only() {
    let possible = "certainty=possible possible_reason=illegal_access subjects_unidentified=yes \
                    path=external_access intrusion=yes aware_at=..";
    let at = |day: &str| format!("{possible} possibility_known_at={day}T00:00:00Z");
    // What happened is not established, so the measures of the 2023 text wait for that; those of the
    // 2026 text go by the day of the leak, which was in 2025.
    assert_eq!(due_with(&at("2026-09-20"), "2026-09-21")[0], "kr-pipa-possible-access-2026");
    let before = due_with(&at("2026-09-10"), "2026-09-21");
    assert!(!before.iter().any(|id| id.starts_with("kr-pipa-possible")), "{before:?}");
    let refuted = "certainty=refuted event=none possible_notice_sent=yes subjects_unidentified=yes \
                   possibility_known_at=2026-09-20T00:00:00Z aware_at=.. possible_reason=none";
    assert_eq!(due_with(refuted, "2026-09-21"), ["kr-pipa-retraction-2026"]);
}

#[test]
fn a_hacked_online_service_tells_the_authority_in_a_day() {
    let hacked = due_with("intrusion=yes path=external_access", "2026-07-01");
    assert!(hacked.contains(&"kr-neta-incident-24h".to_owned()), "{hacked:?}");
    assert!(!hacked.contains(&"kr-neta-incident-supplement-24h".to_owned()));
}

#[test]
fn account_numbers_make_it_a_leak_of_credit_information() {
    let credit = due_with("kinds=account,name", "2026-07-01");
    for rule in ["kr-cia-notice", "kr-cia-publicise-10000", "kr-cia-report-10000"] {
        assert!(credit.contains(&rule.to_owned()), "{rule}");
    }
    let few = due_with("kinds=account,name subjects=9999 residents_of(KR)=9999", "2026-07-01");
    assert!(few.contains(&"kr-cia-notice".to_owned()));
    assert!(!few.contains(&"kr-cia-report-10000".to_owned()));
}

#[test]
fn persons_abroad_bring_their_own_law() {
    let abroad = |changes: &str| {
        let mut due = due_with(changes, "2026-07-01");
        due.retain(|id| !id.starts_with("kr-"));
        due
    };
    assert_eq!(
        abroad("residents_of(EU)=12 risk=high disproportionate_effort=no"),
        ["eu-gdpr-33-1", "eu-gdpr-33-5", "eu-gdpr-34"]
    );
    assert_eq!(abroad("residents_of(EU)=12 risk=none"), ["eu-gdpr-33-5"]);
    assert_eq!(
        abroad(
            "residents_of(US-CA)=501 us_pi(CA)=yes discovered_at=2026-06-30T00:00:00Z \
             residents_of(US-MD)=3 us_pi(MD)=yes misuse_likely=yes"
        ),
        ["us-ca-persons", "us-ca-ag", "us-md-persons", "us-md-ag"]
    );
    assert_eq!(
        abroad("residents_of(JP)=2 jp_strong_encryption=no jp_wrongful_purpose=yes"),
        ["jp-appi-preliminary", "jp-appi-final-wrongful", "jp-appi-persons"]
    );
    assert_eq!(abroad(""), Vec::<String>::new());
}

#[test]
fn where_people_live_may_be_unknown() {
    let duties = RuleTable::built_in()
        .evaluate(&facts(&with("residents_of(EU)=0..5 risk=high")), seoul("2026-07-01"));
    let open = unknown(&duties);
    assert!(open.contains(&"eu-gdpr-33-1".to_owned()), "{open:?}");
}

#[test]
fn the_developer_has_duties_of_its_own() {
    let developer = with(
        "role(controller)=no role(financial_company)=no role(ci_user)=yes role(processor)=yes \
         held_subjects=17551 turnover_krw=2000000000 kinds_held=ci,nickname no_longer_needed=yes",
    );
    let table = RuleTable::built_in();
    let duties = table.evaluate(&facts(&developer), seoul("2026-07-01"));
    let due = due(&duties);
    for rule in [
        "kr-pipa-notice-2023",
        "kr-pipa-report-2023",
        "kr-pipa-processor-tells-controller",
        "kr-guideline-destroy-5d",
        "kr-notice-logs-1y",
    ] {
        assert!(due.contains(&rule.to_owned()), "{rule}");
    }
    let supervise = duties.iter().find(|duty| duty.rule.id == "kr-pipa-supervise").unwrap();
    assert_eq!((&supervise.answer, supervise.reason), (&Answer::NotDue, Reason::Role));
    // One that was given the data to use as its own is a recipient, and has no controller to tell.
    let recipient =
        format!("{developer} role(processor)=no role(recipient)=yes relation=provision");
    assert_eq!(answer("kr-pipa-report-2023", &recipient, seoul("2026-07-01")), Answer::Due);
    assert_eq!(
        answer("kr-pipa-processor-tells-controller", &recipient, seoul("2026-07-01")),
        Answer::NotDue
    );
}

#[test]
fn a_party_outside_korea_is_not_bound_by_korea() {
    let duties =
        RuleTable::built_in().evaluate(&facts(&with("subject_to(KR)=no")), seoul("2026-07-01"));
    assert_eq!(due(&duties), Vec::<String>::new());
    let open = answer(
        "kr-pipa-notice-2023",
        "role(controller)=yes certainty=confirmed event=leak aware_at=2026-06-30T00:00:00Z",
        seoul("2026-07-01"),
    );
    assert_eq!(open, Answer::Unknown { needs: vec!["subject_to(KR)".parse().unwrap()] });
}

#[test]
fn an_explanation_holds_nothing_but_the_facts() {
    let table = RuleTable::built_in();
    for duty in table.evaluate(&facts(&with("")), Instant::from_micros(1_782_900_000_000_000)) {
        for language in [Language::Ko, Language::En] {
            let text = duty.explain(language);
            assert!(text.ends_with('.') && !text.contains("..") && !text.contains("  "), "{text}");
        }
    }
}
