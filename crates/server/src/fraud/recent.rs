//! What was decided since the start, and in the last hour: counted, never stored.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use doldam_fraud::decision::Action;
use doldam_ground::Instant;

/// Minutes that are remembered.
const MINUTES: usize = 60;
/// Tenths of the score: 0–9, 10–19, …, 90–100.
pub(crate) const TENTHS: usize = 10;

/// What happened to one event.
#[derive(Clone, Copy)]
pub(crate) enum Happened {
    /// It was decided, with this action and score.
    Decided(Action, u8),
    /// It had been decided before.
    Again,
    /// An event of its name with other content stands in the log.
    Conflict,
    /// It cannot be judged.
    Refused,
    /// It could not be judged; the policy let it pass.
    FailOpen,
    /// It could not be judged; the policy did not let it pass.
    FailClosed,
}

/// What was counted.
#[derive(Clone, Default)]
pub(crate) struct Shown {
    /// New decisions by action, weakest first.
    pub(crate) actions: [u64; Action::ALL.len()],
    /// New decisions by tenths of the score.
    pub(crate) scores: [u64; TENTHS],
    pub(crate) again: u64,
    pub(crate) conflicts: u64,
    pub(crate) refused: u64,
    pub(crate) fail_open: u64,
    pub(crate) fail_closed: u64,
    /// The last minutes with anything in them, oldest first.
    pub(crate) minutes: VecDeque<Minute>,
    /// New decisions of the last 60 seconds.
    pub(crate) last_minute: u64,
}

/// One minute.
#[derive(Clone, Copy)]
pub(crate) struct Minute {
    /// Minutes since 1970.
    pub(crate) number: i64,
    /// New decisions by action.
    pub(crate) actions: [u64; Action::ALL.len()],
}

struct Counted {
    shown: Shown,
    /// The second since 1970 and its decisions, by second modulo 60.
    seconds: [(i64, u64); 60],
}

impl Default for Counted {
    fn default() -> Self {
        Self { shown: Shown::default(), seconds: [(0, 0); 60] }
    }
}

/// The counts of a server.
#[derive(Default)]
pub(crate) struct Recent(Mutex<Counted>);

impl Recent {
    /// Counts the events of one request.
    pub(crate) fn note(&self, now: Instant, all: impl Iterator<Item = Happened>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in all {
            counted.note(now, one);
        }
    }

    /// What was counted until now.
    pub(crate) fn show(&self, now: Instant) -> Shown {
        let second = now.micros().div_euclid(1_000_000);
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shown = counted.shown.clone();
        let lasts = |at: i64| (second - 59..=second).contains(&at);
        shown.last_minute =
            counted.seconds.iter().filter(|(at, _)| lasts(*at)).map(|(_, count)| count).sum();
        shown
    }
}

impl Counted {
    fn note(&mut self, now: Instant, one: Happened) {
        let shown = &mut self.shown;
        match one {
            Happened::Again => shown.again += 1,
            Happened::Conflict => shown.conflicts += 1,
            Happened::Refused => shown.refused += 1,
            Happened::FailOpen => shown.fail_open += 1,
            Happened::FailClosed => shown.fail_closed += 1,
            Happened::Decided(action, score) => self.decided(now, action, score),
        }
    }

    fn decided(&mut self, now: Instant, action: Action, score: u8) {
        let action = usize::from(action.number());
        self.shown.actions[action] += 1;
        self.shown.scores[usize::from(score / 10).min(TENTHS - 1)] += 1;
        let second = now.micros().div_euclid(1_000_000);
        let slot = &mut self.seconds[usize::try_from(second.rem_euclid(60)).unwrap_or_default()];
        if slot.0 != second {
            *slot = (second, 0);
        }
        slot.1 += 1;
        let number = second.div_euclid(60);
        let minutes = &mut self.shown.minutes;
        if minutes.back().is_none_or(|minute| minute.number < number) {
            minutes.push_back(Minute { number, actions: [0; Action::ALL.len()] });
            if minutes.len() > MINUTES {
                minutes.pop_front();
            }
        }
        if let Some(minute) = minutes.back_mut() {
            minute.actions[action] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_the_last_sixty_seconds_and_an_hour_the_last_sixty_minutes() {
        let recent = Recent::default();
        let at = |second: i64| Instant::from_micros(second * 1_000_000);
        for second in [0, 59, 60, 61] {
            let all = [Happened::Decided(Action::Hold, 100), Happened::Again];
            recent.note(at(second), all.into_iter());
        }
        assert_eq!(recent.show(at(61)).last_minute, 3, "second 0 is over");
        assert_eq!(recent.show(at(120)).last_minute, 1);
        let shown = recent.show(at(200));
        assert_eq!((shown.last_minute, shown.again), (0, 4));
        assert_eq!((shown.actions[4], shown.scores[9]), (4, 4));
        assert_eq!(
            shown.minutes.iter().map(|minute| minute.actions[4]).collect::<Vec<_>>(),
            [2, 2]
        );
        for minute in 2..100 {
            recent.note(at(minute * 60), std::iter::once(Happened::Decided(Action::Allow, 0)));
        }
        assert_eq!(recent.show(at(6_000)).minutes.len(), MINUTES);
    }
}
