//! What `--help` says, kept as text files so that a change of it is seen.
//!
//! `DOLDAM_UPDATE_HELP=1 cargo test --release -p doldam-cli help` writes them anew.

use std::path::Path;

use crate::support::House;

const COMMANDS: &str = "
|init|serve|subject|subject import|subject reveal|subject erase|subject status
|disclose|disclose list|disclose record|disclose verify
|scan|trace|drill|fraud|fraud evaluate|fraud features|fraud train|fraud load|fraud back-test|fraud replay|affected|affected show|affected proof|affected verify|evidence|evidence custody
|processor|processor list|processor add
|domain|domain list|domain suspend|domain resume|domain hold|domain release|domain destroy|domain renew
|staff|staff list|staff add|staff reset|staff sign-out|staff disable|approve|audit|audit verify|audit list|backup|restore
|key|key backup|key rotate|key restore|store|store migrate|doctor";

#[test]
fn help_is_what_is_written_down() {
    let house = House::empty();
    #[expect(clippy::disallowed_methods, reason = "tests have no settings of their own")]
    let update = std::env::var_os("DOLDAM_UPDATE_HELP").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/help");
    let mut changed = Vec::new();
    for command in COMMANDS.split('|').map(str::trim) {
        let words: Vec<&str> = command.split_whitespace().chain(["-h"]).collect();
        let help = house.run(&words).good();
        assert!(help.err.is_empty(), "{}", help.err);
        let about = help.out.lines().next().unwrap_or_default();
        assert!(!about.ends_with('.') && !about.is_empty(), "{command}: {about}");
        let name = if command.is_empty() { "doldam" } else { command }.replace(' ', "-");
        let path = folder.join(format!("{name}.txt"));
        if update {
            std::fs::write(&path, &help.out).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != help.out {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "help changed: {changed:?}; see the head of this file");
}

#[test]
fn every_command_is_in_the_list() {
    let house = House::empty();
    let listed = |command: &str| COMMANDS.split('|').any(|name| name.trim() == command);
    let mut waiting = vec![String::new()];
    while let Some(command) = waiting.pop() {
        assert!(listed(&command), "{command} has no help file");
        let words: Vec<&str> = command.split_whitespace().chain(["-h"]).collect();
        let help = house.run(&words).good().out;
        let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        for line in commands.take_while(|line| !line.is_empty()) {
            let name = line.split_whitespace().next().unwrap_or_default();
            if line.starts_with("  ") && !line.starts_with("   ") && name != "help" {
                waiting.push(format!("{command} {name}").trim().to_owned());
            }
        }
    }
}
