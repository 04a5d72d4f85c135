//! Paths on the server.

/// The path of `name` in `directory`; an empty one is the current directory, where a name with `-` at its beginning would be
/// taken for options by `LIST`.
pub(super) fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    match directory {
        b"" if name.starts_with(b"-") => [b"./", name].concat(),
        b"" => name.to_vec(),
        _ if name.is_empty() => directory.to_vec(),
        _ if directory.ends_with(b"/") => [directory, name].concat(),
        _ => [directory, b"/", name].concat(),
    }
}

/// The last name of a path, and the directory it is in.
pub(super) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (b"", path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_put_together_and_taken_apart() {
        for (directory, name, path) in
            [("", "a", "a"), ("", "-a", "./-a"), ("/", "a", "/a"), ("d", "-a", "d/-a"), ("d", "", "d")]
        {
            assert_eq!(join(directory.as_bytes(), name.as_bytes()), path.as_bytes());
        }
        assert_eq!(split(b"a/b/c"), (&b"a/b"[..], &b"c"[..]));
        assert_eq!(split(b"c"), (&b""[..], &b"c"[..]));
    }
}
