//! `GET /api/v1/health`

use std::path::Path;
use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_store::audit::{self, Wanted};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::Problem;
use crate::routes::gateway_list::{GatewayBody, gateways};

/// Least free disk space, in bytes, below which a warning is given; as `doldam doctor` has it.
const FREE_BYTES_MIN: u64 = 1 << 30;
/// Days after which the last backup is old.
const BACKUP_DAYS: i64 = 7;
/// A file by which the machine's time service says that it sets the clock.
const CLOCK_SIGN: &str = "/run/systemd/timesync/synchronized";

/// How the house is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always 1.
    schema: u32,
    /// ok, unknown or warning: the worst of what follows.
    state: &'static str,
    /// Of the program.
    version: &'static str,
    /// Whether the store answers, and how many people it holds.
    subjects: u64,
    /// Where the data lies.
    disk: Disk,
    /// The machine's clock.
    clock: MachineClock,
    /// By what texts go out.
    gateways: Vec<GatewayBody>,
    /// The last backups that the access log knows.
    backups: Backups,
    /// The access log.
    log: LogBody,
    /// How staff come in.
    sign_in: SignInBody,
}

/// How staff come in besides by a passphrase.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignInBody {
    /// ok, or warning where there is the passphrase alone.
    state: &'static str,
    /// By passkeys: `[sign_in]` says, or the server knows, at which address people come.
    passkey: bool,
    /// At the company's identity provider.
    sso: bool,
}

/// Free space.
#[derive(Serialize, ToSchema)]
pub(crate) struct Disk {
    /// ok, unknown or warning.
    state: &'static str,
    /// Free bytes; null where the file system does not say.
    free_bytes: Option<u64>,
}

/// A clock.
#[derive(Serialize, ToSchema)]
pub(crate) struct MachineClock {
    /// ok, unknown or warning.
    state: &'static str,
    /// What it shows, RFC 3339 with milliseconds.
    now: String,
}

/// The last backups.
#[derive(Serialize, ToSchema)]
pub(crate) struct Backups {
    /// ok or warning.
    state: &'static str,
    /// Of the data; null when none is found.
    data_at: Option<String>,
    /// Of the keys.
    keys_at: Option<String>,
}

/// When the access log was checked.
#[derive(Serialize, ToSchema)]
pub(crate) struct LogBody {
    /// ok, unknown or warning.
    state: &'static str,
    /// Rows.
    rows: u64,
    /// When it was checked last since this server started; null when it was not.
    verified_at: Option<String>,
    /// Whether nothing was wrong then.
    intact: Option<bool>,
}

/// How the server, its disk, its clock, its gateways and its backups are, for whoever begins a day.
#[utoipa::path(get, path = "/api/v1/health", tag = "staff",
    responses((status = 200, description = "how the house is", body = Health)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| json(200, &health(app)?)).await
}

fn health(app: &App) -> Result<Health, Problem> {
    let (disk, clock, gateways) = (disk(app.vault.folder()), clock(app)?, gateways(app));
    let (backups, log, sign_in) = (backups(app)?, log(app)?, sign_in(app));
    let failing = gateways.iter().any(GatewayBody::is_failing);
    let states = [disk.state, clock.state, backups.state, log.state, sign_in.state];
    let state = if failing || states.contains(&"warning") {
        "warning"
    } else if states.contains(&"unknown") {
        "unknown"
    } else {
        "ok"
    };
    let subjects = app.vault.subject_count()?;
    let version = env!("CARGO_PKG_VERSION");
    Ok(Health { schema: 1, state, version, subjects, disk, clock, gateways, backups, log, sign_in })
}

fn disk(folder: &Path) -> Disk {
    let space = rustix::fs::statvfs(folder);
    let free_bytes = space.ok().map(|space| space.f_bavail.saturating_mul(space.f_frsize));
    let state = match free_bytes {
        None => "unknown",
        Some(free) if free < FREE_BYTES_MIN => "warning",
        Some(_) => "ok",
    };
    Disk { state, free_bytes }
}

/// The newest row of the log must not lie in the future.
fn clock(app: &App) -> Result<MachineClock, Problem> {
    let now = app.vault.now();
    let found = newest(app, None)?;
    let state = if found.is_some_and(|at| at > now) {
        "warning"
    } else if Path::new(CLOCK_SIGN).exists() {
        "ok"
    } else {
        "unknown"
    };
    Ok(MachineClock { state, now: now.to_rfc3339_ms() })
}

fn backups(app: &App) -> Result<Backups, Problem> {
    let (data, keys) = (newest(app, Some("backup.data"))?, newest(app, Some("backup.keys"))?);
    let old = app.vault.now().plus_days(-BACKUP_DAYS);
    let is_fresh = |at: Option<Instant>| at.is_some_and(|at| at >= old);
    let state = if is_fresh(data) && keys.is_some() { "ok" } else { "warning" };
    let moment = |at: Option<Instant>| at.map(Instant::to_rfc3339);
    Ok(Backups { state, data_at: moment(data), keys_at: moment(keys) })
}

/// When something was done last, as far as one search of the log goes.
fn newest(app: &App, action: Option<&str>) -> Result<Option<Instant>, Problem> {
    let wanted = Wanted { action: action.map(str::to_owned), ..Wanted::default() };
    let found = app.vault.data().read("audit.newest", |tx| audit::search(tx, &wanted, None, 1))?;
    Ok(found.rows.first().map(|row| row.at))
}

fn sign_in(app: &App) -> SignInBody {
    let (passkey, sso) = (app.settings.ways.has_passkeys(), app.settings.ways.has_sso());
    SignInBody { state: if passkey || sso { "ok" } else { "warning" }, passkey, sso }
}

fn log(app: &App) -> Result<LogBody, Problem> {
    let rows = app.vault.data().read("audit.head", audit::head)?.seq;
    let verified = *app.verified.lock().unwrap_or_else(PoisonError::into_inner);
    let state = match verified {
        None => "unknown",
        Some((_, true)) => "ok",
        Some((_, false)) => "warning",
    };
    let verified_at = verified.map(|(at, _)| at.to_rfc3339());
    Ok(LogBody { state, rows, verified_at, intact: verified.map(|(_, intact)| intact) })
}
