//! What can be typed after `hutong`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Plan documents in, an accountable ledger out.
#[derive(Debug, Parser)]
#[command(name = "hutong", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Settings that hold for every command.
    #[command(flatten)]
    pub common: Common,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Configuration file (TOML); else HUTONG_CONFIG, else hutong.toml where it lies here
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    pub config: Option<PathBuf>,

    /// Language of the answers
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = ["zh-CN", "en"], help_heading = "Settings")]
    pub lang: Option<String>,

    /// Folder that holds the store, the files and the ledger
    #[arg(long, alias = "data", global = true, value_name = "DIR", help_heading = "Settings")]
    pub data_dir: Option<PathBuf>,

    /// Any setting, e.g. --set log.format=json (see `hutong config show`); may be repeated
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_value, help_heading = "Settings")]
    pub settings: Vec<(String, String)>,
}

/// Splits `KEY=VALUE`.
fn key_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.trim().to_owned(), value.to_owned()))
        .ok_or_else(|| "write it as KEY=VALUE".to_owned())
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the district's pages and API until told to stop (SIGTERM or Ctrl-C)
    Serve(ServeArgs),

    /// Serve a made-up district, filled on the first start, to look around in
    Demo(DemoArgs),

    /// Read plan documents
    #[command(subcommand)]
    Plan(PlanCommand),

    /// Prove and audit the journal's ledger
    #[command(subcommand)]
    Ledger(LedgerCommand),

    /// Keep the first persons and their roles, while no server runs
    #[command(subcommand)]
    User(UserCommand),

    /// Copy the data directory to a new folder while the server runs or not
    Backup(BackupArgs),

    /// Make a data directory from a backup
    Restore(RestoreArgs),

    /// Look for what is wrong with this installation and say what to do
    Doctor(DoctorArgs),

    /// Check and show the configuration
    #[command(subcommand)]
    Config(ConfigCommand),

    /// Print a completion script for a shell
    Completion {
        /// The shell
        shell: Shell,
    },
}

/// `hutong serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
}

/// `hutong demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,

    /// Fill the data directory and stop
    #[arg(long)]
    pub fill_only: bool,

    /// Day on which the district is laid out, instead of today (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", hide = true)]
    pub as_if: Option<String>,
}

/// `hutong plan`.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Print what a plan document promises: metadata, outline, targets, tasks, bodies, systems
    Extract(ExtractArgs),
}

/// `hutong plan extract`.
#[derive(Debug, Clone, Args)]
pub struct ExtractArgs {
    /// The document
    pub file: PathBuf,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = ExtractFormat::Text)]
    pub format: ExtractFormat,

    /// Write to this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Form of an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// `hutong ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Print the key that checks the ledger's signatures
    Vkey,

    /// Print the proof that a journal entry is in the ledger
    Prove {
        /// Number of the journal entry, from 1
        seq: u64,
        /// Write to this file instead of the terminal
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },

    /// Check a proof file offline, with nothing but the file and the key
    Verify {
        /// The proof file
        file: PathBuf,
        /// The key as `hutong ledger vkey` prints it
        #[arg(long)]
        vkey: String,
    },

    /// Recompute the whole ledger from the journal and compare
    Audit,

    /// Print size, head and age of the ledger
    Status,
}

/// `hutong user`.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Register a person who can sign in
    Add(UserAddArgs),

    /// List persons with their roles
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },

    /// Set a person's password
    Password {
        /// What they type to sign in
        user_name: String,
        /// Make up a password and print it once
        #[arg(long)]
        generate: bool,
    },

    /// Give a role
    Grant(GrantArgs),

    /// Take a role back, from today on
    Revoke(GrantArgs),
}

/// `hutong user add`.
#[derive(Debug, Clone, Args)]
pub struct UserAddArgs {
    /// What they type to sign in: lower-case letters, digits, `.`, `-`, `_`
    pub user_name: String,
    /// Their name
    #[arg(long)]
    pub name: String,
    /// The body they work for, by its name
    #[arg(long)]
    pub organisation: Option<String>,
    /// A role; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// Make up a password and print it once
    #[arg(long)]
    pub generate: bool,
}

/// `hutong user grant|revoke`.
#[derive(Debug, Clone, Args)]
pub struct GrantArgs {
    /// What they type to sign in
    pub user_name: String,
    /// The role, e.g. plan_supervisor
    pub role: String,
    /// Why; the journal keeps it
    #[arg(long)]
    pub reason: String,
}

/// `hutong backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// The new folder
    pub dir: PathBuf,
}

/// `hutong restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The backup's folder
    pub dir: PathBuf,
}

/// `hutong doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `hutong config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration and say what is wrong
    Check,

    /// Print the JSON schema of the configuration file
    Schema,

    /// Print every setting with its value and who set it
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}
