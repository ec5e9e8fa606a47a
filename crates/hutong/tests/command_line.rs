//! The command line as people meet it: the built binary, its help, its exit codes.

use std::path::Path;
use std::process::{Command, Output};

fn hutong(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hutong"))
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The help of every command, one after the other.
fn all_help(command: &clap::Command, path: &[&str], all: &mut String) {
    let mut command = command.clone().term_width(100);
    all.push_str(&format!("$ hutong {} --help\n{}\n", path.join(" "), command.render_long_help()));
    for inner in command.get_subcommands().filter(|it| it.get_name() != "help") {
        let mut path = path.to_vec();
        path.push(inner.get_name());
        all_help(inner, &path, all);
    }
}

#[test]
fn the_help_is_locked_in_both_languages() {
    for language in hutong_kernel::district::Language::ALL {
        let mut command = hutong::cli::command(language).expect("message files load");
        command.build();
        let mut all = String::new();
        all_help(&command, &[], &mut all);
        insta::assert_snapshot!(format!("help_{}", language.tag()), all);
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    assert_eq!(hutong(&["sevre"]).status.code(), Some(2));
    assert_eq!(hutong(&["--lang", "fr", "config", "check"]).status.code(), Some(2));
}

#[test]
fn a_wrong_setting_ends_with_3_and_names_the_nearest() {
    let output = hutong(&["--lang", "en", "--set", "server.lisen=x", "config", "check"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("did you mean server.listen?"), "{}", text(&output.stderr));
}

#[test]
fn a_good_configuration_is_said_to_be_good_in_the_language_asked_for() {
    let output = hutong(&["--lang", "zh-CN", "config", "check"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("配置无误"));
    assert!(text(&hutong(&["--lang", "en", "config", "check"]).stdout).contains("The configuration is good"));
}

#[test]
fn the_committed_schema_is_the_printed_one() {
    let printed = text(&hutong(&["config", "schema"]).stdout);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/config.schema.json");
    let committed = std::fs::read_to_string(path).expect("docs/config.schema.json is there");
    assert!(printed == committed, "run: hutong config schema > docs/config.schema.json");
}

#[test]
fn every_shell_gets_a_completion_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = hutong(&["completion", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("hutong"), "{shell}");
    }
}
