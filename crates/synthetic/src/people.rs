//! Customers of a Korean bank who do not exist.
//!
//! Person 5 of a seed is the same person whether ten or ten million are drawn, and is made without
//! making the four before: 256 bytes of the seed's stream number 5, and a permutation for each
//! value that must be unique. So a test can ask for anybody, in any order, on any thread.
//!
//! The values look real on purpose (a scanner must find them, a tracer must join them) but reach
//! nobody that the product would write to: e-mail goes to reserved domains, cards are in test
//! ranges. A phone number may by chance be somebody's, which is why a rehearsal has no channel.

mod column;
mod numbers;
mod permutation;
mod words;

use std::fmt;
use std::fmt::Write as _;

use data_encoding::BASE64;
use doldam_ground::locale::Language;
use doldam_ground::{Entropy, Pii};

use crate::seed::{Seed, SeededEntropy};
use numbers::Birth;
use permutation::Permutation;
use words::{List, Syllable, Weighted};

pub use column::Column;

/// Most people of one population: half of the phone numbers, the other half are strangers'.
pub const PEOPLE_MAX: u32 = 40_000_000;

/// E-mail numbers are scattered within blocks of this many people, to keep them short.
const MAIL_BLOCK: u64 = 1_000_000;

/// A population: everybody that a seed can make.
///
/// Nickname, CI, DI, phone, e-mail, customer number, account, card and resident number are unique
/// among all people and strangers of one seed.
pub struct People {
    /// The people's streams, cloned and moved for every person.
    streams: SeededEntropy,
    offset: u64,
    scatter: Scatter,
    lexicon: Lexicon,
}

/// One permutation for each kind of unique value.
struct Scatter {
    nickname: Permutation,
    phone: Permutation,
    mail: Permutation,
    customer: Permutation,
    account: Permutation,
    card: Permutation,
    resident: Permutation,
}

struct Lexicon {
    surnames: Weighted,
    given_first: Weighted,
    given_last_male: Weighted,
    given_last_female: Weighted,
    given_english: List,
    nickname_first: List,
    nickname_last: List,
    nickname_end: List,
    districts: List,
    streets: List,
    mail_domains: List,
}

impl People {
    /// The population of `seed`.
    pub fn new(seed: &Seed) -> Self {
        Self::with_offset(seed, 0)
    }

    /// People whom the bank of `seed` has never met: they share no unique value with
    /// [`People::new`] of the same seed, so a count of unknown rows can be exact. (People of
    /// another seed may share a nickname or a phone number by chance, as in life.)
    pub fn strangers(seed: &Seed) -> Self {
        Self::with_offset(seed, u64::from(PEOPLE_MAX))
    }

    fn with_offset(seed: &Seed, offset: u64) -> Self {
        let seed = seed.child("people");
        let lexicon = Lexicon::new();
        let scatter = Scatter::new(&seed.child("scatter"), lexicon.nicknames());
        Self { streams: seed.child("streams").entropy(), offset, scatter, lexicon }
    }

    /// Person `index`, below [`PEOPLE_MAX`] (larger is a mistake of the caller, and panics).
    pub fn person(&self, index: u32) -> Person {
        let draft = self.draft(index);
        let value = |column| {
            // Long enough for every value, so that no copy of it is left behind by growing.
            let mut out = String::with_capacity(match column {
                Column::Ci | Column::Address => 96,
                _ => 64,
            });
            draft.push(column, &mut out);
            Pii::new(out)
        };
        Person {
            ci: value(Column::Ci),
            di: value(Column::Di),
            nickname: value(Column::Nickname),
            name: value(Column::Name),
            phone: value(Column::Phone),
            email: value(Column::Email),
            account: value(Column::Account),
            card: value(Column::Card),
            rrn: value(Column::Rrn),
            customer_id: value(Column::CustomerId),
            language: draft.language(),
            address: value(Column::Address),
            birth_date: value(Column::BirthDate),
        }
    }

    /// Appends one value of person `index` to `out`: for bulk writers, which need neither the
    /// other values nor a [`Person`].
    pub fn push_value(&self, index: u32, column: Column, out: &mut String) {
        self.draft(index).push(column, out);
    }

    /// Everything that is drawn for a person, before any text is made of it.
    pub(crate) fn draft(&self, index: u32) -> Draft<'_> {
        assert!(index < PEOPLE_MAX, "a population has at most PEOPLE_MAX people");
        let index = self.offset + u64::from(index);
        let mut stream = self.streams.clone();
        stream.seek(index);
        let mut drawn = [0; 256];
        stream.fill(&mut drawn);
        Draft { people: self, index, drawn }
    }
}

impl fmt::Debug for People {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹people›")
    }
}

impl Scatter {
    fn new(seed: &Seed, nicknames: u64) -> Self {
        let over = |name, size| Permutation::new(&seed.child(name), size);
        Self {
            nickname: over("nickname", nicknames),
            phone: over("phone", numbers::PHONES),
            mail: over("mail", MAIL_BLOCK),
            customer: over("customer", numbers::CUSTOMER_IDS),
            account: over("account", numbers::ACCOUNTS),
            card: over("card", numbers::CARDS),
            resident: over("resident", numbers::RESIDENTS),
        }
    }
}

impl Lexicon {
    fn new() -> Self {
        Self {
            surnames: Weighted::new(words::SURNAMES),
            given_first: Weighted::new(words::GIVEN_FIRST),
            given_last_male: Weighted::new(words::GIVEN_LAST_MALE),
            given_last_female: Weighted::new(words::GIVEN_LAST_FEMALE),
            given_english: List::new(words::GIVEN_ENGLISH),
            nickname_first: List::new(words::NICKNAME_FIRST),
            nickname_last: List::new(words::NICKNAME_LAST),
            nickname_end: List::new(words::NICKNAME_END),
            districts: List::new(words::DISTRICTS),
            streets: List::new(words::STREETS),
            mail_domains: List::new(words::MAIL_DOMAINS),
        }
    }

    /// How many nicknames there are without a number at the end.
    fn nicknames(&self) -> u64 {
        self.nickname_first.len() * self.nickname_last.len() * self.nickname_end.len()
    }
}

/// One customer. Only [`Pii::expose`] shows a value.
#[derive(Debug)]
pub struct Person {
    /// 연계정보: 88 characters, canonical base64 of 64 bytes.
    pub ci: Pii<String>,
    /// 중복가입확인정보: 64 base64 characters.
    pub di: Pii<String>,
    /// Two words and an ending, Korean or Latin.
    pub nickname: Pii<String>,
    /// The full name, surname first in Korean.
    pub name: Pii<String>,
    /// `010-XXXX-XXXX`.
    pub phone: Pii<String>,
    /// An address under a reserved domain (RFC 2606).
    pub email: Pii<String>,
    /// An account number in the printed shape of some Korean bank.
    pub account: Pii<String>,
    /// A card number in test ranges, four groups, with a valid check digit.
    pub card: Pii<String>,
    /// `YYMMDD-SXXXXXX`; the check digit holds for births before 2020-10-05.
    pub rrn: Pii<String>,
    /// `C` and nine digits.
    pub customer_id: Pii<String>,
    /// The language that the person reads.
    pub language: Language,
    /// A street address.
    pub address: Pii<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Pii<String>,
}

impl Person {
    /// The plain value of a column. As with [`Pii::expose`], call it where the value is needed.
    pub fn expose(&self, column: Column) -> &str {
        let value = match column {
            Column::Ci => &self.ci,
            Column::Di => &self.di,
            Column::Nickname => &self.nickname,
            Column::Name => &self.name,
            Column::Phone => &self.phone,
            Column::Email => &self.email,
            Column::Account => &self.account,
            Column::Card => &self.card,
            Column::Rrn => &self.rrn,
            Column::CustomerId => &self.customer_id,
            Column::Language => return self.language.code(),
            Column::Address => &self.address,
            Column::BirthDate => &self.birth_date,
        };
        value.expose()
    }
}

/// Which four bytes after CI and DI decide what. A new decision takes a new slot, so that the old
/// ones stay as they are.
#[derive(Clone, Copy)]
enum Slot {
    Surname,
    GivenFirst,
    GivenLast,
    Male,
    English,
    MailDomain,
    Account,
    Card,
    ResidentLast,
    District,
    Street,
    House,
    Flat,
}

/// A person as drawn bytes: each value is made only when it is asked for.
pub(crate) struct Draft<'a> {
    people: &'a People,
    index: u64,
    drawn: [u8; 256],
}

impl Draft<'_> {
    const CI: std::ops::Range<usize> = 0..64;
    const DI: std::ops::Range<usize> = 64..112;

    fn slot(&self, slot: Slot) -> u32 {
        let start = Self::DI.end + 4 * slot as usize;
        let bytes = self.drawn[start..start + 4].try_into();
        u32::from_be_bytes(bytes.expect("four bytes were taken"))
    }

    /// Appends the value of `column`.
    pub(crate) fn push(&self, column: Column, out: &mut String) {
        let scatter = &self.people.scatter;
        match column {
            Column::Ci => BASE64.encode_append(&self.drawn[Self::CI], out),
            Column::Di => BASE64.encode_append(&self.drawn[Self::DI], out),
            Column::Nickname => self.push_nickname(out),
            Column::Name => self.push_name(out),
            Column::Phone => numbers::push_phone(out, scatter.phone.apply(self.index)),
            Column::Email => self.push_email(out),
            Column::Account => {
                let number = scatter.account.apply(self.index);
                numbers::push_account(out, number, self.slot(Slot::Account));
            }
            Column::Card => {
                let number = scatter.card.apply(self.index);
                numbers::push_card(out, number, self.slot(Slot::Card));
            }
            Column::Rrn => {
                let last = self.slot(Slot::ResidentLast);
                self.birth().push_resident_number(out, self.is_male(), last);
            }
            Column::CustomerId => {
                out.push('C');
                numbers::push_padded(out, scatter.customer.apply(self.index), 9);
            }
            Column::Language => out.push_str(self.language().code()),
            Column::Address => self.push_address(out),
            Column::BirthDate => self.birth().push_date(out),
        }
    }

    /// English for one person in twenty-five.
    fn language(&self) -> Language {
        if self.slot(Slot::English).is_multiple_of(25) { Language::En } else { Language::Ko }
    }

    fn is_male(&self) -> bool {
        self.slot(Slot::Male).is_multiple_of(2)
    }

    fn birth(&self) -> Birth {
        Birth::new(self.people.scatter.resident.apply(self.index))
    }

    fn push_nickname(&self, out: &mut String) {
        let lexicon = &self.people.lexicon;
        let nicknames = lexicon.nicknames();
        let (block, place) = (self.index / nicknames, self.index % nicknames);
        let mut place = self.people.scatter.nickname.apply(place);
        for list in [&lexicon.nickname_first, &lexicon.nickname_last] {
            out.push_str(list.at(place));
            place /= list.len();
        }
        let end = lexicon.nickname_end.at(place);
        if end != "·" {
            out.push_str(end);
        }
        if block > 0 {
            write!(out, "_{block}").expect("a String takes every write");
        }
    }

    fn given(&self) -> (Syllable, Syllable) {
        let lexicon = &self.people.lexicon;
        let last =
            if self.is_male() { &lexicon.given_last_male } else { &lexicon.given_last_female };
        (
            lexicon.given_first.pick(self.slot(Slot::GivenFirst)),
            last.pick(self.slot(Slot::GivenLast)),
        )
    }

    fn push_name(&self, out: &mut String) {
        let lexicon = &self.people.lexicon;
        let surname = lexicon.surnames.pick(self.slot(Slot::Surname));
        if self.language() == Language::En {
            out.push_str(lexicon.given_english.pick(self.slot(Slot::GivenFirst)));
            out.push(' ');
            out.push_str(&surname.latin[..1].to_uppercase());
            out.push_str(&surname.latin[1..]);
        } else {
            let (first, last) = self.given();
            out.push_str(surname.hangul);
            out.push_str(first.hangul);
            out.push_str(last.hangul);
        }
    }

    fn push_email(&self, out: &mut String) {
        let lexicon = &self.people.lexicon;
        let surname = lexicon.surnames.pick(self.slot(Slot::Surname));
        let (first, last) = self.given();
        let block = self.index / MAIL_BLOCK * MAIL_BLOCK;
        let number = block + self.people.scatter.mail.apply(self.index % MAIL_BLOCK);
        let domain = lexicon.mail_domains.pick(self.slot(Slot::MailDomain));
        let (first, last, surname) = (first.latin, last.latin, surname.latin);
        write!(out, "{first}{last}.{surname}{number}@{domain}")
            .expect("a String takes every write");
    }

    fn push_address(&self, out: &mut String) {
        let lexicon = &self.people.lexicon;
        for part in lexicon.districts.pick(self.slot(Slot::District)).split('~') {
            out.push_str(part);
            out.push(' ');
        }
        let street = lexicon.streets.pick(self.slot(Slot::Street));
        let house = self.slot(Slot::House) % 400 + 1;
        let flat = self.slot(Slot::Flat);
        let (floor, door) = (flat % 20 + 1, flat / 20 % 4 + 1);
        write!(out, "{street} {house}, {floor}{door:02}호").expect("a String takes every write");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doldam_ground::kind::{RrnVerdict, card_luhn_holds, ci_is_canonical, rrn_check};

    #[test]
    fn a_person_is_the_same_however_many_are_drawn() {
        let seed = Seed::new(7);
        let (one, other) = (People::new(&seed), People::new(&seed));
        for index in (0..500).rev() {
            other.person(index);
        }
        let (left, right) = (one.person(123), other.person(123));
        let stranger = People::strangers(&seed).person(123);
        for column in Column::ALL {
            assert_eq!(left.expose(*column), right.expose(*column));
            let mut pushed = String::new();
            one.push_value(123, *column, &mut pushed);
            assert_eq!(left.expose(*column), pushed);
        }
        assert_ne!(left.expose(Column::Ci), stranger.expose(Column::Ci));
    }

    #[test]
    fn grounds_own_validators_accept_every_value() {
        let people = People::new(&Seed::new(8));
        let mut young = 0;
        for index in 0..20_000 {
            let person = people.person(index);
            for column in Column::ALL {
                if let Some(kind) = column.kind() {
                    assert!(kind.normalise(person.expose(*column)).is_some(), "{kind} {index}");
                }
            }
            assert!(ci_is_canonical(person.expose(Column::Ci)));
            let digits = |column| person.expose(column).replace('-', "");
            assert!(card_luhn_holds(&digits(Column::Card)));
            let born = digits(Column::BirthDate);
            assert_eq!(born[2..], digits(Column::Rrn)[..6]);
            match rrn_check(&digits(Column::Rrn)) {
                RrnVerdict::Certain => {}
                RrnVerdict::Plausible if born.as_str() >= "20201005" => young += 1,
                verdict => panic!("person {index}: {verdict:?}"),
            }
        }
        assert!((500..1_500).contains(&young), "{young} of 20,000 born after October 2020");
    }

    #[test]
    fn no_value_outgrows_the_room_that_is_made_for_it() {
        let people = People::new(&Seed::new(12));
        for index in (0..20_000).chain(PEOPLE_MAX - 1_000..PEOPLE_MAX) {
            let person = people.person(index);
            for column in Column::ALL {
                let room = if matches!(column, Column::Ci | Column::Address) { 96 } else { 64 };
                assert!(person.expose(*column).len() <= room, "{column:?}");
            }
        }
    }

    #[test]
    fn debug_shows_nobody() {
        let person = People::new(&Seed::new(9)).person(0);
        let shown = format!("{person:?}");
        for column in Column::ALL.iter().filter(|column| **column != Column::Language) {
            assert!(!shown.contains(person.expose(*column)));
        }
    }

    #[test]
    fn most_people_read_korean() {
        let people = People::new(&Seed::new(10));
        let english =
            (0..10_000).filter(|index| people.person(*index).language == Language::En).count();
        assert!((300..500).contains(&english), "{english}");
    }

    #[test]
    #[should_panic(expected = "at most PEOPLE_MAX")]
    fn nobody_is_drawn_twice_by_running_past_the_end() {
        People::new(&Seed::new(11)).person(PEOPLE_MAX);
    }
}
