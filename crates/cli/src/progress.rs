//! Progress bars: on standard error, and only where there is a terminal to draw on.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::errand::seat;
use crate::output::Output;

/// A bar over `bytes` that are to be read. It is not drawn before [`show`], because a file's header
/// is read before somebody is asked for a passphrase.
pub(crate) fn bytes(what: &'static str, bytes: u64) -> ProgressBar {
    bar(what, bytes, "{msg} [{bar:40}] {bytes}/{total_bytes}, {eta} left")
}

/// A bar over `count` things that are to be done.
pub(crate) fn count(output: Output, what: &'static str, count: u64) -> ProgressBar {
    let bar = bar(what, count, "{msg} [{bar:40}] {pos}/{len}, {eta} left");
    show(output, &bar);
    bar
}

/// Draws a bar from now on, where somebody looks.
pub(crate) fn show(output: Output, bar: &ProgressBar) {
    if output.may_draw() {
        bar.set_draw_target(seat::screen());
        bar.reset_eta();
    }
}

fn bar(what: &'static str, length: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).expect("the templates stand in this file");
    ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden())
        .with_style(style.progress_chars("=> "))
        .with_message(what)
}
