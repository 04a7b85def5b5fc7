//! kill -9 at any moment: what was acknowledged is there, and nothing is half there.
//!
//! The test starts itself again as a child that imports, discloses or erases in a loop and prints
//! `ACK` after each act. The parent kills it at a random moment, opens the folder (the lock of the
//! dead is free), which finishes or gives up what was under way, and checks the whole vault.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER as HEX;
use doldam_ground::Kind;
use doldam_ground::entropy;
use doldam_store::job;
use doldam_synthetic::{Seed, SeededEntropy};
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::{ErasureState, Row, Vault};
use sha2::{Digest as _, Sha256};

use crate::world::{
    PURPOSE, World, actor, code, import, key_count, order, replace, row_of, source, wrapped_key,
};

const FOLDER: &str = "DOLDAM_TEST_KILL_FOLDER";
const ACT: &str = "DOLDAM_TEST_KILL_ACT";
/// Kills of each of the three acts.
const KILLS: u16 = 35;
/// New people of each import.
const BATCH: u32 = 60;
/// People who get another telephone in each import.
const MOVERS: u32 = 20;
/// Values of each person in the blind index.
const VALUES: u32 = 4;
/// Longest time that a child works before it is killed.
const LIFE_US_MAX: u64 = 90_000;

/// Held while a process is started and while a vault is closed: a process between fork and exec has
/// a copy of the vault's lock.
static STARTING: Mutex<()> = Mutex::new(());

fn close(vault: Vault) {
    let _turn = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    drop(vault);
}

/// A world whose folder belongs to the parent. The clock stands still: what the dead had leased is
/// still leased.
fn world(folder: &Path) -> World {
    World::at(folder)
}

#[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to do")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{line}").expect("the parent listens");
}

/// Not a test: what the child does. Without its settings it has nothing to do.
#[test]
fn child() {
    let Some(folder) = setting(FOLDER) else { return };
    let world = world(Path::new(&folder));
    let vault = world.open();
    say("READY");
    match setting(ACT).as_deref() {
        Some("import") => import_forever(&world, &vault),
        Some("disclose") => disclose_forever(&world, &vault),
        Some("erase") => erase_forever(&vault),
        _ => panic!("no such act"),
    }
}

/// Starts the child, kills it at a random moment of its work, gives what it acknowledged.
fn run_and_kill(folder: &Path, act: &str, round: u16, source: &mut SeededEntropy) -> Vec<String> {
    let mut child = start(folder, act);
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let is_ready = lines.by_ref().map_while(Result::ok).any(|line| line == "READY");
    if !is_ready {
        let why = fs::read_to_string(folder.join("stderr")).unwrap_or_default();
        panic!("the child did not come up in round {round}: {why}");
    }
    // Every second child lives until its first act is done, so that on a slow machine, too, acts
    // are acknowledged; the others may die in it.
    let is_act = |line: &String| line.starts_with("ACK ");
    let first = if round.is_multiple_of(2) {
        lines.by_ref().map_while(Result::ok).find(is_act)
    } else {
        None
    };
    let life = Duration::from_micros(entropy::below(source, LIFE_US_MAX));
    #[expect(clippy::disallowed_methods, reason = "the kill must come at a random moment")]
    std::thread::sleep(life);
    assert!(child.try_wait().unwrap().is_none(), "the child ended by itself in round {round}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(folder.join("stderr")).unwrap(), "", "round {round}");
    let acknowledged = first.into_iter().chain(lines.map_while(Result::ok));
    acknowledged.filter_map(|line| line.strip_prefix("ACK ").map(str::to_owned)).collect()
}

fn start(folder: &Path, act: &str) -> Child {
    let stderr = fs::File::create(folder.join("stderr")).unwrap();
    let _turn = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killing::child", "--nocapture"])
        .env(FOLDER, folder)
        .env(ACT, act)
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .unwrap()
}

/// Import number `number`: new people, and from the second on other telephones for the first ones.
fn batch(world: &World, number: u32) -> Vec<Row> {
    let movers = if number == 0 { 0 } else { MOVERS };
    (0..movers)
        .chain(number * BATCH..(number + 1) * BATCH)
        .map(|index| {
            let person = world.people.person(index);
            let mut row = row_of(
                u64::from(index),
                &[
                    (Kind::CI, person.ci.expose()),
                    (Kind::PHONE, person.phone.expose()),
                    (Kind::NAME, person.name.expose()),
                    (Kind::NICKNAME, person.nickname.expose()),
                    (Kind::RRN, person.rrn.expose()),
                ],
            );
            if index < movers {
                let moved = world.strangers.person(number * MOVERS + index);
                replace(&mut row, Kind::PHONE, moved.phone.expose());
            }
            row
        })
        .collect()
}

fn import_forever(world: &World, vault: &Vault) {
    loop {
        let number = u32::try_from(vault.subject_count().unwrap()).unwrap() / BATCH;
        import(vault, source(), batch(world, number).into_iter());
        say(&format!("ACK {}", number + 1));
    }
}

#[test]
fn an_import_is_there_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    close(world(folder.path()).create());
    let mut source = Seed::new(1).entropy();
    let mut last = 0;
    for round in 1..=KILLS {
        let acknowledged = run_and_kill(folder.path(), "import", round, &mut source);
        last = acknowledged.last().map_or(last, |number| number.parse::<u32>().unwrap());
        let world = world(folder.path());
        let vault = world.open();
        let people = u32::try_from(vault.subject_count().unwrap()).unwrap();
        assert!(people.is_multiple_of(BATCH), "round {round}: {people} people");
        let imports = people / BATCH;
        assert!(imports >= last, "round {round}: import {last} was acknowledged, {imports} found");
        check_imports(&world, &vault, imports);
        close(vault);
    }
    assert!(last >= u32::from(KILLS / 2), "{last} imports are too few");
}

fn check_imports(world: &World, vault: &Vault, imports: u32) {
    let people = i64::from(imports * BATCH);
    assert_eq!(key_count(&world.data()), people);
    for table in ["subject", "subject_handle", "subject_record", "resident_number"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}")), people, "{table}");
    }
    let entries = world.count("SELECT count(*) FROM blind_index");
    assert_eq!(entries, people * i64::from(VALUES));
    assert_eq!(world.count("SELECT count(*) FROM import WHERE state = 'staging'"), 0);
    assert_eq!(vault.data().read("test.jobs", |tx| Ok(job::unfinished(tx)?.len())).unwrap(), 0);
    assert_eq!(vault.audit_verify(None).unwrap().faults, []);
    // The newest import as a whole: its new people, and the telephones that it brought.
    for (index, number) in (0..imports * BATCH).step_by(13).map(|index| (index, index / BATCH)) {
        let person = world.people.person(index);
        let ordinal = vault.subject_by_value(Kind::CI, &person.ci).unwrap();
        let name = vault.subject_by_value(Kind::NICKNAME, &person.nickname).unwrap();
        assert!(name == ordinal, "{index} of import {number}");
        let last = imports - 1;
        if index < MOVERS && last > 0 {
            let moved = |number: u32| world.strangers.person(number * MOVERS + index).phone;
            assert!(vault.subject_by_value(Kind::PHONE, &moved(last)).unwrap() == ordinal);
            if last > 1 {
                let old = vault.subject_by_value(Kind::PHONE, &moved(last - 1));
                assert_eq!(code(old), "vault.no_subject");
            }
        }
        let shown = vault.reveal(ordinal, &[Kind::NAME], &actor(), PURPOSE).unwrap();
        assert_eq!(shown.attributes.get(Kind::NAME).unwrap().expose(), person.name.expose());
    }
}

/// The file is written beside and renamed, as the command line does it.
fn disclose_forever(world: &World, vault: &Vault) {
    let everybody = vault.select(Filter::All).unwrap();
    loop {
        let order = Order { canaries: Some(3), ..order("P-alpha", &[Kind::CI, Kind::NICKNAME]) };
        let drop_file = vault.disclose(&order, &everybody, &actor()).unwrap();
        let path = drop_path(world, drop_file.id.number());
        let partial = path.with_extension("part");
        fs::write(&partial, &drop_file.csv).unwrap();
        fs::rename(&partial, &path).unwrap();
        vault.disclosure_given(drop_file.id).unwrap();
        say(&format!("ACK {}", drop_file.id.number()));
    }
}

fn drop_path(world: &World, number: u32) -> PathBuf {
    world.beside(&format!("drop-{number}.csv"))
}

#[test]
fn every_file_has_its_disclosure() {
    let folder = tempfile::tempdir().unwrap();
    let first = world(folder.path());
    let vault = first.create();
    import(&vault, source(), batch(&first, 0).into_iter());
    close(vault);
    let mut source = Seed::new(2).entropy();
    let mut acknowledged = HashSet::new();
    for round in 1..=KILLS {
        let said = run_and_kill(folder.path(), "disclose", round, &mut source);
        acknowledged.extend(said.iter().map(|number| number.parse::<u32>().unwrap()));
        let world = world(folder.path());
        let vault = world.open();
        check_disclosures(&world, &vault, &acknowledged);
        close(vault);
    }
    assert!(acknowledged.len() >= usize::from(KILLS / 2), "{} is too few", acknowledged.len());
}

fn check_disclosures(world: &World, vault: &Vault, acknowledged: &HashSet<u32>) {
    let facts = vault.disclosures().unwrap();
    let count = u32::try_from(facts.len()).unwrap();
    assert!(acknowledged.iter().all(|number| *number <= count), "an acknowledged one is lost");
    for (place, facts) in (1..).zip(&facts) {
        assert_eq!(facts.row.id.number(), place, "the numbers have no gap");
        let is_given = facts.row.state == "given";
        assert!(is_given || !acknowledged.contains(&place), "disclosure {place} was acknowledged");
        let file = fs::read(drop_path(world, place)).ok();
        assert!(file.is_some() || !is_given, "disclosure {place} is given and has no file");
        if let Some(file) = file {
            let manifest: serde_json::Value = serde_json::from_str(&facts.row.manifest).unwrap();
            assert_eq!(manifest["file_sha256"], HEX.encode(&Sha256::digest(&file)));
        }
    }
    let after = drop_path(world, count + 1);
    assert!(!after.exists(), "a file without its disclosure");
    assert_eq!(world.count("SELECT count(*) FROM canary"), i64::from(count) * 3);
    assert_eq!(world.count("SELECT count(*) FROM marker_index"), i64::from(count) * 6);
    let log = "SELECT count(*) FROM audit WHERE action = 'disclosure.issue'";
    assert_eq!(world.count(log), i64::from(count));
    assert_eq!(vault.audit_verify(None).unwrap().faults, []);
    // Every domain that a disclosure used still has its key.
    for domain in vault.domains().unwrap() {
        assert_eq!(domain.epoch, 1);
    }
    if let Some(file) = (1..=count).rev().find_map(|number| fs::read(drop_path(world, number)).ok())
    {
        let text = String::from_utf8(file).unwrap();
        let cis: Vec<&str> =
            text.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        let found = vault.recogniser().unwrap().recognise(&cis);
        assert!(found.iter().all(Option::is_some));
    }
}

fn erase_forever(vault: &Vault) {
    loop {
        let everybody = vault.select(Filter::All).unwrap();
        let state = vault.erase(everybody[0], &actor(), PURPOSE).unwrap();
        assert_eq!(state, ErasureState::Final);
        say(&format!("ACK {}", everybody[0].number()));
    }
}

#[test]
fn an_erasure_is_complete_or_not_begun() {
    const PEOPLE: u32 = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let first = world(folder.path());
    let rows = (0..PEOPLE).map(|index| {
        row_of(u64::from(index), &[(Kind::CI, first.people.person(index).ci.expose())])
    });
    let vault = first.create();
    import(&vault, source(), rows);
    close(vault);
    let mut source = Seed::new(3).entropy();
    let mut total = 0;
    for round in 1..=KILLS {
        let acknowledged = run_and_kill(folder.path(), "erase", round, &mut source);
        let world = world(folder.path());
        let vault = world.open();
        let living = vault.select(Filter::All).unwrap();
        let (erased, pending) = vault.erasures().unwrap();
        assert_eq!((living.len() + erased, pending), (PEOPLE as usize, 0), "round {round}");
        assert_eq!(usize::try_from(key_count(&world.data())).unwrap(), living.len());
        let entries = world.count("SELECT count(*) FROM blind_index");
        assert_eq!(usize::try_from(entries).unwrap(), living.len());
        for number in acknowledged {
            let gone = doldam_ground::ids::Ordinal::new(number.parse().unwrap());
            assert!(!living.contains(&gone), "round {round}: {number} is still there");
            assert!(wrapped_key(&world.data(), gone).is_none());
            assert_eq!(vault.erasure_state(gone).unwrap(), ErasureState::Final);
        }
        let person = world.people.person(PEOPLE - 1);
        let last = vault.subject_by_value(Kind::CI, &person.ci).unwrap();
        let shown = vault.reveal(last, &[], &actor(), PURPOSE);
        assert!(shown.is_ok_and(|shown| shown.attributes.get(Kind::CI).is_some()));
        let logged = "SELECT count(*) FROM audit WHERE action = 'subject.erase'";
        assert_eq!(usize::try_from(world.count(logged)).unwrap(), erased);
        assert_eq!(vault.audit_verify(None).unwrap().faults, []);
        total = erased;
        close(vault);
    }
    assert!(total >= usize::from(KILLS / 2), "{total} erasures are too few");
}
