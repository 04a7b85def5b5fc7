//! Knowing a pseudonym again: which domain, which disclosure, whose.
//!
//! A text is read into the bytes or the number that its shape carries and then tried under the
//! domain keys. A leaked file comes from few domains, so a key that opens some of a sample is tried
//! on everything first, and only what is left goes on to the next key. A text without the mark is
//! still tried, because the keyed check decides and never the mark; but a file in which no unmarked
//! sample opens (a file of real CIs) is not tried to the end.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use aes::Aes256;
use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use data_encoding::BASE32_NOPAD as BASE32;
use doldam_ground::ids::{DisclosureId, DomainId, Handle, Ordinal};
use doldam_ground::kind::PseudonymShape;
use doldam_ground::mark::has_mark;

use super::sealed::{CI_BYTES, DI_BYTES, EMAIL_HOST, SHORT_BYTES, read_body};
use super::{DomainKey, digits};
use crate::siv::Siv;

/// How many unmarked texts are tried before a file counts as holding none of ours.
const UNMARKED_SAMPLE: usize = 2_048;
/// How many digit pseudonyms are tried to see whether a key fits.
const DIGIT_SAMPLE: usize = 256;
/// Natural logarithm of one over the chance at which a key is taken to fit by accident: 10^-9.
const SURPRISE: f64 = 20.7;

/// Who is behind a recognised pseudonym.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Proven by the keyed check.
    Handle(Handle),
    /// By statistics over the whole file only.
    Ordinal(Ordinal),
}

/// What a pseudonym says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The domain, and so the processor, the purpose and the epoch.
    pub domain: DomainId,
    /// The disclosure, when the pseudonym is bound to one.
    pub disclosure: Option<DisclosureId>,
    /// The subject or canary.
    pub whose: Whose,
}

struct Tried {
    key: DomainKey,
    /// The short form under each binding: domain-wide first, then each disclosure.
    short: Vec<(Option<DisclosureId>, Siv<Aes256>)>,
}

/// All domain keys of an installation, ready to be tried.
pub struct Recogniser {
    keys: Vec<Tried>,
    subjects: u64,
    canaries: u64,
    /// Keys that have been shown to fit digit pseudonyms: a file comes in batches, and its last one
    /// may be too small to show it again.
    fitting: Mutex<HashSet<Fit>>,
}

/// A domain's key under one binding.
type Fit = (DomainId, Option<DisclosureId>);

/// The texts of one sealed shape that are not recognised yet.
struct Left<const S: usize> {
    places: Vec<usize>,
    boxes: Vec<[u8; S]>,
}

impl Recogniser {
    /// Takes each domain's key with the disclosures made from it, and how many ordinals of subjects
    /// and of canaries are in use.
    pub fn new(domains: Vec<(DomainKey, Vec<DisclosureId>)>, subjects: u64, canaries: u64) -> Self {
        let keys = domains
            .into_iter()
            .map(|(key, disclosures)| {
                let bindings = std::iter::once(None).chain(disclosures.into_iter().map(Some));
                let short = bindings.map(|bound| (bound, key.short(bound))).collect();
                Tried { key, short }
            })
            .collect();
        Self { keys, subjects, canaries, fitting: Mutex::default() }
    }

    /// For each text what it says, or `None` when it is no pseudonym of ours.
    pub fn recognise(&self, texts: &[&str]) -> Vec<Option<Recognised>> {
        let mut found = vec![None; texts.len()];
        if self.keys.is_empty() {
            return found;
        }
        self.recognise_long::<44, 60, CI_BYTES>(texts, &mut found);
        self.recognise_long::<28, 44, DI_BYTES>(texts, &mut found);
        self.recognise_short(texts, &mut found);
        self.recognise_digits(texts, &mut found);
        found
    }

    /// The two marked base64 shapes.
    fn recognise_long<const P: usize, const S: usize, const N: usize>(
        &self,
        texts: &[&str],
        found: &mut [Option<Recognised>],
    ) {
        let mut marked = Left { places: Vec::new(), boxes: Vec::new() };
        let mut unmarked = Left { places: Vec::new(), boxes: Vec::new() };
        for (place, text) in texts.iter().enumerate() {
            let mut bytes = [0; N];
            if found[place].is_none() && decode_base64(text, &mut bytes) {
                let left = if has_mark(&bytes) { &mut marked } else { &mut unmarked };
                left.places.push(place);
                left.boxes.push(*bytes.first_chunk().expect("a box is shorter than its text"));
            }
        }
        self.open_long::<P, S>(marked, found);
        let sample = Left {
            places: unmarked.places.iter().take(UNMARKED_SAMPLE).copied().collect(),
            boxes: unmarked.boxes.iter().take(UNMARKED_SAMPLE).copied().collect(),
        };
        if self.open_long::<P, S>(sample, found) > 0 {
            self.open_long::<P, S>(unmarked, found);
        }
    }

    /// Tries every key; gives how many boxes opened.
    fn open_long<const P: usize, const S: usize>(
        &self,
        mut left: Left<S>,
        found: &mut [Option<Recognised>],
    ) -> usize {
        let before = left.places.len();
        for tried in self.by_sample(&left.boxes, |tried| &tried.key.long) {
            let domain = tried.key.domain;
            left.open::<P>(&tried.key.long, |place, body| {
                if let Some((handle, disclosure)) = read_body(body) {
                    let whose = Whose::Handle(handle);
                    found[place] = Some(Recognised { domain, disclosure, whose });
                }
            });
        }
        before - left.places.len()
    }

    /// The keys, those that open most of a sample first.
    fn by_sample<const S: usize>(
        &self,
        boxes: &[[u8; S]],
        cipher: impl Fn(&Tried) -> &Siv<Aes256>,
    ) -> Vec<&Tried> {
        let step = (boxes.len() / 32).max(1);
        let sample: Vec<[u8; S]> = boxes.iter().step_by(step).copied().collect();
        let mut order: Vec<(usize, &Tried)> =
            self.keys.iter().map(|tried| (count_open(cipher(tried), &sample), tried)).collect();
        order.sort_by_key(|(opened, _)| std::cmp::Reverse(*opened));
        order.into_iter().map(|(_, tried)| tried).collect()
    }

    /// The short form and the e-mail address made from it.
    fn recognise_short(&self, texts: &[&str], found: &mut [Option<Recognised>]) {
        let mut left: Left<SHORT_BYTES> = Left { places: Vec::new(), boxes: Vec::new() };
        for (place, text) in texts.iter().enumerate() {
            if let Some(bytes) = decode_short(text).filter(|_| found[place].is_none()) {
                left.places.push(place);
                left.boxes.push(bytes);
            }
        }
        let mut order: Vec<(usize, DomainId, Option<DisclosureId>, &Siv<Aes256>)> = Vec::new();
        let sample: Vec<_> =
            left.boxes.iter().step_by((left.boxes.len() / 32).max(1)).copied().collect();
        for tried in &self.keys {
            for (bound, cipher) in &tried.short {
                order.push((count_open(cipher, &sample), tried.key.domain, *bound, cipher));
            }
        }
        order.sort_by_key(|(opened, ..)| std::cmp::Reverse(*opened));
        for (_, domain, disclosure, cipher) in order {
            left.open::<8>(cipher, |place, body| {
                if let Some((handle, _)) = read_body(body) {
                    let whose = Whose::Handle(handle);
                    found[place] = Some(Recognised { domain, disclosure, whose });
                }
            });
        }
    }

    /// Shapes under FF1: a key is taken to fit when far more of a sample deciphers to ordinals in
    /// use than chance allows.
    fn recognise_digits(&self, texts: &[&str], found: &mut [Option<Recognised>]) {
        use PseudonymShape::{Account, Card, Nickname, Phone};
        for shape in [Nickname, Phone, Account, Card] {
            let mut left: Vec<(usize, u64)> = texts
                .iter()
                .enumerate()
                .filter(|(place, _)| found[*place].is_none())
                .filter_map(|(place, text)| Some((place, digits::read(text)?)))
                .filter(|(_, (read, _))| *read == shape)
                .map(|(place, (_, number))| (place, number))
                .collect();
            while let Some((tried, bound)) = self.best_digits(shape, &left) {
                let before = left.len();
                left.retain(|(place, number)| {
                    let Some(ordinal) = self.decipher(tried, shape, *number, bound) else {
                        return true;
                    };
                    let (domain, whose) = (tried.key.domain, Whose::Ordinal(ordinal));
                    found[*place] = Some(Recognised { domain, disclosure: bound, whose });
                    false
                });
                if left.len() == before {
                    break;
                }
            }
        }
    }

    /// The key and binding that explain most of a sample, if any explains it beyond chance.
    fn best_digits(
        &self,
        shape: PseudonymShape,
        left: &[(usize, u64)],
    ) -> Option<(&Tried, Option<DisclosureId>)> {
        let step = (left.len() / DIGIT_SAMPLE).max(1);
        let sample: Vec<u64> = left.iter().step_by(step).map(|(_, number)| *number).collect();
        let space = digits::space(digits::digits_of(shape)?);
        let chance = (self.subjects + self.canaries) as f64 / space as f64;
        let mut trials = 0_usize;
        let mut best: Option<(usize, &Tried, Option<DisclosureId>)> = None;
        for tried in self.keys.iter().filter(|tried| tried.key.kind.entry().pseudonym == shape) {
            for (bound, _) in &tried.short {
                trials += 1;
                let hits = sample
                    .iter()
                    .filter(|number| self.decipher(tried, shape, **number, *bound).is_some())
                    .count();
                if best.is_none_or(|(most, ..)| hits > most) {
                    best = Some((hits, tried, *bound));
                }
            }
        }
        let (hits, tried, bound) = best?;
        let surprise = surprise(hits, sample.len(), chance) - (trials as f64).ln();
        let mut fitting = self.fitting.lock().unwrap_or_else(PoisonError::into_inner);
        let fit = (tried.key.domain, bound);
        if surprise > SURPRISE {
            fitting.insert(fit);
        }
        (hits > 0 && fitting.contains(&fit)).then_some((tried, bound))
    }

    /// The ordinal behind a number under a key, if it is in use.
    fn decipher(
        &self,
        tried: &Tried,
        shape: PseudonymShape,
        number: u64,
        bound: Option<DisclosureId>,
    ) -> Option<Ordinal> {
        let length = digits::digits_of(shape)?;
        let plain = tried.key.digits.decipher(number, length, bound);
        let ordinal = digits::ordinal_of(plain, digits::space(length))?;
        let number = u64::from(ordinal.number());
        let used = if ordinal.is_canary() {
            number - u64::from(Ordinal::CANARY_BASE) < self.canaries
        } else {
            number < self.subjects
        };
        used.then_some(ordinal)
    }
}

/// How surprising `hits` of `tries` are when each hits with `chance`: the exponent of the Chernoff
/// bound, `tries · KL(hits/tries ‖ chance)` in nats; 0 when there are no more than expected.
fn surprise(hits: usize, tries: usize, chance: f64) -> f64 {
    if tries == 0 || chance <= 0.0 || chance >= 1.0 {
        return 0.0;
    }
    let rate = hits as f64 / tries as f64;
    if rate <= chance {
        return 0.0;
    }
    let miss = if rate < 1.0 { (1.0 - rate) * ((1.0 - rate) / (1.0 - chance)).ln() } else { 0.0 };
    tries as f64 * (rate * (rate / chance).ln() + miss)
}

impl<const S: usize> Left<S> {
    /// Opens what opens, hands it to `emit`, and keeps the rest.
    fn open<const P: usize>(
        &mut self,
        cipher: &Siv<Aes256>,
        mut emit: impl FnMut(usize, &[u8; P]),
    ) {
        let mut plain = vec![[0; P]; self.boxes.len()];
        let mut authentic = vec![false; self.boxes.len()];
        cipher.open(&self.boxes, &mut plain, &mut authentic);
        for (place, (plain, authentic)) in self.places.iter().zip(plain.iter().zip(&authentic)) {
            if *authentic {
                emit(*place, plain);
            }
        }
        let mut closed = authentic.iter().map(|authentic| !authentic);
        self.places.retain(|_| closed.next().unwrap_or(false));
        let mut closed = authentic.iter().map(|authentic| !authentic);
        self.boxes.retain(|_| closed.next().unwrap_or(false));
    }
}

/// How many of the boxes open.
fn count_open<const S: usize>(cipher: &Siv<Aes256>, boxes: &[[u8; S]]) -> usize {
    let mut authentic = vec![false; boxes.len()];
    match S {
        60 => open_as::<S, 44, 60>(cipher, boxes, &mut authentic),
        44 => open_as::<S, 28, 44>(cipher, boxes, &mut authentic),
        24 => open_as::<S, 8, 24>(cipher, boxes, &mut authentic),
        _ => {}
    }
    authentic.iter().filter(|authentic| **authentic).count()
}

fn open_as<const S: usize, const P: usize, const T: usize>(
    cipher: &Siv<Aes256>,
    boxes: &[[u8; S]],
    authentic: &mut [bool],
) {
    let boxes: Vec<[u8; T]> =
        boxes.iter().filter_map(|bytes| bytes.first_chunk().copied()).collect();
    let mut plain = vec![[0; P]; boxes.len()];
    cipher.open(&boxes, &mut plain, authentic);
}

/// Strict base64 of exactly `N` bytes.
fn decode_base64<const N: usize>(text: &str, out: &mut [u8; N]) -> bool {
    // A text of this length without padding would decode to more bytes than its shape has.
    let mut decoded = [0; CI_BYTES + 2];
    if text.len() != N.div_ceil(3) * 4 {
        return false;
    }
    match STANDARD.decode(text.as_bytes(), base64_simd::Out::from_slice(&mut decoded)) {
        Ok(bytes) if bytes.len() == N => out.copy_from_slice(bytes),
        _ => return false,
    }
    true
}

/// The 24 bytes of a short form: base64url, or the local part of one of our addresses.
fn decode_short(text: &str) -> Option<[u8; SHORT_BYTES]> {
    let bytes = match text.split_once('@') {
        Some((local, host)) if host.eq_ignore_ascii_case(EMAIL_HOST) => {
            BASE32.decode(local.to_ascii_uppercase().as_bytes()).ok()?
        }
        None if text.len() == 32 => URL_SAFE_NO_PAD.decode_to_vec(text.as_bytes()).ok()?,
        _ => return None,
    };
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{key, members};
    use super::*;
    use doldam_ground::Kind;
    use doldam_ground::locale::Language;
    use proptest::prelude::*;

    #[test]
    fn a_file_of_several_domains_is_taken_apart() {
        let people = members(600);
        let bound = Some(DisclosureId::new(4));
        let mut texts = key(1, 1, Kind::CI).issue(None, &people, Language::Ko).unwrap();
        texts.extend(key(1, 2, Kind::CI).issue(bound, &people, Language::Ko).unwrap());
        texts.push("a stranger".to_owned());
        let keys = (1..20).map(|domain| (key(1, domain, Kind::CI), Vec::new())).collect();
        let recogniser = Recogniser::new(keys, 600, 0);
        let views: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = recogniser.recognise(&views);
        for (place, member) in people.iter().enumerate() {
            let first = found[place].unwrap();
            assert_eq!((first.domain.number(), first.disclosure), (1, None));
            assert_eq!(first.whose, Whose::Handle(member.handle));
            let second = found[600 + place].unwrap();
            assert_eq!((second.domain.number(), second.disclosure), (2, bound));
        }
        assert!(found[1_200].is_none());
    }

    #[test]
    fn a_damaged_mark_does_not_hide_a_pseudonym() {
        let issued = key(1, 1, Kind::CI).issue(None, &members(1), Language::Ko).unwrap();
        let mut bytes = STANDARD.decode_to_vec(&issued[0]).unwrap();
        bytes[63] ^= 1;
        let damaged = STANDARD.encode_to_string(&bytes);
        let recogniser = Recogniser::new(vec![(key(1, 1, Kind::CI), Vec::new())], 1, 0);
        assert!(recogniser.recognise(&[&damaged])[0].is_some());
    }

    #[test]
    fn digit_pseudonyms_are_known_by_the_file_and_not_alone() {
        let people = members(2_000);
        let bound = Some(DisclosureId::new(2));
        let issued = key(1, 1, Kind::NICKNAME).issue(bound, &people, Language::Ko).unwrap();
        let domains = || {
            let disclosures = vec![DisclosureId::new(1), DisclosureId::new(2)];
            vec![(key(1, 1, Kind::NICKNAME), disclosures), (key(1, 2, Kind::NICKNAME), Vec::new())]
        };
        let recogniser = Recogniser::new(domains(), 1_000_000, 50);
        let views: Vec<&str> = issued.iter().map(String::as_str).collect();
        for (found, member) in recogniser.recognise(&views).iter().zip(&people) {
            let found = found.unwrap();
            assert_eq!((found.domain.number(), found.disclosure), (1, bound));
            assert_eq!(found.whose, Whose::Ordinal(member.ordinal));
        }
        assert!(recogniser.recognise(&views[..2]).iter().all(Option::is_some), "the key fitted");
        let fresh = Recogniser::new(domains(), 1_000_000, 50);
        assert_eq!(fresh.recognise(&views[..2]), [None, None]);
        let strangers = key(9, 9, Kind::NICKNAME).issue(None, &people, Language::Ko).unwrap();
        let views: Vec<&str> = strangers.iter().map(String::as_str).collect();
        assert!(fresh.recognise(&views).iter().all(Option::is_none));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_recogniser_panic(texts in proptest::collection::vec(".{0,90}", 0..20)) {
            let recogniser = Recogniser::new(vec![(key(1, 1, Kind::CI), Vec::new())], 10, 1);
            let views: Vec<&str> = texts.iter().map(String::as_str).collect();
            prop_assert!(recogniser.recognise(&views).iter().all(Option::is_none));
        }
    }
}
