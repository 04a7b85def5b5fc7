//! The words that names, nicknames, e-mail addresses and street addresses are put together from.
//!
//! Kept as plain lists, split once: a weighted entry is `글자:roman:weight`.

/// Words that are picked one as often as another.
pub(super) struct List(Vec<&'static str>);

impl List {
    pub(super) fn new(text: &'static str) -> Self {
        Self(text.split_whitespace().collect())
    }

    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// The word at `place` modulo the number of words.
    pub(super) fn at(&self, place: u64) -> &'static str {
        let place = usize::try_from(place % self.len()).expect("below a length");
        self.0[place]
    }

    /// The word for a random draw.
    pub(super) fn pick(&self, draw: u32) -> &'static str {
        self.at((u64::from(draw) * self.len()) >> 32)
    }
}

/// A syllable and its usual Latin spelling.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Syllable {
    pub(super) hangul: &'static str,
    pub(super) latin: &'static str,
}

/// Syllables that are picked by weight.
pub(super) struct Weighted {
    syllables: Vec<Syllable>,
    /// Where each syllable's share of `0..total` ends.
    ends: Vec<u64>,
}

impl Weighted {
    pub(super) fn new(text: &'static str) -> Self {
        let mut total = 0;
        let (mut syllables, mut ends) = (Vec::new(), Vec::new());
        for entry in text.split_whitespace() {
            let mut parts = entry.split(':');
            let mut part = || parts.next().expect("an entry is 글자:roman:weight");
            syllables.push(Syllable { hangul: part(), latin: part() });
            total += part().parse::<u64>().expect("a weight is a number");
            ends.push(total);
        }
        Self { syllables, ends }
    }

    /// The syllable for a random draw.
    pub(super) fn pick(&self, draw: u32) -> Syllable {
        let total = self.ends.last().copied().unwrap_or(0);
        let point = (u64::from(draw) * total) >> 32;
        self.syllables[self.ends.partition_point(|end| *end <= point)]
    }
}

/// Surnames with their share of the population in ten-thousandths (census of 2015, rounded).
pub(super) const SURNAMES: &str = "\
    김:kim:2151 이:lee:1470 박:park:843 최:choi:470 정:jung:433 강:kang:236 조:cho:212 윤:yoon:206 \
    장:jang:200 임:lim:166 한:han:156 오:oh:154 서:seo:151 신:shin:149 권:kwon:142 황:hwang:140 \
    안:ahn:138 송:song:137 류:ryu:129 전:jeon:113 홍:hong:113 고:ko:95 문:moon:93 양:yang:93 \
    손:son:92 배:bae:81 백:baek:77 허:heo:66 유:yoo:61 남:nam:55 심:shim:54 노:noh:51 하:ha:46 \
    곽:kwak:41 성:sung:40 차:cha:39 주:joo:39 우:woo:39 구:koo:39 나:na:34 민:min:34 진:jin:32 \
    지:ji:31 엄:eom:29 채:chae:27 원:won:26 천:cheon:26 방:bang:19 공:kong:18 현:hyun:18 함:ham:16 \
    변:byun:16 염:yeom:14 여:yeo:13 추:choo:13 도:do:11 소:so:11 석:seok:10 선:sun:9 설:seol:9 \
    마:ma:8 길:gil:7 연:yeon:7 위:wi:7 표:pyo:6 명:myung:6 기:ki:6 반:ban:6 라:ra:5 왕:wang:5 \
    금:geum:5 옥:ok:5 육:yuk:5 인:in:5 맹:maeng:5 제:je:4 모:mo:4 남궁:namgung:4 제갈:jegal:1 \
    선우:sunwoo:1 황보:hwangbo:2 독고:dokgo:1";

/// First syllables of given names.
pub(super) const GIVEN_FIRST: &str = "\
    민:min:9 서:seo:9 지:ji:9 도:do:5 예:ye:5 시:si:4 하:ha:6 주:ju:5 준:jun:3 건:gun:2 우:woo:2 \
    현:hyun:5 선:sun:3 연:yeon:3 유:yu:5 정:jeong:5 승:seung:4 은:eun:5 성:seong:5 진:jin:4 태:tae:3 \
    동:dong:3 재:jae:4 경:kyung:3 영:young:5 혜:hye:4 수:su:6 미:mi:3 상:sang:3 종:jong:2 윤:yoon:4 \
    채:chae:3 다:da:3 나:na:2 소:so:3 가:ga:2 세:se:2 해:hae:1 인:in:2 원:won:2 희:hee:2 광:kwang:1 \
    병:byung:1 창:chang:1 순:soon:1 명:myung:1 규:kyu:1 호:ho:1 한:han:1 아:ah:2 보:bo:1 효:hyo:1";

/// Second syllables of men's given names.
pub(super) const GIVEN_LAST_MALE: &str = "\
    준:jun:9 윤:yoon:3 우:woo:7 원:won:5 호:ho:8 현:hyun:6 서:seo:2 진:jin:5 민:min:5 빈:bin:3 \
    훈:hoon:7 석:seok:5 철:cheol:4 수:soo:6 환:hwan:4 혁:hyuk:3 용:yong:3 식:sik:2 규:kyu:2 섭:sub:1 \
    범:beom:1 찬:chan:2 율:yul:2 한:han:2 성:seong:2 재:jae:2 영:young:2 기:ki:3 태:tae:1 일:il:1";

/// Second syllables of women's given names.
pub(super) const GIVEN_LAST_FEMALE: &str = "\
    연:yeon:5 은:eun:6 아:ah:6 린:rin:3 영:young:6 희:hee:6 숙:sook:4 자:ja:3 미:mi:4 경:kyung:4 \
    서:seo:4 윤:yoon:4 진:jin:4 민:min:4 원:won:3 빈:bin:2 정:jung:4 선:sun:3 주:joo:3 인:in:2 \
    나:na:2 솔:sol:1 별:byul:1 슬:seul:1 란:ran:1 옥:ok:2 순:soon:3 혜:hye:1 지:ji:2 라:ra:2";

/// Given names of people who use the bank in English.
pub(super) const GIVEN_ENGLISH: &str = "\
    Daniel Emily James Grace Andrew Sarah Kevin Hannah Brian Esther Eric Claire Justin Julia Ryan \
    Michelle Peter Angela Samuel Rachel David Christine Joseph Diana Paul Irene Jason Katie Alex \
    Jenny Steven Lydia Tony Sophie Henry Olivia Leo Stella Ian Vivian";

/// First halves of nicknames.
pub(super) const NICKNAME_FIRST: &str = "\
    푸른 붉은 하얀 까만 노란 은빛 금빛 보라 초록 분홍 맑은 밝은 어린 젊은 늙은 작은 커다란 조그만 \
    넓은 깊은 높은 빠른 느린 조용한 시끄런 졸린 배고픈 배부른 행복한 슬픈 기쁜 신난 심심한 용감한 \
    겁많은 똑똑한 엉뚱한 수줍은 씩씩한 얌전한 게으른 부지런한 따뜻한 시원한 차가운 뜨거운 달콤한 \
    매콤한 짭짤한 새콤한 고소한 쌉쌀한 촉촉한 바삭한 말랑한 단단한 둥근 네모난 뾰족한 반짝이는 \
    빛나는 흐르는 날아간 춤추는 노래하는 웃는 우는 잠자는 달리는 걷는 헤엄친 꿈꾸는 기다린 떠도는 \
    숨은 잃어버린 찾아온 돌아온 첫번째 두번째 마지막 오래된 새로운 낯선 익숙한 이상한 평범한 특별한 \
    화려한 소박한 비밀의 전설의 새벽의 아침의 한낮의 저녁의 한밤의 봄날의 여름의 가을의 겨울의 \
    바다의 하늘의 구름의 바람의 강가의 숲속의 산골의 섬마을 골목의 옥상의 제주의 부산의 서울의 \
    강릉의 여수의 속초의 안동의 우주의 달나라 별나라 동네 우리집 옆집 앞집 윗집 주말의 월요일 금요일 \
    퇴근한 출근길 야근한 월급날 통장의 저축한 절약한 부자된 착한 못된 순한 독한 진한 연한 귀여운 \
    Blue Red Happy Lucky Silver Golden Sunny Lazy Tiny Brave Silent Wild Magic Cosmic Super Little";

/// Second halves of nicknames.
pub(super) const NICKNAME_LAST: &str = "\
    고래 상어 문어 오징어 거북 물개 펭귄 갈매기 참새 제비 까치 부엉이 올빼미 독수리 두루미 오리 거위 \
    병아리 토끼 다람쥐 햄스터 고슴도치 너구리 여우 늑대 호랑이 사자 표범 치타 코끼리 기린 하마 코뿔소 \
    얼룩말 사슴 노루 염소 당나귀 망아지 송아지 돼지 강아지 고양이 삽살개 진돗개 판다 북극곰 반달곰 \
    수달 두더지 개구리 도롱뇽 나비 잠자리 무당벌레 개미 꿀벌 반딧불 달팽이 소라 조개 새우 가재 꽃게 \
    소나무 대나무 버드나무 은행잎 단풍잎 도토리 솔방울 민들레 해바라기 진달래 개나리 코스모스 장미 \
    튤립 수선화 연꽃 매화 동백 유채꽃 선인장 이끼 버섯 감자 고구마 옥수수 호박 당근 양파 마늘 상추 \
    사과 복숭아 포도 딸기 수박 참외 자두 살구 귤 한라봉 레몬 망고 바나나 김밥 만두 떡볶이 순대 호떡 \
    붕어빵 찐빵 식빵 라면 국수 냉면 비빔밥 두부 김치 된장 커피 홍차 녹차 우유 사이다 초콜릿 젤리 사탕 \
    구름 무지개 소나기 눈송이 번개 노을 달빛 별빛 햇살 파도 조약돌 모래 바위 폭포 우산 장화 모자 \
    안경 연필 지우개 공책 기타 피아노 북소리 자전거 기차 나룻배 로켓 등대 풍차 \
    fox cat panda whale bear wolf moon star wave cloud coin miner rider maker lover tiger";

/// Endings of nicknames. None holds `_`, which starts the number of those who come later.
pub(super) const NICKNAME_END: &str = "\
    · 1 2 3 4 5 6 7 8 9 0 00 01 02 03 07 08 10 11 12 13 17 21 22 23 24 25 27 33 42 44 55 64 77 79 82 \
    84 86 88 90 91 92 93 94 95 96 97 98 99 100 123 365 777 x z k j v kr jr oo ya 짱 님 맘";

/// Cities and districts of addresses; `~` stands for a space.
pub(super) const DISTRICTS: &str = "\
    서울특별시~강남구 서울특별시~송파구 서울특별시~강서구 서울특별시~노원구 서울특별시~관악구 \
    서울특별시~마포구 서울특별시~종로구 서울특별시~성동구 서울특별시~은평구 서울특별시~영등포구 \
    부산광역시~해운대구 부산광역시~부산진구 부산광역시~사하구 대구광역시~수성구 대구광역시~달서구 \
    인천광역시~남동구 인천광역시~부평구 인천광역시~연수구 광주광역시~북구 광주광역시~광산구 \
    대전광역시~유성구 대전광역시~서구 울산광역시~남구 세종특별자치시 경기도~수원시~영통구 \
    경기도~성남시~분당구 경기도~고양시~일산동구 경기도~용인시~수지구 경기도~부천시 경기도~안산시~단원구 \
    경기도~화성시 경기도~남양주시 경기도~평택시 경기도~의정부시 강원특별자치도~춘천시 \
    강원특별자치도~강릉시 충청북도~청주시~흥덕구 충청남도~천안시~서북구 전북특별자치도~전주시~완산구 \
    전라남도~여수시 전라남도~순천시 경상북도~포항시~남구 경상북도~경주시 경상남도~창원시~성산구 \
    경상남도~김해시 제주특별자치도~제주시 제주특별자치도~서귀포시";

/// Street names of addresses.
pub(super) const STREETS: &str = "\
    가온로 나래로 다솜로 라온길 마루로 바른길 사랑로 아람로 자작로 차오름길 큰솔로 터울길 푸르내로 \
    하늘빛로 한빛로 새벽길 별내로 달맞이길 해오름로 물안개길 솔바람길 은하수로 은행나무길 느티나무로 \
    참나무길 벚꽃로 개나리길 진달래로 무궁화로 동백로 시청로 역전로 중앙로 시장길 학교길 공원로 \
    강변로 호수로 언덕길 샛별로";

/// Reserved domains (RFC 2606, section 3): mail to them reaches nobody.
pub(super) const MAIL_DOMAINS: &str = "\
    example.com example.net example.org mail.example.com post.example.com letters.example.net \
    home.example.net office.example.org inbox.example.org hub.example.com my.example.net \
    box.example.org";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weighted_pick_reaches_both_ends_and_follows_the_weights() {
        let surnames = Weighted::new(SURNAMES);
        assert_eq!(surnames.pick(0).hangul, "김");
        assert_eq!(surnames.pick(u32::MAX).hangul, "독고");
        let kims =
            (0..10_000_u32).filter(|draw| surnames.pick(draw * 429_496).hangul == "김").count();
        assert!((1_900..2_500).contains(&kims), "{kims}");
    }

    #[test]
    fn every_list_has_each_word_once() {
        for text in [NICKNAME_FIRST, NICKNAME_LAST, NICKNAME_END, DISTRICTS, STREETS, MAIL_DOMAINS]
        {
            let mut words: Vec<_> = text.split_whitespace().map(str::to_lowercase).collect();
            let before = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), before);
        }
        for text in [SURNAMES, GIVEN_FIRST, GIVEN_LAST_MALE, GIVEN_LAST_FEMALE] {
            let mut hangul: Vec<_> =
                Weighted::new(text).syllables.iter().map(|one| one.hangul).collect();
            let before = hangul.len();
            hangul.sort_unstable();
            hangul.dedup();
            assert_eq!(hangul.len(), before);
        }
    }
}
