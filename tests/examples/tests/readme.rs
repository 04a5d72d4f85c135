//! What the README and examples/c/README.md say, done to the letter.

use examples_tests::{finish, root, with_files, Outcome, Scene};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The code block of a document that has this in it.
fn block(document: &str, word: &str) -> String {
    let text = fs::read_to_string(root().join(document)).expect("the document");
    let mut blocks = text.split("```").skip(1).step_by(2);
    let block = blocks.find(|block| block.contains(word)).expect("the block");
    block.split_once('\n').expect("a language, and lines").1.to_owned()
}

fn run(command: &mut Command) -> Outcome {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    finish(child.expect("the command starts")).ended_with(0)
}

fn install(prefix: &Path) {
    let prefix = format!("PREFIX={}", prefix.display());
    run(Command::new("make").args(["install", &prefix]).current_dir(root()).env_remove("MAKEFLAGS"));
}

/// Runs lines of a README in `folder`, with what was installed under `prefix`.
fn shell(lines: &str, folder: &Path, prefix: &Path) {
    let pkg_config = prefix.join("lib/pkgconfig");
    run(Command::new("sh").args(["-ec", lines]).current_dir(folder).env("PKG_CONFIG_PATH", pkg_config));
}

#[test]
fn the_rust_example_uploads() {
    let program = fs::read_to_string(root().join("examples/rust/upload.rs")).expect("the program");
    assert!(program.contains(&block("README.md", "FtpsClient::builder")), "the README shows another program");
    let scene = Scene::new(with_files(&[("/folder/old", b"")]));
    scene.write("report.csv", b"one;two\n");
    let manifest = root().join("Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["run", "--quiet", "--package", "libftps", "--example", "upload", "--manifest-path"])
        .arg(manifest);
    cargo.args(["--", "127.0.0.1", &scene.server.addr().port().to_string()]).current_dir(scene.path("."));
    let outcome = run(&mut cargo);
    assert!(outcome.text().contains("report.csv\n"), "{}", outcome.text());
    assert_eq!(scene.server.file("/folder/report.csv").unwrap(), b"one;two\n");
    assert_eq!(scene.server.counters().data_same_session, 2);
}

#[test]
fn the_example_uploads_with_the_installed_library() {
    let scene = Scene::new(with_files(&[("/folder/old", b"")]));
    let prefix = scene.path("prefix");
    install(&prefix);
    let source = block("README.md", "ftps_client_upload_file");
    let port = format!("(client, {})", scene.server.addr().port());
    assert!(source.contains("(client, 2121)"));
    scene.write("upload.c", source.replace("(client, 2121)", &port).as_bytes());
    scene.write("report.csv", b"one;two\n");
    shell(&block("README.md", "pkg-config"), &scene.path("."), &prefix);
    run(Command::new("./upload").current_dir(scene.path(".")).env("LD_LIBRARY_PATH", prefix.join("lib")));
    assert_eq!(scene.server.file("/folder/report.csv").unwrap(), b"one;two\n");
    assert_eq!(scene.server.counters().data_same_session, 1);
}

#[test]
fn the_programs_build_by_hand_with_the_installed_library() {
    let scene = Scene::default();
    let prefix = scene.path("prefix");
    install(&prefix);
    fs::create_dir_all(scene.path("examples/c")).unwrap();
    for entry in fs::read_dir(root().join("examples/c")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), scene.path("examples/c").join(entry.file_name())).unwrap();
    }
    shell(&block("examples/c/README.md", "pkg-config"), &scene.path("."), &prefix);
    let mut program = Command::new("examples/c/ftps-ls");
    program.arg("--version").current_dir(scene.path(".")).env("LD_LIBRARY_PATH", prefix.join("lib"));
    assert!(run(&mut program).text().starts_with("ftps-ls (libftps "));
}
