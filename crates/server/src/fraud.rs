//! Fraud detection as a part of the server that can be off.
//!
//! The desk that decides is one thread over the log in the store; what is here opens it, keeps what
//! the routes ask for between requests, and puts names to the numbers of a decision.

pub(crate) mod names;
mod recent;

use std::collections::VecDeque;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use doldam_fraud::decision::Action;
use doldam_fraud::desk::{Answer, Desk, FailPolicy, Furnishing, Limit};
use doldam_fraud::journal::{Entry, Journal as _, Record, SetupNames, StoreJournal};
use doldam_fraud::replay::{self, Fetch, Proof};
use doldam_fraud::setup::{Parts, Setup};
use doldam_fraud::{Event, FraudError, Schema};
use doldam_ground::{Clock, Instant};
use doldam_store::Store;
use doldam_store::fraud::artifact::{self, Artifact};
use doldam_vault::Vault;

pub(crate) use recent::{Happened, Recent, Shown};

use crate::app::App;
use crate::error::ServerError;
use crate::problem::Problem;

/// Set-ups that are kept compiled for the names in old decisions.
const SETUPS_KEPT: usize = 8;
/// Where the snapshot of the engine stands in the data folder.
const FOLDER: &str = "fraud";
const SNAPSHOT: &str = "engine.snapshot";

/// How fraud detection is set.
#[derive(Clone, Debug)]
pub struct FraudSettings {
    /// The currency of all amounts, ISO 4217.
    pub currency: String,
    /// What is done with a payment that cannot be judged.
    pub payment: Limit,
    /// What is done with any other event that cannot be judged.
    pub other: Action,
    /// How many alerts a day people can look at.
    pub review_capacity_per_day: u32,
}

impl Default for FraudSettings {
    fn default() -> Self {
        let policy = FailPolicy::default();
        Self {
            currency: "KRW".to_owned(),
            payment: policy.payment,
            other: policy.other,
            review_capacity_per_day: 100,
        }
    }
}

/// Fraud detection that is on.
pub(crate) struct Fraud {
    pub(crate) desk: Desk,
    pub(crate) journal: StoreJournal,
    pub(crate) settings: FraudSettings,
    /// The fields of events. They stay what they are while the server runs.
    pub(crate) schema: Schema,
    pub(crate) recent: Recent,
    store: Arc<Store>,
    policy: FailPolicy,
    setups: Mutex<VecDeque<(u64, Arc<Setup>)>>,
    /// Held by what reads the whole log: one at a time.
    heavy: Mutex<()>,
    /// The last replay, and when it was.
    pub(crate) proof: Mutex<Option<(Instant, Proof)>>,
}

impl Fraud {
    /// Reads the log to its end and begins to decide.
    ///
    /// Fails when the log cannot be read, or the folder of the snapshot cannot be made.
    pub(crate) fn open(
        vault: &Vault,
        clock: Arc<dyn Clock>,
        settings: FraudSettings,
    ) -> Result<Self, ServerError> {
        let store = Arc::new(vault.data().clone());
        let folder = vault.folder().join(FOLDER);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| ServerError::System(error.kind()))?;
        let first = Parts::shipped();
        let amount = Schema::parse(&first.schema)?.place("amount");
        let policy = FailPolicy { amount, payment: settings.payment, other: settings.other };
        let furnishing = Furnishing {
            journal: Arc::new(StoreJournal::new(Arc::clone(&store))),
            fetch: fetch(Arc::clone(&store)),
            keep: keep(Arc::clone(&store), Arc::clone(&clock)),
            clock,
            policy,
            snapshot: Some(folder.join(SNAPSHOT)),
        };
        let desk = Desk::open(furnishing, first)?;
        let schema = desk.look(|engine| engine.setup().schema.clone())?;
        Ok(Self {
            desk,
            journal: StoreJournal::new(Arc::clone(&store)),
            settings,
            schema,
            recent: Recent::default(),
            store,
            policy,
            setups: Mutex::default(),
            heavy: Mutex::new(()),
            proof: Mutex::new(None),
        })
    }

    /// Gives an artifact by its version.
    pub(crate) fn fetch(&self) -> Box<Fetch<'static>> {
        fetch(Arc::clone(&self.store))
    }

    /// Decides on events, in their order, without holding a thread meanwhile.
    pub(crate) async fn judge(&self, events: Vec<Event>) -> Vec<Answer> {
        let meanwhile: Vec<Action> = events.iter().map(|event| self.policy.action(event)).collect();
        let (sender, answers) = tokio::sync::oneshot::channel();
        self.desk.judge(events, Box::new(move |all| drop(sender.send(all))));
        answers.await.unwrap_or_else(|_| {
            let answer = |action| Answer::Fallback { action, cause: "stopped" };
            meanwhile.into_iter().map(answer).collect()
        })
    }

    /// The set-up in force, and its place in the log.
    pub(crate) fn in_force(&self) -> Result<(u64, Arc<Setup>), FraudError> {
        self.desk.look(|engine| (engine.setup_at(), Arc::clone(engine.setup())))
    }

    /// The set-up that was put in force at a place of the log.
    pub(crate) fn setup_at(&self, place: u64) -> Result<Arc<Setup>, FraudError> {
        let mut setups = self.setups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, setup)) = setups.iter().find(|(at, _)| *at == place) {
            return Ok(Arc::clone(setup));
        }
        let names = self.setup_entry(place)?.1;
        let setup = replay::compile(&names, &mut *self.fetch())?;
        if setups.len() >= SETUPS_KEPT {
            setups.pop_front();
        }
        setups.push_back((place, Arc::clone(&setup)));
        Ok(setup)
    }

    /// The entry that put a set-up in force, and when.
    pub(crate) fn setup_entry(&self, place: u64) -> Result<(Instant, SetupNames), FraudError> {
        let record = self.record(place)?;
        match record.entry {
            Entry::Setup(names) => Ok((record.at, *names)),
            _ => Err(FraudError::Journal { why: "no set-up stands where a decision names one" }),
        }
    }

    /// The entry at a place of the log.
    fn record(&self, place: u64) -> Result<Record, FraudError> {
        let mut found = None;
        self.journal.read(place.saturating_sub(1), 1, &mut |row| found = Some(row))?;
        Record::read(found.ok_or(FraudError::Journal { why: "an entry is missing" })?)
    }

    /// The turn of what reads the whole log.
    pub(crate) fn heavy_turn(&self) -> Result<MutexGuard<'_, ()>, Problem> {
        self.heavy.try_lock().map_err(|_| {
            Problem::busy_with("another back-test or proof runs; try again when it is done", 10)
        })
    }
}

fn fetch(store: Arc<Store>) -> Box<Fetch<'static>> {
    Box::new(move |version| {
        let found = store.read("fraud.artifact", |tx| artifact::find(tx, version))?;
        Ok(found.map(|artifact| artifact.body))
    })
}

type Keep = Box<dyn FnMut(&Parts, &str) -> Result<(), FraudError> + Send>;

fn keep(store: Arc<Store>, clock: Arc<dyn Clock>) -> Keep {
    Box::new(move |parts, by| {
        let made_at = clock.now();
        let artifacts: Vec<Artifact> = parts
            .bodies()
            .into_iter()
            .map(|(part, body)| Artifact {
                version: part.version(body),
                what: part.name().to_owned(),
                name: part.name().to_owned(),
                body: body.to_vec(),
                made_by: by.to_owned(),
                made_at,
            })
            .collect();
        Ok(store.write("fraud.keep", move |tx| {
            artifacts.iter().try_for_each(|artifact| artifact::keep(tx, artifact))
        })?)
    })
}

impl App {
    /// Fraud detection, where it is on.
    pub(crate) fn fraud(&self) -> Result<&Arc<Fraud>, Problem> {
        self.fraud.as_ref().ok_or_else(|| {
            let why = "fraud detection is off: see [fraud] in the settings";
            Problem::new(StatusCode::NOT_FOUND, "fraud.off", why)
        })
    }
}

impl From<FraudError> for Problem {
    fn from(error: FraudError) -> Self {
        let code = error.code();
        let status = match &error {
            FraudError::Busy | FraudError::Stopped => {
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, code, error.to_string())
                    .retry_after(1);
            }
            FraudError::Store(_) => {
                let FraudError::Store(error) = error else { return Self::internal(code) };
                return error.into();
            }
            FraudError::UnknownList => StatusCode::NOT_FOUND,
            FraudError::Declaration { .. } | FraudError::Model(_) => StatusCode::BAD_REQUEST,
            FraudError::Event(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => return Self::internal(error.to_string()),
        };
        Self::new(status, code, error.to_string())
    }
}
