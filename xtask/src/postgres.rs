//! A throw-away PostgreSQL for the tests.
//!
//! A real server, because a conformance suite against an imitation proves nothing. It listens on
//! loopback and a Unix socket only, keeps fsync on as in production, trusts every local user, and
//! loses its data when it is stopped. PostgreSQL refuses to run as root, so root starts it as the
//! user `postgres` (or `nobody`) from a folder that this user can reach.

use crate::{command, out, tools, workspace};
use anyhow::{Context as _, Result, bail};
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const START_LIMIT: Duration = Duration::from_mins(2);
/// Longest path of a folder for a Unix socket: `sun_path` holds 108 bytes, the name takes some.
const SOCKET_FOLDER_BYTES_MAX: usize = 80;
/// Every test has a database and a pool of its own.
const CONNECTIONS_MAX: u32 = 300;

/// A server that runs.
pub(crate) struct Server {
    /// How to reach it: key=value pairs.
    pub(crate) connection: String,
    /// True when this call started it, false when it was running already.
    pub(crate) is_new: bool,
}

/// Who runs the server.
struct Account {
    user: u32,
    group: u32,
}

struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<Account>,
}

/// Starts the server, or finds it running.
pub(crate) fn start(may_install: bool) -> Result<Server> {
    let _turn = take_turn()?;
    let cluster = Cluster::locate(may_install)?;
    if let Some(port) = cluster.running_port() {
        return Ok(Server { connection: connection(port), is_new: false });
    }
    cluster.clear()?;
    cluster.create()?;
    let port = free_port()?;
    cluster.launch(port)?;
    Ok(Server { connection: connection(port), is_new: true })
}

/// Stops the server if it runs, and deletes its data.
pub(crate) fn stop() -> Result<()> {
    let _turn = take_turn()?;
    let cluster = Cluster::locate(false)?;
    if cluster.running_port().is_some() {
        cluster.run("pg_ctl", &["stop", "-w", "-m", "fast", "-s", "-D"])?;
    }
    cluster.clear()
}

/// `cargo xtask postgres`: the connection string is the only line on standard output.
pub(crate) fn start_and_tell() -> Result<bool> {
    let server = start(true)?;
    out::tell("hint: DOLDAM_TEST_POSTGRES holds this for `cargo test`; --stop ends the server");
    out::say(&server.connection);
    Ok(true)
}

/// `cargo xtask postgres --stop`.
pub(crate) fn stop_and_tell() -> Result<bool> {
    stop()?;
    out::tell("postgres: stopped, its data deleted");
    Ok(true)
}

/// Waits until no other task starts or stops the server; the turn ends when the file is dropped.
fn take_turn() -> Result<File> {
    let path = workspace::target().join("postgres.lock");
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    file.lock().with_context(|| path.display().to_string())?;
    Ok(file)
}

fn connection(port: u16) -> String {
    format!("host=127.0.0.1 port={port} user=doldam dbname=postgres")
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}

impl Cluster {
    fn locate(may_install: bool) -> Result<Self> {
        let programs = tools::ensure_postgres(may_install)?;
        let account = if tools::is_root() { Some(Account::unprivileged()?) } else { None };
        let mut cluster = Self { programs, folder: workspace::target().join("postgres"), account };
        if !cluster.can_reach(workspace::root()) {
            // Root's home is closed to others. Only root may write to /var/lib, so nobody can
            // have laid a link under this name.
            let mut hasher = DefaultHasher::new();
            workspace::root().hash(&mut hasher);
            let name = format!("doldam-test-postgres-{:016x}", hasher.finish());
            cluster.folder = Path::new("/var/lib").join(name);
        }
        Ok(cluster)
    }

    fn can_reach(&self, folder: &Path) -> bool {
        let mut test = self.as_account(Path::new("test"));
        test.arg("-x").arg(folder).current_dir("/");
        command::run(&mut test, START_LIMIT).is_ok_and(command::Ended::is_success)
    }

    /// A command that runs with the rights of the server's account.
    fn as_account(&self, program: &Path) -> Command {
        let Some(account) = &self.account else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={}", account.user))
            .arg(format!("--regid={}", account.group))
            .arg("--clear-groups")
            .arg(program);
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Runs one of PostgreSQL's programs; the data folder follows the last argument.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let mut command = self.as_account(&self.programs.join(program));
        command.args(arguments).arg(self.data()).current_dir(&self.folder);
        command::capture_success(&mut command, START_LIMIT)
            .map(drop)
            .with_context(|| format!("PostgreSQL; its log is {}", self.log().display()))
    }

    /// The port of the running server: the fourth line of postmaster.pid.
    fn running_port(&self) -> Option<u16> {
        let mut status = self.as_account(&self.programs.join("pg_ctl"));
        status.args(["status", "-D"]).arg(self.data()).current_dir("/").stderr(Stdio::null());
        let (ended, _) = command::capture(&mut status, START_LIMIT).ok()?;
        if !ended.is_success() {
            return None;
        }
        let text = std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        text.lines().nth(3)?.trim().parse().ok()
    }

    /// Deletes the folder of a server that does not run.
    fn clear(&self) -> Result<()> {
        if !self.folder.exists() {
            return Ok(());
        }
        std::fs::remove_dir_all(&self.folder)
            .with_context(|| format!("deleting {}", self.folder.display()))
    }

    fn create(&self) -> Result<()> {
        let place = || self.folder.display().to_string();
        std::fs::create_dir_all(&self.folder).with_context(place)?;
        if let Some(account) = &self.account {
            std::os::unix::fs::chown(&self.folder, Some(account.user), Some(account.group))
                .with_context(place)?;
        }
        self.run(
            "initdb",
            &["-U", "doldam", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions", "-D"],
        )
    }

    fn launch(&self, port: u16) -> Result<()> {
        let folder = self.folder.display().to_string();
        let is_short = folder.len() <= SOCKET_FOLDER_BYTES_MAX && !folder.contains([' ', '\'']);
        let socket_folder = if is_short { folder.as_str() } else { "" };
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c max_connections={CONNECTIONS_MAX} \
             -c unix_socket_directories='{socket_folder}'"
        );
        let log = self.log().display().to_string();
        self.run("pg_ctl", &["start", "-w", "-s", "-l", &log, "-o", &settings, "-D"])
    }
}

impl Account {
    /// The account of Debian's PostgreSQL, or the one that owns nothing.
    fn unprivileged() -> Result<Self> {
        let number = |flag: &str, name: &str| -> Option<u32> {
            tools::answer("id", &[flag, name])?.trim().parse().ok()
        };
        for name in ["postgres", "nobody"] {
            if let (Some(user), Some(group)) = (number("-u", name), number("-g", name)) {
                return Ok(Self { user, group });
            }
        }
        bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connection_stays_on_this_machine() {
        assert_eq!(connection(50_432), "host=127.0.0.1 port=50432 user=doldam dbname=postgres");
    }

    #[test]
    fn a_free_port_can_be_bound() {
        let port = free_port().expect("loopback has a free port");
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    }
}
