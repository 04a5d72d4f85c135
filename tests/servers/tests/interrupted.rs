//! Transfers that are interrupted, on real servers: nothing is lost, nothing comes twice, and nobody sees a half.

mod common;

use common::chance::Chance;
use common::cutting::{Cut, Cutting};
use common::{builder, connect, log_in, start};
use ftps::client::{AtomicUpload, Direction, RetryPolicy};
use real_servers::{Kind, Outcome, RealServer, TlsVersion};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

const SIZE: usize = 200 << 20;
const CUTS: usize = 10;
const KINDS: [Kind; 3] = [Kind::Vsftpd, Kind::ProFtpd, Kind::PureFtpd];

fn plan(chance: &mut Chance) -> Vec<Cut> {
    let most = (SIZE / CUTS) as u64;
    (0..CUTS).map(|_| Cut { after: chance.below(most), both: chance.below(2) == 1 }).collect()
}

/// Runs `transfer` on connections that are cut ten times, and returns how often it went on.
fn interrupted(
    server: &RealServer,
    chance: &mut Chance,
    transfer: impl FnOnce(&mut ftps::FtpsClient) -> ftps::Result<u64>,
) {
    let cutting = Cutting::new(server.address().port(), plan(chance));
    let policy =
        RetryPolicy::new(10).first_delay(Duration::from_millis(10)).longest_delay(Duration::from_millis(200));
    let client = builder(server).network(cutting.network()).retry_policy(policy);
    let mut client = log_in(client, server, server.user());
    let length = transfer(&mut client).unwrap_or_else(|error| panic!("{error}\n{}", server.logs()));
    assert_eq!((length, cutting.left()), (SIZE as u64, 0), "{}", server.kind().name());
}

#[test]
fn an_upload_of_200_mebibytes_that_is_cut_ten_times_arrives_whole() {
    let mut chance = Chance::new(5);
    let content = chance.bytes(SIZE);
    let folder = tempfile::tempdir().expect("a folder");
    let local = folder.path().join("local");
    std::fs::write(&local, &content).expect("a file");
    for kind in KINDS {
        for tls in TlsVersion::ALL {
            let server = start(kind, tls);
            server.user().plant("file", b"old").expect("a file");
            interrupted(&server, &mut chance, |client| client.upload_file(&local, "file"));
            let arrived = std::fs::read(server.user().home.join("file")).expect("a file");
            assert!(arrived == content, "{} {}", kind.name(), tls.name());
            server.record("An upload of 200 MiB that is cut ten times arrives whole", Outcome::Works);
        }
    }
}

#[test]
fn a_download_of_200_mebibytes_that_is_cut_ten_times_arrives_whole() {
    let mut chance = Chance::new(7);
    let content = chance.bytes(SIZE);
    let folder = tempfile::tempdir().expect("a folder");
    let local = folder.path().join("local");
    for kind in KINDS {
        for tls in TlsVersion::ALL {
            let server = start(kind, tls);
            server.user().plant("file", &content).expect("a file");
            interrupted(&server, &mut chance, |client| client.download_file("file", &local));
            assert!(std::fs::read(&local).expect("a file") == content, "{} {}", kind.name(), tls.name());
            server.record("A download of 200 MiB that is cut ten times arrives whole", Outcome::Works);
        }
    }
}

#[test]
fn transfers_go_on_where_an_earlier_one_ended() {
    let content = Chance::new(11).bytes(3_000_000);
    let folder = tempfile::tempdir().expect("a folder");
    let local = folder.path().join("local");
    for kind in KINDS {
        for tls in TlsVersion::ALL {
            let server = start(kind, tls);
            let user = server.user();
            let mut client = connect(&server, user);
            std::fs::write(&local, &content).expect("a file");
            let remote = user.plant("file", &content[..1_234_567]).expect("a file");
            client.upload_resuming(&local, "file", |_| true).expect("upload");
            assert!(std::fs::read(&remote).expect("a file") == content);
            std::fs::write(&local, &content[..1_234_567]).expect("a file");
            client.download_resuming("file", &local, |_| true).expect("download");
            assert!(std::fs::read(&local).expect("a file") == content);
            let mut range = Vec::new();
            client.download_range("file", 1_000_000, 100_000, &mut range).expect("a range");
            assert!(range == content[1_000_000..1_100_000]);
            client.upload_file(&local, "after").expect("the login goes on");
            user.plant("file", &[&content[..1_000_000], &[content[1_000_000] ^ 1]].concat()).expect("a file");
            let error = client.upload_resuming(&local, "file", |_| true).expect_err("another file");
            assert_eq!(error.kind(), "mismatch", "{error}");
            server.record("Resuming (REST) behind an overlap that is compared, and ranges", Outcome::Works);
        }
    }
}

#[test]
fn an_atomic_upload_replaces_the_file_and_leaves_nothing_else() {
    let content = Chance::new(13).bytes(1_000_000);
    for kind in KINDS {
        for tls in TlsVersion::ALL {
            let server = start(kind, tls);
            let user = server.user();
            let target = user.plant("file", b"old").expect("a file");
            let mut client = connect(&server, user);
            let mut source = std::io::Cursor::new(&content);
            client
                .upload_atomically("file", &mut source, &AtomicUpload::default(), |_| true)
                .expect("upload");
            assert!(std::fs::read(&target).expect("a file") == content, "{}", kind.name());
            assert_eq!(std::fs::read_dir(&user.home).expect("names").count(), 1, "{}", kind.name());
            server.record("Atomic uploads: a temporary name, SIZE, RNFR and RNTO", Outcome::Works);
        }
    }
}

#[test]
fn a_slow_transfer_is_kept_alive_and_the_login_stays_in_step() {
    let content = Chance::new(19).bytes(400_000);
    let interval = Duration::from_millis(100);
    for kind in KINDS {
        for tls in TlsVersion::ALL {
            let server = start(kind, tls);
            let user = server.user();
            let mut client = log_in(builder(&server).keep_alive(interval), &server, user);
            client.open_transfer(Direction::Upload, "STOR", "file", 0).expect("STOR");
            for piece in content.chunks(100_000) {
                std::thread::sleep(2 * interval);
                client.write_all_data(piece).expect("payload");
            }
            client.finish_transfer().expect("226");
            client.set_type("I").expect("TYPE");
            assert_eq!(client.size("file").expect("SIZE"), 400_000, "{}", kind.name());
            let mut received = Vec::new();
            let slow = |_| {
                std::thread::sleep(interval / 10);
                true
            };
            client.download_to("file", &mut received, slow).expect("download");
            client.noop().expect("NOOP");
            assert!(received == content && client.size("file").expect("SIZE") == 400_000);
            server.record("Keeping the control connection alive (NOOP) in a slow transfer", Outcome::Works);
        }
    }
}

const CHILD: &str = "FTPS_TEST_CHILD";
const KILLED_SIZE: u64 = 20 << 20;

/// Runs in a process of its own, which is killed.
#[test]
#[ignore = "it is the other process of the test below"]
fn an_atomic_upload_in_a_process_of_its_own() {
    let Ok(parameters) = std::env::var(CHILD) else { return };
    let fields: Vec<&str> = parameters.split('\n').collect();
    let [port, ca, user, password, directory] = fields[..] else { panic!("{parameters}") };
    let ca = std::fs::read(ca).expect("the authority");
    let tls = ftps::TlsOptions::default().platform_roots(false).extra_roots_pem(ca);
    let port = port.parse().expect("a port");
    let mut client = ftps::FtpsClient::builder("127.0.0.1").port(port).tls(tls).connect().expect("connect");
    client.login(user, password).expect("login");
    client.change_directory(directory).expect("CWD");
    let mut source = std::io::Read::take(std::io::repeat(7), KILLED_SIZE);
    let mut content = Vec::new();
    std::io::Read::read_to_end(&mut source, &mut content).expect("content");
    let report = |moved| {
        println!("\nmoved {moved}");
        true
    };
    let mut source = std::io::Cursor::new(content);
    client.upload_atomically("file", &mut source, &AtomicUpload::default(), report).expect("upload");
}

#[test]
fn a_process_that_is_killed_in_an_atomic_upload_leaves_the_old_file() {
    let mut chance = Chance::new(17);
    for kind in KINDS {
        for tls in TlsVersion::ALL {
            let server = start(kind, tls);
            let user = server.user();
            let target = user.plant("file", b"old").expect("a file");
            for _ in 0..3 {
                let parameters = [
                    server.address().port().to_string(),
                    server.ca_path().display().to_string(),
                    user.name.clone(),
                    user.password.clone(),
                    user.remote_home.clone(),
                ];
                let mut child = Command::new(std::env::current_exe().expect("this program"))
                    .args(["--exact", "an_atomic_upload_in_a_process_of_its_own", "--ignored", "--nocapture"])
                    .env(CHILD, parameters.join("\n"))
                    .stdout(Stdio::piped())
                    .spawn()
                    .expect("a process");
                let until = chance.below(KILLED_SIZE);
                let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
                let moved =
                    lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("moved ")?.parse().ok());
                let reached = moved.into_iter().find(|moved: &u64| *moved >= until);
                child.kill().expect("SIGKILL");
                child.wait().expect("its end");
                assert!(reached.is_some(), "it ended before {until} bytes\n{}", server.logs());
                assert_eq!(std::fs::read(&target).expect("a file"), b"old", "{}", kind.name());
            }
            server.record("A process that is killed in an atomic upload leaves the old file", Outcome::Works);
        }
    }
}
