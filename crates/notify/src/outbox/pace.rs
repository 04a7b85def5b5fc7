//! How much may be on the wire: the window, less when the gateway complains, never faster than the
//! contract says.
//!
//! Additive increase, multiplicative decrease (Chiu and Jain, 1989): a complaint halves what may be
//! on the wire, a window of answers without one adds one. So many clients of one gateway end up
//! with fair shares, and none of them floods it. Behind a broken link waits perhaps a gateway that
//! takes texts and says nothing, so the next link is tried with one text, and each answer allows one
//! more until the old pace is reached (the slow start of RFC 5681).

use crate::sms::gateway::Gateway;

const PAUSE_US_MAX: u64 = 1_000_000;
const SECOND_US: f64 = 1_000_000.0;

/// The pace of one worker.
pub(super) struct Pace {
    window: f64,
    allowed: f64,
    /// Below it the pace picks up quickly.
    proven: f64,
    first_pause_us: u64,
    pause_us: u64,
    paused_until_us: u64,
    per_second: Option<f64>,
    tokens: f64,
    counted_us: u64,
}

impl Pace {
    pub(super) fn new(gateway: &Gateway, now_us: u64) -> Self {
        let window = gateway.window as f64;
        Self {
            window,
            allowed: window,
            proven: window,
            first_pause_us: gateway.throttle_pause_us,
            pause_us: gateway.throttle_pause_us,
            paused_until_us: 0,
            per_second: gateway.texts_per_second.map(f64::from),
            tokens: 1.0,
            counted_us: now_us,
        }
    }

    /// How many messages may go out now, with `held` on the wire.
    #[expect(clippy::cast_possible_truncation, reason = "both are between 0 and the window")]
    #[expect(clippy::cast_sign_loss, reason = "both are between 0 and the window")]
    pub(super) fn room(&mut self, now_us: u64, held: usize) -> usize {
        if now_us < self.paused_until_us {
            return 0;
        }
        let room = (self.allowed as usize).saturating_sub(held);
        let Some(per_second) = self.per_second else { return room };
        let passed = now_us.saturating_sub(self.counted_us) as f64 / SECOND_US;
        self.counted_us = now_us;
        // At most a tenth of a second's worth is saved up, so that a stall is not made up in a burst.
        self.tokens = (self.tokens + passed * per_second).min((per_second / 10.0).max(1.0));
        room.min(self.tokens as usize)
    }

    /// So many messages went out.
    pub(super) fn spent(&mut self, messages: usize) {
        if self.per_second.is_some() {
            self.tokens -= messages as f64;
        }
    }

    /// The gateway took a message.
    pub(super) fn accepted(&mut self) {
        let step = if self.allowed < self.proven { 1.0 } else { 1.0 / self.allowed };
        self.allowed = (self.allowed + step).min(self.window);
        self.pause_us = self.first_pause_us;
    }

    /// The gateway put messages off. Complaints about one flight of messages count once.
    pub(super) fn throttled(&mut self, now_us: u64) {
        if now_us < self.paused_until_us {
            return;
        }
        self.allowed = (self.allowed / 2.0).max(1.0);
        self.proven = self.allowed;
        self.paused_until_us = now_us + self.pause_us;
        self.pause_us = (self.pause_us * 2).min(PAUSE_US_MAX);
    }

    /// The link broke: the next one must prove itself.
    pub(super) fn broke(&mut self) {
        self.proven = self.proven.max(self.allowed);
        self.allowed = 1.0;
    }

    /// Whether so many texts in a row without one answer mean that nobody answers.
    pub(super) fn is_silence(&self, unanswered: usize) -> bool {
        unanswered as f64 >= self.allowed.floor()
    }

    /// When the pause ends, if there is one.
    pub(super) const fn pause_left_us(&self, now_us: u64) -> u64 {
        self.paused_until_us.saturating_sub(now_us)
    }
}

#[cfg(test)]
mod tests {
    use doldam_ground::Pii;

    use super::*;

    fn pace(per_second: Option<u32>) -> Pace {
        let mut gateway = Gateway::new("main", "", "", Pii::new(String::new()));
        gateway.texts_per_second = per_second;
        Pace::new(&gateway, 0)
    }

    #[test]
    fn complaints_halve_the_flight_and_answers_open_it_again() {
        let mut pace = pace(None);
        assert_eq!(pace.room(0, 60), 4);
        pace.throttled(0);
        pace.throttled(1);
        assert_eq!(pace.room(9_999, 0), 0);
        assert_eq!((pace.room(10_000, 0), pace.pause_left_us(4_000)), (32, 6_000));
        pace.throttled(10_000);
        assert_eq!((pace.room(29_999, 0), pace.room(30_000, 0)), (0, 16));
        for _ in 0..100_000 {
            pace.accepted();
        }
        assert_eq!(pace.room(30_000, 0), 64);
        for turn in 1..100 {
            pace.throttled(turn * 10_000_000);
        }
        assert_eq!(pace.room(u64::MAX, 0), 1, "it never stops for good");
    }

    #[test]
    fn a_new_link_is_tried_with_one_text() {
        let mut pace = pace(None);
        assert!(!pace.is_silence(63) && pace.is_silence(64));
        pace.broke();
        assert_eq!(pace.room(0, 0), 1);
        assert!(pace.is_silence(1));
        for _ in 0..31 {
            pace.accepted();
        }
        assert_eq!(pace.room(0, 0), 32, "each answer allows one more");
        pace.throttled(0);
        pace.broke();
        for _ in 0..15 {
            pace.accepted();
        }
        assert_eq!(pace.room(10_000, 0), 16);
        pace.accepted();
        assert_eq!(pace.room(10_000, 0), 16, "beyond what is proven it goes slowly");
    }

    #[test]
    fn a_contract_of_ten_a_second_is_kept() {
        let mut pace = pace(Some(10));
        let mut sent = 0;
        for turn in 0..10_000 {
            let room = pace.room(turn * 1_000, 0);
            pace.spent(room);
            sent += room;
        }
        assert!((99..=101).contains(&sent), "{sent} in ten seconds");
    }
}
