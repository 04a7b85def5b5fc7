//! HTTP/1.1 by hand: what is sent and what comes back is seen byte by byte.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::document;

/// A request that is being put together.
#[derive(Clone)]
pub(crate) struct Ask {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A POST of JSON under a key.
    pub(crate) fn post(path: &str, key: &str, body: &Value) -> Self {
        let ask = Self::new("POST", path).header("idempotency-key", key);
        ask.header("content-type", "application/json").body(body.to_string().as_bytes())
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: &[u8]) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// With a session.
    pub(crate) fn by(self, token: &str) -> Self {
        self.header("cookie", &format!("doldam={token}"))
    }

    /// With a key.
    pub(crate) fn with_key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// Everything but the body, as it is sent.
    pub(crate) fn head(&self) -> String {
        let mut text = format!("{} {} HTTP/1.1\r\nhost: test\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len()));
        text
    }

    /// Sends it over something else than a plain connection.
    pub(crate) fn send_over(&self, stream: &mut (impl Read + Write)) -> Answer {
        stream.write_all(self.head().as_bytes()).unwrap();
        stream.write_all(&self.body).unwrap();
        stream.flush().unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        Answer::parse(&all)
    }

    /// Whether it shows a key.
    pub(crate) fn is_of_program(&self) -> bool {
        self.headers.iter().any(|(name, _)| name == "authorization")
    }

    /// Sends it and leaves the answer unread.
    pub(crate) fn start(&self, to: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(self.head().as_bytes()).unwrap();
        // A server that refuses by the head may close before the body is sent.
        let _ = stream.write_all(&self.body);
        stream
    }

    /// Sends it and reads no more than the status: for an answer that does not end.
    pub(crate) fn status(&self, to: SocketAddr) -> u16 {
        let mut line = [0; 12];
        self.start(to).read_exact(&mut line).unwrap();
        std::str::from_utf8(&line[9..]).unwrap().parse().unwrap()
    }

    pub(crate) fn send(&self, to: SocketAddr) -> Answer {
        let mut all = Vec::new();
        let read = self.start(to).read_to_end(&mut all);
        assert!(read.is_ok() || !all.is_empty(), "{} {}: no answer", self.method, self.path);
        let answer = Answer::parse(&all);
        document::hold(&self.method, &self.path, &answer);
        answer
    }
}

impl Answer {
    fn parse(all: &[u8]) -> Self {
        let end = all.windows(4).position(|window| window == b"\r\n\r\n").expect("a whole head");
        let head = std::str::from_utf8(&all[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self { status, headers, body: all[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The answer, which must have this status.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The session that was opened.
    pub(crate) fn token(&self) -> String {
        let cookie = self.header("set-cookie").expect("a cookie");
        let pair = cookie.split(';').next().unwrap();
        pair.split_once('=').unwrap().1.to_owned()
    }
}
