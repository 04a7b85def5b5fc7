//! What a person must know of a model before letting it judge: the model card.
//!
//! After Mitchell et al. 2019, "Model Cards for Model Reporting": what it was trained on, how well
//! it did on what it had not seen, by whom and with what, and what it must not be used for.

use std::fmt::Write as _;

use doldam_ground::locale::Language;
use serde::{Deserialize, Serialize};

use super::fault::ModelFault;

/// Longest text of a card, in bytes.
const TEXT_BYTES_MAX: usize = 4_096;

/// The card. Every part may be unknown: an imported model rarely says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Card {
    /// What people call the model.
    pub title: String,
    /// Who trained it: a person or a role, no subject of data.
    pub trained_by: String,
    /// What it was trained on.
    pub training: Option<Sample>,
    /// Days after which the labels of the training rows were taken for known.
    pub label_delay_days: Option<u32>,
    /// Version of the feature set, or a hash of it.
    pub feature_set: String,
    /// How well it did on rows that it had not seen.
    pub hold_out: Option<HoldOut>,
    /// The trainer's settings as `name = value`.
    pub settings: Vec<(String, String)>,
    /// Seed of the trainer's chance.
    pub seed: Option<u64>,
    /// What it must not be used for, Korean.
    pub limits_ko: String,
    /// The same in English.
    pub limits_en: String,
}

/// Rows that a model has seen or was measured on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// First day, `2018-07-25`.
    pub from: String,
    /// Last day, inclusive.
    pub to: String,
    /// Transactions.
    pub rows: u64,
    /// Frauds among them.
    pub frauds: u64,
}

/// Figures of a hold-out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldOut {
    /// The rows.
    pub sample: Sample,
    /// Area under the receiver operating characteristic.
    pub auc: f64,
    /// Average precision.
    pub average_precision: f64,
    /// Share of truly compromised cards among the 100 with the highest score each day, on average.
    pub card_precision_100: Option<f64>,
}

impl Card {
    /// Checks the lengths; a card is shown on a screen.
    pub(crate) fn check(&self) -> Result<(), ModelFault> {
        let samples = [self.training.as_ref(), self.hold_out.as_ref().map(|held| &held.sample)];
        let days = samples.into_iter().flatten().flat_map(|sample| [&sample.from, &sample.to]);
        let settings = self.settings.iter().flat_map(|(name, value)| [name, value]);
        let texts =
            [&self.title, &self.trained_by, &self.feature_set, &self.limits_ko, &self.limits_en];
        let mut all = texts.into_iter().chain(days).chain(settings);
        if self.settings.len() > 100 || all.any(|text| text.len() > TEXT_BYTES_MAX) {
            return Err(ModelFault::TooMany { what: "text on its card", max: TEXT_BYTES_MAX });
        }
        Ok(())
    }

    /// The card as text for a person.
    pub fn text(&self, language: Language) -> String {
        let words = Words::of(language);
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            let value = if value.is_empty() { words.unknown } else { value };
            writeln!(text, "{name}: {value}").expect("a string takes all text");
        };
        line(words.title, &self.title);
        line(words.trained_by, &self.trained_by);
        let training = self.training.as_ref();
        line(words.training, &training.map_or(String::new(), |sample| words.sample(sample)));
        let delay = self.label_delay_days.map_or(String::new(), |days| days.to_string());
        line(words.delay, &delay);
        line(words.feature_set, &self.feature_set);
        match &self.hold_out {
            None => line(words.hold_out, ""),
            Some(held) => {
                line(words.hold_out, &words.sample(&held.sample));
                line("AUC", &format!("{:.4}", held.auc));
                line(words.precision, &format!("{:.4}", held.average_precision));
                let cards = held.card_precision_100.map(|share| format!("{share:.4}"));
                line(words.card_precision, &cards.unwrap_or_default());
            }
        }
        for (name, value) in &self.settings {
            line(&format!("{} {name}", words.setting), value);
        }
        line(words.seed, &self.seed.map_or(String::new(), |seed| seed.to_string()));
        let limits = match language {
            Language::Ko => &self.limits_ko,
            Language::En => &self.limits_en,
        };
        line(words.limits, limits);
        text
    }
}

struct Words {
    title: &'static str,
    trained_by: &'static str,
    training: &'static str,
    delay: &'static str,
    feature_set: &'static str,
    hold_out: &'static str,
    precision: &'static str,
    card_precision: &'static str,
    setting: &'static str,
    seed: &'static str,
    limits: &'static str,
    unknown: &'static str,
    rows: &'static str,
    frauds: &'static str,
}

impl Words {
    const fn of(language: Language) -> Self {
        match language {
            Language::Ko => Self {
                title: "모델",
                trained_by: "학습한 사람",
                training: "학습 자료",
                delay: "라벨 지연(일)",
                feature_set: "피처 집합",
                hold_out: "검증 자료(학습에 쓰지 않음)",
                precision: "평균 정밀도",
                card_precision: "하루 상위 100장의 정밀도",
                setting: "설정",
                seed: "난수 시드",
                limits: "사용 한계",
                unknown: "알려지지 않음",
                rows: "거래",
                frauds: "사기",
            },
            Language::En => Self {
                title: "Model",
                trained_by: "Trained by",
                training: "Trained on",
                delay: "Label delay (days)",
                feature_set: "Feature set",
                hold_out: "Measured on (not trained on)",
                precision: "Average precision",
                card_precision: "Precision of the 100 cards of a day",
                setting: "Setting",
                seed: "Seed",
                limits: "Limits",
                unknown: "not known",
                rows: "transactions",
                frauds: "frauds",
            },
        }
    }

    /// Days, transactions, frauds and their share.
    fn sample(&self, sample: &Sample) -> String {
        let share = 100.0 * sample.frauds as f64 / sample.rows.max(1) as f64;
        let Sample { from, to, rows, frauds } = sample;
        format!("{from} – {to}, {} {rows}, {} {frauds} ({share:.3} %)", self.rows, self.frauds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_readable_in_both_languages() {
        let sample = Sample {
            from: "2018-07-25".into(),
            to: "2018-07-31".into(),
            rows: 67_240,
            frauds: 598,
        };
        let card = Card {
            title: "Card payments".into(),
            training: Some(sample.clone()),
            hold_out: Some(HoldOut { sample, auc: 0.87, ..HoldOut::default() }),
            limits_ko: "개인 대출 심사에 쓰지 마십시오.".into(),
            limits_en: "Not for lending decisions.".into(),
            ..Card::default()
        };
        let korean = card.text(Language::Ko);
        assert!(korean.contains("거래 67240, 사기 598 (0.889 %)"), "{korean}");
        assert!(korean.contains("사용 한계: 개인 대출 심사에 쓰지 마십시오."));
        let english = card.text(Language::En);
        assert!(english.contains("Trained by: not known"), "{english}");
        assert!(english.contains("AUC: 0.8700"));
    }
}
