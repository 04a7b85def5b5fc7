//! kill -9 while messages are sent through a gateway that misbehaves: nobody is texted twice, no
//! message is forgotten.
//!
//! The test starts itself again as a child that sends; the gateway and its account live in the
//! parent, which kills the child when a number of messages has come, and then sends the rest itself.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use doldam_ground::ids::MessageId;
use doldam_processors::{MessageState, Processors};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::messaging::{agreed, ask, gateway, pseudonyms, two};
use crate::world::{World, desk_in, disclose, writer};

const FOLDER: &str = "DOLDAM_TEST_MESSAGES_FOLDER";
const ADDRESS: &str = "DOLDAM_TEST_MESSAGES_ADDRESS";
const NAME: &str = "killing::a_killed_messenger_texts_nobody_twice_and_forgets_nobody";
const PEOPLE: u32 = 600;
/// The child is killed once so many messages have come.
const KILLS: [u64; 3] = [60, 250, 480];

fn send(folder: &Path, address: &str) {
    let desk = desk_in(folder);
    desk.messenger(&gateway(address)).run(&AtomicBool::new(false), &|_| {});
}

fn start_child(folder: &Path, address: &str) -> Child {
    Command::new(std::env::current_exe().expect("the test has a file"))
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder)
        .env(ADDRESS, address)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test can start itself")
}

fn kill_after(smsc: &Smsc, mut child: Child, messages: u64) {
    while smsc.messages() < messages {
        let ended = child.try_wait().expect("a child can be asked");
        assert!(ended.is_none(), "the child ended by itself at {}", smsc.messages());
        std::thread::park_timeout(Duration::from_millis(1));
    }
    child.kill().expect("a child can be killed");
    child.wait().expect("the child ends");
}

/// Turns until nothing waits and nothing is left, then listens for late receipts.
fn finish(desk: &Processors, address: &str) {
    let stop = AtomicBool::new(false);
    let gateway = gateway(address);
    let messenger = desk.messenger(&gateway);
    for _ in 0..200 {
        match messenger.turn(&stop) {
            Ok(turn) if turn.taken == 0 && turn.left == 0 => break,
            // The lease of a worker that was killed runs out, and links break.
            _ => std::thread::park_timeout(Duration::from_millis(50)),
        }
    }
    for _ in 0..3 {
        messenger.listen(&stop).unwrap();
    }
}

#[test]
fn a_killed_messenger_texts_nobody_twice_and_forgets_nobody() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to do")]
    if let (Ok(folder), Ok(address)) = (std::env::var(FOLDER), std::env::var(ADDRESS)) {
        return send(Path::new(&folder), &address);
    }
    let world = World::passing();
    let vault = world.create(PEOPLE);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    agreed(&desk, &vault, &two(&vault), file.processor.id);
    let caller = writer(&desk, file.processor.id);
    // Everybody, the canaries among them.
    let ids: Vec<MessageId> =
        pseudonyms(&file).iter().map(|to| ask(&desk, &caller, to, "작품 교환").unwrap()).collect();
    assert!(ids.len() > PEOPLE as usize);
    drop((desk, vault));
    let smsc = Smsc::start(Seed::new(17_551), Faults::all()).unwrap();
    let address = smsc.address().to_string();
    for messages in KILLS {
        kill_after(&smsc, start_child(world.folder.path(), &address), messages);
    }
    let desk = desk_in(world.folder.path());
    finish(&desk, &address);
    let log = smsc.log();
    assert_eq!(log.texted_twice(), 0);
    let states: Vec<MessageState> =
        ids.iter().map(|id| desk.message_state(*id, file.processor.id).unwrap()).collect();
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    assert_eq!(count(MessageState::Queued), 0, "nobody is forgotten");
    let canaries = ids.len() - PEOPLE as usize;
    let (delivered, doubts) = (count(MessageState::Delivered), count(MessageState::InDoubt));
    // What the gateway delivered is at most what is told to be, and every doubt has its cause.
    assert!(delivered > canaries + PEOPLE as usize / 2, "{delivered} delivered, {doubts} in doubt");
    let breaks = log.disconnects + KILLS.len() as u64;
    let window = gateway(&address).window as u64;
    assert!(doubts as u64 <= window * breaks + log.answers_lost, "{doubts} in doubt");
    let untold = states.iter().filter(|state| **state == MessageState::Failed).count();
    assert!(untold <= log.refused.len() + PEOPLE as usize / 50, "{untold} failed");
}
