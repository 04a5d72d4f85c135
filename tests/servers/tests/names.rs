//! Names that are not plain words make the whole round trip.

mod common;

use common::{connect, start};
use ftps::client::{ListingCommand, ListingOptions};
use ftps::FtpsClient;
use real_servers::{Kind, Outcome, RealServer, TlsVersion, User};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

const NAMES: [&[u8]; 29] = [
    b"plain",
    b"blanks  inside",
    b" leading blank",
    b"  leading blanks",
    b"trailing blank ",
    b"tab\tinside",
    b"-dash",
    b"-la",
    b"--",
    b"[brackets]",
    b"star*star",
    b"*",
    b"what?",
    b"{a,b}",
    b"~tilde",
    b"#hash",
    b"quo\"te",
    b"\"",
    b"\"\"",
    b"back\\slash",
    b"a -> b",
    b"..dots",
    b".hidden",
    b"semi;colon=x; y",
    b"percent%41",
    "größe 文".as_bytes(),
    b"caf\xe9",
    b"\xff\xfe",
    b"a\xff\xffb",
];

const LISTINGS: [ListingCommand; 3] = [ListingCommand::Auto, ListingCommand::List, ListingCommand::Nlst];

/// Hidden files are asked for where the server can: Pure-FTPd knows no options of NLST.
fn options(command: ListingCommand, name: &[u8]) -> ListingOptions {
    let arguments = if command != ListingCommand::Nlst && name.starts_with(b".") { "-a" } else { "" };
    ListingOptions::default().command(command).arguments(arguments)
}

/// What did not work with a name, in a word; empty where everything did.
fn round_trip(client: &mut FtpsClient, user: &User, name: &[u8]) -> Vec<String> {
    let mut failures = Vec::new();
    let mut check = |what: &str, holds: bool| {
        if !holds {
            failures.push(what.to_owned());
        }
    };
    let on_disk = |name: &[u8]| -> PathBuf { user.home.join(OsStr::from_bytes(name)) };
    check("upload", client.upload_from(name, &mut &b"content"[..], |_| true).is_ok());
    check("upload under this name", on_disk(name).exists());
    std::fs::write(on_disk(name), b"content").expect("a file");
    let mut received = Vec::new();
    check("download", client.download_to(name, &mut received, |_| true).is_ok() && received == b"content");
    check("size", client.size(name).is_ok_and(|size| size == 7));
    for command in LISTINGS {
        client.set_listing(options(command, name)).expect("options");
        let holds = client.list("").is_ok_and(|listing| {
            listing.entries.iter().any(|entry| entry.name_bytes() == name) && listing.unparsed.is_empty()
        });
        check(&format!("{command:?} listing"), holds);
    }
    client.set_listing(options(ListingCommand::Auto, name)).expect("options");
    check("entry", client.entry(name).is_ok_and(|entry| entry.size() == Some(7)));
    let other = [name, b"2"].concat();
    check("rename", client.rename(name, &other).is_ok() && on_disk(&other).exists());
    check("rename back", client.rename(&other, name).is_ok() && on_disk(name).exists());
    check("delete", client.delete(name).is_ok() && !on_disk(name).exists());
    drop(std::fs::remove_file(on_disk(name)));

    let slash_name = [b"/", name].concat();
    let made = client.make_directory(name);
    check("make directory", made.is_ok_and(|path| path.ends_with(&slash_name) || path == name));
    check("make directory under this name", on_disk(name).is_dir());
    drop(std::fs::create_dir(on_disk(name)));
    std::fs::write(on_disk(name).join("inside"), b"content").expect("a file");
    for command in LISTINGS {
        client.set_listing(options(command, name)).expect("options");
        let names = client.list(name).map(|listing| listing.entries);
        let is_inside = |name: &[u8]| name == b"inside" || name.ends_with(b"/inside");
        let holds = names.is_ok_and(|entries| entries.iter().any(|entry| is_inside(entry.name_bytes())));
        check(&format!("{command:?} listing of it"), holds);
    }
    let home = client.current_directory().expect("PWD");
    check("change directory", client.change_directory(name).is_ok());
    check("print directory", client.current_directory().is_ok_and(|path| path.ends_with(&slash_name)));
    client.change_directory(home).expect("home");
    std::fs::remove_file(on_disk(name).join("inside")).expect("no file");
    check("remove directory", client.remove_directory(name).is_ok() && !on_disk(name).exists());
    drop(std::fs::remove_dir(on_disk(name)));
    failures
}

/// Each name that something does not work with, and what.
fn limits(server: &RealServer) -> Vec<String> {
    let user = server.user().clone();
    let mut client = connect(server, &user);
    let described = |name: &[u8]| {
        let failures = round_trip(&mut client, &user, name);
        (!failures.is_empty()).then(|| format!("{}: {}", name.escape_ascii(), failures.join(", ")))
    };
    NAMES.into_iter().filter_map(described).collect()
}

/// Runs `judge` on the limits that show with both TLS versions, and records that all else works, and the limits as a sentence.
fn holds_on(kind: Kind, limit: &str, judge: impl Fn(Vec<String>)) {
    for tls in TlsVersion::ALL {
        let server = start(kind, tls);
        judge(limits(&server));
        let names =
            "Names with blanks, quotes, globs, dashes, and bytes that are not UTF-8, but for what the known limits name";
        server.record(names, Outcome::Works);
        server.record(limit, Outcome::Limit);
    }
}

#[test]
fn names_make_the_round_trip_on_vsftpd() {
    holds_on(Kind::Vsftpd, "NLST without options leaves hidden files out.", |limits| {
        assert_eq!(limits, ["..dots: Nlst listing", ".hidden: Nlst listing"]);
    });
}

#[test]
fn names_make_the_round_trip_on_proftpd() {
    let limit =
        "NLST takes its argument for a pattern and leaves hidden files out; no directory is made whose name has a star.";
    holds_on(Kind::ProFtpd, limit, |limits| {
        assert_eq!(
            limits,
            [
                "[brackets]: Nlst listing of it",
                "star*star: make directory, make directory under this name, Nlst listing of it",
                "*: make directory, make directory under this name, Nlst listing of it",
                "what?: Nlst listing of it",
                "..dots: Nlst listing",
                ".hidden: Nlst listing",
            ]
        );
    });
}

#[test]
fn names_make_the_round_trip_on_pure_ftpd() {
    let limit = "It writes `_` in place of control characters and of blanks at either end, refuses backslashes, doubles no quotes in the \
                 reply to PWD, and takes the argument of LIST for patterns parted by blanks.";
    holds_on(Kind::PureFtpd, limit, |limits| {
        let (renamed, others): (Vec<_>, Vec<_>) =
            limits.into_iter().partition(|limit| limit.contains(": upload"));
        let renamed: Vec<_> = renamed.iter().filter_map(|limit| limit.split(": upload").next()).collect();
        let expected =
            [" leading blank", "  leading blanks", "trailing blank ", "tab\\tinside", "back\\\\slash"];
        assert_eq!(renamed, expected);
        assert_eq!(
            others,
            [
                "blanks  inside: List listing of it",
                "[brackets]: List listing of it",
                "\\\"\\\": make directory, print directory",
                "a -> b: List listing of it",
                "semi;colon=x; y: List listing of it",
                "gr\\xc3\\xb6\\xc3\\x9fe \\xe6\\x96\\x87: List listing of it",
            ]
        );
    });
}
