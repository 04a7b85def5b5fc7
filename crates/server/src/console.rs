//! The console at the staff door: files that were built into the program, and one page for every
//! address of theirs.
//!
//! They are no routes and stand in no table of permissions: the same bytes go to anybody, nothing of
//! anybody is in them, and what the console shows it asks the routes for. So nobody is asked who
//! they are, and an old cookie keeps nobody from the sign-in page. At the other doors there is no
//! console. The policy lets the page use what this server serves and nothing else, no inline script
//! or style among it.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// What the page may do: Content Security Policy Level 3, named exactly by what the console uses.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// The names under it hold a digest of the content, so what was fetched once stays right.
const IMMUTABLE: &str = "/_app/immutable/";
/// The page, whatever its address.
const PAGE: &str = "/index.html";

/// What is served where no console was built in.
static PLACEHOLDER: File = File {
    address: PAGE,
    kind: "text/html; charset=utf-8",
    mark: "W/\"no-console\"",
    plain: include_bytes!("console/placeholder.html"),
    packed: None,
};

/// All files, sorted by address; none when the program was built without the console.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/console.rs"));

/// A file of the console.
struct File {
    /// Where a browser asks for it.
    address: &'static str,
    /// The media type.
    kind: &'static str,
    /// The entity tag (RFC 9110, 8.8.3), weak because both forms share it.
    mark: &'static str,
    plain: &'static [u8],
    /// The same with gzip.
    packed: Option<&'static [u8]>,
}

/// What stands at an address for which there is no route.
///
/// An address of the API, a file that is not there, or another method than GET and HEAD gets the
/// problem that every wrong address gets; everything else is a page.
pub(crate) fn show(method: &Method, path: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Err(Problem::not_found());
    }
    let file = file_at(FILES, path).ok_or_else(Problem::not_found)?;
    Ok(answer(file, headers))
}

/// The file at an address, the page for an address of a page.
fn file_at(files: &'static [File], path: &str) -> Option<&'static File> {
    let at = |path: &str| {
        let index = files.binary_search_by(|file| file.address.cmp(path)).ok()?;
        files.get(index)
    };
    if let Some(file) = at(path) {
        return Some(file);
    }
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let is_of_program = matches!(first, "api" | "_app" | "healthz" | "readyz" | "metrics");
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_of_program || (is_file && path != PAGE) {
        return None;
    }
    Some(at(PAGE).unwrap_or(&PLACEHOLDER))
}

/// The file in the form that the browser takes, or that it has it already.
fn answer(file: &'static File, headers: &HeaderMap) -> Response {
    let kept = if file.address.starts_with(IMMUTABLE) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let packed = file.packed.filter(|_| takes_gzip(headers));
    let body = if has_it(headers, file.mark) { None } else { Some(packed.unwrap_or(file.plain)) };
    let mut response = match body {
        Some(body) => body.into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let said = response.headers_mut();
    let mut say = |name, value| said.insert(name, HeaderValue::from_static(value));
    say(header::CONTENT_TYPE, file.kind);
    say(header::CONTENT_SECURITY_POLICY, POLICY);
    say(header::CACHE_CONTROL, kept);
    say(header::ETAG, file.mark);
    if file.packed.is_some() {
        say(header::VARY, "accept-encoding");
    }
    if packed.is_some() && body.is_some() {
        say(header::CONTENT_ENCODING, "gzip");
    }
    response
}

/// Whether the browser takes gzip (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    words(headers, &header::ACCEPT_ENCODING).any(|word| {
        let mut parts = word.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let is_refused = parts
            .filter_map(|part| part.strip_prefix("q="))
            .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
        is_gzip && !is_refused
    })
}

/// Whether the browser has what bears this mark (RFC 9110, 13.1.2; the comparison is weak).
fn has_it(headers: &HeaderMap, mark: &str) -> bool {
    let opaque = |word: &str| word.trim_start_matches("W/").to_owned();
    words(headers, &header::IF_NONE_MATCH).any(|word| word == "*" || opaque(word) == opaque(mark))
}

/// The words of a list in all headers of a name.
fn words<'a>(
    headers: &'a HeaderMap,
    name: &header::HeaderName,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let values = headers.get_all(name).iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn file(address: &'static str, packed: Option<&'static [u8]>) -> File {
        File { address, kind: "text/plain", mark: "W/\"1\"", plain: b"plain", packed }
    }

    static BUILT: &[File] = &[
        file("/_app/immutable/a.js", Some(b"packed")),
        file("/icon.svg", None),
        file("/index.html", Some(b"packed")),
    ];

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        list.iter().map(pair).collect()
    }

    fn address(files: &'static [File], path: &str) -> Option<&'static str> {
        file_at(files, path).map(|file| file.address)
    }

    #[test]
    fn every_page_is_the_page_and_every_file_itself() {
        for path in ["/", "/incidents/L-1", "/sign-in", "/nowhere", "/index.html", "", "/apiary"] {
            assert_eq!(address(BUILT, path), Some(PAGE), "{path}");
        }
        assert_eq!(address(BUILT, "/icon.svg"), Some("/icon.svg"));
        assert_eq!(address(BUILT, "/_app/immutable/a.js"), Some("/_app/immutable/a.js"));
    }

    #[test]
    fn what_is_of_the_program_or_a_missing_file_is_not_there() {
        for path in [
            "/api",
            "/api/v1/nothing",
            "/api/",
            "//api/v1",
            "/_app/immutable/old.js",
            "/_app",
            "/favicon.ico",
            "/..",
            "/a/../b.js",
            "/index.html.gz",
            "/metrics",
            "/healthz/x",
        ] {
            assert_eq!(address(BUILT, path), None, "{path}");
        }
    }

    #[test]
    fn without_a_console_every_page_says_what_to_run() {
        let page = file_at(&[], "/trace").unwrap();
        assert!(std::str::from_utf8(page.plain).unwrap().contains("cargo xtask up"));
        assert_eq!(address(&[], "/icon.svg"), None);
        assert_eq!(address(&[], "/api/v1/x"), None);
    }

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        let kept = |index: usize| {
            let response = answer(&BUILT[index], &HeaderMap::new());
            response.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert!(kept(0).contains("immutable"));
        assert_eq!(kept(1), "no-cache");
        assert_eq!(kept(2), "no-cache");
    }

    #[test]
    fn gzip_goes_to_those_who_take_it() {
        for (said, is_packed) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
            ("", false),
        ] {
            let response = answer(&BUILT[0], &headers(&[("accept-encoding", said)]));
            let encoding = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(encoding.is_some(), is_packed, "{said}");
            assert_eq!(response.headers()[header::VARY], "accept-encoding");
        }
        let response = answer(&BUILT[1], &headers(&[("accept-encoding", "gzip")]));
        assert!(response.headers().get(header::CONTENT_ENCODING).is_none());
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        for (said, status) in
            [("W/\"1\"", 304), ("\"0\", \"1\"", 304), ("*", 304), ("\"2\"", 200), ("1", 200)]
        {
            let asked = headers(&[("if-none-match", said), ("accept-encoding", "gzip")]);
            let response = answer(&BUILT[0], &asked);
            assert_eq!(response.status().as_u16(), status, "{said}");
            assert_eq!(response.headers()[header::ETAG], "W/\"1\"");
            assert_eq!(response.headers().contains_key(header::CONTENT_ENCODING), status == 200);
        }
    }

    #[test]
    fn nothing_but_reading_has_an_answer() {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            assert!(show(&method, "/", &HeaderMap::new()).is_err(), "{method}");
        }
        assert!(show(&Method::GET, "/", &HeaderMap::new()).is_ok());
        assert!(show(&Method::HEAD, "/", &HeaderMap::new()).is_ok());
    }

    #[test]
    fn what_was_built_in_is_sorted_and_keeps_the_policy() {
        assert!(FILES.is_sorted_by(|one, next| one.address < next.address));
        for file in FILES.iter().filter(|file| file.kind.starts_with("text/html")) {
            let page = std::str::from_utf8(file.plain).unwrap();
            assert!(!page.contains("<script>") && !page.contains("<style"), "{}", file.address);
            assert!(!page.contains("http://") && !page.contains("https://"), "{}", file.address);
        }
        if FILES.iter().any(|file| file.kind == "font/woff2") {
            let licences = file_at(FILES, "/licences.txt").expect("fonts go with their licence");
            let text = std::str::from_utf8(licences.plain).unwrap();
            assert!(text.contains("SIL OPEN FONT LICENSE Version 1.1"));
        }
    }
}
