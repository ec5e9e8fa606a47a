//! Why a command ends without success, and with which exit code.

use hutong_kernel::Refusal;

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
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.into())
    }
}
