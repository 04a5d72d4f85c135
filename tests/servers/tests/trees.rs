//! Pools, walks and mirrors on real servers.

mod common;

use common::{payload, policy, settled_log, start, start_with};
use ftps::client::pool::PoolBuilder;
use ftps::client::Pool;
use ftps::protocol::listing::EntryKind;
use ftps::trees::{Execution, Mirror, Report};
use ftps::{FtpsClient, TlsOptions};
use real_servers::{Config, Kind, Outcome, RealServer, TlsVersion};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

const FILES: usize = 2000;
const DIRECTORIES: usize = 20;
const CONNECTIONS: usize = 4;

fn options(server: &RealServer) -> PoolBuilder {
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    let builder = FtpsClient::builder(server.address().ip().to_string()).port(server.address().port());
    let builder = builder.tls(tls).resumption(policy(server.kind()));
    builder.pool(&server.user().name, &server.user().password)
}

fn pool(server: &RealServer, maximum: usize) -> Pool {
    options(server).maximum(maximum).build()
}

/// The directory `name` of the user, as the server calls it.
fn remote(server: &RealServer, name: &str) -> String {
    format!("{}/{name}", server.user().remote_home.trim_end_matches('/'))
}

/// Writable for the account that the server works under.
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("rights");
}

fn plant(root: &Path, files: usize) {
    let content = payload(files + 3000);
    for directory in 0..DIRECTORIES {
        fs::create_dir_all(root.join(format!("d{directory}"))).expect("a folder");
    }
    for number in 0..files {
        let path = root.join(format!("d{}/file {number}", number % DIRECTORIES));
        fs::write(path, &content[number..number + number % 3000]).expect("a file");
    }
}

fn contents(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let folders = fs::read_dir(root).expect("a folder").map(|folder| folder.expect("an entry").path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let named = files.map(|file| {
        let path = file.expect("an entry").path();
        (path.strip_prefix(root).expect("beneath").display().to_string(), fs::read(path).expect("a file"))
    });
    named.collect()
}

fn run(pool: &Pool, mirror: &Mirror) -> Report {
    let plan = mirror.plan(&mut pool.lease().expect("a lease")).expect("a plan");
    let execution = Execution::default().connections(CONNECTIONS);
    let report = plan.execute(pool, &execution, |_| true).expect("a report");
    assert!(report.is_complete(), "{report}");
    report
}

fn expect_nothing_to_do(pool: &Pool, mirror: &Mirror) {
    let plan = mirror.plan(&mut pool.lease().expect("a lease")).expect("a plan");
    assert!(plan.is_empty(), "{plan}");
}

/// Up with one tree and down into another, each followed by a second run.
fn mirrors_both_ways(kind: Kind, tls: TlsVersion, files: usize) {
    let server = start(kind, tls);
    let folder = tempfile::tempdir().expect("a folder");
    let (source, copy) = (folder.path().join("source"), folder.path().join("copy"));
    plant(&source, files);
    let pool = pool(&server, CONNECTIONS);
    let upload = Mirror::upload(&source, remote(&server, "tree"));
    let report = run(&pool, &upload);
    assert_eq!((report.files, report.directories), (files as u64, DIRECTORIES as u64 + 1), "{report}");
    expect_nothing_to_do(&pool, &upload);
    let download = Mirror::download(remote(&server, "tree"), &copy);
    assert_eq!(run(&pool, &download).files, files as u64);
    expect_nothing_to_do(&pool, &download);
    assert!(contents(&source) == contents(&server.user().home.join("tree")), "the upload differs");
    assert!(contents(&source) == contents(&copy), "the download differs");

    let statistics = pool.statistics();
    assert_eq!((statistics.open, statistics.refused), (CONNECTIONS, 0), "{statistics:?}");
    if server.resumption_log().is_some() {
        let all = statistics.transfers.data_connections;
        assert!(all >= 2 * files as u64);
        assert_eq!((statistics.transfers.resumed, statistics.transfers.full), (all, 0));
        let log = settled_log(&server, all);
        let logins = CONNECTIONS as u64;
        assert_eq!(
            (log.control_handshakes, log.data_resumed, log.data_full, log.refused),
            (logins, all, 0, 0)
        );
    }
    let feature = format!("Mirror of {files} small files over {CONNECTIONS} connections, both ways");
    server.record(&feature, Outcome::Works);
}

#[test]
fn proftpd_resumes_each_of_2000_files_mirrored_over_4_connections_with_tls_1_2() {
    mirrors_both_ways(Kind::ProFtpd, TlsVersion::Tls12, FILES);
}

#[test]
fn proftpd_resumes_each_of_2000_files_mirrored_over_4_connections_with_tls_1_3() {
    mirrors_both_ways(Kind::ProFtpd, TlsVersion::Tls13, FILES);
}

#[test]
fn vsftpd_and_pure_ftpd_have_nothing_left_to_do_after_a_mirror() {
    for tls in TlsVersion::ALL {
        for kind in [Kind::Vsftpd, Kind::PureFtpd] {
            mirrors_both_ways(kind, tls, 100);
        }
    }
}

#[test]
fn a_server_that_allows_8_connections_gets_8() {
    for kind in [Kind::ProFtpd, Kind::Vsftpd] {
        let server = start_with(kind, Config::new(TlsVersion::Tls13).max_clients(8));
        let pool = options(&server).maximum(12).wait(Duration::from_millis(500)).build();
        let leases: Vec<_> = (0..8).map(|_| pool.lease().expect("one of eight")).collect();
        let error = pool.lease().expect_err("the ninth");
        assert_eq!(error.kind(), "timeout", "{}: {error}", kind.name());
        let statistics = pool.statistics();
        assert_eq!(
            (statistics.open, statistics.server_limit),
            (8, Some(8)),
            "{}: {statistics:?}",
            kind.name()
        );
        drop(leases);
        assert_eq!(pool.statistics().idle, 8, "{}", kind.name());
        server.record("Pool of no more connections than the server allows", Outcome::Works);
    }
}

#[test]
fn links_are_told_where_mlsd_hides_them_and_nothing_is_deleted_behind_one() {
    for kind in [Kind::ProFtpd, Kind::Vsftpd, Kind::PureFtpd] {
        let server = start(kind, TlsVersion::Tls13);
        let home = &server.user().home;
        for folder in ["tree", "tree/inner", "elsewhere"] {
            fs::create_dir(home.join(folder)).expect("a folder");
            open_to_all(&home.join(folder));
        }
        for file in ["tree/a", "tree/inner/b", "elsewhere/kept"] {
            server.user().plant(file, b"content").expect("a file");
        }
        std::os::unix::fs::symlink("../elsewhere", home.join("tree/link")).expect("a link");
        std::os::unix::fs::symlink("..", home.join("tree/inner/loop")).expect("a link");
        let pool = pool(&server, 1);
        let mut client = pool.lease().expect("a lease");
        let tree = remote(&server, "tree");
        let found: Vec<_> = client.walk(&tree).map(|found| found.expect("an entry")).collect();
        let links = found.iter().filter(|found| found.entry.kind() == EntryKind::Symlink).count();
        assert_eq!((found.len(), links), (5, 2), "{}: {found:?}", kind.name());
        let deleted = client.delete_tree(&tree).expect("a deletion");
        assert!(deleted.failures.is_empty(), "{}: {deleted:?}", kind.name());
        assert!(home.join("elsewhere/kept").exists() && !home.join("tree").exists(), "{}", kind.name());
        server.record("Walking and deleting a tree, links not followed", Outcome::Works);
    }
}
