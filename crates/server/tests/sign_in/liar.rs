//! A small identity provider that lies as it is told. It speaks HTTP/1.1 over loopback, one
//! connection a request.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use url::form_urlencoded;

/// What a token is made of, for a lie to change.
pub(crate) struct Token {
    pub(crate) head: Value,
    pub(crate) claims: Value,
    pub(crate) signing: Signing,
}

/// How a token is signed.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Signing {
    Right,
    /// By a key that the provider never published.
    Stranger,
    /// Not at all.
    Nothing,
    /// With a shared secret: the public key, which everybody knows.
    HmacOfPublicKey,
    /// Rightly, but over something else.
    Stale,
}

/// An answer in place of the true one.
#[derive(Clone)]
pub(crate) enum Trick {
    Status(u16, Vec<u8>),
    Redirect(String),
    Endless,
}

type Lie = Box<dyn Fn(&mut Token) + Send>;

#[derive(Default)]
struct Plan {
    lie: Option<Lie>,
    tricks: HashMap<String, Trick>,
    published: Vec<(String, Value)>,
    /// Code → nonce and challenge.
    codes: HashMap<String, (String, String)>,
    asked: HashMap<String, usize>,
}

struct Room {
    issuer: String,
    now_s: Box<dyn Fn() -> i64 + Send + Sync>,
    key: Mutex<(String, EcdsaKeyPair)>,
    stranger: EcdsaKeyPair,
    plan: Mutex<Plan>,
    is_over: AtomicBool,
}

/// The provider.
pub(crate) struct Liar {
    room: Arc<Room>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) const CLIENT: &str = "doldam";
pub(crate) const SECRET: &str = "a secret: 100%";
pub(crate) const SUBJECT: &str = "person-1";

fn new_key() -> EcdsaKeyPair {
    let (random, by) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let document = EcdsaKeyPair::generate_pkcs8(by, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(by, document.as_ref(), &random).unwrap()
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

impl Liar {
    pub(crate) fn new(now_s: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let room = Arc::new(Room {
            issuer,
            now_s: Box::new(now_s),
            key: Mutex::new(("k1".to_owned(), new_key())),
            stranger: new_key(),
            plan: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&room);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.is_over.load(Ordering::SeqCst) {
                    return;
                }
                of_thread.answer(stream.unwrap());
            }
        });
        Self { room, thread: Some(thread) }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.room.issuer
    }

    /// Tells the next tokens.
    pub(crate) fn lie(&self, lie: impl Fn(&mut Token) + Send + 'static) {
        self.room.plan.lock().unwrap().lie = Some(Box::new(lie));
    }

    pub(crate) fn trick(&self, path: &str, trick: Trick) {
        self.room.plan.lock().unwrap().tricks.insert(path.to_owned(), trick);
    }

    /// Says something else of itself.
    pub(crate) fn publish(&self, name: &str, value: Value) {
        self.room.plan.lock().unwrap().published.push((name.to_owned(), value));
    }

    pub(crate) fn be_honest(&self) {
        let mut plan = self.room.plan.lock().unwrap();
        plan.lie = None;
        plan.tricks.clear();
        plan.published.clear();
    }

    /// Signs with a new key from now on.
    pub(crate) fn turn_key(&self, name: &str) {
        *self.room.key.lock().unwrap() = (name.to_owned(), new_key());
    }

    /// How often this path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.room.plan.lock().unwrap().asked.get(path).copied().unwrap_or_default()
    }

    /// Lets a person in: gives the code for whoever came by this address.
    pub(crate) fn let_in(&self, door: &str) -> HashMap<String, String> {
        let url = url::Url::parse(door).unwrap();
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(url.path(), "/authorize");
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("scope", "openid"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked[name], value);
        }
        let mut plan = self.room.plan.lock().unwrap();
        let code = format!("code-{}", plan.codes.len());
        let marks = (asked["nonce"].clone(), asked["code_challenge"].clone());
        plan.codes.insert(code.clone(), marks);
        let issuer = self.room.issuer.clone();
        let brought = [("state", asked["state"].clone()), ("code", code), ("iss", issuer)];
        brought.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.room.is_over.store(true, Ordering::SeqCst);
        let address = self.room.issuer.trim_start_matches("http://");
        let _ = TcpStream::connect(address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Room {
    fn answer(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        let Some((path, headers, body)) = read(&mut reader) else { return };
        let mut stream = reader.into_inner();
        let trick = {
            let mut plan = self.plan.lock().unwrap();
            *plan.asked.entry(path.clone()).or_default() += 1;
            plan.tricks.get(&path).cloned()
        };
        let (status, extra, body) = match trick {
            Some(Trick::Status(status, body)) => (status, String::new(), body),
            Some(Trick::Redirect(to)) => (302, format!("location: {to}\r\n"), Vec::new()),
            Some(Trick::Endless) => return endless(&mut stream),
            None => {
                let (status, value) = self.truth(&path, &headers, &body);
                (status, String::new(), value.to_string().into_bytes())
            }
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{extra}content-length: {}\r\n\
             connection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body);
    }

    fn truth(&self, path: &str, headers: &HashMap<String, String>, body: &[u8]) -> (u16, Value) {
        match path {
            "/.well-known/openid-configuration" => (200, self.metadata()),
            "/jwks" => (200, json!({ "keys": [self.public_key()] })),
            "/token" => self.tokens(headers, body),
            _ => (404, json!({})),
        }
    }

    fn metadata(&self) -> Value {
        let issuer = &self.issuer;
        let mut metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        });
        for (name, value) in &self.plan.lock().unwrap().published {
            metadata[name] = value.clone();
        }
        metadata
    }

    fn public_key(&self) -> Value {
        let (name, key) = &*self.key.lock().unwrap();
        let point = key.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": name,
            "x": text(&point[1..33]), "y": text(&point[33..]),
        })
    }

    /// What RFC 6749, 4.1.3 and RFC 7636, 4.6 ask of a provider.
    fn tokens(&self, headers: &HashMap<String, String>, body: &[u8]) -> (u16, Value) {
        let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let shown = format!("{CLIENT}:a+secret%3A+100%25");
        let shown = format!("Basic {}", data_encoding::BASE64.encode(shown.as_bytes()));
        if headers.get("authorization") != Some(&shown) {
            return (401, json!({ "error": "invalid_client" }));
        }
        let mut plan = self.plan.lock().unwrap();
        let Some((nonce, challenge)) = plan.codes.remove(&form["code"]) else {
            return (400, json!({ "error": "invalid_grant" }));
        };
        let verifier = digest(&SHA256, form["code_verifier"].as_bytes());
        if text(verifier.as_ref()) != challenge || form["grant_type"] != "authorization_code" {
            return (400, json!({ "error": "invalid_grant" }));
        }
        let access = "an access token";
        let now_s = (self.now_s)();
        let hash = digest(&SHA256, access.as_bytes());
        let mut token = Token {
            head: json!({ "alg": "ES256", "kid": self.key.lock().unwrap().0, "typ": "JWT" }),
            claims: json!({
                "iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "nonce": nonce,
                "iat": now_s, "exp": now_s + 300, "at_hash": text(&hash.as_ref()[..16]),
            }),
            signing: Signing::Right,
        };
        if let Some(lie) = &plan.lie {
            lie(&mut token);
        }
        drop(plan);
        let made = self.sign(&token);
        (200, json!({ "access_token": access, "token_type": "Bearer", "id_token": made }))
    }

    fn sign(&self, token: &Token) -> String {
        let part = |value: &Value| text(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&token.head), part(&token.claims));
        let key = &self.key.lock().unwrap().1;
        let by = |key: &EcdsaKeyPair, message: &str| {
            key.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
        };
        let signature = match token.signing {
            Signing::Right => by(key, &signed),
            Signing::Stranger => by(&self.stranger, &signed),
            Signing::Nothing => Vec::new(),
            Signing::Stale => by(key, "something else"),
            Signing::HmacOfPublicKey => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, key.public_key().as_ref());
                hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{signed}.{}", text(&signature))
    }
}

fn endless(stream: &mut TcpStream) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(head.as_bytes());
    // 64 MiB, or until the other side has enough.
    for _ in 0..1_024 {
        if stream.write_all(&vec![b' '; 64 << 10]).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, HashMap<String, String>, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, headers, body))
}
