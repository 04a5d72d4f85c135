//! Compiles a program, once for each way of watching it.

use libftps_abi::{built_library, repository};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What watches a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Nothing.
    None,
    /// valgrind's memcheck: leaks and invalid accesses, in the library too.
    Valgrind,
    /// AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer.
    Sanitizers,
}

impl Tool {
    /// All of them.
    pub const ALL: [Tool; 3] = [Tool::None, Tool::Valgrind, Tool::Sanitizers];

    fn compiler_flags(self) -> &'static [&'static str] {
        match self {
            Tool::None | Tool::Valgrind => &[],
            Tool::Sanitizers => &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
        }
    }
}

type Built = Arc<OnceLock<PathBuf>>;

/// The program `programs/<name>.c`, built for `tool` against the library of `make library`.
pub fn executable(name: &'static str, tool: Tool) -> PathBuf {
    static BUILT: Mutex<Option<HashMap<(&str, bool), Built>>> = Mutex::new(None);
    let sanitized = tool == Tool::Sanitizers;
    let slot = {
        let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
        built.get_or_insert_default().entry((name, sanitized)).or_default().clone()
    };
    slot.get_or_init(|| compile(name, tool)).clone()
}

fn compile(name: &str, tool: Tool) -> PathBuf {
    let library = linkable_library();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs").join(name).with_extension("c");
    let suffix = if tool == Tool::Sanitizers { "-sanitized" } else { "" };
    let program = library.join(format!("{name}{suffix}"));
    let output = Command::new("cc")
        .args([
            "-std=c11",
            "-D_GNU_SOURCE",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pedantic",
            "-g",
            "-O1",
            "-pthread",
        ])
        .args(tool.compiler_flags())
        .arg("-I")
        .arg(repository().join("include"))
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(library)
        .arg(format!("-Wl,-rpath,{}", library.display()))
        .arg("-lftps")
        .output()
        .expect("cc is needed, see tests/tools.sh");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    program
}

/// A folder with the library under the names by which it is linked and loaded.
fn linkable_library() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let library = built_library();
        let folder = repository().join("target/c-programs");
        std::fs::create_dir_all(&folder).expect("a folder");
        for name in ["libftps.so", "libftps.so.1"] {
            let link = folder.join(name);
            if std::fs::symlink_metadata(&link).is_ok() {
                std::fs::remove_file(&link).expect("an old link goes away");
            }
            std::os::unix::fs::symlink(&library, &link).expect("a link");
        }
        folder
    })
}
