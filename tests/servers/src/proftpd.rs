//! ProFTPD 1.3.8 with mod_tls as it is by default: data connections must reuse the control connection's session.

use crate::error::StartError;
use crate::installation::Installation;
use crate::lifeline::Launch;
use crate::resumption::ResumptionLog;
use crate::site::{Site, PASSWORD_HASH};

/// mod_tls' log.
pub(crate) const LOG: &str = "tls.log";
/// The log of the server proper.
pub(crate) const SYSTEM_LOG: &str = "system.log";

/// Writes the configuration.
pub(crate) fn prepare(site: &Site) -> Result<Launch, StartError> {
    let installation = Installation::find(site)?;
    let users: String = site
        .users
        .iter()
        .map(|user| {
            let (uid, gid) = (site.account.uid, site.account.gid);
            format!("{}:{PASSWORD_HASH}:{uid}:{gid}::{}:/bin/sh\n", user.name, user.home.display())
        })
        .collect();
    site.write("passwd", &users)?;
    let modules = installation.path("usr/lib/proftpd")?;
    let configuration = site.write("proftpd.conf", &configuration(site, &modules.display().to_string()))?;
    Ok(Launch::new(installation.path("usr/sbin/proftpd")?)
        .argument("--nodaemon")
        .argument("-c")
        .argument(configuration)
        .environment(installation.library_path()?))
}

fn configuration(site: &Site, modules: &str) -> String {
    // mod_digest would hash every transfer ahead of being asked, without its options.
    // No DefaultRoot: shutting users in takes rights. No DelayEngine: it slows down logins on purpose. No PassivePorts: two
    // sessions may bind the same port, and the second one to listen answers 425 "Address already in use".
    format!(
        "ModulePath {modules}
LoadModule mod_tls.c
LoadModule mod_digest.c
ServerType standalone
ServerName libftps
UseIPv6 {ipv6}
DefaultAddress {address}
SocketBindTight on
Port {port}
User {account}
Group {group}
PidFile {pid}
ScoreboardFile {scoreboard}
AuthOrder mod_auth_file.c
AuthPAM off
AuthUserFile {users}
RequireValidShell off
UseReverseDNS off
DelayEngine off
ControlsEngine off
MaxInstances none
Umask 022
AllowOverwrite on
AllowRetrieveRestart on
AllowStoreRestart on
DigestCache off
DigestOptions NoTransferCache
SystemLog {system_log}
TransferLog none
WtmpLog off
TLSEngine on
TLSRequired {required}
TLSProtocol {tls}
TLSECCertificateFile {certificate}
TLSECCertificateKeyFile {key}
TLSLog {tls_log}
{max_clients}{options}",
        ipv6 = if site.config.address.is_ipv6() { "on" } else { "off" },
        address = site.config.address,
        port = site.ports.control(),
        account = site.account.name,
        group = site.account.group,
        pid = site.path("pid").display(),
        scoreboard = site.path("scoreboard").display(),
        users = site.path("passwd").display(),
        system_log = site.path(SYSTEM_LOG).display(),
        required = if site.config.clear { "off" } else { "on" },
        tls = site.config.tls.name(),
        certificate = site.certificates.certificate.display(),
        key = site.certificates.key.display(),
        tls_log = site.path(LOG).display(),
        max_clients =
            site.config.max_clients.map(|logins| format!("MaxClients {logins}\n")).unwrap_or_default(),
        options = if site.config.implicit { "TLSOptions UseImplicitSSL\n" } else { "" },
    )
}

/// mod_tls logs `TLSv1.3 connection accepted` for a control connection. Of a data connection it logs whether the client
/// reused a session, each time, and `rejecting data connection` where that was none, or another login's.
pub(crate) fn count(line: &str, log: &mut ResumptionLog) {
    if line.contains(" connection accepted, using cipher ") && !line.contains(" data connection accepted") {
        log.control_handshakes += 1;
    }
    if line.contains(": client reused TLS session for data connection") {
        log.data_resumed += 1;
    }
    if line.contains(": client did not reuse TLS session, rejecting") {
        log.data_full += 1;
    }
    if line.contains("rejecting data connection") {
        log.refused += 1;
    }
}
