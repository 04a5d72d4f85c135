//! Pure-FTPd 1.0.50. It takes any data connection, issues no tickets with TLS 1.3, and logs nothing about resumption.

use crate::account;
use crate::error::StartError;
use crate::installation::Installation;
use crate::lifeline::Launch;
use crate::site::{Site, PASSWORD_HASH};
use std::process::Command;

/// Makes the user database.
pub(crate) fn prepare(site: &Site) -> Result<Launch, StartError> {
    let installation = Installation::find(site)?;
    if !account::is_root() {
        return Err(StartError::Rights(
            "Pure-FTPd needs root: Debian builds it to change its user id and root directory for every session, \
             and it refuses the login where it cannot (421 Sorry, but I can't trust you)"
                .to_owned(),
        ));
    }
    if site.config.implicit {
        return Err(StartError::NotOffered("Pure-FTPd offers no implicit TLS".to_owned()));
    }
    let database = user_database(site, &installation)?;
    let passive = site.ports.passive();
    let family = if site.config.address.is_ipv6() { "--ipv6only" } else { "--ipv4only" };
    Ok(Launch::new(installation.path("usr/sbin/pure-ftpd")?)
        .argument("--bind")
        .argument(format!("{},{}", site.config.address, site.ports.control()))
        .argument(family)
        .argument("--login")
        .argument(database)
        .argument("--noanonymous")
        .argument("--chrooteveryone")
        // The service account's uid, below which users are not trusted.
        .argument("--minuid")
        .argument(site.account.uid.to_string())
        // 2: refuse logins in clear. 3: refuse data connections in clear, too.
        .argument("--tls")
        .argument(if site.config.clear { "2" } else { "3" })
        .argument("--certfile")
        .argument(&site.certificates.bundle)
        .argument("--passiveportrange")
        .argument(format!("{}:{}", passive.start(), passive.end()))
        .argument("--maxclientsnumber")
        .argument("1000")
        .argument("--maxclientsperip")
        .argument("1000")
        .argument("--limitrecursion")
        .argument("1000000:100")
        .argument("--dontresolve")
        .argument("--syslogfacility")
        .argument("none")
        .argument("--pidfile")
        .argument(site.path("pid"))
        .environment(installation.library_path()?)
        // `--tlsciphersuite` names ciphers only.
        .environment(site.openssl_version_limit()?))
}

/// The `--login` argument.
fn user_database(site: &Site, installation: &Installation) -> Result<String, StartError> {
    // name:password:uid:gid:comment:home, and twelve limits, none of which is set. The `/./` ends the part that becomes
    // the user's root directory.
    let lines: String = site
        .users
        .iter()
        .map(|user| {
            let (uid, gid) = (site.account.uid, site.account.gid);
            format!("{}:{PASSWORD_HASH}:{uid}:{gid}::{}/./::::::::::::\n", user.name, user.home.display())
        })
        .collect();
    let users = site.write("users", &lines)?;
    let database = site.path("users.pdb");
    let (name, value) = installation.library_path()?;
    let output = Command::new(installation.path("usr/bin/pure-pw")?)
        .arg("mkdb")
        .arg(&database)
        .arg("-f")
        .arg(&users)
        .env(name, value)
        .output()
        .map_err(StartError::doing("cannot run pure-pw"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(StartError::Failed(format!("pure-pw could not make the user database: {words}")));
    }
    Ok(format!("puredb:{}", database.display()))
}
