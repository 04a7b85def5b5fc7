//! Nicknames that nobody chose: an adjective, a noun and six digits.
//!
//! 50 × 50 × 400,000 = 10^9 nicknames, exactly the numbers of nine digits that FF1 permutes.

use doldam_ground::locale::Language;

const SUFFIXES: u64 = 400_000;

const ADJECTIVES_KO: [&str; 50] = [
    "푸른",
    "붉은",
    "노란",
    "하얀",
    "검은",
    "맑은",
    "밝은",
    "고운",
    "작은",
    "커다란",
    "빠른",
    "느긋한",
    "조용한",
    "씩씩한",
    "다정한",
    "따뜻한",
    "시원한",
    "포근한",
    "용감한",
    "부지런한",
    "영리한",
    "수줍은",
    "명랑한",
    "든든한",
    "단단한",
    "부드러운",
    "향긋한",
    "달콤한",
    "싱그러운",
    "반짝이는",
    "춤추는",
    "노래하는",
    "꿈꾸는",
    "웃는",
    "걷는",
    "달리는",
    "잠자는",
    "기다리는",
    "여행하는",
    "날아가는",
    "숨쉬는",
    "깊은",
    "높은",
    "먼",
    "오래된",
    "새로운",
    "첫",
    "둥근",
    "세모난",
    "네모난",
];

const NOUNS_KO: [&str; 50] = [
    "고래",
    "바다",
    "하늘",
    "구름",
    "바람",
    "나무",
    "숲",
    "강물",
    "호수",
    "폭포",
    "산맥",
    "들판",
    "언덕",
    "오솔길",
    "돌담",
    "기와",
    "마루",
    "우물",
    "등대",
    "나룻배",
    "돛단배",
    "기차",
    "자전거",
    "우체통",
    "연필",
    "공책",
    "사전",
    "안경",
    "모자",
    "장갑",
    "우산",
    "찻잔",
    "주전자",
    "소나무",
    "대나무",
    "진달래",
    "동백",
    "국화",
    "도토리",
    "다람쥐",
    "고양이",
    "강아지",
    "토끼",
    "사슴",
    "두루미",
    "제비",
    "참새",
    "부엉이",
    "거북이",
    "반딧불",
];

const ADJECTIVES_EN: [&str; 50] = [
    "amber", "ancient", "autumn", "blue", "bold", "brave", "bright", "brisk", "calm", "clear",
    "clever", "cosy", "crisp", "dusty", "eager", "early", "fair", "fresh", "gentle", "golden",
    "grand", "green", "happy", "hidden", "honest", "humble", "icy", "jolly", "keen", "kind",
    "late", "light", "little", "lively", "lucky", "mellow", "merry", "misty", "noble", "patient",
    "plain", "proud", "quiet", "rapid", "round", "silver", "steady", "sunny", "warm", "young",
];

const NOUNS_EN: [&str; 50] = [
    "acorn",
    "anchor",
    "badger",
    "bamboo",
    "beacon",
    "bridge",
    "brook",
    "cabin",
    "canyon",
    "cedar",
    "cloud",
    "comet",
    "coral",
    "crane",
    "desert",
    "dolphin",
    "falcon",
    "feather",
    "ferry",
    "forest",
    "garden",
    "glacier",
    "harbour",
    "heron",
    "island",
    "kettle",
    "lantern",
    "lighthouse",
    "maple",
    "meadow",
    "mountain",
    "ocean",
    "orchard",
    "otter",
    "pebble",
    "pencil",
    "pigeon",
    "planet",
    "river",
    "rocket",
    "saddle",
    "sparrow",
    "squirrel",
    "station",
    "thunder",
    "tiger",
    "tulip",
    "valley",
    "whale",
    "window",
];

/// The nickname of a number below 10^9.
pub(super) fn write(number: u64, language: Language) -> String {
    let (adjectives, nouns) = match language {
        Language::Ko => (&ADJECTIVES_KO, &NOUNS_KO),
        Language::En => (&ADJECTIVES_EN, &NOUNS_EN),
    };
    let pair = usize::try_from(number / SUFFIXES).expect("at most 2500 pairs");
    format!("{}{}{:06}", adjectives[pair / 50], nouns[pair % 50], number % SUFFIXES)
}

/// The number of a nickname in any language, `None` when it is not one of ours.
pub(super) fn read(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.len().checked_sub(6)?;
    let (words, suffix) = text.split_at_checked(split)?;
    if !suffix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let suffix: u64 = suffix.parse().ok().filter(|suffix| *suffix < SUFFIXES)?;
    let words = words.to_lowercase();
    [(&ADJECTIVES_KO, &NOUNS_KO), (&ADJECTIVES_EN, &NOUNS_EN)]
        .into_iter()
        .find_map(|(adjectives, nouns)| pair_of(&words, adjectives, nouns))
        .map(|pair| pair * SUFFIXES + suffix)
}

fn pair_of(words: &str, adjectives: &[&str; 50], nouns: &[&str; 50]) -> Option<u64> {
    adjectives.iter().enumerate().find_map(|(first, adjective)| {
        let rest = words.strip_prefix(adjective)?;
        let second = nouns.iter().position(|noun| *noun == rest)?;
        Some((first * 50 + second) as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_pair_reads_back_as_itself() {
        for language in [Language::Ko, Language::En] {
            for pair in 0..2_500 {
                let number = pair * SUFFIXES + 399_999;
                assert_eq!(read(&write(number, language)), Some(number));
            }
        }
        assert_eq!(read("푸른고래400000"), None);
        assert_eq!(read("푸른고래"), None);
        assert_eq!(read("래000000"), None);
    }
}
