//! Incidents: facts and events that are only appended, exposures that keep their time, drafts that
//! move one way.

use doldam_ground::ids::{DispatchId, IncidentId, Ordinal, ProcessorId, StaffId, TraceId};

use super::{World, on_both};
use crate::dispatch::{self, NewDispatch};
use crate::incident::clock::{self, ClockRow};
use crate::incident::containment::{self, NewOrder};
use crate::incident::draft::{self, Approval, DraftState, NewDraft};
use crate::incident::{self, EvidenceLink, Exposed, NewIncident, TimelineEntry};
use crate::{StoreError, Tx, notice};

on_both!(
    an_incident_is_opened_and_closed_once,
    the_newest_fact_counts_and_older_ones_stay,
    the_timeline_keeps_its_order,
    exposures_keep_their_first_time,
    clock_events_come_back_as_they_were,
    an_order_is_proved_once,
    a_draft_moves_one_way,
    an_approval_is_given_once_by_each,
    evidence_is_listed,
    whose_notice_is_where_can_be_asked,
);

fn new_incident(world: &World) -> NewIncident {
    NewIncident {
        title: "누리집 개발사 저장소".to_owned(),
        source: "tip".to_owned(),
        processor: Some(ProcessorId::new(3)),
        aware_at: world.now().plus_days(-1),
        opened_by: "minji".to_owned(),
    }
}

fn opened(world: &World) -> IncidentId {
    let (new, now) = (new_incident(world), world.now());
    world.write(move |tx| incident::insert(tx, &new, now))
}

fn refused(
    world: &World,
    run: impl FnMut(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static,
) -> StoreError {
    world.store.write("test.refused", run).unwrap_err()
}

fn an_incident_is_opened_and_closed_once(world: &World) {
    let (first, second) = (opened(world), opened(world));
    assert_eq!((first.number(), second.number()), (1, 2));
    let found = world.read(|tx| incident::find(tx, second)).unwrap();
    assert_eq!((found.id, found.opened.clone()), (second, new_incident(world)));
    assert_eq!((found.opened_at, found.closed_at), (world.now(), None));
    let now = world.now();
    world.write(move |tx| incident::close(tx, second, now));
    let closed = world.read(incident::list);
    assert_eq!(closed.iter().map(|one| one.closed_at).collect::<Vec<_>>(), [None, Some(now)]);
    let again = refused(world, move |tx| incident::close(tx, second, now));
    assert!(matches!(again, StoreError::State { .. }));
    let nobody = refused(world, move |tx| incident::close(tx, IncidentId::new(9), now));
    assert_eq!(nobody, StoreError::NotFound { what: "incident" });
}

fn the_newest_fact_counts_and_older_ones_stay(world: &World) {
    let (id, other) = (opened(world), opened(world));
    let start = world.now();
    let said = [
        (id, "subjects", ">=4500", 0),
        (id, "path", "outside_access", 0),
        (id, "subjects", "17551", 1),
        (id, "path", "", 2),
        (other, "subjects", "1", 0),
    ];
    for (incident, name, value, days) in said {
        let at = start.plus_days(days);
        world.write(move |tx| incident::fact_append(tx, incident, name, value, "minji", at));
    }
    let known = |at| world.read(|tx| incident::facts(tx, id, at));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(known(None), [pair("subjects", "17551")]);
    let first_day = [pair("path", "outside_access"), pair("subjects", ">=4500")];
    assert_eq!(known(Some(start)), first_day);
    assert_eq!(known(Some(start.plus_days(-1))), []);
    let newest = |name| world.read(|tx| incident::fact_said(tx, id, name));
    assert_eq!(newest("subjects"), Some(("17551".to_owned(), start.plus_days(1))));
    assert_eq!(newest("path"), Some((String::new(), start.plus_days(2))));
    assert_eq!(newest("certainty"), None);
}

fn entry(world: &World, what: &str, days: i64) -> TimelineEntry {
    TimelineEntry {
        at: world.now().plus_days(days),
        actor: "minji".to_owned(),
        what: what.to_owned(),
        object: "T-1".to_owned(),
        facts: r#"{"subjects":17551}"#.to_owned(),
    }
}

fn the_timeline_keeps_its_order(world: &World) {
    let id = opened(world);
    // What happened earlier may be put on record later; the record is in the order of recording.
    for (what, days) in [("incident.open", 0), ("trace.attach", -2), ("contain.order", 0)] {
        let (entry, now) = (entry(world, what, days), world.now());
        world.write(move |tx| incident::timeline_append(tx, id, &entry, now));
    }
    let rows = world.read(|tx| incident::timeline(tx, id, 1, 10));
    let seen: Vec<_> = rows.iter().map(|row| (row.seq, row.entry.what.as_str())).collect();
    assert_eq!(seen, [(2, "trace.attach"), (3, "contain.order")]);
    assert_eq!(rows[0].entry, entry(world, "trace.attach", -2));
    assert_eq!(world.read(|tx| incident::timeline(tx, id, 0, 1)).len(), 1);
}

fn exposures_keep_their_first_time(world: &World) {
    let id = opened(world);
    let (first, later) = (world.now(), world.now().plus_days(11));
    let expose = |range: std::ops::Range<u32>, trace, at| {
        let ordinals: Vec<Ordinal> = range.map(Ordinal::new).collect();
        world.write(move |tx| incident::expose(tx, id, &ordinals, "exact", TraceId::new(trace), at))
    };
    assert_eq!(expose(0..4_500, 1, first), Exposed { added: 4_500, already: 0 });
    assert_eq!(expose(4_000..30_000, 2, later), Exposed { added: 25_500, already: 500 });
    assert_eq!(expose(0..0, 3, later), Exposed { added: 0, already: 0 });
    let all = world.read(|tx| incident::exposures(tx, id));
    assert_eq!(all.len(), 30_000);
    assert_eq!((all[4_499].1, all[4_500].1), (first, later));
    assert_eq!(world.read(|tx| incident::exposure_count(tx, id)), 30_000);
    let traces = world.read(|tx| incident::exposure_traces(tx, id));
    assert_eq!(traces, [TraceId::new(1), TraceId::new(2)]);
}

fn clock_events_come_back_as_they_were(world: &World) {
    let id = opened(world);
    let row = ClockRow {
        duty: "kr-pipa-34-1".to_owned(),
        happened_at: world.now().plus_days(-1),
        recorded_at: world.now(),
        what: "stopped".to_owned(),
        word: "receipt".to_owned(),
        reference: "N-1".to_owned(),
        refers_at: Some(world.now().plus_days(-2)),
        sealed_subjects: Some(vec![1, 2, 3]),
    };
    let bare = ClockRow { refers_at: None, sealed_subjects: None, ..row.clone() };
    for event in [row.clone(), bare.clone()] {
        world.write(move |tx| clock::append(tx, id, &event));
    }
    let found = world.read(|tx| clock::list(tx, id));
    assert!(found == [row, bare]);
    assert!(world.read(|tx| clock::list(tx, IncidentId::new(2))).is_empty());
}

fn an_order_is_proved_once(world: &World) {
    let id = opened(world);
    let order = NewOrder {
        processor: ProcessorId::new(3),
        means: "domains".to_owned(),
        ordered_by: "minji".to_owned(),
        reason: "a copy was found".to_owned(),
    };
    let (kept, now) = (order.clone(), world.now());
    let seq = world.write(move |tx| containment::insert(tx, id, &order, now));
    let found = world.read(|tx| containment::list(tx, id)).remove(0);
    assert_eq!((found.seq, found.order, found.proof), (seq, kept, None));
    world.write(move |tx| containment::prove(tx, id, seq, "{}", now));
    let found = world.read(|tx| containment::list(tx, id)).remove(0);
    assert_eq!(found.proof, Some((now, "{}".to_owned())));
    let again = refused(world, move |tx| containment::prove(tx, id, seq, "[]", now));
    assert!(matches!(again, StoreError::Conflict { .. }));
}

fn drafted(world: &World, incident: IncidentId) -> u32 {
    let draft = NewDraft {
        stage: "first".to_owned(),
        duty: "kr-pipa-34-1".to_owned(),
        template: "leak_confirmed".to_owned(),
        texts: r#"{"ko":"…","en":"…"}"#.to_owned(),
        digest: [7; 32],
        author: StaffId::new(1),
    };
    let now = world.now();
    world.write(move |tx| draft::insert(tx, incident, &draft, now))
}

fn a_draft_moves_one_way(world: &World) {
    let (id, now) = (opened(world), world.now());
    let seq = drafted(world, id);
    let advance = move |to, dispatch: Option<u32>| {
        move |tx: &mut Tx<'_>| draft::advance(tx, id, seq, to, dispatch.map(DispatchId::new), now)
    };
    for (to, dispatch) in [(DraftState::Approved, None), (DraftState::Sending, Some(1))] {
        let early = refused(world, advance(to, dispatch));
        assert!(matches!(early, StoreError::State { .. }), "{to:?}");
    }
    world.write(advance(DraftState::Previewed, None));
    world.write(advance(DraftState::Approved, None));
    let without = refused(world, advance(DraftState::Sending, None));
    assert!(matches!(without, StoreError::State { .. }));
    world.write(advance(DraftState::Sending, Some(4)));
    let found = world.read(|tx| draft::find(tx, id, seq)).unwrap();
    assert_eq!((found.state, found.dispatch), (DraftState::Sending, Some(DispatchId::new(4))));
    let dropped = refused(world, advance(DraftState::Dropped, None));
    assert!(matches!(dropped, StoreError::State { .. }));
    world.write(advance(DraftState::Sent, None));
    let found = world.read(|tx| draft::list(tx, id)).remove(0);
    assert_eq!((found.state, found.dispatch), (DraftState::Sent, Some(DispatchId::new(4))));
    assert_eq!((found.written.digest, found.drafted_at), ([7; 32], now));
}

fn an_approval_is_given_once_by_each(world: &World) {
    let (id, now) = (opened(world), world.now());
    let seq = drafted(world, id);
    let approve = move |staff| {
        let approval = Approval { staff: StaffId::new(staff), digest: [7; 32], approved_at: now };
        move |tx: &mut Tx<'_>| draft::approve(tx, id, seq, &approval)
    };
    world.write(approve(3));
    world.write(approve(2));
    assert!(matches!(refused(world, approve(2)), StoreError::Constraint { .. }));
    let found = world.read(|tx| draft::approvals(tx, id, seq));
    let who: Vec<_> = found.iter().map(|one| (one.staff.number(), one.digest)).collect();
    assert_eq!(who, [(2, [7; 32]), (3, [7; 32])]);
}

fn evidence_is_listed(world: &World) {
    let id = opened(world);
    let link = |kind: &str| EvidenceLink {
        kind: kind.to_owned(),
        reference: "E-3".to_owned(),
        added_by: "minji".to_owned(),
        added_at: world.now(),
    };
    for kind in ["receipt", "closing"] {
        let link = link(kind);
        world.write(move |tx| incident::evidence_append(tx, id, &link));
    }
    assert_eq!(world.read(|tx| incident::evidence(tx, id)), [link("receipt"), link("closing")]);
}

fn whose_notice_is_where_can_be_asked(world: &World) {
    let (id, now) = (opened(world), world.now());
    let sending = NewDispatch {
        incident: id,
        stage: "first".to_owned(),
        channel: "sms".to_owned(),
        gateway: "main".to_owned(),
        template: "leak_confirmed".to_owned(),
        template_version: 1,
        template_digest: [7; 32],
    };
    let people = [9, 3].map(Ordinal::new);
    world.write(move |tx| {
        let dispatch = dispatch::create(tx, &sending, now)?;
        notice::plan(tx, dispatch, &people)
    });
    let ask = |stage, state| world.read(|tx| incident::noticed(tx, id, stage, state));
    assert_eq!(ask("first", "planned"), [3, 9].map(Ordinal::new));
    assert_eq!(ask("first", "delivered"), []);
    assert_eq!(ask("supplement", "planned"), []);
}
