//! Disclosures: what leaves can be known again, and what is raw leaves only by four eyes.

use std::collections::HashSet;

use data_encoding::HEXLOWER as HEX;
use doldam_ground::ids::{DisclosureId, Ordinal};
use doldam_ground::{Instant, Kind};
use doldam_vault::disclosure::{DropFile, Filter, Order, PastOrder, PastRow, order_from_bytes};
use doldam_vault::keyring::signature_holds;
use doldam_vault::pseudonym::Whose;
use doldam_vault::{StaffMember, Vault, VaultError};
use sha2::{Digest as _, Sha256};

use crate::world::{
    PURPOSE, START_US, World, actor, code, column_of, on_both, order, pseudonymous_kinds, rows_of,
    staff, values, views,
};

/// The ordinals of a disclosure in the order of its rows.
fn order_of(vault: &Vault, id: DisclosureId) -> Vec<Ordinal> {
    let facts = vault.disclosures().unwrap();
    let held = facts.iter().find(|facts| facts.row.id == id).unwrap();
    order_from_bytes(&held.row.row_order)
}

/// Every pseudonym of every column says whose it is, and from which disclosure when it is bound.
fn check_pseudonyms(vault: &Vault, drop: &DropFile, bound: bool) {
    let rows = order_of(vault, drop.id);
    let facts = vault.disclosures().unwrap();
    let fields = &facts.iter().find(|facts| facts.row.id == drop.id).unwrap().fields;
    let canaries = vault.canaries().unwrap();
    let recogniser = vault.recogniser().unwrap();
    for (place, field) in fields.iter().enumerate() {
        let column = column_of(drop, place);
        assert_eq!(column.len(), rows.len());
        let found = recogniser.recognise(&views(&column));
        for (found, ordinal) in found.into_iter().zip(&rows) {
            let found = found.unwrap_or_else(|| panic!("{} is not known again", field.kind));
            assert_eq!(found.disclosure, bound.then_some(drop.id), "{}", field.kind);
            assert_eq!(Some(found.domain), field.domain, "{}", field.kind);
            let whose = match found.whose {
                Whose::Ordinal(ordinal) => ordinal,
                Whose::Handle(handle) => match canaries.get(&handle) {
                    Some((ordinal, disclosure)) => {
                        assert_eq!(*disclosure, drop.id);
                        *ordinal
                    }
                    None => vault.ordinals_of(&[handle]).unwrap()[0].unwrap(),
                },
            };
            assert!(whose == *ordinal, "{} names somebody else", field.kind);
        }
    }
}

fn pseudonyms_are_known_again(world: &World) {
    let vault = world.enrolled(600);
    let kinds = pseudonymous_kinds();
    let everybody = vault.select(Filter::All).unwrap();
    let bound = vault.disclose(&order("P-alpha", &kinds), &everybody[..500], &actor()).unwrap();
    assert_eq!((bound.subjects, bound.canaries), (500, 5));
    assert!(bound.processor_is_new);
    assert_eq!(rows_of(&bound).len(), 505);
    let wide = Order { bound: false, canaries: Some(7), ..order("P-alpha", &kinds) };
    let first = vault.disclose(&wide, &everybody[..300], &actor()).unwrap();
    let second = vault.disclose(&wide, &everybody[200..500], &actor()).unwrap();
    assert_eq!((first.canaries, first.processor_is_new), (7, false));
    for (drop, bound) in [(&bound, true), (&first, false), (&second, false)] {
        check_pseudonyms(&vault, drop, bound);
        check_manifest(&vault, drop);
    }
    // Domain-wide pseudonyms join across deliveries, bound ones do not.
    let of = |drop: &DropFile| column_of(drop, 0).into_iter().collect::<HashSet<_>>();
    assert_eq!(of(&first).intersection(&of(&second)).count(), 100);
    assert_eq!(of(&first).intersection(&of(&bound)).count(), 0);
    // No cell of any of the files is a real value. Whole cells, for by chance an invented
    // nickname begins with the words and the first digits of somebody's real one.
    for (place, kind) in kinds.iter().enumerate() {
        let real = (0..500).flat_map(|index| values(&world.people.person(index)));
        let real: HashSet<_> = real
            .filter(|(held, _)| held == kind)
            .map(|(_, value)| value.expose().clone())
            .collect();
        assert!(real.len() > 100, "{kind} is searched for");
        for drop in [&bound, &first, &second] {
            assert!(column_of(drop, place).iter().all(|cell| !real.contains(cell)), "{kind}");
        }
    }
}
on_both!(pseudonyms_are_known_again);

fn check_manifest(vault: &Vault, drop: &DropFile) {
    let (text, signature) = (drop.manifest.text(), drop.manifest.signature());
    assert!(signature_holds(&vault.verifying_key(), text.as_bytes(), signature));
    let forged = text.replace("\"rows\":", "\"rows\":1");
    assert!(!signature_holds(&vault.verifying_key(), forged.as_bytes(), signature));
    let manifest: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(manifest["file_sha256"], HEX.encode(&Sha256::digest(&drop.csv)));
    assert_eq!(manifest["file_bytes"], drop.csv.len());
    assert_eq!(manifest["rows"], rows_of(drop).len());
    assert_eq!(manifest["disclosure"], drop.id.to_string());
    let outer: serde_json::Value = serde_json::from_str(&drop.manifest.to_json()).unwrap();
    assert_eq!(outer["manifest"], text);
    assert_eq!(outer["signature"], HEX.encode(signature));
}

/// Until the file is out, the disclosure is prepared.
fn a_disclosure_is_prepared_then_given(world: &World) {
    let vault = world.enrolled(5);
    let selected = vault.select(Filter::First(3)).unwrap();
    let drop = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor()).unwrap();
    let state = || vault.disclosures().unwrap()[0].row.state.clone();
    assert_eq!(state(), "prepared");
    world.clock.advance_days(1);
    vault.disclosure_given(drop.id).unwrap();
    let given_at = vault.disclosures().unwrap()[0].row.given_at;
    world.clock.advance_days(1);
    vault.disclosure_given(drop.id).unwrap();
    assert_eq!(state(), "given");
    assert_eq!(given_at, Instant::from_micros(START_US).plus_days(1));
    assert_eq!(vault.disclosures().unwrap()[0].row.given_at, given_at);
}
on_both!(a_disclosure_is_prepared_then_given);

fn orders_that_make_no_sense_are_refused(world: &World) {
    let vault = world.enrolled(5);
    let all = vault.select(Filter::All).unwrap();
    let refuse =
        |order: &Order, selected: &[Ordinal]| code(vault.disclose(order, selected, &actor()));
    assert_eq!(refuse(&order("P-alpha", &[]), &all), "vault.invalid");
    assert_eq!(refuse(&order("P-alpha", &[Kind::RRN]), &all), "vault.kind");
    assert_eq!(refuse(&order("P-alpha", &[Kind::CI, Kind::CI]), &all), "vault.kind");
    assert_eq!(refuse(&order("P-alpha", &[Kind::CI]), &[]), "vault.nobody_selected");
    let many = Order { canaries: Some(1_000_000), ..order("P-alpha", &[Kind::CI]) };
    assert_eq!(refuse(&many, &all), "vault.limit");
    let silent = Order { purpose: "x".to_owned(), ..order("P-alpha", &[Kind::CI]) };
    assert_eq!(refuse(&silent, &all), "vault.invalid");
    let odd = Order { relation: "friendship".to_owned(), ..order("P-new", &[Kind::CI]) };
    assert_eq!(refuse(&odd, &all), "vault.invalid");
    assert!(vault.disclosures().unwrap().is_empty());
}
on_both!(orders_that_make_no_sense_are_refused);

/// Two members of staff, and an order of real values that one of them asks for.
struct FourEyes {
    asks: StaffMember,
    agrees: StaffMember,
    engineer: StaffMember,
}

impl FourEyes {
    fn new(vault: &Vault) -> Self {
        Self {
            asks: staff(vault, "minji", "privacy-officer"),
            agrees: staff(vault, "bora", "approver"),
            engineer: staff(vault, "hana", "engineer"),
        }
    }

    fn order(&self) -> Order {
        let fields = [Kind::NICKNAME, Kind::CI, Kind::PHONE];
        Order { raw: true, requester: Some(self.asks), ..order("P-alpha", &fields) }
    }
}

fn request(answer: Result<DropFile, VaultError>) -> doldam_ground::ids::ApprovalId {
    match answer {
        Err(VaultError::ApprovalNeeded { approval }) => approval,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it should have asked for a second person"),
    }
}

fn raw_values_leave_by_four_eyes_only(world: &World) {
    let vault = world.enrolled(50);
    let people = FourEyes::new(&vault);
    let selected = vault.select(Filter::First(20)).unwrap();
    let disclose = |order: &Order, selected: &[Ordinal]| vault.disclose(order, selected, &actor());
    let nobody = Order { requester: None, ..people.order() };
    assert_eq!(code(disclose(&nobody, &selected)), "vault.invalid");

    let id = request(disclose(&people.order(), &selected));
    let open = vault.approvals_open().unwrap();
    assert!(open[0].summary.contains("20 subjects") && open[0].summary.contains("P-alpha"));
    let with = |order: Order| Order { approval: Some(id), ..order };
    assert_eq!(code(disclose(&with(people.order()), &selected)), "vault.approval_pending");
    assert_eq!(code(vault.approve(id, people.asks, &actor())), "vault.approval_refused");
    assert_eq!(code(vault.approve(id, people.engineer, &actor())), "vault.approval_refused");
    vault.approve(id, people.agrees, &actor()).unwrap();
    assert_eq!(code(vault.approve(id, people.agrees, &actor())), "vault.approval_refused");

    // Other people, fields, processor or purpose are another act.
    let others = [
        (with(people.order()), vault.select(Filter::First(21)).unwrap()),
        (with(Order { fields: vec![Kind::CI], ..people.order() }), selected.clone()),
        (with(Order { processor: "P-beta".to_owned(), ..people.order() }), selected.clone()),
        (with(Order { purpose: "another purpose".to_owned(), ..people.order() }), selected.clone()),
    ];
    for (order, selected) in &others {
        assert_eq!(code(disclose(order, selected)), "vault.approval_refused");
    }
    let drop = disclose(&with(people.order()), &selected).unwrap();
    check_raw_rows(world, &vault, &drop);
    assert_eq!(code(disclose(&with(people.order()), &selected)), "vault.approval_refused");
    assert_eq!(vault.disclosures().unwrap().len(), 1);
}
on_both!(raw_values_leave_by_four_eyes_only);

/// Each row holds its subject's own values; the canaries' values are markers of the disclosure.
fn check_raw_rows(world: &World, vault: &Vault, drop: &DropFile) {
    let rows = order_of(vault, drop.id);
    let mut strange = 0;
    for (row, ordinal) in rows_of(drop).iter().zip(&rows) {
        if ordinal.is_canary() {
            strange += 1;
            assert!(vault.holders(Kind::CI, &[&row[1]]).unwrap()[0].is_empty());
            continue;
        }
        let index = (0..50).find(|index| world.people.person(*index).ci.expose() == &row[1]);
        let person = world.people.person(index.unwrap());
        let own = [&person.nickname, &person.ci, &person.phone];
        assert!(row.iter().eq(own.map(doldam_ground::Pii::expose)));
        assert!(world.ordinal(vault, index.unwrap()) == *ordinal);
    }
    assert_eq!(strange, drop.canaries);
    let markers = world.count("SELECT count(*) FROM marker_index WHERE ordinal IS NOT NULL");
    assert_eq!(markers.cast_unsigned(), 3 * drop.canaries);
}

fn an_approval_expires(world: &World) {
    let vault = world.enrolled(5);
    let people = FourEyes::new(&vault);
    let selected = vault.select(Filter::All).unwrap();
    let late = request(vault.disclose(&people.order(), &selected, &actor()));
    let agreed = request(vault.disclose(&people.order(), &selected, &actor()));
    vault.approve(agreed, people.agrees, &actor()).unwrap();
    world.clock.advance_days(1);
    assert_eq!(code(vault.approve(late, people.agrees, &actor())), "vault.approval_refused");
    let order = Order { approval: Some(agreed), ..people.order() };
    assert_eq!(code(vault.disclose(&order, &selected, &actor())), "vault.approval_refused");
    assert!(vault.approvals_open().unwrap().is_empty());
    assert!(vault.disclosures().unwrap().is_empty());
}
on_both!(an_approval_expires);

fn whoever_was_erased_is_left_out(world: &World) {
    let vault = world.enrolled(10);
    let selected = vault.select(Filter::All).unwrap();
    vault.erase(selected[4], &actor(), PURPOSE).unwrap();
    let drop = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor()).unwrap();
    assert_eq!(drop.subjects, 9);
    assert!(!order_of(&vault, drop.id).contains(&selected[4]));
    let gone = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected[4..5], &actor());
    assert_eq!(code(gone), "vault.nobody_selected");
}
on_both!(whoever_was_erased_is_left_out);

/// An old file: 30 customers in file order, one of them without a CI, and two strangers of whom
/// one has the name of a customer.
fn a_hand_over_of_the_past_is_recorded(world: &World) {
    let vault = world.enrolled(100);
    let mut rows: Vec<PastRow> = (0..30)
        .map(|index| {
            let held = values(&world.people.person(index * 3));
            let kinds = [Kind::CI, Kind::NAME, Kind::PHONE];
            PastRow(held.into_iter().filter(|(kind, _)| kinds.contains(kind)).collect())
        })
        .collect();
    rows[7].0.retain(|(kind, _)| *kind != Kind::CI);
    for index in 0..2 {
        let stranger = world.strangers.person(index);
        let name = world.people.person(50).name;
        rows.push(PastRow(vec![(Kind::CI, stranger.ci), (Kind::NAME, name)]));
    }
    let order = PastOrder {
        processor: "P-old".to_owned(),
        relation: "provision".to_owned(),
        purpose: "a campaign of the past".to_owned(),
        given_at: Instant::from_micros(START_US).plus_days(-400),
        return_by: Some(Instant::from_micros(START_US).plus_days(-35)),
        sha256: [7; 32],
        bytes: 4_711,
    };
    let read = rows.into_iter().map(Ok::<_, VaultError>);
    let recorded = vault.record_past(&order, read, &actor()).unwrap();
    assert_eq!((recorded.subjects, recorded.strays), (30, 2));
    let expected: Vec<Ordinal> = (0..30).map(|index| world.ordinal(&vault, index * 3)).collect();
    assert!(order_of(&vault, recorded.id) == expected);
    let facts = vault.disclosures().unwrap();
    assert_eq!((facts[0].row.origin.as_str(), facts[0].row.state.as_str()), ("recorded", "given"));
    assert!(facts[0].fields.iter().all(|field| field.raw));
    let text = &facts[0].row.manifest;
    assert!(signature_holds(&vault.verifying_key(), text.as_bytes(), &facts[0].row.signature));
    // The two strangers' CIs are markers of this disclosure.
    assert_eq!(world.count("SELECT count(*) FROM marker_index WHERE ordinal IS NULL"), 2);
    let strangers = (0..2).map(|index| {
        Ok::<_, VaultError>(PastRow(vec![(Kind::CI, world.strangers.person(index).ci)]))
    });
    assert_eq!(code(vault.record_past(&order, strangers, &actor())), "vault.nobody_selected");
}
on_both!(a_hand_over_of_the_past_is_recorded);

/// Numbers are drawn before the transaction; many hands must neither draw one twice nor leave one
/// out.
fn hand_overs_at_once_are_numbered_without_gaps(world: &World) {
    const HANDS: usize = 6;
    let vault = world.enrolled(40);
    let selected = vault.select(Filter::All).unwrap();
    let past = |number: usize| {
        let ci = world.people.person(u32::try_from(number).unwrap()).ci;
        let order = PastOrder {
            processor: "P-alpha".to_owned(),
            relation: "outsourcing".to_owned(),
            purpose: "a campaign of the past".to_owned(),
            given_at: Instant::from_micros(START_US),
            return_by: None,
            sha256: [7; 32],
            bytes: 9,
        };
        let rows = [Ok::<_, VaultError>(PastRow(vec![(Kind::CI, ci)]))];
        vault.record_past(&order, rows.into_iter(), &actor()).map(|recorded| recorded.id)
    };
    let give = |_| {
        let drop = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor());
        drop.map(|drop| drop.id)
    };
    let mut ids: Vec<u32> = std::thread::scope(|scope| {
        let (past, give) = (&past, &give);
        let hands: Vec<_> = (0..HANDS)
            .map(|hand| {
                scope.spawn(move || [give(hand), past(hand), give(hand)].map(Result::unwrap))
            })
            .collect();
        hands
            .into_iter()
            .flat_map(|hand| hand.join().unwrap())
            .map(doldam_ground::ids::DisclosureId::number)
            .collect()
    });
    ids.sort_unstable();
    assert_eq!(ids, (1..=3 * u32::try_from(HANDS).unwrap()).collect::<Vec<_>>());
    let canaries = world.count("SELECT count(DISTINCT ordinal) FROM canary");
    assert_eq!(canaries, 2 * 3 * i64::try_from(HANDS).unwrap(), "three a file, none shared");
    assert_eq!(vault.processors().unwrap().len(), 1, "one processor of one name");
}
on_both!(hand_overs_at_once_are_numbered_without_gaps);
