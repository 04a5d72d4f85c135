//! `make header`: writes include/ftps.h.
#![forbid(unsafe_code)]

fn main() -> Result<(), String> {
    let path = libftps_abi::header_path();
    std::fs::write(&path, libftps_abi::generate_header()?)
        .map_err(|error| format!("{}: {error}", path.display()))
}
