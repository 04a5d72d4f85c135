//! The C header, generated.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where the committed header is.
pub fn header_path() -> PathBuf {
    repository().join("include/ftps.h")
}

/// The header that `src/capi` and `cbindgen.toml` give.
pub fn generate_header() -> Result<String, String> {
    let root = repository();
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml"))?;
    let sources = [
        "version",
        "status",
        "enums",
        "handle",
        "cancel",
        "callbacks",
        "logging",
        "client",
        "options",
        "commands",
        "transfers",
        "listing",
    ];
    let builder = sources.iter().fold(cbindgen::Builder::new().with_config(config), |builder, name| {
        builder.with_src(root.join(format!("src/capi/{name}.rs")))
    });
    let mut header = Vec::new();
    builder.generate().map_err(|error| error.to_string())?.write(&mut header);
    String::from_utf8(header).map_err(|error| error.to_string())
}
