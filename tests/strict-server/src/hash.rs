//! Hashes of files.

use crate::store::File;
use aws_lc_rs::digest;
use ftps::protocol::HashAlgorithm;
use std::io;

/// What is offered.
pub(crate) const OFFERED: [HashAlgorithm; 3] =
    [HashAlgorithm::Sha512, HashAlgorithm::Sha256, HashAlgorithm::Sha1];

/// The hash of a whole file, in hexadecimal digits.
pub(crate) fn of(file: &dyn File, algorithm: HashAlgorithm) -> io::Result<String> {
    let algorithm = match algorithm {
        HashAlgorithm::Sha512 => &digest::SHA512,
        HashAlgorithm::Sha256 => &digest::SHA256,
        HashAlgorithm::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        HashAlgorithm::Md5 | HashAlgorithm::Crc32 => return Err(io::ErrorKind::Unsupported.into()),
    };
    let mut context = digest::Context::new(algorithm);
    let (mut position, mut buffer) = (0, vec![0; 64 * 1024]);
    loop {
        let count = file.read_at(position, &mut buffer)?;
        if count == 0 {
            return Ok(context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        context.update(&buffer[..count]);
        position += count as u64;
    }
}
