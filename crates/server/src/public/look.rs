//! Our own look at each page that stands, once an hour, over the network as a reader's.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::OUR_LOOK;
use crate::app::App;

/// Between two looks.
pub(crate) const LOOK_US: u64 = 3_600_000_000;
/// Longest that a look may take.
const LOOK_TIME: Duration = Duration::from_secs(10);
/// Longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// Asks for each page at the public door and counts whether exactly that page came.
pub(crate) async fn look(app: &Arc<App>, door: SocketAddr) {
    let all = app.shelf.all();
    for (slug, shown) in all.iter() {
        let Some(page) = &shown.page else { continue };
        let asked = tokio::time::timeout(LOOK_TIME, ask(door, slug, &app.shelf.word)).await;
        let found = asked.ok().and_then(Result::ok);
        let is_it = found.is_some_and(|body| Sha256::digest(body)[..] == page.digest);
        app.shelf.count(shown, app.clock.now(), |day| {
            day.held += u64::from(is_it);
            day.missed += u64::from(!is_it);
        });
    }
}

/// The body of a page, as HTTP/1.0 gives it: to the end of the connection.
async fn ask(door: SocketAddr, slug: &str, word: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(door).await?;
    let request = format!("GET /notices/{slug} HTTP/1.0\r\n{OUR_LOOK}: {word}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    Ok(end.map_or_else(Vec::new, |end| answer.split_off(end + 4)))
}
