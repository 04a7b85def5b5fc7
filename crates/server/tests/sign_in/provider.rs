//! Single sign-on at an identity provider that we did not write: npm's `oidc-provider`, by node.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;

use crate::sign_in::error::SignInError;
use crate::sign_in::sso::outside::Web;
use crate::sign_in::sso::provider::{Provider, ProviderSettings};
use crate::sign_in::sso::{self, Brought};
use doldam_ground::{Instant, Pii};
use serde_json::json;

use super::browser::Browser;
use super::world::{World, actor};

const BACK: &str = "http://localhost:7117/sign-in/back";
const SECRET: &str = "a secret of the test, long enough for it";

struct Node {
    child: Child,
    issuer: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider")
}

/// Fetches what the lock file names, unless that was done; the last file is written at the end.
fn install() {
    if !folder().join("node_modules/.package-lock.json").exists() {
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder())
            .output()
            .expect("npm is installed");
        assert!(npm.status.success(), "{}", String::from_utf8_lossy(&npm.stderr));
    }
}

impl Node {
    fn start() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(install);
        let mut child = Command::new("node")
            .args(["provider.mjs", BACK, SECRET])
            .current_dir(folder())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, issuer: line.trim().to_owned() }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn world() -> World {
    #[expect(clippy::disallowed_methods, reason = "the provider's clock is the machine's")]
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    World::at(Instant::from_micros(i64::try_from(now).unwrap()))
}

fn provider(world: &World, node: &Node, client: &str, secret: Option<&str>) -> Provider {
    let settings = ProviderSettings {
        issuer: node.issuer.clone(),
        client: client.to_owned(),
        secret: secret.map(|secret| Pii::new(secret.to_owned())),
        back: BACK.to_owned(),
    };
    Provider::new(settings, Box::new(Web::new(None).unwrap()), world.clock.clone()).unwrap()
}

fn away(door: &str, login: &str) -> Brought {
    let brought = Browser::default().sign_in(door, login, BACK);
    serde_json::from_value(json!(brought)).unwrap()
}

#[test]
fn people_sign_in_at_a_provider_that_others_wrote_by_every_algorithm() {
    let (world, node) = (world(), Node::start());
    let minji = world.staff("minji");
    for (client, secret) in [
        ("RS256", Some(SECRET)),
        ("PS256", Some(SECRET)),
        ("ES256", Some(SECRET)),
        ("ES384", Some(SECRET)),
        ("EdDSA", Some(SECRET)),
        ("public", None),
    ] {
        let provider = provider(&world, &node, client, secret);
        let subject = Pii::new("alice".to_owned());
        sso::link(&world.vault, &provider, minji, &subject, &actor()).unwrap().unwrap();
        let (door, ticket) = sso::begin(&world.vault, &provider).unwrap();
        let brought = away(&door, "alice");
        assert_eq!(brought.iss.as_deref(), Some(node.issuer.as_str()));
        let proof = sso::finish(&world.vault, &provider, ticket.expose(), &brought);
        let proof = proof.unwrap_or_else(|error| panic!("{client}: {error}"));
        assert_eq!(world.open(proof), Some(minji), "{client}");
        let (door, ticket) = sso::begin(&world.vault, &provider).unwrap();
        let stranger =
            sso::finish(&world.vault, &provider, ticket.expose(), &away(&door, "mallory"));
        assert!(matches!(stranger, Err(SignInError::Unlinked)), "{client}");
    }
}

#[test]
fn the_provider_refuses_a_code_that_was_used_and_a_client_with_a_wrong_secret() {
    let (world, node) = (world(), Node::start());
    let own = provider(&world, &node, "ES256", Some(SECRET));
    let (door, ticket) = sso::begin(&world.vault, &own).unwrap();
    let used = away(&door, "alice");
    let first = sso::finish(&world.vault, &own, ticket.expose(), &used);
    assert!(matches!(first, Err(SignInError::Unlinked)));
    let (door, ticket) = sso::begin(&world.vault, &own).unwrap();
    let mut again = away(&door, "alice");
    again.code.clone_from(&used.code);
    let replay = sso::finish(&world.vault, &own, ticket.expose(), &again);
    assert!(matches!(replay, Err(SignInError::ProviderRefused)));
    // A client with a wrong secret, and a token that was made for another client.
    let wrong = provider(&world, &node, "ES256", Some("wrong"));
    let (door, ticket) = sso::begin(&world.vault, &wrong).unwrap();
    let refused = sso::finish(&world.vault, &wrong, ticket.expose(), &away(&door, "alice"));
    assert!(matches!(refused, Err(SignInError::ProviderRefused)));
    let other = provider(&world, &node, "RS256", Some(SECRET));
    let (door, ticket) = sso::begin(&world.vault, &own).unwrap();
    let foreign = sso::finish(&world.vault, &other, ticket.expose(), &away(&door, "alice"));
    assert!(matches!(foreign, Err(SignInError::ProviderRefused)));
}
