//! Temporary measures (임시조치, 지연이체): what may follow what, and by when.
//!
//! The law asks whoever delays or stops somebody's transaction to tell the person, to check who they
//! are, and to keep records of both for five years. So where a measure stands follows from its steps
//! and from nothing else, and no step is offered that would pass over the notice, the reason or the
//! second person. A measure is placed in the transaction that decided it
//! ([`doldam_store::fraud::log::append`]).

use doldam_ground::Instant;
use doldam_store::Store;
use doldam_store::fraud::measure::{self as kept, Measure, Standing, Step};

use crate::decision::Action;
use crate::error::FraudError;

/// Longest reason or way, in bytes.
pub const WORDS_BYTES_MAX: usize = 2_000;
/// Who did what nobody did by hand.
pub const CLOCK: &str = "clock";

/// Most measures of a kind that the clock ends at a time.
const DUE_MAX: u32 = 1_000;
const MINUTE_US: i64 = 60_000_000;

/// When the measure of an action that was decided at `at` is due; `None` when the action places
/// none. A delay runs for three hours, as the delayed transfer that customers know; a hold should be
/// looked at within an hour, a block within a day, a step-up answered within ten minutes.
pub const fn due_at(action: Action, at: Instant) -> Option<Instant> {
    let minutes = match action {
        Action::Allow | Action::Case => return None,
        Action::StepUp => 10,
        Action::Delay => 180,
        Action::Hold => 60,
        Action::Block => 1_440,
    };
    Some(Instant::from_micros(at.micros().saturating_add(minutes * MINUTE_US)))
}

/// Where a measure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It was decided; nobody has been told.
    Placed,
    /// The customer has been told.
    Notified,
    /// The customer has been told and is who they say.
    IdentityChecked,
    /// Lifted by two people before its time: the transaction goes through.
    Released,
    /// It ran its course: the transaction went through.
    CarriedOut,
    /// The transaction does not go through.
    Refused,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Placed,
        Self::Notified,
        Self::IdentityChecked,
        Self::Released,
        Self::CarriedOut,
        Self::Refused,
    ];

    /// Its name in the store and in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Notified => "notified",
            Self::IdentityChecked => "identity_checked",
            Self::Released => "released",
            Self::CarriedOut => "carried_out",
            Self::Refused => "refused",
        }
    }

    /// The state of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing follows any more.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Released | Self::CarriedOut | Self::Refused)
    }
}

/// What somebody, or the clock, wants to do with a measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The customer was told, by this channel.
    Notify {
        /// `sms`, `call`, `app`, `letter`, …
        how: String,
    },
    /// It was checked who the customer is, in this way.
    CheckIdentity {
        /// `outbound_call`, `video`, `face`, `one_time_code`, …
        how: String,
        /// Whether they are who they say.
        passed: bool,
    },
    /// To lift it before its time. The first person asks, the second one agrees.
    Release {
        /// Why, in the person's words.
        reason: String,
    },
    /// Takes back what the first person asked for.
    WithdrawRelease {
        /// Why.
        reason: String,
    },
    /// The transaction is not to go through.
    Refuse {
        /// Why.
        reason: String,
    },
    /// The time of a delay is over, or the proof that a step-up asked for was given.
    CarryOut,
}

/// Why an act is not possible. Display is log-safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MeasureFault {
    /// It was released, carried out or refused.
    #[error("the temporary measure has ended")]
    Ended,
    /// The customer has to be told first.
    #[error("the customer has not been told: tell them first")]
    NotNotified,
    /// The customer has been told.
    #[error("the customer has been told already")]
    Notified,
    /// It has to be checked first who the customer is.
    #[error("the customer's identity has not been checked: check it first")]
    NotChecked,
    /// Two people lift a measure.
    #[error("a second person must agree to the release")]
    SamePerson,
    /// Nobody asked for a release.
    #[error("nobody asked for its release")]
    NotAsked,
    /// No reason, or no channel or way, was given, or it is too long.
    #[error("say why, or by which way, in at most 2,000 bytes")]
    Words,
    /// Its time is not over, or the proof was not given.
    #[error("its time is not over")]
    NotDue,
    /// What stands in the store is not what this program writes.
    #[error("the temporary measure was written by a newer program")]
    Unknown,
}

impl MeasureFault {
    /// A stable name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ended => "measure-ended",
            Self::NotNotified => "measure-not-notified",
            Self::Notified => "measure-notified",
            Self::NotChecked => "measure-not-checked",
            Self::SamePerson => "measure-same-person",
            Self::NotAsked => "measure-not-asked",
            Self::Words => "measure-words",
            Self::NotDue => "measure-not-due",
            Self::Unknown => "measure-unknown",
        }
    }
}

/// The step that `act` of the person `by` makes at `at`, and where the measure stands then.
///
/// Errors: the act is not possible as it stands; see [`MeasureFault`].
pub fn step(
    measure: &Measure,
    act: &Act,
    by: &str,
    at: Instant,
) -> Result<(Step, Standing), MeasureFault> {
    let state = State::of_name(&measure.state).ok_or(MeasureFault::Unknown)?;
    if state.is_end() {
        return Err(MeasureFault::Ended);
    }
    let asked_by = measure.asked_by.as_deref();
    let (name, how, reason, then, asked_by) = match act {
        Act::Notify { how } => {
            if state != State::Placed {
                return Err(MeasureFault::Notified);
            }
            ("notified", words(how)?, "", State::Notified, None)
        }
        Act::CheckIdentity { how, passed } => {
            let how = words(how)?;
            must_be_notified(state)?;
            if *passed {
                ("identity_checked", how, "", State::IdentityChecked, asked_by)
            } else {
                // Whoever failed is not released on the word of an earlier check.
                ("identity_failed", how, "", State::Notified, None)
            }
        }
        Act::Release { reason } => {
            let reason = words(reason)?;
            must_be_notified(state)?;
            if state != State::IdentityChecked {
                return Err(MeasureFault::NotChecked);
            }
            match asked_by {
                None => ("release_asked", "", reason, state, Some(by)),
                Some(first) if first == by => return Err(MeasureFault::SamePerson),
                Some(first) => ("released", "", reason, State::Released, Some(first)),
            }
        }
        Act::WithdrawRelease { reason } => {
            if asked_by.is_none() {
                return Err(MeasureFault::NotAsked);
            }
            ("release_withdrawn", "", words(reason)?, state, None)
        }
        Act::Refuse { reason } => {
            let reason = words(reason)?;
            must_be_notified(state)?;
            ("refused", "", reason, State::Refused, asked_by)
        }
        Act::CarryOut => {
            must_be_notified(state)?;
            let reason = may_be_carried_out(measure, state, at)?;
            ("carried_out", "", reason, State::CarriedOut, asked_by)
        }
    };
    let step = Step {
        step: name.to_owned(),
        by: by.to_owned(),
        how: how.to_owned(),
        reason: reason.to_owned(),
        at,
    };
    let asked_by = asked_by.map(str::to_owned);
    Ok((step, Standing { state: then.name(), asked_by, ended: then.is_end() }))
}

/// Carries out the delays whose time is over and the step-ups whose proof was given; gives how many.
/// To be called again and again.
///
/// Errors: the store refuses; what is left is carried out the next time.
pub fn carry_out_due(store: &Store, now: Instant) -> Result<u32, FraudError> {
    // The proof ends a step-up whenever it comes.
    let any_time = Instant::from_micros(i64::MAX);
    let due = [
        (Action::Delay, State::Notified, now),
        (Action::Delay, State::IdentityChecked, now),
        (Action::StepUp, State::IdentityChecked, any_time),
    ];
    let mut done = 0;
    for (action, state, by) in due {
        let found = store
            .read("measure.due", |tx| kept::due(tx, action.name(), state.name(), by, DUE_MAX))?;
        for measure in found {
            let Ok((taken, then)) = step(&measure, &Act::CarryOut, CLOCK, now) else { continue };
            store.write("measure.carry_out", move |tx| {
                kept::add_step(tx, &measure, &taken, &then)
            })?;
            done += 1;
        }
    }
    Ok(done)
}

/// A delay ends with its timer, which runs out only for whoever could object, so after the notice; a
/// step-up ends with the proof. The others end by people.
fn may_be_carried_out(
    measure: &Measure,
    state: State,
    at: Instant,
) -> Result<&'static str, MeasureFault> {
    match measure.kind.as_str() {
        "delay" if at >= measure.due_at => Ok("its time was over"),
        "step_up" if state == State::IdentityChecked => Ok("the proof was given"),
        _ => Err(MeasureFault::NotDue),
    }
}

const fn must_be_notified(state: State) -> Result<(), MeasureFault> {
    if matches!(state, State::Placed) { Err(MeasureFault::NotNotified) } else { Ok(()) }
}

fn words(text: &str) -> Result<&str, MeasureFault> {
    let text = text.trim();
    if text.is_empty() || text.len() > WORDS_BYTES_MAX {
        Err(MeasureFault::Words)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [Action; 4] = [Action::StepUp, Action::Delay, Action::Hold, Action::Block];

    fn placed(kind: Action) -> Measure {
        let at = Instant::from_micros(0);
        Measure {
            sequence: 7,
            event: "t-7".to_owned(),
            account: None,
            kind: kind.name().to_owned(),
            state: State::Placed.name().to_owned(),
            steps: 1,
            placed_at: at,
            due_at: due_at(kind, at).unwrap(),
            asked_by: None,
            ended_at: None,
        }
    }

    fn take(measure: &mut Measure, act: &Act, by: &str, at: i64) -> Result<Step, MeasureFault> {
        let (step, then) = step(measure, act, by, Instant::from_micros(at))?;
        measure.state = then.state.to_owned();
        measure.steps += 1;
        measure.asked_by = then.asked_by;
        measure.ended_at = then.ended.then_some(step.at);
        Ok(step)
    }

    fn notify() -> Act {
        Act::Notify { how: "sms".to_owned() }
    }

    fn check(passed: bool) -> Act {
        Act::CheckIdentity { how: "video".to_owned(), passed }
    }

    fn release(reason: &str) -> Act {
        Act::Release { reason: reason.to_owned() }
    }

    #[test]
    fn a_hold_is_lifted_by_two_people_after_notice_and_check() {
        let mut hold = placed(Action::Hold);
        assert_eq!(take(&mut hold, &release("hers"), "minji", 1), Err(MeasureFault::NotNotified));
        take(&mut hold, &notify(), "minji", 1).unwrap();
        assert_eq!(take(&mut hold, &notify(), "jun", 1), Err(MeasureFault::Notified));
        assert_eq!(take(&mut hold, &release("hers"), "minji", 2), Err(MeasureFault::NotChecked));
        assert_eq!(take(&mut hold, &check(false), "minji", 2).unwrap().step, "identity_failed");
        take(&mut hold, &check(true), "minji", 3).unwrap();
        assert_eq!(take(&mut hold, &release(" "), "minji", 3), Err(MeasureFault::Words));
        assert_eq!(take(&mut hold, &release("hers"), "minji", 3).unwrap().step, "release_asked");
        assert_eq!(take(&mut hold, &release("hers"), "minji", 4), Err(MeasureFault::SamePerson));
        take(&mut hold, &check(false), "jun", 4).unwrap();
        take(&mut hold, &check(true), "jun", 5).unwrap();
        assert_eq!(
            take(&mut hold, &release("hers"), "minji", 6).unwrap().step,
            "release_asked",
            "a failed check takes the request with it"
        );
        assert_eq!(take(&mut hold, &release("seen it"), "jun", 7).unwrap().step, "released");
        assert_eq!(take(&mut hold, &notify(), "jun", 8), Err(MeasureFault::Ended));
    }

    #[test]
    fn a_request_is_taken_back_and_a_transaction_refused() {
        let mut hold = placed(Action::Hold);
        let back = Act::WithdrawRelease { reason: "the wrong one".to_owned() };
        assert_eq!(take(&mut hold, &back, "minji", 1), Err(MeasureFault::NotAsked));
        for act in [notify(), check(true), release("hers"), back] {
            take(&mut hold, &act, "minji", 1).unwrap();
        }
        assert_eq!(hold.asked_by, None);
        let refuse = Act::Refuse { reason: "her son says that she is on the phone".to_owned() };
        assert_eq!(take(&mut hold, &refuse, "jun", 2).unwrap().step, "refused");
        assert_eq!(hold.ended_at, Some(Instant::from_micros(2)));
    }

    #[test]
    fn a_delay_ends_with_its_timer_and_only_after_the_notice() {
        let mut delay = placed(Action::Delay);
        let over = delay.due_at.micros();
        assert_eq!(take(&mut delay, &Act::CarryOut, CLOCK, over), Err(MeasureFault::NotNotified));
        take(&mut delay, &notify(), "minji", over - 9).unwrap();
        assert_eq!(take(&mut delay, &Act::CarryOut, CLOCK, over - 1), Err(MeasureFault::NotDue));
        assert_eq!(take(&mut delay, &Act::CarryOut, CLOCK, over).unwrap().by, CLOCK);
        let mut hold = placed(Action::Hold);
        take(&mut hold, &notify(), "minji", 1).unwrap();
        let late = hold.due_at.micros() * 2;
        assert_eq!(take(&mut hold, &Act::CarryOut, CLOCK, late), Err(MeasureFault::NotDue));
        let mut proof = placed(Action::StepUp);
        take(&mut proof, &notify(), CLOCK, 1).unwrap();
        assert_eq!(take(&mut proof, &Act::CarryOut, CLOCK, late), Err(MeasureFault::NotDue));
        take(&mut proof, &check(true), CLOCK, 2).unwrap();
        take(&mut proof, &Act::CarryOut, CLOCK, 3).unwrap();
        assert_eq!(State::of_name(&proof.state), Some(State::CarriedOut));
    }

    fn act() -> impl Strategy<Value = Act> {
        let words = prop_oneof![Just(String::new()), Just("a reason".to_owned())];
        (0..6_u8, words, any::<bool>()).prop_map(|(which, words, passed)| match which {
            0 => Act::Notify { how: words },
            1 => Act::CheckIdentity { how: words, passed },
            2 => Act::Release { reason: words },
            3 => Act::WithdrawRelease { reason: words },
            4 => Act::Refuse { reason: words },
            _ => Act::CarryOut,
        })
    }

    proptest! {
        #[test]
        fn no_path_skips_the_notice_the_check_the_reason_or_the_second_person(
            kind in 0..KINDS.len(),
            acts in proptest::collection::vec((act(), 0..3_u8, 0..20_000_000_000_i64), 0..40),
        ) {
            let mut measure = placed(KINDS[kind]);
            let mut steps: Vec<Step> = Vec::new();
            for (act, by, at) in acts {
                let by = ["minji", "jun", "sora"][usize::from(by)];
                let ended = measure.ended_at.is_some();
                let taken = take(&mut measure, &act, by, at);
                prop_assert!(!(ended && taken.is_ok()), "nothing follows an end");
                steps.extend(taken);
            }
            let last_check = |until: usize| {
                steps[..until].iter().rev().find(|step| step.step.starts_with("identity"))
            };
            for (place, step) in steps.iter().enumerate() {
                if step.step != "notified" {
                    prop_assert!(steps[..place].iter().any(|one| one.step == "notified"));
                }
                if ["released", "refused", "carried_out"].contains(&step.step.as_str()) {
                    prop_assert!(!step.reason.is_empty());
                }
                if ["notified", "identity_checked", "identity_failed"].contains(&step.step.as_str()) {
                    prop_assert!(!step.how.is_empty());
                }
                if step.step == "released" {
                    let asked = steps[..place].iter().rposition(|one| one.step == "release_asked");
                    let asked = asked.expect("a release was asked for");
                    prop_assert!(steps[asked].by != step.by, "two people");
                    prop_assert!(!steps[asked].reason.is_empty());
                    prop_assert!(!steps[asked..place].iter().any(|one| one.step == "release_withdrawn"));
                    prop_assert_eq!(last_check(place).map(|one| &*one.step), Some("identity_checked"));
                }
                if step.step == "carried_out" {
                    prop_assert!(KINDS[kind] == Action::Delay || KINDS[kind] == Action::StepUp);
                }
            }
        }
    }
}
