//! `hutong demo`.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use hutong_kernel::Clock as _;
use jiff::Timestamp;
use jiff::civil::Date;

use super::args::DemoArgs;
use super::serve_command::{run, until_stopped};
use super::{Failure, Terminal};
use crate::clock::SystemClock;
use crate::config::{Config, Origin, Resolved};
use crate::demo::{Fill, fill};
use crate::logging;
use crate::wiring::{self, DEMO_MARK};

/// Where the demo's data lie when nobody says otherwise.
const DEMO_DIR: &str = "hutong-demo";

/// Fills the demo district on the first start, and serves it.
pub(super) fn demo(
    args: &DemoArgs,
    mut config: Config,
    data_dir: Option<&Resolved>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    // A demo must not come to lie in the directory of a real installation by default.
    if data_dir.is_none_or(|it| it.origin == Origin::Default) {
        config.data.dir = PathBuf::from(DEMO_DIR);
    }
    logging::start(&config.log);
    let now = moment(args, &config)?;
    until_stopped(async {
        prepare(&config, now, terminal).await?;
        if args.fill_only { Ok(()) } else { run(&config, true, terminal).await }
    })
}

fn moment(args: &DemoArgs, config: &Config) -> Result<Timestamp, Failure> {
    match &args.as_if {
        None => Ok(SystemClock.now()),
        Some(text) => {
            let day: Date = text.parse().with_context(|| format!("{text} is no date"))?;
            let noon = day.at(12, 0, 0, 0).to_zoned(config.district.time_zone.clone());
            Ok(noon.context("the day is out of range")?.timestamp())
        }
    }
}

async fn prepare(config: &Config, now: Timestamp, terminal: &Terminal) -> Result<(), Failure> {
    let dir = &config.data.dir;
    let store = wiring::open_store(dir)?;
    let filled = dir.join(FILLED);
    if wiring::is_demo(dir)? && filled.try_exists()? {
        return Ok(());
    }
    if *store.head().borrow() != 0 {
        return Err(anyhow!("{} holds data that are not a demo, or a demo that was not filled to its end; name another directory with --data-dir", dir.display()).into());
    }
    // The mark first: whatever happens from here on, these data are synthetic.
    write_mark(dir, DEMO_MARK)?;
    let district = config.district(true);
    let calendar = wiring::calendar()?;
    let bar = terminal.progress("cli-progress-demo", 0);
    let mut told = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    fill(&Fill { store: &store, calendar: &calendar, district: &district, now }, &mut told).await?;
    write_mark(dir, FILLED)?;
    bar.finish_and_clear();
    terminal.say("cli-demo-filled", &[("dir", dir.display().to_string())])?;
    Ok(())
}

/// A file that says that the demo was filled to its end.
const FILLED: &str = "DEMO-FILLED";

fn write_mark(dir: &std::path::Path, name: &str) -> Result<(), Failure> {
    let file = std::fs::File::create(dir.join(name)).with_context(|| format!("writing {name}"))?;
    file.sync_all().with_context(|| format!("syncing {name}"))?;
    Ok(())
}
