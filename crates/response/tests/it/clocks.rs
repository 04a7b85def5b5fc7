//! Clocks of real rows: by when, in whose calendar, and what stops them.

use doldam_ground::deadline::hours_after;
use doldam_ground::{Instant, MockClock};
use doldam_response::ClockRefusal;
use doldam_response::clock::{
    Basis, ClockEvent, ClockRule, ClockSet, ClockState, DutyClock, Evidence, What,
};
use doldam_response::duty::RuleTable;
use doldam_response::words::{EvidenceKind, StartEvent};
use proptest::prelude::*;

use crate::bank::seoul;

fn rule(id: &str) -> &'static ClockRule {
    &RuleTable::built_in().rule(id).unwrap_or_else(|| panic!("no rule {id}")).clock
}

fn event(at: Instant, what: What) -> ClockEvent {
    ClockEvent { happened_at: at, recorded_at: at, what }
}

fn started(rule: &ClockRule, at: Instant) -> ClockEvent {
    event(at, What::Started(rule.started_by()))
}

fn stopped(kind: EvidenceKind, at: Instant) -> ClockEvent {
    event(at, What::Stopped(Evidence { kind, reference: "receipt:1".parse().unwrap() }))
}

fn delay(reason: &str, at: Instant) -> ClockEvent {
    event(at, What::DelayBegan { reason: reason.into(), evidence: "log:7".parse().unwrap() })
}

fn delay_end(reason: &str, began_at: Instant, at: Instant) -> ClockEvent {
    event(at, What::DelayEnded { reason: reason.into(), began_at })
}

/// The deadline of a rule's clock that starts at `start`, in UTC.
fn due(id: &str, start: &str, zone: &str) -> String {
    let start = Instant::parse(start, zone).unwrap();
    rule(id).deadline(start).unwrap().due_at.to_rfc3339()
}

#[test]
fn seventy_two_hours_are_exact() {
    assert_eq!(
        due("kr-pipa-notice-2023", "2026-06-30T09:00:00", "Asia/Seoul"),
        "2026-07-03T00:00:00Z"
    );
    // Summer time begins in between: the wall clock shows an hour more.
    assert_eq!(
        due("eu-gdpr-33-1", "2026-03-27T12:00:00", "Europe/Brussels"),
        "2026-03-30T11:00:00Z"
    );
    // Over the leap day.
    assert_eq!(
        due("kr-pipa-report-2026", "2028-02-27T00:00:00", "Asia/Seoul"),
        "2028-02-29T15:00:00Z"
    );
}

#[test]
fn korean_days_end_at_midnight_and_move_on_from_a_day_of_rest() {
    // Ten days after Monday 2026-11-02: Thursday 2026-11-12, to its end in Seoul.
    assert_eq!(
        due("kr-pipa-access-10d", "2026-11-02T17:00:00", "Asia/Seoul"),
        "2026-11-12T15:00:00Z"
    );
    // Ten days after 2026-09-14 is Chuseok Eve; Thursday, Friday and the weekend go by.
    let rule = rule("kr-pipa-access-10d");
    let deadline = rule.deadline(seoul("2026-09-14T10:00:00")).unwrap();
    assert_eq!(deadline.due_at.to_rfc3339(), "2026-09-28T15:00:00Z");
    assert_eq!(deadline.strict_at.to_rfc3339(), "2026-09-24T15:00:00Z");
    assert_eq!(deadline.basis, Basis::Law);
}

#[test]
fn japan_counts_the_first_day_and_singapore_does_not() {
    assert_eq!(due("jp-appi-final", "2026-11-02T10:00:00", "Asia/Tokyo"), "2026-12-01T15:00:00Z");
    assert_eq!(
        due("sg-pdpa-commission-3d", "2026-11-02T10:00:00", "Asia/Singapore"),
        "2026-11-05T16:00:00Z"
    );
}

#[test]
fn business_days_skip_thanksgiving() {
    assert_eq!(
        due("us-sec-8k-105", "2026-11-24T10:00:00", "America/New_York"),
        "2026-12-02T05:00:00Z"
    );
}

#[test]
fn months_end_with_a_shorter_month() {
    assert_eq!(
        due("eu-gdpr-12-3", "2028-01-31T10:00:00", "Europe/Brussels"),
        "2028-02-29T23:00:00Z"
    );
    assert_eq!(
        due("eu-gdpr-12-3", "2027-01-31T10:00:00", "Europe/Brussels"),
        "2027-02-28T23:00:00Z"
    );
}

#[test]
fn a_small_health_leak_is_reported_after_the_year_of_discovery() {
    let rule = rule("us-hipaa-408-small");
    assert_eq!(rule.started_by(), StartEvent::DiscoveredAt);
    assert_eq!(due("us-hipaa-408-small", "2026-05-05", "America/New_York"), "2027-03-02T05:00:00Z");
    assert_eq!(due("us-hipaa-408-small", "2027-05-05", "America/New_York"), "2028-03-01T05:00:00Z");
}

#[test]
fn where_the_law_says_without_delay_the_alarm_is_our_own() {
    let rule = rule("kr-cia-notice");
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, seoul("2026-07-01"))).unwrap();
    let reading = clock.read(seoul("2026-07-02"));
    assert_eq!(reading.state, ClockState::Running);
    assert!(!reading.is_by_law());
    assert_eq!(reading.alarm_at, Some(hours_after(seoul("2026-07-01"), 72)));
    assert_eq!(reading.elapsed_percent(seoul("2026-07-02T12:00:00")), Some(50));
}

#[test]
fn a_clock_goes_from_waiting_to_overdue_and_only_evidence_stops_it() {
    let rule = rule("kr-pipa-report-2026");
    let mut clock = DutyClock::new(rule);
    assert_eq!(clock.read(seoul("2026-10-01")).state, ClockState::Waiting);
    clock.record(started(rule, seoul("2026-10-01"))).unwrap();
    assert_eq!(clock.read(seoul("2026-10-04")).state, ClockState::Running);
    assert_eq!(clock.read(seoul("2026-10-04T00:00:01")).state, ClockState::Overdue);
    // A text that was delivered to a person does not show that the authority was told.
    let receipt = stopped(EvidenceKind::DeliveryReceipt, seoul("2026-10-02"));
    assert_eq!(clock.record(receipt), Err(ClockRefusal::Evidence));
    clock.record(stopped(EvidenceKind::RegulatorReceipt, seoul("2026-10-05"))).unwrap();
    assert_eq!(clock.read(seoul("2026-10-06")).state, ClockState::Stopped { late: true });
    // An earlier receipt turns up.
    clock.record(stopped(EvidenceKind::RegulatorReceipt, seoul("2026-10-03"))).unwrap();
    let reading = clock.read(seoul("2026-10-06"));
    assert_eq!(reading.state, ClockState::Stopped { late: false });
    assert_eq!(reading.stopped_at, Some(seoul("2026-10-03")));
}

#[test]
fn evidence_from_before_the_start_stops_nothing() {
    let rule = rule("kr-pipa-report-2026");
    let mut clock = DutyClock::new(rule);
    clock.record(stopped(EvidenceKind::RegulatorReceipt, seoul("2026-09-30"))).unwrap();
    clock.record(started(rule, seoul("2026-10-01"))).unwrap();
    assert_eq!(clock.read(seoul("2026-10-02")).state, ClockState::Running);
}

#[test]
fn a_contract_has_to_be_there_before_the_first_delivery() {
    let rule = rule("kr-pipa-contract");
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, seoul("2026-10-01"))).unwrap();
    assert_eq!(clock.read(seoul("2026-10-02")).state, ClockState::Overdue);
    clock.record(stopped(EvidenceKind::RegisterEntry, seoul("2026-09-01"))).unwrap();
    assert_eq!(clock.read(seoul("2026-10-02")).state, ClockState::Stopped { late: false });
}

#[test]
fn a_standing_duty_has_no_end() {
    let rule = rule("kr-guideline-manual");
    let mut clock = DutyClock::new(rule);
    assert_eq!(clock.read(seoul("2026-10-02")).state, ClockState::Standing);
    clock.record(stopped(EvidenceKind::RegisterEntry, seoul("2026-09-01"))).unwrap();
    let reading = clock.read(seoul("2026-10-02"));
    assert_eq!(reading.state, ClockState::Standing);
    assert!(reading.evidence.is_some());
}

#[test]
fn last_years_inspection_is_no_evidence_for_this_year() {
    let rule = rule("kr-pipa-supervise");
    let mut clock = DutyClock::new(rule);
    clock.record(stopped(EvidenceKind::RegisterEntry, seoul("2025-09-01"))).unwrap();
    clock.record(started(rule, seoul("2025-10-01"))).unwrap();
    assert_eq!(clock.read(seoul("2026-09-30")).state, ClockState::Running);
    assert_eq!(clock.read(seoul("2026-10-03")).state, ClockState::Overdue);
}

#[test]
fn logs_are_kept_and_then_kept_long_enough() {
    let rule = rule("kr-notice-logs-1y");
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, seoul("2026-02-03"))).unwrap();
    clock.record(stopped(EvidenceKind::LogHead, seoul("2026-06-01"))).unwrap();
    assert_eq!(clock.read(seoul("2026-12-31")).state, ClockState::Running);
    assert_eq!(clock.read(seoul("2027-02-04T00:00:01")).state, ClockState::KeptLongEnough);
}

#[test]
fn containment_delays_the_notice_and_not_the_report() {
    let report = rule("kr-pipa-report-2026");
    let refused =
        DutyClock::new(report).record(delay("containment_in_progress", seoul("2026-10-01")));
    assert_eq!(refused, Err(ClockRefusal::DelayReason));

    let rule = rule("kr-pipa-notice-2026");
    let (start, begin) = (seoul("2026-10-01"), seoul("2026-10-02"));
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, start)).unwrap();
    clock.record(delay("containment_in_progress", begin)).unwrap();
    let reading = clock.read(seoul("2026-10-09"));
    assert_eq!(reading.state, ClockState::Paused);
    assert_eq!(reading.waits_for.as_deref(), Some("containment_in_progress"));
    assert_eq!(reading.waits_since, Some(begin));
    // When the reason ends the notice is due at once.
    let end = seoul("2026-10-06");
    clock.record(delay_end("containment_in_progress", begin, end)).unwrap();
    let reading = clock.read(end);
    assert_eq!((reading.state, reading.deadline.unwrap().due_at), (ClockState::Running, end));
    assert_eq!(reading.waits_since, None);
    assert_eq!(clock.read(hours_after(end, 1)).state, ClockState::Overdue);
}

#[test]
fn a_reason_that_ends_early_leaves_the_deadline_and_one_that_comes_late_heals_nothing() {
    let rule = rule("kr-pipa-notice-2026");
    let start = seoul("2026-10-01");
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, start)).unwrap();
    let (begin, end) = (seoul("2026-10-01T01:00:00"), seoul("2026-10-02"));
    clock.record(delay("disaster_or_unavoidable", begin)).unwrap();
    clock.record(delay_end("disaster_or_unavoidable", begin, end)).unwrap();
    assert_eq!(clock.read(end).deadline.unwrap().due_at, hours_after(start, 72));
    clock.record(delay("disaster_or_unavoidable", seoul("2026-10-05"))).unwrap();
    assert_eq!(clock.read(seoul("2026-10-06")).state, ClockState::Overdue);
}

#[test]
fn a_reason_put_on_record_after_the_deadline_is_marked() {
    let rule = rule("kr-pipa-notice-2026");
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, seoul("2026-10-01"))).unwrap();
    let mut late = delay("disaster_or_unavoidable", seoul("2026-10-02"));
    late.recorded_at = seoul("2026-10-08");
    clock.record(late).unwrap();
    let reading = clock.read(seoul("2026-10-09"));
    assert_eq!(reading.state, ClockState::Paused);
    assert!(reading.delay_recorded_late);
}

#[test]
fn an_extension_moves_the_deadline_as_often_as_the_law_says() {
    let rule = rule("kr-pipa-automated-30d");
    let start = seoul("2026-10-01");
    let extend = |clock: &mut DutyClock<'_>, day: &str| {
        clock.record(delay("extended_twice_30d_with_reason", seoul(day))).unwrap();
        clock.read(seoul(day)).deadline.unwrap().strict_at.to_rfc3339()
    };
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, start)).unwrap();
    assert_eq!(extend(&mut clock, "2026-10-20"), "2026-11-30T15:00:00Z");
    // The same extension put on record again is the same extension.
    assert_eq!(extend(&mut clock, "2026-10-20"), "2026-11-30T15:00:00Z");
    assert_eq!(extend(&mut clock, "2026-11-20"), "2026-12-30T15:00:00Z");
    assert_eq!(extend(&mut clock, "2026-12-20"), "2026-12-30T15:00:00Z");
}

#[test]
fn a_report_that_falls_on_a_sunday_may_come_on_monday_at_noon() {
    let rule = rule("eu-dora-initial-4h");
    let start = Instant::parse("2026-11-21T22:00:00", "Europe/Brussels").unwrap();
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, start)).unwrap();
    clock.record(delay("weekend_rule", start)).unwrap();
    let due_at = clock.read(start).deadline.unwrap().due_at;
    assert_eq!(due_at.to_rfc3339(), "2026-11-23T11:00:00Z");
}

#[test]
fn events_that_make_no_sense_are_refused() {
    let rule = rule("eu-gdpr-33-1");
    let now = seoul("2026-10-01");
    let mut clock = DutyClock::new(rule);
    let mut early = started(rule, now);
    early.recorded_at = Instant::from_micros(now.micros() - 1);
    assert_eq!(clock.record(early), Err(ClockRefusal::Future));
    let other = event(now, What::Started(StartEvent::RequestAt));
    assert_eq!(clock.record(other), Err(ClockRefusal::StartEvent));
    let record_only = delay("reasons_given_with_late_report", now);
    assert_eq!(clock.record(record_only), Err(ClockRefusal::DelayWithoutEffect));
    let notice = self::rule("kr-pipa-notice-2026");
    let backwards = delay_end("containment_in_progress", hours_after(now, 1), now);
    assert_eq!(DutyClock::new(notice).record(backwards), Err(ClockRefusal::EndBeforeBegin));
    assert!(clock.events().is_empty());
}

#[test]
fn the_earlier_of_two_starts_counts_until_it_is_taken_back() {
    let rule = rule("kr-pipa-notice-2026");
    let (early, late) = (seoul("2026-10-01"), seoul("2026-10-03"));
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, late)).unwrap();
    clock.record(started(rule, early)).unwrap();
    assert_eq!(clock.read(late).started_at, Some(early));
    let evidence = "minutes:4".parse().unwrap();
    clock.record(event(late, What::StartWithdrawn { started_at: early, evidence })).unwrap();
    assert_eq!(clock.read(late).started_at, Some(late));
}

#[test]
fn a_wall_clock_that_jumps_back_makes_nothing_undone() {
    let rule = rule("kr-pipa-notice-2026");
    let mut clock = DutyClock::new(rule);
    clock.record(started(rule, seoul("2026-10-01"))).unwrap();
    let mut seen = started(rule, seoul("2026-10-02"));
    seen.recorded_at = seoul("2026-10-05");
    clock.record(seen).unwrap();
    assert_eq!(clock.read(seoul("2026-10-02")).state, ClockState::Overdue);
}

#[test]
fn a_clock_has_a_limit_of_events() {
    let rule = rule("kr-pipa-notice-2026");
    let one = started(rule, seoul("2026-10-01"));
    let many = std::iter::repeat_n(one, doldam_ground::limits::CLOCK_EVENTS_MAX + 1);
    assert_eq!(DutyClock::replay(rule, many).map(|_| ()), Err(ClockRefusal::Full));
}

#[test]
fn each_person_has_a_clock_of_its_own() {
    let rule = rule("kr-pipa-notice-2026");
    let mut set = ClockSet::new(rule).unwrap();
    // 4,500 persons on the first day, 13,051 more on the eleventh.
    for person in 0..17_551_u32 {
        let known = if person < 4_500 { "2026-10-01" } else { "2026-10-11" };
        set.record(person, started(rule, seoul(known))).unwrap();
    }
    for person in 0..4_400 {
        set.record(person, stopped(EvidenceKind::DeliveryReceipt, seoul("2026-10-02"))).unwrap();
    }
    let summary = set.summary(seoul("2026-10-12"));
    assert_eq!((summary.stopped_in_time, summary.overdue, summary.running), (4_400, 100, 13_051));
    assert_eq!(summary.next_due_at, Some(hours_after(seoul("2026-10-11"), 72)));
    assert_eq!(summary.total(), 17_551);
    let overdue: Vec<u32> = set
        .persons_where(seoul("2026-10-12"), |state| state == ClockState::Overdue)
        .copied()
        .collect();
    assert_eq!(overdue, (4_400..4_500).collect::<Vec<_>>());
    assert!(set.read(&17_551, seoul("2026-10-12")).is_none());
}

#[test]
fn a_posting_covers_those_who_were_known_when_it_was_made() {
    let rule = rule("kr-pipa-posting-2026");
    let mut set = ClockSet::new(rule).unwrap();
    set.record("first", started(rule, seoul("2026-10-01"))).unwrap();
    set.record("later", started(rule, seoul("2026-10-11"))).unwrap();
    set.record_for_all(stopped(EvidenceKind::PostingProof, seoul("2026-10-02"))).unwrap();
    let state = |person| set.read(&person, seoul("2026-10-12")).unwrap().state;
    assert_eq!(state("first"), ClockState::Stopped { late: false });
    assert_eq!(state("later"), ClockState::Running);
}

#[test]
fn what_is_one_persons_is_not_everybodys() {
    let rule = rule("kr-pipa-notice-2026");
    let mut set: ClockSet<'_, u32> = ClockSet::new(rule).unwrap();
    let now = seoul("2026-10-01");
    let receipt = stopped(EvidenceKind::DeliveryReceipt, now);
    assert_eq!(set.record_for_all(receipt), Err(ClockRefusal::OnePersonsEvidence));
    assert_eq!(set.record_for_all(started(rule, now)), Err(ClockRefusal::OnePersonsStart));
    set.record_for_all(delay("containment_in_progress", now)).unwrap();
    let report = self::rule("kr-pipa-report-2026");
    assert_eq!(ClockSet::<u32>::new(report).map(|_| ()), Err(ClockRefusal::NotPerPerson));
}

#[test]
fn a_clock_is_read_with_the_time_that_is_passed_in() {
    use doldam_ground::Clock as _;
    let wall = MockClock::new(seoul("2026-10-01"));
    let rule = rule("kr-pipa-notice-2026");
    let clock = DutyClock::replay(rule, [started(rule, wall.now())]).unwrap();
    wall.advance_days(3);
    assert_eq!(clock.read(wall.now()).state, ClockState::Running);
    wall.advance_us(1);
    assert_eq!(clock.read(wall.now()).state, ClockState::Overdue);
}

/// Events of a clock of the Korean notice within twenty days.
fn any_event() -> impl Strategy<Value = ClockEvent> {
    const HOURS: u32 = 24 * 20;
    let at = |hours: u32| hours_after(seoul("2026-10-01"), hours);
    let reasons = ["containment_in_progress", "disaster_or_unavoidable"];
    (0..6_u8, 0..HOURS, 0..HOURS, 0..48_u32, 0..2_usize).prop_map(
        move |(kind, first, second, later, reason)| {
            let (begin, end) = (at(first.min(second)), at(first.max(second)));
            let rule = rule("kr-pipa-notice-2026");
            let mut event = match kind {
                0 | 1 => started(rule, begin),
                2 => stopped(EvidenceKind::DeliveryReceipt, end),
                3 => delay(reasons[reason], begin),
                4 => delay_end(reasons[reason], begin, end),
                _ => event(
                    end,
                    What::StartWithdrawn { started_at: begin, evidence: "m:1".parse().unwrap() },
                ),
            };
            event.recorded_at = hours_after(event.happened_at, later);
            event
        },
    )
}

fn clock_of(events: &[ClockEvent]) -> DutyClock<'static> {
    DutyClock::replay(rule("kr-pipa-notice-2026"), events.iter().cloned()).unwrap()
}

proptest! {
    #[test]
    fn the_order_and_the_repetition_of_records_do_not_matter(
        events in proptest::collection::vec(any_event(), 0..12),
        turns in 0..12_usize,
        hours in 0..600_u32,
    ) {
        let at = hours_after(seoul("2026-10-01"), hours);
        let mut turned: Vec<ClockEvent> = events.iter().rev().cloned().collect();
        turned.rotate_left(turns.min(events.len()));
        turned.extend(events.iter().take(3).cloned());
        prop_assert_eq!(clock_of(&events).read(at), clock_of(&turned).read(at));
    }

    #[test]
    fn nothing_is_stopped_without_evidence(
        events in proptest::collection::vec(any_event(), 0..12),
        hours in 0..600_u32,
    ) {
        let at = hours_after(seoul("2026-10-01"), hours);
        let reading = clock_of(&events).read(at);
        let stopped = matches!(reading.state, ClockState::Stopped { .. });
        prop_assert_eq!(stopped, reading.evidence.is_some());
        let without: Vec<ClockEvent> =
            events.into_iter().filter(|event| !matches!(event.what, What::Stopped(_))).collect();
        let state = clock_of(&without).read(at).state;
        let stopped = matches!(state, ClockState::Stopped { .. });
        prop_assert!(!stopped);
    }

    #[test]
    fn time_alone_leads_from_running_to_overdue_and_never_back(
        events in proptest::collection::vec(any_event(), 0..12),
        hours in 0..600_u32,
        more in 0..600_u32,
    ) {
        let clock = clock_of(&events);
        let at = hours_after(seoul("2026-10-01"), hours);
        let (before, after) = (clock.read(at), clock.read(hours_after(at, more)));
        prop_assert_eq!(before.deadline, after.deadline);
        let allowed = before.state == after.state
            || (before.state, after.state) == (ClockState::Running, ClockState::Overdue);
        prop_assert!(allowed, "{:?} {:?}", before.state, after.state);
    }

    #[test]
    fn another_start_never_makes_a_plain_deadline_later(
        starts in proptest::collection::vec(0..600_u32, 1..6),
        another in 0..600_u32,
    ) {
        let rule = rule("kr-pipa-notice-2026");
        let at = |hours: u32| hours_after(seoul("2026-10-01"), hours);
        let mut clock = DutyClock::replay(rule, starts.iter().map(|hours| started(rule, at(*hours)))).unwrap();
        let before = clock.read(at(0)).deadline.unwrap().due_at;
        clock.record(started(rule, at(another))).unwrap();
        prop_assert!(clock.read(at(0)).deadline.unwrap().due_at <= before);
    }

    #[test]
    fn every_row_gives_a_deadline_not_before_its_start(
        position in 0..108_usize,
        micros in any::<i64>(),
    ) {
        let clock = &RuleTable::built_in().rules()[position].clock;
        let start = Instant::from_micros(micros);
        if let Some(deadline) = clock.deadline(start) {
            prop_assert!(deadline.due_at >= start && deadline.due_at >= deadline.strict_at);
        }
    }
}
