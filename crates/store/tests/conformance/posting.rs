//! Postings: kept byte by byte, counted by the day, ended once.

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;

use super::{World, on_both};
use crate::StoreError;
use crate::posting::{self, End, NewPosting, PostingDay};

on_both!(a_posting_is_kept_as_it_was_shown, days_add_up_and_an_end_is_one);

fn new(world: &World, incident: u32) -> NewPosting {
    NewPosting {
        incident: IncidentId::new(incident),
        draft: 2,
        draft_digest: [7; 32],
        day: "2026-11-18".to_owned(),
        titles: r#"{"ko":"안내","en":"Notice"}"#.to_owned(),
        page: "<!doctype html>\n<p>유출 안내 'quoted' \\ \u{1f6a9}</p>\n".to_owned(),
        page_digest: [9; 32],
        zone: "Asia/Seoul".to_owned(),
        days: 30,
        posted_by: "minji".to_owned(),
        posted_at: world.now(),
        full_at: Instant::from_micros(9),
    }
}

fn a_posting_is_kept_as_it_was_shown(world: &World) {
    for (number, incident) in [(1, 4), (2, 5), (3, 4)] {
        let one = new(world, incident);
        assert_eq!(world.write(move |tx| posting::insert(tx, &one)), number);
    }
    let found = world.read(|tx| posting::find(tx, 2)).unwrap();
    assert_eq!((found.id, found.slug.as_str()), (2, "2026-11-18-2"));
    assert_eq!((&found.put_up, &found.end), (&new(world, 5), &None));
    assert_eq!(world.read(|tx| posting::find(tx, 4)), None);
    let of = |list: Vec<posting::Posting>| list.iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(of(world.read(|tx| posting::list(tx, IncidentId::new(4)))), [1, 3]);
    assert_eq!(of(world.read(|tx| posting::newest(tx, 9))), [3, 2, 1]);
    let end = End { by: "minji".into(), reason: "over".into(), at: world.now() };
    world.write(move |tx| posting::end(tx, 3, &end));
    assert_eq!(of(world.read(|tx| posting::newest(tx, 2))), [2, 1], "those that stand come first");
}

fn days_add_up_and_an_end_is_one(world: &World) {
    let one = new(world, 4);
    world.write(move |tx| posting::insert(tx, &one));
    for (day, served, held, missed) in
        [("2026-11-19", 1, 1, 0), ("2026-11-18", 5, 0, 1), ("2026-11-19", 2, 1, 0)]
    {
        let more = PostingDay { day: day.to_owned(), served, held, missed };
        world.write(move |tx| posting::count(tx, 1, &more));
    }
    let days = world.read(|tx| posting::days(tx, 1));
    let days: Vec<_> =
        days.iter().map(|it| (it.day.as_str(), it.served, it.held, it.missed)).collect();
    assert_eq!(days, [("2026-11-18", 5, 0, 1), ("2026-11-19", 3, 2, 0)]);
    let end = End { by: "minji".into(), reason: "its days are over".into(), at: world.now() };
    let again = end.clone();
    world.write(move |tx| posting::end(tx, 1, &again));
    assert_eq!(world.read(|tx| posting::find(tx, 1)).unwrap().end, Some(end.clone()));
    let twice = world.store.write("test.end", move |tx| posting::end(tx, 1, &end));
    assert!(matches!(twice, Err(StoreError::State { .. })), "{twice:?}");
}
