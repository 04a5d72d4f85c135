//! Names from a server, before they become names of local files.

use crate::{Error, Failure, Result};

/// Whose rules hold for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// A name is any bytes but `/` and NUL. Drive letters and device names mean nothing here.
    Unix,
    /// A name may mean a drive (`C:x`), a device (`NUL`, `com1.txt`), a stream (`a:b`), or another file (`x.`, `x `).
    Windows,
}

impl Platform {
    /// The one that this program runs on.
    pub const HERE: Platform = if cfg!(windows) { Platform::Windows } else { Platform::Unix };
}

/// Fails where a name from the server must not become that of a local file.
///
/// Refused everywhere: no name at all, `.` and `..`, separators (`/`, and `\`, which is one as soon as the tree is carried
/// to Windows), NUL and other control characters. What is dangerous on Windows alone is refused there alone: `aux.c`
/// and `12:30` are honest names elsewhere.
pub(super) fn check(name: &[u8]) -> Result<()> {
    match refusal(name, Platform::HERE) {
        None => Ok(()),
        Some(reason) => Err(Error::Local(Failure::new(format!(
            "the name \"{}\" from the server is not used for a local file: {reason}",
            name.escape_ascii()
        )))),
    }
}

/// Why a name from a server must not become that of a local file; `None` where it may.
pub fn refusal(name: &[u8], platform: Platform) -> Option<&'static str> {
    match name {
        b"" => return Some("it is empty"),
        b"." | b".." => return Some("it means another directory"),
        _ => {}
    }
    if name.iter().any(|byte| matches!(byte, b'/' | b'\\')) {
        return Some("it contains a separator");
    }
    if name.iter().any(u8::is_ascii_control) {
        return Some("it contains control characters");
    }
    match platform {
        Platform::Unix => None,
        Platform::Windows => refusal_of_windows(name),
    }
}

fn refusal_of_windows(name: &[u8]) -> Option<&'static str> {
    if name.iter().any(|byte| b":<>\"|?*".contains(byte)) {
        return Some("it contains a character that means something else to Windows");
    }
    if name.ends_with(b".") || name.ends_with(b" ") {
        return Some("Windows leaves out a dot or blank at its end");
    }
    is_device(name).then_some("it is the name of a device")
}

/// With any extension, and blanks before that.
fn is_device(name: &[u8]) -> bool {
    let stem =
        name.split(|byte| *byte == b'.').next().unwrap_or_default().trim_ascii_end().to_ascii_uppercase();
    match stem.as_slice() {
        b"CON" | b"PRN" | b"AUX" | b"NUL" | b"CONIN$" | b"CONOUT$" | b"CLOCK$" => true,
        [b'C', b'O', b'M', port @ ..] | [b'L', b'P', b'T', port @ ..] => {
            matches!(port, [b'0'..=b'9'] | b"\xC2\xB9" | b"\xC2\xB2" | b"\xC2\xB3")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Component, Path};

    const EVIL_EVERYWHERE: [&[u8]; 14] = [
        b"",
        b".",
        b"..",
        b"/",
        b"/etc/passwd",
        b"../x",
        b"a/../../x",
        b"a/b",
        b"a\\b",
        b"..\\x",
        b"\\\\host\\x",
        b"a\0b",
        b"a\nb",
        b"\x7f",
    ];
    const EVIL_ON_WINDOWS: [&[u8]; 14] = [
        b"C:",
        b"C:x",
        b"c:\x20x",
        b"NUL",
        b"nul",
        b"Con.txt",
        b"aux.c",
        b"COM1",
        b"lpt9.log",
        b"com\xC2\xB9",
        b"NUL .x",
        b"x.",
        b"x ",
        b"a:stream",
    ];
    const GOOD: [&[u8]; 9] =
        [b"a", b"...", b".hidden", b"..a", b"a b", b"-rf", b"caf\xE9", b"console.txt", b"com10"];

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in EVIL_EVERYWHERE {
            for platform in [Platform::Unix, Platform::Windows] {
                assert!(refusal(name, platform).is_some(), "{}", name.escape_ascii());
            }
        }
    }

    #[test]
    fn what_means_something_else_to_windows_is_refused_there_alone() {
        for name in EVIL_ON_WINDOWS {
            assert!(refusal(name, Platform::Windows).is_some(), "{}", name.escape_ascii());
            assert_eq!(refusal(name, Platform::Unix), None, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn honest_names_are_taken_whatever_their_bytes() {
        for name in GOOD {
            assert_eq!(refusal(name, Platform::Unix), None, "{}", name.escape_ascii());
            if name != b"..." {
                assert_eq!(refusal(name, Platform::Windows), None, "{}", name.escape_ascii());
            }
        }
    }

    proptest! {
        #[test]
        fn a_taken_name_is_one_component_of_a_path(name in proptest::collection::vec(any::<u8>(), 0..12)) {
            if check(&name).is_ok() {
                let path = Path::new("/root").join(OsStr::from_bytes(&name));
                let components: Vec<_> = path.components().collect();
                prop_assert_eq!(components.len(), 3);
                prop_assert_eq!(components[2], Component::Normal(OsStr::from_bytes(&name)));
            }
        }
    }
}
