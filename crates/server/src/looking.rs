//! How often one member of staff may ask for people.
//!
//! A search tells whether somebody is a customer, and a reveal tells who they are. Somebody who
//! works for a person does this a few times an hour; a list that is typed in by a program does it
//! thousands of times. The count is kept in memory: a restart forgives an hour, the access log
//! forgets nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use doldam_ground::Instant;
use doldam_ground::ids::StaffId;

use crate::problem::Problem;

/// Most searches and reveals of one member of staff in an hour.
pub(crate) const LOOKS_PER_HOUR_MAX: usize = 120;
const HOUR_US: i64 = 3_600_000_000;

/// When each member of staff asked in the last hour.
#[derive(Default)]
pub(crate) struct Looking {
    asked: Mutex<HashMap<StaffId, VecDeque<Instant>>>,
}

impl Looking {
    /// Counts one more question. 429 when there were too many in the last hour; that one does not
    /// count.
    pub(crate) fn count(&self, staff: StaffId, now: Instant) -> Result<(), Problem> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(staff).or_default();
        while times.front().is_some_and(|at| now.micros() - at.micros() >= HOUR_US) {
            times.pop_front();
        }
        if let Some(first) = times.front().filter(|_| times.len() >= LOOKS_PER_HOUR_MAX) {
            let wait_s = (first.micros() + HOUR_US - now.micros()) / 1_000_000 + 1;
            return Err(too_many().retry_after(wait_s));
        }
        times.push_back(now);
        Ok(())
    }
}

fn too_many() -> Problem {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "server.too_many_looks",
        format!(
            "you looked for people {LOOKS_PER_HOUR_MAX} times within an hour; nothing was done, \
             come back later"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_so_many_looks_for_each() {
        let (looking, start) = (Looking::default(), Instant::from_micros(HOUR_US * 1_000));
        let (one, other) = (StaffId::new(1), StaffId::new(2));
        for _ in 0..LOOKS_PER_HOUR_MAX {
            looking.count(one, start).unwrap();
        }
        assert!(looking.count(one, start).is_err());
        looking.count(other, start).unwrap();
        let later = Instant::from_micros(start.micros() + HOUR_US);
        assert!(looking.count(one, Instant::from_micros(later.micros() - 1)).is_err());
        looking.count(one, later).unwrap();
    }
}
