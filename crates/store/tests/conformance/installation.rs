//! Facts about the installation.

use super::{World, on_both};
use crate::installation;

on_both!(a_fact_is_replaced_by_its_name);

fn a_fact_is_replaced_by_its_name(world: &World) {
    let get = |name: &str| world.read(|tx| installation::get(tx, name));
    assert_eq!(get("profile"), None);
    world.write(|tx| {
        installation::put(tx, "profile", "kr")?;
        installation::put(tx, "zone", "Asia/Seoul")?;
        installation::put(tx, "profile", "대한민국")
    });
    assert_eq!(get("profile").as_deref(), Some("대한민국"));
    assert_eq!(get("zone").as_deref(), Some("Asia/Seoul"));
    assert_eq!(get("Zone"), None);
    let reopened = world.reopen().unwrap();
    let kept = reopened.read("test.get", |tx| installation::get(tx, "profile"));
    assert_eq!(kept.unwrap().as_deref(), Some("대한민국"));
}
