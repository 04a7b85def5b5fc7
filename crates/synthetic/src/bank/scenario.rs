//! The demo bank's outside parties, and the twelve times it gave them data.
//!
//! The story is that of the product page: a developer of an NFT platform was handed nicknames and
//! CIs as they are. Around it stand deliveries made to be confused with it: subsets of the same
//! people, the same list a month later with one person in a hundred exchanged, and samples that
//! overlap by chance. An attribution that is right here is right for a reason.

use doldam_ground::Instant;

use crate::people::Column;
use crate::seed::{Seed, SeededEntropy, sample};

/// How many customers had registered for the NFT before it opened, in a bank large enough.
pub const NFT_PRE_REGISTRANTS: u32 = 17_551;

/// Customers of the demo bank as `doldam init --demo` makes it; shares are taken of these.
const DEMO_SUBJECTS: u64 = 100_000;

/// On what ground a firm gets data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It works for the controller (PIPA, article 26).
    Outsourcing,
    /// It uses the data for itself (PIPA, article 17).
    Provision,
}

/// An outside party. The firms are invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firm {
    /// The Korean name.
    pub name_ko: &'static str,
    /// The English name.
    pub name_en: &'static str,
    /// On what ground it gets data.
    pub relation: Relation,
}

/// One act of giving data, as it is to be carried out or recorded.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Position in [`Scenario::processors`].
    pub processor: usize,
    /// What for.
    pub purpose: &'static str,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
    /// Whether the values were given as they are; else pseudonyms.
    pub raw: bool,
    /// Whether it happened before the bank had Doldam: `doldam disclose record`.
    pub recorded: bool,
    /// The people, as indices into [`crate::People`], ascending, each once.
    pub subjects: Vec<u32>,
    /// The day it was given, `YYYY-MM-DD` in Korea.
    pub given: &'static str,
    /// The day by which it must be returned or destroyed, `YYYY-MM-DD` in Korea.
    pub return_by: &'static str,
}

impl Delivery {
    /// Midnight in Korea of the day it was given.
    pub fn given_at(&self) -> Instant {
        Instant::parse(self.given, "Asia/Seoul").expect("the days are written in this file")
    }

    /// Midnight in Korea of the day by which it must be returned or destroyed.
    pub fn return_by_at(&self) -> Instant {
        Instant::parse(self.return_by, "Asia/Seoul").expect("the days are written in this file")
    }
}

/// Processors and deliveries of a bank.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The outside parties.
    pub processors: Vec<Firm>,
    /// What they got, as numbered in [`Scenario::NFT_PRE_REGISTRATION`] and so on.
    pub deliveries: Vec<Delivery>,
}

/// The four firms of the demo.
const FIRMS: [Firm; 4] = [
    Firm {
        name_ko: "주식회사 너울빛체인",
        name_en: "Neoulbit Chain Co., Ltd.",
        relation: Relation::Outsourcing,
    },
    Firm {
        name_ko: "바람새문자 주식회사",
        name_en: "Baramsae Messaging Inc.",
        relation: Relation::Outsourcing,
    },
    Firm {
        name_ko: "온달샘데이터랩 주식회사",
        name_en: "Ondalsaem Data Lab Inc.",
        relation: Relation::Provision,
    },
    Firm {
        name_ko: "주식회사 솔내고객센터",
        name_en: "Sollae Contact Centre Co., Ltd.",
        relation: Relation::Outsourcing,
    },
];

impl Scenario {
    /// Position of the delivery that this product exists for: nicknames and CIs, as they are.
    pub const NFT_PRE_REGISTRATION: usize = 0;

    /// Four processors and twelve overlapping deliveries of a bank with `subjects` customers.
    ///
    /// The NFT pre-registrants are exactly [`NFT_PRE_REGISTRANTS`] when there are that many
    /// customers, else 17.551 % of them. Every set has at least one member when `subjects` ≥ 100.
    pub fn demo(seed: &Seed, subjects: u32) -> Self {
        let populations = Populations::draw(&seed.child("scenario"), subjects);
        Self { processors: FIRMS.to_vec(), deliveries: deliveries(populations) }
    }
}

/// The sets of people that the deliveries are made of, each ascending.
struct Populations {
    registrants: Vec<u32>,
    testers: Vec<u32>,
    winners: Vec<u32>,
    event_guests: Vec<u32>,
    message_lists: [Vec<u32>; 3],
    analysed: [Vec<u32>; 2],
    surveyed: Vec<u32>,
    callers: [Vec<u32>; 2],
}

impl Populations {
    fn draw(seed: &Seed, subjects: u32) -> Self {
        let share = |percent| per_hundred(subjects as usize, percent);
        let fresh =
            |name, count| ascending(sample(&mut seed.child(name).entropy(), subjects, count));
        let within = |name, of: &[u32], percent| {
            let count = per_hundred(of.len(), percent);
            subset(&mut seed.child(name).entropy(), of, count)
        };
        let churned = |name, of: &[u32]| churn(&mut seed.child(name).entropy(), of, subjects);
        let registrants = fresh("registrants", registrant_count(subjects));
        let march = fresh("messages", share(40));
        let april = churned("messages april", &march);
        let may = churned("messages may", &april);
        let january = fresh("analysed", share(25));
        let february = churned("analysed february", &january);
        let november = fresh("callers", share(30));
        let december = churned("callers december", &november);
        Self {
            testers: within("testers", &registrants, 20),
            winners: within("winners", &registrants, 10),
            event_guests: within("event guests", &registrants, 50),
            registrants,
            message_lists: [march, april, may],
            analysed: [january, february],
            surveyed: fresh("surveyed", share(10)),
            callers: [november, december],
        }
    }
}

fn registrant_count(subjects: u32) -> usize {
    if subjects >= NFT_PRE_REGISTRANTS {
        NFT_PRE_REGISTRANTS as usize
    } else {
        let scaled = u64::from(subjects) * u64::from(NFT_PRE_REGISTRANTS) / DEMO_SUBJECTS;
        usize::try_from(scaled).expect("fewer than the subjects")
    }
}

const fn per_hundred(of: usize, percent: usize) -> usize {
    of / 100 * percent + of % 100 * percent / 100
}

fn ascending(mut set: Vec<u32>) -> Vec<u32> {
    set.sort_unstable();
    set
}

fn subset(source: &mut SeededEntropy, of: &[u32], count: usize) -> Vec<u32> {
    let size = u32::try_from(of.len()).expect("subjects are numbered by u32");
    let places = ascending(sample(source, size, count));
    places.into_iter().map(|place| of[place as usize]).collect()
}

/// A month later: one in a hundred has gone, and as many have come who were not there.
fn churn(source: &mut SeededEntropy, before: &[u32], subjects: u32) -> Vec<u32> {
    let outside: Vec<u32> =
        (0..subjects).filter(|index| before.binary_search(index).is_err()).collect();
    let exchanged = per_hundred(before.len(), 1).min(outside.len());
    let mut after = subset(source, before, before.len() - exchanged);
    after.extend(subset(source, &outside, exchanged));
    ascending(after)
}

/// How values were given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As they are, before the bank had Doldam.
    Raw,
    /// As pseudonyms, by Doldam.
    Pseudonyms,
}

/// The days of a delivery: given, and to be returned by.
type Days = (&'static str, &'static str);

fn deliveries(people: Populations) -> Vec<Delivery> {
    use Form::{Pseudonyms, Raw};
    let [march, april, may] = people.message_lists;
    let [january, february] = people.analysed;
    let [november, december] = people.callers;
    let pair = [Column::Nickname, Column::Ci].as_slice();
    let reachable = [Column::Nickname, Column::Ci, Column::Phone].as_slice();
    let analysis = [Column::CustomerId, Column::Ci].as_slice();
    let survey = [Column::Nickname, Column::Email].as_slice();
    let calls = [Column::CustomerId, Column::Name, Column::Phone].as_slice();
    let give = |processor, purpose, form, columns: &[Column], subjects, days: Days| Delivery {
        processor,
        purpose,
        columns: columns.to_vec(),
        raw: form == Raw,
        recorded: form == Raw,
        subjects,
        given: days.0,
        return_by: days.1,
    };
    let registered = ("2025-09-02", "2025-12-31");
    let invited = ("2025-09-20", "2025-10-31");
    let called = ("2025-11-03", "2026-10-31");
    let called_again = ("2025-12-03", "2026-10-31");
    let messages = "월간 안내 문자";
    let behaviour = "이용 행태 분석";
    vec![
        give(0, "NFT 사전등록", Raw, pair, people.registrants, registered),
        give(1, "NFT 행사 안내", Raw, reachable, people.event_guests, invited),
        give(3, "상담 업무", Raw, calls, november, called),
        give(3, "상담 업무", Raw, calls, december, called_again),
        give(2, behaviour, Pseudonyms, analysis, january, ("2026-01-12", "2026-07-31")),
        give(0, "NFT 시험 운영", Pseudonyms, pair, people.testers, ("2026-01-15", "2026-06-30")),
        give(
            0,
            "NFT 드롭 지급",
            Pseudonyms,
            reachable,
            people.winners,
            ("2026-02-02", "2026-06-30"),
        ),
        give(2, behaviour, Pseudonyms, analysis, february, ("2026-02-12", "2026-07-31")),
        give(1, messages, Pseudonyms, reachable, march, ("2026-03-02", "2026-04-30")),
        give(1, messages, Pseudonyms, reachable, april, ("2026-04-02", "2026-05-31")),
        give(1, messages, Pseudonyms, reachable, may, ("2026-05-04", "2026-06-30")),
        give(2, "만족도 조사", Pseudonyms, survey, people.surveyed, ("2026-06-01", "2026-09-30")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn demo(subjects: u32) -> Scenario {
        Scenario::demo(&Seed::new(1), subjects)
    }

    fn shared(left: &Delivery, right: &Delivery) -> usize {
        let left: HashSet<_> = left.subjects.iter().collect();
        right.subjects.iter().filter(|index| left.contains(index)).count()
    }

    #[test]
    fn the_pre_registrants_are_exactly_as_many_as_in_the_story() {
        for subjects in [17_551, 100_000, 250_000] {
            let scenario = demo(subjects);
            let first = &scenario.deliveries[Scenario::NFT_PRE_REGISTRATION];
            assert_eq!(first.subjects.len(), 17_551);
            assert_eq!(first.columns, [Column::Nickname, Column::Ci]);
            assert!(first.raw && first.recorded);
            assert_eq!(first.given_at().to_rfc3339(), "2025-09-01T15:00:00Z");
        }
        assert_eq!(demo(10_000).deliveries[0].subjects.len(), 1_755);
    }

    #[test]
    fn there_are_four_firms_and_twelve_deliveries_in_the_order_of_their_days() {
        let scenario = demo(100_000);
        assert_eq!((scenario.processors.len(), scenario.deliveries.len()), (4, 12));
        assert!(scenario.deliveries.is_sorted_by_key(|delivery| delivery.given));
        for (place, _) in scenario.processors.iter().enumerate() {
            assert!(scenario.deliveries.iter().any(|one| one.processor == place));
        }
        for delivery in &scenario.deliveries {
            assert!(delivery.subjects.is_sorted_by(|left, right| left < right));
            assert!(delivery.subjects.iter().all(|index| *index < 100_000));
            assert!(delivery.given_at() < delivery.return_by_at());
        }
    }

    #[test]
    fn the_sets_overlap_as_they_are_meant_to() {
        let all = demo(100_000).deliveries;
        let of = |purpose| all.iter().filter(|one| one.purpose == purpose).collect::<Vec<_>>();
        for purpose in ["NFT 시험 운영", "NFT 드롭 지급", "NFT 행사 안내"] {
            let part = of(purpose)[0];
            assert_eq!(shared(&all[0], part), part.subjects.len());
        }
        let months = of("월간 안내 문자");
        assert_eq!(months.len(), 3);
        for pair in months.windows(2) {
            assert_eq!(pair[0].subjects.len(), 40_000);
            assert_eq!(shared(pair[0], pair[1]), 39_600);
        }
        // Two independent samples of 40 % and 10 % share 4 % of the customers, give or take.
        let chance = shared(months[0], of("만족도 조사")[0]);
        assert!((3_700..4_300).contains(&chance), "{chance}");
    }

    #[test]
    fn the_smallest_bank_has_somebody_everywhere_and_worlds_repeat() {
        for (one, same) in demo(100).deliveries.iter().zip(demo(100).deliveries) {
            assert!(!one.subjects.is_empty(), "{}", one.purpose);
            assert_eq!(one.subjects, same.subjects);
        }
        let other = Scenario::demo(&Seed::new(2), 10_000);
        assert_ne!(demo(10_000).deliveries[0].subjects, other.deliveries[0].subjects);
    }
}
