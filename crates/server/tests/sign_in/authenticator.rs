//! An authenticator in software, and the browser before it. It does what Web Authentication, Level
//! 3 says, and lies where a test tells it to.

use std::sync::atomic::{AtomicU8, Ordering};

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_BACKED_UP: u8 = 0x08;
const IS_BACKED_UP: u8 = 0x10;
const HAS_KEY: u8 = 0x40;

static NUMBER: AtomicU8 = AtomicU8::new(1);

/// One passkey on one authenticator.
pub(crate) struct Authenticator {
    key: EcdsaKeyPair,
    pub(crate) id: Vec<u8>,
    pub(crate) handle: Vec<u8>,
    pub(crate) counter: u32,
    /// Whether it can be copied to another device.
    pub(crate) is_copyable: bool,
    pub(crate) is_copied: bool,
}

/// What is said, and where it is a lie.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) origin: String,
    pub(crate) site: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) challenge: Option<String>,
    pub(crate) frame: Value,
    pub(crate) is_present: bool,
    pub(crate) is_verified: bool,
    pub(crate) is_signature_wrong: bool,
}

impl Said {
    pub(crate) fn truth() -> Self {
        Self {
            origin: "http://localhost:7117".to_owned(),
            site: "localhost".to_owned(),
            kind: None,
            challenge: None,
            frame: json!({ "crossOrigin": false }),
            is_present: true,
            is_verified: true,
            is_signature_wrong: false,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = options["publicKey"]["challenge"].as_str().unwrap().to_owned();
        let mut data = json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": self.challenge.clone().unwrap_or(challenge),
            "origin": self.origin,
        });
        let data_map = data.as_object_mut().unwrap();
        data_map.extend(self.frame.as_object().unwrap().clone());
        data.to_string().into_bytes()
    }
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

impl Authenticator {
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random);
        let id = vec![NUMBER.fetch_add(1, Ordering::SeqCst); 32];
        Self {
            key: key.unwrap(),
            id,
            handle: Vec::new(),
            counter: 1,
            is_copyable: false,
            is_copied: false,
        }
    }

    fn flags(&self, said: &Said) -> u8 {
        [
            (PRESENT, said.is_present),
            (VERIFIED, said.is_verified),
            (MAY_BE_BACKED_UP, self.is_copyable),
            (IS_BACKED_UP, self.is_copied),
        ]
        .into_iter()
        .filter(|(_, is_set)| *is_set)
        .fold(0, |flags, (flag, _)| flags | flag)
    }

    fn data(&self, said: &Said, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(said.site.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// `navigator.credentials.create`.
    pub(crate) fn create(&mut self, options: &Value, said: &Said) -> Value {
        let choice = &options["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (&choice["residentKey"], &choice["userVerification"]),
            (&json!("required"), &json!("required"))
        );
        let handle = options["publicKey"]["user"]["id"].as_str().unwrap();
        self.handle = BASE64URL_NOPAD.decode(handle.as_bytes()).unwrap();
        let mut data = self.data(said, self.flags(said) | HAS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        let point = self.key.public_key().as_ref();
        // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053, 7.1.1).
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "attestationObject": text(&object),
                "clientDataJSON": text(&said.client_data("webauthn.create", options)),
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        })
    }

    /// `navigator.credentials.get`.
    pub(crate) fn get(&mut self, options: &Value, said: &Said) -> Value {
        assert_eq!(options["publicKey"]["userVerification"], "required");
        assert_eq!(options["publicKey"]["allowCredentials"].as_array().map_or(0, Vec::len), 0);
        if self.counter > 0 {
            self.counter += 1;
        }
        let data = self.data(said, self.flags(said));
        let client_data = said.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client_data));
        if said.is_signature_wrong {
            signed.push(0);
        }
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": text(&data),
                "clientDataJSON": text(&client_data),
                "signature": text(signature.as_ref()),
                "userHandle": text(&self.handle),
            },
            "clientExtensionResults": {},
        })
    }
}
