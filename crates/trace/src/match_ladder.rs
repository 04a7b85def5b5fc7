//! Which value of a row names its person.
//!
//! A row often holds several values, and they may point at different people: a phone number was
//! passed on, two files were pasted together. The ladder decides once, for everybody: the harder a
//! value is to change or to share, the higher it stands. A nickname names a person only if nothing
//! stronger in the row speaks, and a name alone never does.

use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, DomainId, Ordinal, ProcessorId};

use crate::house::{Answer, Proof, Unmasked};

const LADDER: [&str; 14] = [
    "ci",
    "di",
    "customer_id",
    "rrn",
    "frn",
    "passport",
    "driver_licence",
    "my_number_jp",
    "ssn_us",
    "phone",
    "email",
    "account",
    "card",
    "nickname",
];

/// Where a keyed pseudonym stands among the steps of [`step`]: right after the CI.
const STEP_KEYED: u8 = 1;
/// Where a format-preserving pseudonym stands: below everything.
const STEP_STATISTICAL: u8 = u8::MAX;

/// How far down the ladder `kind` stands: 0 is believed first. `None` when a value of the kind
/// never names a person, however rare it is (names, addresses, birth dates).
pub fn rank(kind: Kind) -> Option<u8> {
    let place = LADDER.iter().position(|id| *id == kind.id())?;
    u8::try_from(place).ok()
}

/// Whether a value of `kind` can name a person at all.
pub fn identifies(kind: Kind) -> bool {
    rank(kind).is_some()
}

/// The ladder with room between its steps.
fn step(rank: u8) -> u8 {
    rank * 2
}

/// What one cell of a row said.
#[derive(Clone, Copy)]
pub(crate) enum Clue {
    /// Somebody holds the value. `bit` numbers its kind in this run.
    Known { rank: u8, bit: u8, answer: Answer },
    /// Nobody holds the value. `for_life`: a person keeps such a value, so the row is a stranger's.
    Stranger { rank: u8, for_life: bool },
    /// A pseudonym of ours.
    Pseudonym(Unmasked),
    /// A planted value, or one of a strange row of a recorded hand-over.
    Marker { rank: u8, bit: u8, disclosure: DisclosureId, canary: Option<Ordinal> },
    /// A value of a kind that names nobody, in a column where such values are known.
    Beside { bit: u8 },
}

/// Who a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// One subject, by an exact unique value or a keyed pseudonym.
    Exact(Ordinal),
    /// One subject, but something in the row or in the method leaves a doubt.
    Weak(Ordinal),
    /// An invented subject.
    Canary(Ordinal),
    /// Somebody who was ours: the pseudonym is genuine, the person erased.
    Erased,
    /// One of several subjects.
    Ambiguous,
    /// Nobody that we know.
    Unknown,
}

/// What a row says of where it came from, besides whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Trail {
    /// Nothing.
    #[default]
    None,
    /// It holds a pseudonym of this domain.
    Pseudonym {
        domain: DomainId,
        processor: ProcessorId,
        disclosure: Option<DisclosureId>,
        /// How many ordinals the cipher runs over, when the reading is only statistical.
        space: Option<u64>,
    },
    /// It holds a canary of this disclosure.
    Planted(DisclosureId),
    /// It is a stranger who already stood in these hand-overs, ascending.
    Strange(Vec<DisclosureId>),
}

/// One row, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) who: Who,
    /// Bits of the kinds that the row holds in clear.
    pub(crate) kinds: u32,
    pub(crate) trail: Trail,
    /// Two values name two different people.
    pub(crate) conflict: bool,
    /// A nickname that is ours stands beside a value that says the row is a stranger's.
    pub(crate) coincidence: bool,
}

/// Judges one row by its clues, in any order.
pub(crate) fn judge(clues: &[Clue]) -> Person {
    let nickname = step(rank(Kind::NICKNAME).expect("nickname is on the ladder"));
    let mut best: Option<(u8, Ordinal)> = None;
    for clue in clues {
        let Some(claim) = claim(clue) else { continue };
        best = best.filter(|best| best.0 <= claim.0).or(Some(claim));
    }
    let strangers = || clues.iter().filter_map(stranger);
    let for_life = strangers().filter(|(_, for_life)| *for_life).map(|(at, _)| at).min();
    let erased = clues.iter().any(is_erased);
    let doubted = |at: u8| for_life.is_some_and(|stranger| stranger < at);
    let by_nickname_only = best.is_some_and(|(at, _)| at == nickname);
    let coincidence = by_nickname_only && (doubted(nickname) || erased);
    let who = match best {
        Some((_, ordinal)) if ordinal.is_canary() && !coincidence => Who::Canary(ordinal),
        Some((at, ordinal)) if !coincidence => {
            let changed = by_nickname_only && strangers().any(|(stranger, _)| stranger < nickname);
            if doubted(at) || changed || at == STEP_STATISTICAL {
                Who::Weak(ordinal)
            } else {
                Who::Exact(ordinal)
            }
        }
        _ if erased => Who::Erased,
        _ if clues.iter().any(|clue| is_shared(clue, for_life.is_some())) => Who::Ambiguous,
        _ => Who::Unknown,
    };
    Person {
        who,
        kinds: kinds(clues, who),
        trail: trail(clues, who),
        conflict: best.is_some_and(|best| clues.iter().any(|clue| contradicts(clue, best))),
        coincidence,
    }
}

/// The person a clue names, and the step on which it stands.
fn claim(clue: &Clue) -> Option<(u8, Ordinal)> {
    match *clue {
        Clue::Known { rank, answer: Answer::One(ordinal), .. } => Some((step(rank), ordinal)),
        Clue::Pseudonym(reading) => {
            let at = match reading.proof {
                Proof::Keyed => STEP_KEYED,
                Proof::Statistical { .. } => STEP_STATISTICAL,
            };
            reading.ordinal.map(|ordinal| (at, ordinal))
        }
        Clue::Marker { rank, canary: Some(canary), .. } => Some((step(rank), canary)),
        _ => None,
    }
}

fn stranger(clue: &Clue) -> Option<(u8, bool)> {
    match *clue {
        Clue::Stranger { rank, for_life } => Some((step(rank), for_life)),
        _ => None,
    }
}

const fn is_erased(clue: &Clue) -> bool {
    matches!(clue, Clue::Pseudonym(Unmasked { ordinal: None, proof: Proof::Keyed, .. }))
}

/// A value that several subjects hold; a shared nickname beside a stranger's CI says nothing.
fn is_shared(clue: &Clue, is_stranger: bool) -> bool {
    let nickname = rank(Kind::NICKNAME);
    match clue {
        Clue::Known { rank, answer: Answer::Many(_), .. } => {
            !(is_stranger && Some(*rank) == nickname)
        }
        _ => false,
    }
}

/// Whether a clue names somebody else than the best one; statistical readings are too weak to.
fn contradicts(clue: &Clue, best: (u8, Ordinal)) -> bool {
    claim(clue).is_some_and(|(at, ordinal)| ordinal != best.1 && at != STEP_STATISTICAL)
}

fn kinds(clues: &[Clue], who: Who) -> u32 {
    let (Who::Exact(person) | Who::Weak(person) | Who::Canary(person)) = who else { return 0 };
    clues
        .iter()
        .map(|clue| match *clue {
            Clue::Known { bit, answer, .. } => match answer {
                Answer::One(ordinal) if ordinal != person => 0,
                _ => 1 << bit,
            },
            Clue::Marker { bit, canary: Some(canary), .. } if canary == person => 1 << bit,
            Clue::Beside { bit } => 1 << bit,
            _ => 0,
        })
        .fold(0, |all, bit| all | bit)
}

/// The strongest thing that the row says of its origin: a plant, then a bound pseudonym, then a
/// domain's, then a statistical one, then a stranger who was there before.
fn trail(clues: &[Clue], who: Who) -> Trail {
    let mut pseudonym: Option<(u8, Unmasked)> = None;
    let mut strange = Vec::new();
    for clue in clues {
        match *clue {
            Clue::Marker { disclosure, canary: Some(canary), .. } if who == Who::Canary(canary) => {
                return Trail::Planted(disclosure);
            }
            Clue::Marker { disclosure, canary: None, .. } => strange.push(disclosure),
            Clue::Pseudonym(reading) => {
                let strength = pseudonym_strength(&reading);
                if pseudonym.is_none_or(|(best, _)| strength < best) {
                    pseudonym = Some((strength, reading));
                }
            }
            _ => {}
        }
    }
    if let Some((_, reading)) = pseudonym {
        return Trail::Pseudonym {
            domain: reading.domain,
            processor: reading.processor,
            disclosure: reading.disclosure,
            space: match reading.proof {
                Proof::Keyed => None,
                Proof::Statistical { space } => Some(space),
            },
        };
    }
    if strange.is_empty() || !matches!(who, Who::Unknown | Who::Ambiguous) {
        return Trail::None;
    }
    strange.sort_unstable();
    strange.dedup();
    Trail::Strange(strange)
}

const fn pseudonym_strength(reading: &Unmasked) -> u8 {
    match (reading.proof, reading.disclosure) {
        (Proof::Keyed, Some(_)) => 0,
        (Proof::Keyed, None) => 1,
        (Proof::Statistical { .. }, _) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Ordinal = Ordinal::new(1);
    const BORA: Ordinal = Ordinal::new(2);
    const CANARY: Ordinal = Ordinal::new(Ordinal::CANARY_BASE + 3);

    fn known(kind: Kind, answer: Answer) -> Clue {
        let rank = rank(kind).unwrap();
        Clue::Known { rank, bit: rank, answer }
    }

    fn one(kind: Kind, ordinal: Ordinal) -> Clue {
        known(kind, Answer::One(ordinal))
    }

    fn stranger(kind: Kind, for_life: bool) -> Clue {
        Clue::Stranger { rank: rank(kind).unwrap(), for_life }
    }

    fn pseudonym(ordinal: Option<Ordinal>, disclosure: Option<u32>, proof: Proof) -> Clue {
        Clue::Pseudonym(Unmasked {
            ordinal,
            domain: DomainId::new(4),
            processor: ProcessorId::new(5),
            disclosure: disclosure.map(DisclosureId::new),
            proof,
        })
    }

    #[test]
    fn the_ci_wins_over_a_phone_and_the_conflict_is_seen() {
        let row = [one(Kind::PHONE, BORA), one(Kind::CI, ANNA)];
        let person = judge(&row);
        assert_eq!(person.who, Who::Exact(ANNA));
        assert!(person.conflict);
        assert_eq!(person.kinds, 1 << rank(Kind::CI).unwrap());
        assert!(!judge(&[one(Kind::PHONE, ANNA), one(Kind::CI, ANNA)]).conflict);
    }

    #[test]
    fn a_nickname_names_a_person_only_when_nothing_stronger_speaks() {
        let nickname = one(Kind::NICKNAME, ANNA);
        assert_eq!(judge(&[nickname]).who, Who::Exact(ANNA));
        let beside_foreign_ci = judge(&[nickname, stranger(Kind::CI, true)]);
        assert_eq!(beside_foreign_ci.who, Who::Unknown);
        assert!(beside_foreign_ci.coincidence);
        let beside_new_phone = judge(&[nickname, stranger(Kind::PHONE, false)]);
        assert_eq!(beside_new_phone.who, Who::Weak(ANNA));
        let shared = known(Kind::NICKNAME, Answer::Many(3));
        assert_eq!(judge(&[shared]).who, Who::Ambiguous);
        assert_eq!(judge(&[shared, stranger(Kind::CI, true)]).who, Who::Unknown);
        assert_eq!(rank(Kind::NAME), None);
    }

    #[test]
    fn a_phone_beside_a_foreign_ci_is_doubted_and_beside_a_foreign_nickname_not() {
        let phone = one(Kind::PHONE, ANNA);
        assert_eq!(judge(&[phone, stranger(Kind::CI, true)]).who, Who::Weak(ANNA));
        assert_eq!(judge(&[phone, stranger(Kind::NICKNAME, false)]).who, Who::Exact(ANNA));
    }

    #[test]
    fn pseudonyms_name_a_person_and_leave_a_trail() {
        let keyed = judge(&[pseudonym(Some(ANNA), Some(9), Proof::Keyed)]);
        assert_eq!(keyed.who, Who::Exact(ANNA));
        assert!(matches!(keyed.trail, Trail::Pseudonym { disclosure: Some(_), .. }));
        let erased = judge(&[pseudonym(None, None, Proof::Keyed), one(Kind::NICKNAME, BORA)]);
        assert_eq!(erased.who, Who::Erased);
        let statistical = pseudonym(Some(ANNA), None, Proof::Statistical { space: 100 });
        assert_eq!(judge(&[statistical]).who, Who::Weak(ANNA));
        let with_phone = judge(&[statistical, one(Kind::PHONE, BORA)]);
        assert_eq!(with_phone.who, Who::Exact(BORA));
        assert!(!with_phone.conflict);
    }

    #[test]
    fn canaries_and_strangers_seen_before_are_trails_and_no_subjects() {
        let disclosure = DisclosureId::new(7);
        let marker = |kind, canary| {
            let rank = rank(kind).unwrap();
            Clue::Marker { rank, bit: rank, disclosure, canary }
        };
        let planted = judge(&[marker(Kind::CI, Some(CANARY))]);
        assert_eq!(planted.who, Who::Canary(CANARY));
        assert_eq!(planted.trail, Trail::Planted(disclosure));
        let strange = judge(&[marker(Kind::CI, None)]);
        assert_eq!(strange.who, Who::Unknown);
        assert_eq!(strange.trail, Trail::Strange(vec![disclosure]));
        let nickname = marker(Kind::NICKNAME, Some(CANARY));
        let by_chance = judge(&[nickname, stranger(Kind::CI, true)]);
        assert_eq!((by_chance.who, by_chance.trail), (Who::Unknown, Trail::None));
        assert_eq!(judge(&[]).who, Who::Unknown);
    }
}
