//! Progress bars: on standard error, and only where there is a terminal to draw on.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;

/// A bar over `bytes` that are to be read; it draws nothing where nobody looks.
pub(crate) fn bytes(output: Output, what: &'static str, bytes: u64) -> ProgressBar {
    bar(output, what, bytes, "{msg} [{bar:40}] {bytes}/{total_bytes}, {eta} left")
}

/// A bar over `count` things that are to be done.
pub(crate) fn count(output: Output, what: &'static str, count: u64) -> ProgressBar {
    bar(output, what, count, "{msg} [{bar:40}] {pos}/{len}, {eta} left")
}

fn bar(output: Output, what: &'static str, length: u64, template: &str) -> ProgressBar {
    let target =
        if output.may_draw() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template(template).expect("the templates stand in this file");
    ProgressBar::with_draw_target(Some(length), target)
        .with_style(style.progress_chars("=> "))
        .with_message(what)
}
