//! What every server gets: its configuration, folder, ports, certificates and users.

use crate::account::Account;
use crate::certificates::Certificates;
use crate::error::StartError;
use crate::ports::PortBlock;
use crate::wan::WanLink;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Every user's password.
pub(crate) const PASSWORD: &str = "open-sesame";
/// [`PASSWORD`] as `crypt(3)` stores it: `openssl passwd -5 -salt libftps open-sesame`.
pub(crate) const PASSWORD_HASH: &str = "$5$libftps$J7CFTKEjzJCb.aYOhoatNIyGfhcSQa0kRxr2Cs0ZBr9";

/// The servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// vsftpd with `require_ssl_reuse=YES`. It runs without rights, therefore with its anonymous user only.
    Vsftpd,
    /// ProFTPD with mod_tls as it is by default: reuse required. It runs without rights; eight users.
    ProFtpd,
    /// Pure-FTPd. It needs root, does not require resumption and logs nothing about it; eight users.
    PureFtpd,
    /// The look-alike of FileZilla Server 1.x (`tests/servers/filezilla`); one user.
    FileZilla,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Vsftpd, Kind::ProFtpd, Kind::PureFtpd, Kind::FileZilla];

    /// The server's name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Vsftpd => "vsftpd",
            Kind::ProFtpd => "ProFTPD",
            Kind::PureFtpd => "Pure-FTPd",
            Kind::FileZilla => "FileZilla Server look-alike",
        }
    }

    fn user_names(self) -> Vec<String> {
        match self {
            Kind::Vsftpd => vec!["anonymous".to_owned()],
            Kind::FileZilla => vec!["user1".to_owned()],
            Kind::ProFtpd | Kind::PureFtpd => (1..=8).map(|number| format!("user{number}")).collect(),
        }
    }

    /// Whether the server shuts its users in, so that they see their home directory as `/`.
    fn confines(self) -> bool {
        matches!(self, Kind::PureFtpd | Kind::FileZilla)
    }
}

/// The one TLS version a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl TlsVersion {
    /// Both of them.
    pub const ALL: [TlsVersion; 2] = [TlsVersion::Tls12, TlsVersion::Tls13];

    /// The name that OpenSSL and ProFTPD use: `TLSv1.3`.
    pub fn name(self) -> &'static str {
        match self {
            TlsVersion::Tls12 => "TLSv1.2",
            TlsVersion::Tls13 => "TLSv1.3",
        }
    }
}

/// How a server is to be run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The TLS version.
    pub tls: TlsVersion,
    /// TLS from the first byte instead of `AUTH TLS`. Pure-FTPd does not offer it.
    pub implicit: bool,
    /// The address to listen on.
    pub address: IpAddr,
    /// Whether the server takes PROT C and CCC, where it knows them. False: it insists on TLS as far as it can.
    pub clear: bool,
    /// The network namespace to run in (`ip netns`). Needs root.
    pub namespace: Option<String>,
    /// How many logins there may be at a time (vsftpd, ProFTPD); `None` is any number.
    pub max_clients: Option<usize>,
}

impl Config {
    /// Explicit FTPS on 127.0.0.1.
    pub fn new(tls: TlsVersion) -> Config {
        Config {
            tls,
            implicit: false,
            address: Ipv4Addr::LOCALHOST.into(),
            clear: false,
            namespace: None,
            max_clients: None,
        }
    }

    /// The same with implicit TLS.
    pub fn implicit(self) -> Config {
        Config { implicit: true, ..self }
    }

    /// The same with room for so many logins at a time.
    pub fn max_clients(self, logins: usize) -> Config {
        Config { max_clients: Some(logins), ..self }
    }

    /// The same for clients that leave TLS after login.
    pub fn clear(self) -> Config {
        Config { clear: true, ..self }
    }

    /// The same on `::1`.
    pub fn ipv6(self) -> Config {
        Config { address: Ipv6Addr::LOCALHOST.into(), ..self }
    }

    /// The same at the far end of a link.
    pub fn at_the_end_of(self, link: &WanLink) -> Config {
        Config { address: WanLink::SERVER, namespace: Some(link.server_namespace().to_owned()), ..self }
    }
}

/// A user of a server.
#[derive(Clone, Debug)]
pub struct User {
    /// The name for `USER`.
    pub name: String,
    /// The password for `PASS`.
    pub password: String,
    /// The user's directory on disk, where tests find what was uploaded.
    pub home: PathBuf,
    /// The same directory as the server calls it: what `PWD` answers after login.
    pub remote_home: String,
}

impl User {
    /// Puts a file into the user's directory that the server may read, overwrite and delete.
    pub fn plant(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let path = self.home.join(name);
        fs::write(&path, content)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666))?;
        Ok(path)
    }
}

/// Everything that a server's configuration is made from.
#[derive(Debug)]
pub(crate) struct Site {
    pub config: Config,
    pub folder: PathBuf,
    pub account: Account,
    pub ports: PortBlock,
    pub certificates: Certificates,
    pub users: Vec<User>,
}

impl Site {
    /// Prepares `folder` for a server.
    pub fn lay_out(kind: Kind, config: &Config, folder: &Path) -> Result<Site, StartError> {
        let account = Account::for_servers()?;
        let ports = PortBlock::take(config.address)?;
        let certificates = Certificates::write(folder, config.address)?;
        let users = kind.user_names().into_iter().map(|name| make_user(kind, folder, name));
        let users = users.collect::<Result<_, _>>()?;
        Ok(Site { config: config.clone(), folder: folder.to_owned(), account, ports, certificates, users })
    }

    /// The server's control address.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.config.address, self.ports.control())
    }

    /// A file in the server's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file into the server's folder.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf, StartError> {
        let path = self.path(name);
        fs::write(&path, text).map_err(StartError::writing(&path))?;
        // ProFTPD refuses a password file that others may read.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(StartError::writing(&path))?;
        Ok(path)
    }

    /// The environment that holds a server to one TLS version that has no option for it: OpenSSL's own
    /// configuration, for this process only.
    pub fn openssl_version_limit(&self) -> Result<(String, OsString), StartError> {
        let version = self.config.tls.name();
        let text = format!(
            "openssl_conf = main\n[main]\nssl_conf = ssl\n[ssl]\nsystem_default = limits\n\
             [limits]\nMinProtocol = {version}\nMaxProtocol = {version}\n"
        );
        Ok(("OPENSSL_CONF".to_owned(), self.write("openssl.cnf", &text)?.into_os_string()))
    }

    /// Hands the whole folder to the account that the server works under.
    pub fn hand_over(&self) -> Result<(), StartError> {
        if self.account.is_foreign() {
            hand_over(&self.folder, &self.account)
                .map_err(StartError::doing("cannot hand over the server's folder"))?;
        }
        Ok(())
    }
}

fn make_user(kind: Kind, folder: &Path, name: String) -> Result<User, StartError> {
    let home = folder.join("home").join(&name);
    fs::create_dir_all(&home).map_err(StartError::writing(&home))?;
    let remote_home = if kind.confines() { "/".to_owned() } else { home.display().to_string() };
    Ok(User { name, password: PASSWORD.to_owned(), home, remote_home })
}

fn hand_over(path: &Path, account: &Account) -> io::Result<()> {
    std::os::unix::fs::chown(path, Some(account.uid), Some(account.gid))?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            hand_over(&entry?.path(), account)?;
        }
    }
    Ok(())
}
