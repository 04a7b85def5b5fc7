//! A new epoch: other pseudonyms of the same people, the old ones exchanged by whoever holds them.

use std::collections::BTreeSet;

use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, DomainId, ProcessorId};
use doldam_vault::disclosure::{DropFile, Filter, Order};
use doldam_vault::pseudonym::Whose;
use doldam_vault::{Shown, Vault, VaultError};
use proptest::prelude::*;

use crate::world::{PURPOSE, World, actor, code, column_of, on_both, order, views};

const SEALED: [Kind; 4] = [Kind::CI, Kind::DI, Kind::NAME, Kind::EMAIL];

/// A delivery of all sealed kinds to a processor, with three canaries.
fn give(vault: &Vault, processor: &str, bound: bool) -> DropFile {
    let selected = vault.select(Filter::All).unwrap();
    let order = Order { canaries: Some(3), bound, ..order(processor, &SEALED) };
    vault.disclose(&order, &selected, &actor()).unwrap()
}

fn purpose() -> String {
    order("", &[]).purpose
}

fn newest(vault: &Vault, processor: ProcessorId, kind: Kind) -> DomainId {
    let domains = vault.domains().unwrap().into_iter();
    let own = domains.filter(|held| held.processor == processor && held.kind == kind);
    own.max_by_key(|held| held.epoch).unwrap().id
}

fn renew(vault: &Vault, processor: ProcessorId, kind: Kind) -> DomainId {
    let old = newest(vault, processor, kind);
    vault.domain_renew(old, &actor(), PURPOSE).unwrap().id
}

fn remap(
    vault: &Vault,
    processor: ProcessorId,
    kind: Kind,
    texts: &[String],
) -> Result<Vec<Option<String>>, VaultError> {
    let remapped = vault.remap(processor, &purpose(), kind, &views(texts), &actor())?;
    let made = remapped.pseudonyms.into_iter();
    Ok(made.map(|one| one.map(|text| text.expose().clone())).collect())
}

/// Whose each text is, and to which disclosure it is bound.
fn whose(vault: &Vault, texts: &[String]) -> Vec<(Whose, Option<u32>)> {
    let found = vault.recogniser().unwrap().recognise(&views(texts));
    let known = found.into_iter().map(|found| found.expect("it is known again"));
    known.map(|found| (found.whose, found.disclosure.map(DisclosureId::number))).collect()
}

fn members_are_exchanged_and_nobody_else(world: &World) {
    let vault = world.enrolled(30);
    let gone = world.ordinal(&vault, 4);
    for bound in [false, true] {
        let (ours, others) = (give(&vault, "P-alpha", bound), give(&vault, "P-beta", bound));
        for (place, kind) in SEALED.into_iter().enumerate() {
            let old = column_of(&ours, place);
            let before = whose(&vault, &old);
            let domain = renew(&vault, ours.processor.id, kind);
            let made = remap(&vault, ours.processor.id, kind, &old).unwrap();
            // Everybody, canaries among them, once, under the same binding, and by the new key.
            let made: Vec<String> = made.into_iter().map(Option::unwrap).collect();
            assert_eq!(whose(&vault, &made), before, "{kind}");
            assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), old.len());
            assert!(made.iter().all(|text| !old.contains(text)));
            let found = vault.recogniser().unwrap().recognise(&views(&made));
            assert!(found.iter().all(|found| found.unwrap().domain == domain));
            // The old ones stay traceable; a second exchange gives the same; a new one is itself.
            assert_eq!(whose(&vault, &old), before);
            for texts in [&old, &made] {
                let again = remap(&vault, ours.processor.id, kind, texts).unwrap();
                assert_eq!(again.into_iter().flatten().collect::<Vec<_>>(), made);
            }
            // What another was given, what is of another kind, and what is nothing.
            let mut strange = column_of(&others, place);
            strange.extend(column_of(&ours, (place + 1) % SEALED.len()));
            strange.push("somebody".to_owned());
            let none = remap(&vault, ours.processor.id, kind, &strange).unwrap();
            assert!(none.iter().all(Option::is_none), "{kind}");
        }
    }
    let ours = give(&vault, "P-alpha", false);
    vault.erase(gone, &actor(), PURPOSE).unwrap();
    renew(&vault, ours.processor.id, Kind::CI);
    let made = remap(&vault, ours.processor.id, Kind::CI, &column_of(&ours, 0)).unwrap();
    assert_eq!(made.iter().filter(|one| one.is_none()).count(), 1, "the erased one only");
}
on_both!(members_are_exchanged_and_nobody_else);

#[test]
fn an_exchange_is_logged_by_its_numbers_and_noted_for_the_tracer() {
    let world = World::sqlite();
    let vault = world.enrolled(5);
    let ours = give(&vault, "P-alpha", false);
    let id = ours.processor.id;
    let old = newest(&vault, id, Kind::CI);
    let mut texts = column_of(&ours, 0);
    texts.push("somebody".to_owned());
    let new = renew(&vault, id, Kind::CI);
    assert!(vault.remaps().unwrap().is_empty());
    let before = vault.audit_verify(None).unwrap().rows;
    remap(&vault, id, Kind::CI, &texts).unwrap();
    assert_eq!(vault.remaps().unwrap(), [(new, old)]);
    let rows =
        vault.data().read("test.audit", |tx| doldam_store::audit::rows(tx, before, 9)).unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (row.action.as_str(), row.object.clone()),
        ("pseudonym.remap", format!("{new} 8/9"))
    );
    assert_eq!(row.subject_count, 0, "how many, not which");
}

#[test]
fn what_is_closed_is_not_exchanged_or_renewed() {
    let world = World::sqlite();
    let vault = world.enrolled(5);
    let ours = give(&vault, "P-alpha", false);
    let (id, texts) = (ours.processor.id, column_of(&ours, 0));
    let old = newest(&vault, id, Kind::CI);
    let renewed = renew(&vault, id, Kind::CI);
    assert_eq!(code(vault.domain_renew(old, &actor(), PURPOSE)), "vault.invalid");
    assert_eq!(code(vault.domain_renew(renewed, &actor(), "")), "vault.invalid");
    assert_eq!(code(vault.domain_renew(DomainId::new(99), &actor(), PURPOSE)), "store.not-found");
    vault.domain_suspend(old, &actor(), PURPOSE).unwrap();
    let none = remap(&vault, id, Kind::CI, &texts).unwrap();
    assert!(none.iter().all(Option::is_none), "the old epoch is suspended");
    vault.domain_resume(old, &actor(), PURPOSE).unwrap();
    assert!(remap(&vault, id, Kind::CI, &texts).unwrap().iter().all(Option::is_some));
    vault.domain_suspend(renewed, &actor(), PURPOSE).unwrap();
    assert_eq!(code(remap(&vault, id, Kind::CI, &texts)), "vault.domain_closed");
    assert_eq!(code(vault.domain_renew(renewed, &actor(), PURPOSE)), "vault.domain_closed");
    assert_eq!(code(remap(&vault, id, Kind::NICKNAME, &texts)), "vault.kind");
    let elsewhere = vault.remap(id, "another purpose", Kind::CI, &views(&texts), &actor());
    assert_eq!(code(elsewhere), "vault.invalid");
    let many = vec!["x".to_owned(); 10_001];
    assert_eq!(code(remap(&vault, id, Kind::CI, &many)), "vault.limit");
    // A delivery after the renewal is made in the new epoch.
    vault.domain_resume(renewed, &actor(), PURPOSE).unwrap();
    let again = column_of(&give(&vault, "P-alpha", false), 0);
    let found = vault.recogniser().unwrap().recognise(&views(&again));
    assert!(found.iter().all(|found| found.unwrap().domain == renewed));
}

#[test]
fn what_a_processor_shows_is_theirs_a_canary_anothers_or_nothing() {
    let world = World::sqlite();
    let vault = world.enrolled(10);
    let (ours, others) = (give(&vault, "P-alpha", true), give(&vault, "P-beta", false));
    let id = ours.processor.id;
    let gone = world.ordinal(&vault, 4);
    vault.erase(gone, &actor(), PURPOSE).unwrap();
    let shown = vault.shown_by(id, &views(&column_of(&ours, 0))).unwrap();
    let of = |wanted: fn(&Shown) -> bool| shown.iter().filter(|one| wanted(one)).count();
    assert_eq!(of(|one| matches!(one, Shown::Theirs(_))), 9);
    assert_eq!(
        of(|one| matches!(one, Shown::Canary(_, disclosure) if disclosure.number() == 1)),
        3
    );
    assert_eq!(of(|one| matches!(one, Shown::Nobody)), 1);
    let other = newest(&vault, others.processor.id, Kind::CI);
    let shown = vault.shown_by(id, &views(&column_of(&others, 0))).unwrap();
    assert!(shown.iter().all(|one| *one == Shown::Foreign(other)));
    let own = newest(&vault, id, Kind::CI);
    vault.domain_suspend(own, &actor(), PURPOSE).unwrap();
    let shown = vault.shown_by(id, &views(&column_of(&ours, 0))).unwrap();
    assert!(shown.iter().all(|one| *one == Shown::Suspended(own)));
    assert!(
        vault.shown_by(id, &["", "x", "가나다"]).unwrap().iter().all(|one| *one == Shown::Nobody)
    );
}

/// Whatever mixture is shown, in whatever order: members map one to one, all else to nothing.
#[test]
fn an_exchange_is_a_bijection_on_members() {
    let world = World::sqlite();
    let vault = world.enrolled(40);
    let (ours, others) = (give(&vault, "P-alpha", false), give(&vault, "P-beta", false));
    let id = ours.processor.id;
    let texts = [column_of(&ours, 0), column_of(&others, 0), column_of(&ours, 1)].concat();
    let members = column_of(&ours, 0).len();
    renew(&vault, id, Kind::CI);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(24)
    });
    let places = proptest::collection::vec(0..texts.len(), 0..60);
    let junk = proptest::collection::vec("[A-Za-z0-9+/=_-]{0,90}", 0..4);
    runner
        .run(&(places, junk), |(places, junk)| {
            let mut asked: Vec<String> = places.iter().map(|place| texts[*place].clone()).collect();
            asked.extend(junk);
            let made = remap(&vault, id, Kind::CI, &asked).unwrap();
            prop_assert_eq!(made.len(), asked.len());
            for (place, one) in made.iter().enumerate() {
                let is_member = places.get(place).is_some_and(|place| *place < members);
                prop_assert_eq!(one.is_some(), is_member);
            }
            for (place, one) in made.iter().enumerate() {
                for (other_place, other) in made.iter().enumerate() {
                    if one.is_some() && other.is_some() {
                        prop_assert_eq!(one == other, asked[place] == asked[other_place]);
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}
