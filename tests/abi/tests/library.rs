//! What the built library promises.
#![forbid(unsafe_code)]

use libftps_abi::{built_library, header_path, promised_symbols};
use std::process::Command;

#[test]
fn the_library_exports_exactly_the_promised_symbols() {
    let listed = output_of(
        Command::new("nm").args(["--dynamic", "--defined-only", "--format=posix"]).arg(built_library()),
    );
    let mut exported: Vec<_> =
        listed.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    exported.sort();
    assert_eq!(exported, promised_symbols());
}

#[test]
fn the_soname_carries_the_number_of_the_abi() {
    let header = std::fs::read_to_string(header_path()).expect("include/ftps.h is there");
    let abi = header
        .lines()
        .find_map(|line| line.strip_prefix("#define FTPS_ABI_VERSION "))
        .expect("the header says the number of the ABI");
    let dynamic = output_of(Command::new("readelf").args(["--dynamic", "--wide"]).arg(built_library()));
    let soname = dynamic.lines().find(|line| line.contains("(SONAME)")).expect("a SONAME");
    assert!(soname.ends_with(&format!("[libftps.so.{abi}]")), "{soname}");
}

fn output_of(command: &mut Command) -> String {
    let output = command.output().expect("binutils are there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
