//! Hashes of files by the server: HASH (draft-bryan-ftpext-hash) and the commands of its own that each server has.

use super::reply::Reply;
use crate::Result;

/// A hash function that servers offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// SHA-512: HASH, XSHA512.
    Sha512,
    /// SHA-256: HASH, XSHA256.
    Sha256,
    /// SHA-1: HASH, XSHA1. Finds accidents, not attacks.
    Sha1,
    /// MD5: HASH, XMD5. Finds accidents, not attacks.
    Md5,
    /// CRC-32: HASH, XCRC. Finds accidents, not attacks.
    Crc32,
}

impl HashAlgorithm {
    /// All of them, the strongest first.
    pub const ALL: [HashAlgorithm; 5] = [
        HashAlgorithm::Sha512,
        HashAlgorithm::Sha256,
        HashAlgorithm::Sha1,
        HashAlgorithm::Md5,
        HashAlgorithm::Crc32,
    ];

    /// The name in `FEAT`, `OPTS HASH` and the reply to `HASH`.
    pub fn name(self) -> &'static str {
        match self {
            HashAlgorithm::Sha512 => "SHA-512",
            HashAlgorithm::Sha256 => "SHA-256",
            HashAlgorithm::Sha1 => "SHA-1",
            HashAlgorithm::Md5 => "MD5",
            HashAlgorithm::Crc32 => "CRC32",
        }
    }

    /// The command for this hash alone.
    pub fn verb(self) -> &'static str {
        match self {
            HashAlgorithm::Sha512 => "XSHA512",
            HashAlgorithm::Sha256 => "XSHA256",
            HashAlgorithm::Sha1 => "XSHA1",
            HashAlgorithm::Md5 => "XMD5",
            HashAlgorithm::Crc32 => "XCRC",
        }
    }

    /// Its length in bytes.
    pub fn length(self) -> usize {
        match self {
            HashAlgorithm::Sha512 => 64,
            HashAlgorithm::Sha256 => 32,
            HashAlgorithm::Sha1 => 20,
            HashAlgorithm::Md5 => 16,
            HashAlgorithm::Crc32 => 4,
        }
    }
}

/// The hash in the reply to `HASH` (`213 SHA-256 0-49 6ae8...ef01 README.TXT`) or to one of the `X` commands
/// (`250 6ae8...ef01`). Leading zeros of a CRC-32 may be missing.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when there is no hash of this length in it.
pub fn parse_hash(reply: &Reply, algorithm: HashAlgorithm) -> Result<Vec<u8>> {
    let text = reply.text();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let hash = match words[..] {
        [name, _range, hash, ..] if name.eq_ignore_ascii_case(algorithm.name()) => bytes(hash, algorithm),
        [hash] => bytes(hash, algorithm),
        // The path that some repeat may look like a hash too: then none can be trusted.
        _ => {
            let whole = words.iter().filter(|word| word.len() == 2 * algorithm.length());
            let mut hashes = whole.filter_map(|word| bytes(word, algorithm));
            hashes.next().filter(|_| hashes.next().is_none())
        }
    };
    hash.ok_or_else(|| reply.unusable(format!("no {} in the reply", algorithm.name())))
}

fn bytes(digits: &str, algorithm: HashAlgorithm) -> Option<Vec<u8>> {
    let width = 2 * algorithm.length();
    let is_short = digits.len() < width && algorithm != HashAlgorithm::Crc32;
    if digits.is_empty()
        || digits.len() > width
        || is_short
        || !digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    {
        return None;
    }
    let padded = format!("{digits:0>width$}");
    (0..width).step_by(2).map(|index| u8::from_str_radix(&padded[index..index + 2], 16).ok()).collect()
}
