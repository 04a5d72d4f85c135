//! Replies (RFC 959 section 4.2).

/// One reply of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply;

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("")
    }
}
