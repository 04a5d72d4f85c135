//! Content compared by hashes that the server computes.

use super::files::{not_opened, not_read, open_file};
use super::FtpsClient;
use crate::protocol::{parse_hash, HashAlgorithm};
use crate::{Error, Failure, Result};
use aws_lc_rs::digest;
use md5::Digest;
use std::io::Read;
use std::path::Path;

impl FtpsClient {
    /// The hashes that the server says it can compute (FEAT), the strongest first.
    pub fn hash_algorithms(&self) -> Vec<HashAlgorithm> {
        let offered =
            |algorithm: &HashAlgorithm| self.has_hash(*algorithm) || self.features.has(algorithm.verb());
        HashAlgorithm::ALL.into_iter().filter(offered).collect()
    }

    /// The hash of a remote file, computed by the server: with HASH where it offers that for this algorithm, else with
    /// the algorithm's own command.
    ///
    /// The server reads the whole file before it answers: the timeout for replies has to allow for that.
    pub fn hash(&mut self, path: impl AsRef<[u8]>, algorithm: HashAlgorithm) -> Result<Vec<u8>> {
        let path = path.as_ref();
        let reply = match self.has_hash(algorithm) {
            true => self.in_steps(|client| {
                client.completed("OPTS", format!("HASH {}", algorithm.name()))?;
                client.completed("HASH", path)
            })?,
            false => self.completed(algorithm.verb(), path)?,
        };
        parse_hash(&reply, algorithm)
    }

    /// Compares a local and a remote file by the strongest hash that the server offers, which is returned. Where they
    /// differ the error is [`Error::Mismatch`]; where the server offers no hash, [`Error::Refused`] without a reply.
    pub fn verify(&mut self, local: impl AsRef<Path>, remote: impl AsRef<[u8]>) -> Result<HashAlgorithm> {
        let local = local.as_ref();
        let mut file = open_file(local).map_err(|error| not_opened(error, local))?;
        self.verify_if_offered(remote.as_ref(), &mut file)?.ok_or_else(|| {
            Error::Refused(Failure::new(
                "the server offers no hash of files (HASH, XSHA256 and so on in FEAT)",
            ))
        })
    }

    /// Compares the rest of `source` with a remote file. None where the server offers no hash.
    pub(crate) fn verify_if_offered(
        &mut self,
        remote: &[u8],
        source: &mut impl Read,
    ) -> Result<Option<HashAlgorithm>> {
        let Some(algorithm) = self.hash_algorithms().first().copied() else { return Ok(None) };
        let theirs = self.hash(remote, algorithm)?;
        if hash_of(source, algorithm).map_err(not_read)? == theirs {
            return Ok(Some(algorithm));
        }
        Err(Error::Mismatch(Failure::new(format!(
            "the local and the remote file have different hashes ({})",
            algorithm.name()
        ))))
    }

    /// `HASH SHA-256*;SHA-1` in FEAT.
    fn has_hash(&self, algorithm: HashAlgorithm) -> bool {
        let offered = self.features.parameters("HASH").unwrap_or_default();
        offered
            .split(';')
            .any(|name| name.trim().trim_end_matches('*').eq_ignore_ascii_case(algorithm.name()))
    }
}

fn hash_of(source: &mut impl Read, algorithm: HashAlgorithm) -> std::io::Result<Vec<u8>> {
    let mut with = |algorithm| {
        let mut context = digest::Context::new(algorithm);
        each_piece(source, |piece| context.update(piece))?;
        Ok(context.finish().as_ref().to_vec())
    };
    match algorithm {
        HashAlgorithm::Sha512 => with(&digest::SHA512),
        HashAlgorithm::Sha256 => with(&digest::SHA256),
        HashAlgorithm::Sha1 => with(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        HashAlgorithm::Md5 => {
            let mut context = md5::Md5::new();
            each_piece(source, |piece| context.update(piece))?;
            Ok(context.finalize().to_vec())
        }
        HashAlgorithm::Crc32 => {
            let mut context = crc32fast::Hasher::new();
            each_piece(source, |piece| context.update(piece))?;
            Ok(context.finalize().to_be_bytes().to_vec())
        }
    }
}

fn each_piece(source: &mut impl Read, mut each: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => each(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
