//! The account that a server works under.

use crate::error::StartError;
use std::fs;

/// A system account with a home directory that exists (vsftpd insists on that), on every Debian.
const SERVICE_ACCOUNT: &str = "daemon";

/// An account of this machine.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub name: String,
    pub group: String,
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// The account for servers: the caller's own, or a service account where the caller is root, because
    /// what works without rights is the same for everyone.
    pub fn for_servers() -> Result<Account, StartError> {
        let account = if is_root() {
            Account::find(|name, _| name == SERVICE_ACCOUNT)
        } else {
            let uid = rustix::process::geteuid().as_raw();
            Account::find(|_, candidate| candidate == uid)
        }?;
        account.ok_or_else(|| {
            StartError::Failed(format!("/etc/passwd knows neither this user nor {SERVICE_ACCOUNT}"))
        })
    }

    /// Whether starting something under this account means leaving the caller's.
    pub fn is_foreign(&self) -> bool {
        self.uid != rustix::process::geteuid().as_raw()
    }

    fn find(wanted: impl Fn(&str, u32) -> bool) -> Result<Option<Account>, StartError> {
        let passwd =
            fs::read_to_string("/etc/passwd").map_err(StartError::doing("cannot read /etc/passwd"))?;
        let groups = fs::read_to_string("/etc/group").map_err(StartError::doing("cannot read /etc/group"))?;
        let found = passwd.lines().filter_map(parse_entry).find(|(name, uid, _)| wanted(name, *uid));
        Ok(found.map(|(name, uid, gid)| Account {
            name: name.to_owned(),
            group: group_name(&groups, gid).unwrap_or(name).to_owned(),
            uid,
            gid,
        }))
    }
}

/// Whether the caller is root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Name, uid and gid of a line of `/etc/passwd`.
fn parse_entry(line: &str) -> Option<(&str, u32, u32)> {
    let mut fields = line.split(':');
    let name = fields.next()?;
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some((name, uid, gid))
}

fn group_name(groups: &str, gid: u32) -> Option<&str> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(gid)).then_some(name)
    })
}
