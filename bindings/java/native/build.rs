//! The library is never unmapped, also when the class loader that loaded it is gone: aws-lc leaves destructors of thread-local state
//! with threads, which would otherwise run code that is no longer there.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
