//! The header: generated, and read as far as its own regular form goes.

use crate::repository;
use std::path::PathBuf;

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
        "network_options",
        "live_options",
        "naming",
        "commands",
        "attributes",
        "transfers",
        "files",
        "listing",
    ];
    let builder = sources.iter().fold(cbindgen::Builder::new().with_config(config), |builder, name| {
        builder.with_src(root.join(format!("src/capi/{name}.rs")))
    });
    let mut header = Vec::new();
    builder.generate().map_err(|error| error.to_string())?.write(&mut header);
    String::from_utf8(header).map_err(|error| error.to_string())
}

/// A header without its comments, line by line.
pub struct Header(String);

/// `FTPS_OK = 0` of `ftps_status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumerator {
    /// The enum's name.
    pub of: String,
    /// The constant's name.
    pub name: String,
    /// Its number.
    pub number: i64,
}

/// A function that the header declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    /// Its name.
    pub name: String,
    /// Its parameters; none for `void`.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type, as written.
    pub kind: String,
}

impl Parameter {
    /// Whether NULL can be passed for it.
    pub fn is_nullable(&self) -> bool {
        const CALLBACKS: [&str; 7] = [
            "ftps_progress",
            "ftps_source",
            "ftps_sink",
            "ftps_listing_item",
            "ftps_dialogue",
            "ftps_log",
            "ftps_retry",
        ];
        self.kind.ends_with('*') || CALLBACKS.contains(&self.kind.as_str())
    }
}

impl Header {
    /// The committed one.
    pub fn committed() -> Header {
        let text = std::fs::read_to_string(header_path()).expect("include/ftps.h is there");
        let code = text.lines().filter(|line| {
            let line = line.trim_start();
            !["//", "/*", "*", "#"].iter().any(|start| line.starts_with(start))
        });
        Header(code.map(|line| format!("{line}\n")).collect())
    }

    /// All constants, in order.
    pub fn enumerators(&self) -> Vec<Enumerator> {
        let mut of = String::new();
        let mut found = Vec::new();
        for line in self.0.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("typedef enum ").and_then(|rest| rest.strip_suffix(" {")) {
                of = name.to_owned();
            } else if let Some((name, number)) =
                line.strip_suffix(',').and_then(|line| line.split_once(" = "))
            {
                let number = number.parse().unwrap_or_else(|_| panic!("not a number: {line}"));
                found.push(Enumerator { of: of.clone(), name: name.to_owned(), number });
            }
        }
        found
    }

    /// All functions, in order.
    pub fn prototypes(&self) -> Vec<Prototype> {
        self.0
            .split([';', '{', '}'])
            .map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|statement| statement.ends_with(')') && !statement.starts_with("typedef "))
            .map(|statement| prototype(&statement))
            .collect()
    }
}

fn prototype(declaration: &str) -> Prototype {
    let (head, parameters) = declaration
        .strip_suffix(')')
        .and_then(|rest| rest.split_once('('))
        .unwrap_or_else(|| panic!("not a function: {declaration}"));
    let (_, name) = split_name(head);
    let parameters = parameters.split(", ").filter(|parameter| *parameter != "void").map(|parameter| {
        let (kind, name) = split_name(parameter);
        Parameter { name, kind }
    });
    Prototype { name, parameters: parameters.collect() }
}

/// `const char *path` is a `const char *` called `path`.
fn split_name(declaration: &str) -> (String, String) {
    let start = declaration.rfind([' ', '*']).map_or(0, |end| end + 1);
    (declaration[..start].trim_end().to_owned(), declaration[start..].to_owned())
}
