//! What must hold for whatever bytes a server sends: a function for each kind, which panics where it does not.
//!
//! `make fuzz` has libFuzzer call them with inputs that reach ever more of the code; `cargo test` calls them with the known
//! inputs.
#![forbid(unsafe_code)]

mod inputs;
mod listings;
mod network;
mod pieces;
mod proxies;
mod records;
mod replies;
mod texts;

pub use inputs::inputs;

/// What is tried with an input.
pub type Target = fn(&[u8]);

/// The targets of the fuzzer, by name.
pub const TARGETS: [(&str, Target); 8] = [
    ("features", replies::features),
    ("listings", listings::listing),
    ("passive", replies::passive),
    ("proxies", proxies::dialogue),
    ("pwd", replies::pwd),
    ("records", records::stream),
    ("replies", replies::stream),
    ("texts", texts::text),
];

/// The target called `name`.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|(known, _)| *known == name).map(|(_, target)| target)
}
