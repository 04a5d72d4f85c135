//! vsftpd 3.0.3: session reuse required, running without rights.

use crate::error::StartError;
use crate::installation::Installation;
use crate::lifeline::Launch;
use crate::resumption::ResumptionLog;
use crate::site::{Site, PASSWORD};

/// vsftpd's own log.
pub(crate) const LOG: &str = "vsftpd.log";

/// Writes the configuration.
pub(crate) fn prepare(site: &Site) -> Result<Launch, StartError> {
    let installation = Installation::find(site)?;
    // `secure_email_list_enable` makes the anonymous user's password a real one.
    site.write("passwords", &format!("{PASSWORD}\n"))?;
    let configuration = site.write("vsftpd.conf", &configuration(site))?;
    // Empty, so that the log can be read before the first session.
    site.write(LOG, "")?;
    Ok(Launch::new(installation.path("usr/sbin/vsftpd")?)
        .argument(configuration)
        .environment(installation.library_path()?)
        // vsftpd has no option that leaves out TLS 1.2 or 1.3.
        .environment(site.openssl_version_limit()?))
}

fn configuration(site: &Site) -> String {
    let passive = site.ports.passive();
    let listen = if site.config.address.is_ipv6() {
        format!("listen=NO\nlisten_ipv6=YES\nlisten_address6={}", site.config.address)
    } else {
        format!("listen=YES\nlisten_address={}", site.config.address)
    };
    // One process a session (`run_as_launching_user`) is vsftpd without rights, and then local users are not to be had.
    // `ftp_username` only has to exist. EPSV is offered by default. Limits of 0 mean none.
    format!(
        "{listen}
listen_port={port}
background=NO
run_as_launching_user=YES
ftp_username={account}
anonymous_enable=YES
local_enable=NO
secure_email_list_enable=YES
email_password_file={passwords}
anon_root={home}
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
anon_umask=022
anon_max_rate=0
ascii_upload_enable=YES
ascii_download_enable=YES
max_clients={max_clients}
max_per_ip=0
delay_failed_login=0
delay_successful_login=0
connect_from_port_20=NO
pasv_min_port={first}
pasv_max_port={last}
seccomp_sandbox=NO
tcp_wrappers=NO
ssl_enable=YES
ssl_tlsv1=YES
ssl_sslv2=NO
ssl_sslv3=NO
ssl_ciphers=HIGH
implicit_ssl={implicit}
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl={private}
require_ssl_reuse=YES
rsa_cert_file={certificate}
rsa_private_key_file={key}
debug_ssl=YES
xferlog_enable=YES
xferlog_std_format=NO
syslog_enable=NO
vsftpd_log_file={log}
",
        port = site.ports.control(),
        max_clients = site.config.max_clients.unwrap_or(0),
        account = site.account.name,
        passwords = site.path("passwords").display(),
        home = site.users[0].home.display(),
        first = passive.start(),
        last = passive.end(),
        private = if site.config.clear { "NO" } else { "YES" },
        implicit = if site.config.implicit { "YES" } else { "NO" },
        certificate = site.certificates.certificate.display(),
        key = site.certificates.key.display(),
        log = site.path(LOG).display(),
    )
}

/// With `debug_ssl` every handshake is a line `... [pid 7] DEBUG: Client "::1", "SSL version: ..., not reused, no cert"`.
/// The user's name stands before `DEBUG` once the login is through: then it is a data connection.
pub(crate) fn count(line: &str, log: &mut ResumptionLog) {
    if line.contains("\"No SSL session reuse on data channel.\"") {
        log.refused += 1;
    }
    if !line.contains("\"SSL version: ") {
        return;
    }
    if !line.contains("] [") {
        log.control_handshakes += 1;
    } else if line.contains(", not reused") {
        log.data_full += 1;
    } else {
        log.data_resumed += 1;
    }
}
