//! The thread that sends the messages which processors ask for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::app::App;
use crate::error::ServerError;

/// The thread, if the settings name a gateway for it.
pub(crate) struct Messages {
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Messages {
    /// Starts it. Without a gateway that the settings name there is none, and what processors ask
    /// for waits.
    pub(crate) fn start(app: &Arc<App>) -> Result<Self, ServerError> {
        let stops = Arc::new(AtomicBool::new(false));
        let is_wanted = app.settings.channels.for_messages().is_some();
        let thread = if is_wanted { Some(spawn(app, &stops)?) } else { None };
        Ok(Self { stops, thread })
    }

    /// Stops it and waits for it: it waits for the answers to what is on the wire.
    pub(crate) fn stop(self) {
        self.stops.store(true, Ordering::Release);
        if let Some(thread) = self.thread {
            // A panic of the thread was printed; there is nothing to add.
            let _ = thread.join();
        }
    }
}

fn spawn(app: &Arc<App>, stops: &Arc<AtomicBool>) -> Result<JoinHandle<()>, ServerError> {
    let (app, stops) = (Arc::clone(app), Arc::clone(stops));
    thread::Builder::new()
        .name("messages".to_owned())
        .spawn(move || {
            let Some(gateway) = app.settings.channels.for_messages() else { return };
            let report = |error: &doldam_processors::ProcessorsError| {
                (app.log)(&format!("messages {}: {error}", error.code()));
            };
            app.desk.messenger(gateway).run(&stops, &report);
        })
        .map_err(|error| ServerError::System(error.kind()))
}
