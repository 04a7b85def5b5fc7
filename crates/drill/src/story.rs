//! The story in its order. Read it from top to bottom.
//!
//! Before the leak: a house with staff and customers, some of whose data a developer got. Then a
//! file turns up. From there on a clock runs: whose data is it, whose copy, what must be done by
//! when, who is cut off, what is said, who agrees, who is told, what shows it.

use std::sync::Arc;

use doldam_ground::Clock;
use doldam_synthetic::smsc::Faults;

use crate::error::DrillError;
use crate::outcome::{Outcome, Step};
use crate::steps::{self, SUBJECTS_MAX, SUBJECTS_MIN};

/// How the outside world behaves in a drill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// As the contract says.
    #[default]
    None,
    /// The gateway throttles, hangs up, forgets to answer, and loses, repeats and delays receipts.
    Some,
}

/// A rehearsal.
pub struct Drill {
    /// People whose data leaks: 100 to 1,000,000.
    pub subjects: u32,
    /// Makes the same people, the same leak and the same faults again.
    pub seed: u64,
    /// How the gateway behaves.
    pub trouble: Trouble,
    /// Where time comes from: the machine's clock, because the gateway is real.
    pub clock: Arc<dyn Clock>,
    /// A PostgreSQL database that is the drill's own and empty; `None` for SQLite.
    pub postgres: Option<String>,
}

impl Drill {
    /// Runs the story to its end.
    pub fn run(&self) -> Result<Outcome, DrillError> {
        self.run_watched(&mut |_, _| ())
    }

    /// Runs the story to its end and says of each step that it begins, and in how many
    /// milliseconds it was done.
    pub fn run_watched<'t>(&'t self, tell: &'t mut Tell<'t>) -> Result<Outcome, DrillError> {
        if !(SUBJECTS_MIN..=SUBJECTS_MAX).contains(&self.subjects) {
            return Err(DrillError::Subjects);
        }
        let mut watch = Watch { clock: &*self.clock, steps: Vec::new(), tell };

        // Before the leak.
        let house = watch.step("house", || steps::house(self))?;
        let cast = watch.step("staff", || steps::staff(&house))?;
        watch.step("enrol", || steps::enrol(&house, self.subjects))?;
        let given = watch.step("disclose", || steps::disclose(&house))?;
        let desk = watch.step("fraud", || steps::fraud(&house, &given))?;

        // A file turns up.
        watch.step("leak", || steps::leak(&house, &given))?;
        let found_us = self.clock.elapsed_us();
        let file = watch.step("scan", || steps::scan(&house))?;
        let trace = watch.step("trace", || steps::trace(&house, &file, &given, self.subjects))?;

        // The company acts.
        let incident =
            watch.step("incident", || steps::open(&house, &given, trace, self.subjects))?;
        watch.step("contain", || steps::contain(&house, incident, &given))?;
        watch.step("watch", || steps::watch(&house, &desk, incident, self.subjects))?;
        watch.step("canary", || steps::canary(&house, &desk, incident, &given))?;
        let clocks = watch.step("clocks", || steps::start_clocks(&house, incident))?;
        let notice = watch.step("notice", || steps::agree(&house, &cast, incident))?;

        // Everybody is told, once.
        let outside = watch.step("gateway", || steps::gateway(&house, self.faults()))?;
        let first_text_us =
            watch.step("send", || steps::send(&house, &outside, incident, notice))?;
        let notices =
            watch.step("receipts", || steps::receipts(&house, &outside, incident, notice))?;
        watch.step("resolve", || steps::resolve(&house, &cast, incident, notice))?;

        // What shows it.
        let report = watch.step("report", || steps::report(&house, incident))?;
        watch.step("evidence", || steps::evidence(&house, incident, notice))?;
        watch.step("close", || steps::close(&house, incident))?;
        let timeline = watch.step("verify", || steps::verify(&house, incident))?;

        Ok(Outcome {
            seed: self.seed,
            affected: u64::from(self.subjects),
            steps: watch.steps,
            to_first_text_ms: first_text_us.saturating_sub(found_us) / 1_000,
            notices,
            clocks,
            report_unknown: report,
            timeline,
        })
    }

    fn faults(&self) -> Faults {
        match self.trouble {
            Trouble::None => Faults::default(),
            Trouble::Some => Faults::all(),
        }
    }
}

/// Who is told of each step: its name, and its milliseconds once it is done.
pub type Tell<'t> = dyn FnMut(&'static str, Option<u64>) + 't;

/// Times the steps.
struct Watch<'c> {
    clock: &'c dyn Clock,
    steps: Vec<Step>,
    tell: &'c mut Tell<'c>,
}

impl Watch<'_> {
    fn step<T>(
        &mut self,
        name: &'static str,
        run: impl FnOnce() -> Result<T, DrillError>,
    ) -> Result<T, DrillError> {
        (self.tell)(name, None);
        let started_us = self.clock.elapsed_us();
        let done = run()?;
        let ms = self.clock.elapsed_us().saturating_sub(started_us) / 1_000;
        self.steps.push(Step { name, ms });
        (self.tell)(name, Some(ms));
        Ok(done)
    }
}
