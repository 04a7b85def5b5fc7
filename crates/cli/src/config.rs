//! Settings: `doldam.toml` in the data folder over `doldam.default.toml`, which is compiled in.
//!
//! An unknown key is an error, because a misspelt one would otherwise be a setting that silently
//! does not hold. Of a file that cannot be read only the line is told: the text around it may hold
//! a password.

mod channels;
mod fraud;
mod ways;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use doldam_ground::Instant;
use doldam_ground::locale::{Language, Profile};
use serde::Deserialize;

use self::channels::{ChannelsText, CompanyText, GatewayText, SmsText};
use self::fraud::FraudText;
use self::ways::WaysText;
use crate::failure::{failure, file_failure};

/// The name of the settings in a data folder.
pub(crate) const NAME: &str = "doldam.toml";
/// The documented defaults.
const DEFAULT: &str = include_str!("../doldam.default.toml");
/// Largest file of settings, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// The settings of an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// The jurisdiction profile.
    pub(crate) profile: Profile,
    /// Languages, the first for subjects who have none.
    pub(crate) languages: Vec<Language>,
    /// IANA name of the zone of dates without one.
    pub(crate) zone: String,
    /// The address of PostgreSQL when it keeps the facts. A secret.
    pub(crate) postgres: Option<Address>,
    /// The anchor of the access log, when it is not beside the data folder.
    pub(crate) anchor: Option<PathBuf>,
    /// The passphrase of a demo.
    pub(crate) demo_passphrase_file: Option<PathBuf>,
    /// Certificates of the server's doors.
    pub(crate) server: ServerText,
    /// How staff sign in besides by a passphrase.
    pub(crate) sign_in: WaysText,
    /// Whether and how transactions are judged.
    pub(crate) fraud: FraudText,
    /// By what and in whose name people are told.
    pub(crate) channels: ChannelsText,
}

/// An address that may hold a password: it has no `Display` and a `Debug` without content.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Address(String);

impl Address {
    /// Wraps an address.
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }

    /// The address, for the store only.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("‹address›")
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Text {
    profile: Option<Profile>,
    languages: Option<Vec<Language>>,
    zone: Option<String>,
    store: StoreText,
    audit: AuditText,
    demo: DemoText,
    server: ServerText,
    sign_in: WaysText,
    fraud: FraudText,
    company: Option<CompanyText>,
    sms: Option<SmsText>,
    gateway: Vec<GatewayText>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StoreText {
    postgres: Option<Address>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AuditText {
    anchor: Option<PathBuf>,
}

/// The files by which the server speaks TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServerText {
    /// The certificate of both doors.
    pub(crate) certificate: Option<PathBuf>,
    /// Its key.
    pub(crate) key: Option<PathBuf>,
    /// The certificate of the processors' door, when it has another.
    pub(crate) processor_certificate: Option<PathBuf>,
    /// Its key.
    pub(crate) processor_key: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DemoText {
    passphrase_file: Option<PathBuf>,
}

impl Config {
    /// What a profile starts with.
    pub(crate) fn of_profile(profile: Profile) -> Self {
        Self {
            profile,
            languages: profile.languages().to_vec(),
            zone: profile.zone().to_owned(),
            postgres: None,
            anchor: None,
            demo_passphrase_file: None,
            server: ServerText::default(),
            sign_in: WaysText::default(),
            fraud: FraudText::default(),
            channels: ChannelsText::default(),
        }
    }

    /// Reads the settings of a file; the defaults when there is none.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.len() > BYTES_MAX => {
                return Err(failure(
                    format!("{} is larger than settings can be", path.display()),
                    "check --config",
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::parse("", path),
            _ => {}
        }
        let text = fs::read_to_string(path).map_err(|error| file_failure("read", path, &error))?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> anyhow::Result<Self> {
        let given: Text = toml::from_str(text).map_err(|error| {
            let before = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text[..before].split('\n').count();
            failure(
                format!("{} line {line}: no such setting, or no such value", path.display()),
                "doldam.default.toml documents every key",
            )
        })?;
        let default: Text = toml::from_str(DEFAULT).expect("the defaults are tested to parse");
        let from_profile = given.profile.map(Self::of_profile);
        let of_profile = from_profile.as_ref();
        let config = Self {
            profile: given.profile.or(default.profile).unwrap_or_default(),
            languages: given
                .languages
                .or_else(|| of_profile.map(|config| config.languages.clone()))
                .or(default.languages)
                .unwrap_or_default(),
            zone: given
                .zone
                .or_else(|| of_profile.map(|config| config.zone.clone()))
                .or(default.zone)
                .unwrap_or_default(),
            postgres: given.store.postgres.or(default.store.postgres),
            anchor: given.audit.anchor.or(default.audit.anchor),
            demo_passphrase_file: given.demo.passphrase_file.or(default.demo.passphrase_file),
            server: given.server,
            sign_in: given.sign_in,
            fraud: given.fraud,
            channels: ChannelsText {
                company: given.company,
                sms: given.sms,
                gateways: given.gateway,
            },
        };
        config.check()?;
        Ok(config)
    }

    /// Refuses settings that nothing could work with.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        if self.languages.is_empty() {
            return Err(failure("no language is set", "name at least one: ko, en"));
        }
        if Instant::parse("2026-01-01", &self.zone).is_err() {
            return Err(failure("the time zone is unknown", "use an IANA name such as Asia/Seoul"));
        }
        Ok(())
    }

    /// The language of subjects who have none, and of invented nicknames.
    pub(crate) fn language(&self) -> Language {
        self.languages.first().copied().unwrap_or_default()
    }

    /// The text of `doldam.toml`: the documented defaults with these settings in their places.
    pub(crate) fn to_text(&self) -> String {
        let languages: Vec<String> =
            self.languages.iter().map(|language| quoted(language.code())).collect();
        let path = |path: &PathBuf| quoted(&path.to_string_lossy());
        let settings = [
            ("profile", Some(quoted(self.profile.code()))),
            ("languages", Some(format!("[{}]", languages.join(", ")))),
            ("zone", Some(quoted(&self.zone))),
            ("postgres", self.postgres.as_ref().map(|address| quoted(address.expose()))),
            ("anchor", self.anchor.as_ref().map(path)),
            ("passphrase_file", self.demo_passphrase_file.as_ref().map(path)),
            ("certificate", self.server.certificate.as_ref().map(path)),
            ("key", self.server.key.as_ref().map(path)),
            ("processor_certificate", self.server.processor_certificate.as_ref().map(path)),
            ("processor_key", self.server.processor_key.as_ref().map(path)),
        ];
        let mut text = String::new();
        for line in DEFAULT.lines().skip_while(|line| !line.is_empty()) {
            let key = line.trim_start_matches("# ").split(" = ").next().unwrap_or_default();
            match settings.iter().find(|(name, _)| *name == key) {
                Some((_, Some(value))) => text.push_str(&format!("{key} = {value}")),
                _ => text.push_str(line),
            }
            text.push('\n');
        }
        format!("# The settings of this installation, written by `doldam init`.\n{text}")
    }
}

/// A basic string of TOML, whose escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A variable of the environment, when it is set, not empty, and text.
#[expect(clippy::disallowed_methods, reason = "settings are read here")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> anyhow::Result<Config> {
        Config::parse(text, Path::new("doldam.toml"))
    }

    #[test]
    fn the_documented_file_is_the_default() {
        let config = parse("").unwrap();
        assert_eq!(config, Config::of_profile(Profile::Kr));
        assert_eq!(config, parse(DEFAULT).unwrap());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut config = Config::of_profile(Profile::Uk);
        assert_eq!(parse(&config.to_text()).unwrap(), config);
        config.languages = vec![Language::En, Language::Ko];
        config.postgres = Some(Address::new("host=/run \"x\" password=\\".to_owned()));
        config.anchor = Some(PathBuf::from("/mnt/other/anchor.jsonl"));
        config.demo_passphrase_file = Some(PathBuf::from("demo.passphrase"));
        config.server = ServerText {
            certificate: Some(PathBuf::from("/etc/door.pem")),
            key: Some(PathBuf::from("door.key")),
            processor_certificate: Some(PathBuf::from("other.pem")),
            processor_key: Some(PathBuf::from("other.key")),
        };
        assert_eq!(parse(&config.to_text()).unwrap(), config);
    }

    #[test]
    fn every_key_is_documented_and_others_are_refused() {
        let plain = ["profile", "languages", "zone", "postgres", "anchor", "passphrase_file"];
        let server = ["certificate", "key", "processor_certificate", "processor_key"];
        for key in plain.into_iter().chain(server) {
            assert!(
                DEFAULT.lines().any(|line| {
                    line.trim_start_matches("# ").starts_with(&format!("{key} = "))
                })
            );
        }
        let error = parse("zone = \"Asia/Seoul\"\n[store]\npostgress = \"secret\"\n").unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
        assert!(!error.to_string().contains("secret"));
        for wrong in ["zone = \"Moon/Base\"", "languages = []", "profile = \"mars\"", "= 1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_profile_alone_brings_its_language_and_zone() {
        let config = parse("profile = \"jp\"").unwrap();
        assert_eq!((config.zone.as_str(), config.language()), ("Asia/Tokyo", Language::En));
    }

    #[test]
    fn fraud_detection_is_off_until_it_is_switched_on_and_refuses_what_cannot_be() {
        assert!(DEFAULT.contains("\n[fraud]\n"));
        assert!(parse("").unwrap().fraud.open().unwrap().is_none());
        let on = parse("[fraud]\nenabled = true\npayment_above = \"block\"\n").unwrap();
        let on = on.fraud.open().unwrap().unwrap();
        assert_eq!((on.payment.above.name(), on.payment.allow_up_to), ("block", 300_000));
        for wrong in
            ["currency = \"WON\"", "payment_allow_up_to = -1", "review_capacity_per_day = 0"]
        {
            let text = format!("[fraud]\nenabled = true\n{wrong}\n");
            assert!(parse(&text).unwrap().fraud.open().is_err(), "{wrong}");
        }
        for wrong in ["enable = true", "other = \"ignore\""] {
            assert!(parse(&format!("[fraud]\n{wrong}\n")).is_err(), "{wrong}");
        }
    }

    /// The part of the defaults about channels, as somebody has it who takes the marks away.
    fn channels_documented() -> String {
        let lines = DEFAULT.lines().skip_while(|line| *line != "# [company]");
        let is_key = |line: &&str| line.contains(" = ") || line.starts_with("# [");
        let lines: Vec<&str> = lines.filter(is_key).map(|line| &line[2..]).collect();
        lines.join("\n")
    }

    #[test]
    fn the_documented_channels_can_be_opened_and_hide_their_password() {
        let text = channels_documented();
        let config = parse(&text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert!(config.channels.open(folder.path()).is_err(), "the password is not there");
        fs::write(folder.path().join("gateway.password"), "sesame\n").unwrap();
        let channels = config.channels.open(folder.path()).unwrap();
        assert_eq!(channels.gateways.len(), 1);
        assert_eq!(channels.gateways[0].name, "main");
        assert_eq!(channels.gateways[0].sender, channels.rules.as_ref().unwrap().sender);
        assert_eq!(channels.gateways[0].password.expose(), "sesame");
        assert!(!format!("{channels:?}").contains("sesame"));
        assert!(parse(&text.replace("window = 64", "windows = 64")).is_err());
        let wrong = parse(&text.replace("window = 64", "window = 0")).unwrap();
        let error = wrong.channels.open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("main") && error.contains("window"), "{error}");
        let twice = format!("{text}\n{}", &text[text.find("[[gateway]]").unwrap()..]);
        assert!(parse(&twice).unwrap().channels.open(folder.path()).is_err());
        let lone = parse(&text[text.find("[[gateway]]").unwrap()..]).unwrap();
        assert!(lone.channels.open(folder.path()).is_err(), "a gateway without a number");
        assert!(parse("").unwrap().channels.open(folder.path()).unwrap().gateways.is_empty());
    }
}
