//! What `make install` promises: a C program finds header and library through pkg-config, links and runs.
#![forbid(unsafe_code)]

use libftps_abi::{built_library, command_outside_cargo, repository};
use std::path::{Path, PathBuf};
use std::process::Command;

const PREFIX: &str = "/opt/libftps";

/// What a program does first: compare the ABI, then make a client that says why it cannot connect.
const PROGRAM: &str = r#"
#include <ftps.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  ftps_client *client;
  if (ftps_abi_version() != FTPS_ABI_VERSION) return 2;
  if (ftps_client_new(&client, "") != FTPS_OK) return 3;
  if (ftps_client_connect(client) != FTPS_ERROR_INVALID_ARGUMENT) return 4;
  if (strlen(ftps_client_error_message(client)) == 0) return 5;
  if (ftps_client_free(client) != FTPS_OK) return 6;
  puts(ftps_version());
  return 0;
}
"#;

/// A temporary DESTDIR into which `make install` has installed.
struct Installed(tempfile::TempDir);

impl Installed {
    fn new() -> Self {
        built_library();
        let folder = tempfile::tempdir().expect("a folder");
        let mut make = command_outside_cargo("make");
        make.arg("install")
            .arg(format!("PREFIX={PREFIX}"))
            .arg(format!("DESTDIR={}", folder.path().display()));
        run(make.current_dir(repository()));
        Installed(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(&PREFIX[1..]).join(name)
    }

    /// Builds the program with what pkg-config says.
    fn build(&self, pkg_config: &[&str]) -> PathBuf {
        let source = self.0.path().join("program.c");
        std::fs::write(&source, PROGRAM).expect("a source file");
        let flags = run(Command::new("pkg-config")
            .args(["--define-prefix", "--cflags", "--libs"])
            .args(pkg_config)
            .arg("ftps")
            .env("PKG_CONFIG_PATH", self.path("lib/pkgconfig")));
        let program = self.0.path().join("program");
        run(Command::new("cc")
            .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&program)
            .arg(&source)
            .args(flags.split_whitespace()));
        program
    }
}

#[test]
fn a_program_links_dynamically_through_pkg_config_and_runs() {
    let installed = Installed::new();
    for name in
        ["lib/libftps.so", "lib/libftps.so.1", "lib/libftps.a", "include/ftps.h", "lib/pkgconfig/ftps.pc"]
    {
        assert!(installed.path(name).exists(), "{name} was not installed");
    }
    let program = installed.build(&[]);
    assert!(needed(&program).contains("libftps.so.1"), "the program was not linked to the SONAME");
    let version = run(Command::new(&program).env("LD_LIBRARY_PATH", installed.path("lib")));
    assert_eq!(version.trim_end(), env!("CARGO_PKG_VERSION"));
    let told = run(Command::new("pkg-config")
        .args(["--modversion", "ftps"])
        .env("PKG_CONFIG_PATH", installed.path("lib/pkgconfig")));
    assert_eq!(told, version, "pkg-config and the library tell different versions");
}

#[test]
fn a_program_links_statically_through_pkg_config_and_runs() {
    let installed = Installed::new();
    // The linker prefers the shared library wherever it finds both.
    for name in ["lib/libftps.so", "lib/libftps.so.1"] {
        std::fs::remove_file(installed.path(name)).expect("it was installed");
    }
    let program = installed.build(&["--static"]);
    assert!(!needed(&program).contains("libftps"), "the program was linked to a shared library");
    assert_eq!(run(&mut Command::new(&program)).trim_end(), env!("CARGO_PKG_VERSION"));
}

fn needed(program: &Path) -> String {
    run(Command::new("readelf").args(["--dynamic", "--wide"]).arg(program))
}

/// Runs a command to its end, and returns what it printed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; see tests/tools.sh"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
    String::from_utf8(output.stdout).expect("text")
}
