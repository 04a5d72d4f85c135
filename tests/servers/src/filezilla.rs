//! The look-alike of FileZilla Server 1.x: `tests/servers/filezilla`.

use crate::compile;
use crate::error::StartError;
use crate::installation::within_reach;
use crate::lifeline::Launch;
use crate::resumption::ResumptionLog;
use crate::site::Site;

/// Builds the program.
pub(crate) fn prepare(site: &Site) -> Result<Launch, StartError> {
    let program = compile::program("servers/filezilla", "filezilla-look-alike", &["-lssl", "-lcrypto"])?;
    let program = within_reach(program, site, "filezilla-look-alike")?;
    let user = &site.users[0];
    Ok(Launch::new(program)
        .argument(site.config.address.to_string())
        .argument(site.ports.control().to_string())
        .argument(if site.config.implicit { "implicit" } else { "explicit" })
        .argument(site.config.tls.name())
        .argument(&site.certificates.certificate)
        .argument(&site.certificates.key)
        .argument(&user.home)
        .argument(&user.name)
        .argument(&user.password))
}

/// One line a handshake: `control full`, `data resumed`, `data full, refused`.
pub(crate) fn count(line: &str, log: &mut ResumptionLog) {
    match line.split_once(" handshake: ") {
        Some(("control", _)) => log.control_handshakes += 1,
        Some(("data", kind)) if kind.starts_with("resumed") => log.data_resumed += 1,
        Some(("data", _)) => {
            log.data_full += 1;
            log.refused += 1;
        }
        _ => {}
    }
}
