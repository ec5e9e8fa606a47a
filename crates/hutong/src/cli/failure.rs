//! Why a command ends without success, and with which exit code.

use hutong_kernel::Refusal;
use hutong_kernel::refusal::AnyRefusal;
use hutong_store::StoreError;

use crate::config::ConfigError;

/// A command that did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The configuration is wrong.
    Config(ConfigError),
    /// The person can mend it.
    Refused(Box<dyn Refusal>),
    /// A check found something; what it found has been printed.
    Found,
    /// Another process holds the data directory.
    Held {
        /// The data directory.
        dir: std::path::PathBuf,
    },
    /// The operator can mend it.
    Fault(anyhow::Error),
    /// It was said already; the exit code is left.
    Told(u8),
}

impl Failure {
    /// The exit code; documented in `hutong --help`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Fault(_) => 1,
            Self::Config(_) => 3,
            Self::Refused(_) => 4,
            Self::Found => 5,
            Self::Held { .. } => 6,
            Self::Told(code) => *code,
        }
    }

    /// A refusal.
    pub fn refused(refusal: impl Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<anyhow::Error> for Failure {
    /// A store's error inside keeps its meaning.
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<StoreError>() {
            Ok(error) => error.into(),
            Err(error) => Self::Fault(error),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InUse { path } => Self::Held { dir: path },
            error if error.is_fault() => Self::Fault(error.into()),
            error => Self::refused(error),
        }
    }
}

impl From<AnyRefusal> for Failure {
    fn from(refusal: AnyRefusal) -> Self {
        if 500 <= refusal.0.status() {
            let detail = format!("{} [{}]", refusal.0, refusal.0.code());
            return Self::Fault(anyhow::Error::msg(detail));
        }
        Self::Refused(refusal.0)
    }
}
