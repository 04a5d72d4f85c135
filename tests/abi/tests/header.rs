//! What the committed header promises.
#![forbid(unsafe_code)]

use libftps_abi::{generate_header, header_path, promised_enumerators, promised_symbols, Header};
use std::path::Path;
use std::process::Command;

#[test]
fn the_committed_header_is_what_the_sources_give() {
    let committed = std::fs::read_to_string(header_path()).expect("include/ftps.h is there");
    let generated = generate_header().expect("cbindgen understands the sources");
    let differs = committed.lines().zip(generated.lines()).position(|(ours, theirs)| ours != theirs);
    assert!(committed == generated, "include/ftps.h differs from line {differs:?} on: run make header");
}

#[test]
fn no_line_of_the_header_is_too_long_to_read() {
    let committed = std::fs::read_to_string(header_path()).expect("include/ftps.h is there");
    let long: Vec<_> = committed.lines().filter(|line| line.chars().count() > 110).collect();
    assert!(long.is_empty(), "longer than 110 columns: {long:#?}");
}

#[test]
fn the_header_alone_is_c11() {
    compile("cc", &["-std=c11", "-x", "c"]);
}

#[test]
fn the_header_alone_is_cpp17() {
    compile("c++", &["-std=c++17", "-x", "c++"]);
}

#[test]
fn the_header_declares_exactly_the_promised_symbols() {
    let mut declared: Vec<_> =
        Header::committed().prototypes().into_iter().map(|prototype| prototype.name).collect();
    declared.sort();
    assert_eq!(declared, promised_symbols());
}

#[test]
fn no_number_of_an_enum_ever_changes() {
    let declared: Vec<_> = Header::committed()
        .enumerators()
        .into_iter()
        .map(|enumerator| format!("{} {} {}", enumerator.of, enumerator.name, enumerator.number))
        .collect();
    assert_eq!(declared, promised_enumerators(), "numbers stay; a new one is added to tests/abi/enums.txt");
}

/// Compiles the header as a file of its own, with every warning an error.
fn compile(compiler: &str, language: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("alone");
    std::fs::write(&source, "#include <ftps.h>\n").expect("a source file");
    let include = header_path().parent().map(Path::to_owned).expect("a folder");
    let output = Command::new(compiler)
        .args(language)
        .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I"])
        .arg(include)
        .arg(&source)
        .output()
        .unwrap_or_else(|error| panic!("{compiler} is needed, see tests/tools.sh: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
