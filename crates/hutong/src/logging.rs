//! The log: lines on standard error, as text or JSON, with the request's number, without names or bodies.

use tracing_subscriber::EnvFilter;

use crate::config::LogConfig;

/// Begins to log. A second call changes nothing.
pub fn start(config: &LogConfig) {
    let filter = EnvFilter::new(format!("{level},hyper=warn,h2=warn", level = config.level));
    let line = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = if config.json {
        line.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        line.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init()
    };
    if begun.is_err() {
        tracing::debug!("the log had begun already");
    }
}
