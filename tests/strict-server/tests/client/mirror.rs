//! Mirrors: one side made like the other, over several connections, by a plan.

use crate::common::{builder, connect, kind_of, start, BOTH, PATIENCE};
use ftps::client::{Pool, Timeouts};
use ftps::net::CancelToken;
use ftps::trees::{ActionKind, Compare, Execution, Mirror, OnFailure, Plan, Reason, Report};
use ftps::ResumptionPolicy;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;
use std::time::{Duration, SystemTime};
use strict_server::{Hashes, Options, RunningServer};
use tempfile::TempDir;

const FILES: [(&str, &str); 6] = [
    ("a.txt", "first"),
    ("empty", ""),
    ("d/b.csv", "second"),
    ("d/e/c.csv", "third"),
    ("d/e/-dash", "fourth"),
    ("f/name with blanks ", "fifth"),
];

fn local_tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, content) in files {
        write(folder.path(), path, content);
    }
    folder
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, content).expect("a file");
}

fn server_with(options: Options, files: &[(&str, &str)]) -> RunningServer {
    let server = start(options);
    for (path, content) in files {
        server.put_file(&format!("/r/{path}"), content.as_bytes()).expect("a file");
    }
    server
}

fn pool(server: &RunningServer) -> Pool {
    builder(server).resumption(ResumptionPolicy::Require).pool("user", "password").build()
}

fn plan(pool: &Pool, mirror: &Mirror) -> Plan {
    mirror.plan(&mut pool.lease().expect("a lease")).expect("a plan")
}

fn run(pool: &Pool, mirror: &Mirror) -> Report {
    plan(pool, mirror).execute(pool, &Execution::default(), |_| true).expect("a report")
}

fn ended_by(report: &Report) -> Option<&'static str> {
    report.ended_by.as_ref().map(kind_of)
}

fn complete(pool: &Pool, mirror: &Mirror) -> Report {
    let report = run(pool, mirror);
    assert!(report.is_complete(), "{report}");
    report
}

/// What is beneath a local folder: directories have no content.
fn contents(root: &Path) -> BTreeMap<String, Option<String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("beneath").to_str().expect("UTF-8").to_owned();
            if path.is_dir() {
                folders.push(path);
                found.insert(name, None);
            } else {
                found.insert(name, Some(fs::read_to_string(path).expect("a file")));
            }
        }
    }
    found
}

fn kinds(plan: &Plan) -> Vec<(ActionKind, String, Reason)> {
    let actions = plan.actions().iter();
    actions
        .map(|action| (action.kind, String::from_utf8_lossy(&action.path).into_owned(), action.reason))
        .collect()
}

#[test]
fn a_download_is_identical_and_the_second_time_nothing_is_left_to_do() {
    for (versions, _) in BOTH {
        let server = server_with(Options { versions, ..Options::default() }, &FILES);
        let (pool, here) = (pool(&server), tempfile::tempdir().expect("a folder"));
        let target = here.path().join("made/on/the/way");
        let mirror = Mirror::download("/r", &target);
        let report = complete(&pool, &mirror);
        assert_eq!((report.files, report.directories, report.bytes), (6, 4, 27));
        assert_eq!(contents(&target), contents(local_tree(&FILES).path()));
        let second = plan(&pool, &mirror);
        assert!(second.is_empty(), "{second}");
        let counters = server.counters();
        assert_eq!(counters.data_connections, counters.data_same_session);
    }
}

#[test]
fn an_upload_is_identical_and_the_second_time_nothing_is_left_to_do() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let (pool, here) = (pool(&server), local_tree(&FILES));
        let mirror = Mirror::upload(here.path(), "/r");
        let report = complete(&pool, &mirror);
        assert_eq!((report.files, report.directories, report.times_not_set), (6, 4, 0));
        for (path, content) in FILES {
            assert_eq!(server.file(&format!("/r/{path}")).as_deref(), Some(content.as_bytes()), "{path}");
        }
        assert_eq!(server.list("/r/d/e").expect("a folder"), ["-dash", "c.csv"], "no temporary file is left");
        let second = plan(&pool, &mirror);
        assert!(second.is_empty(), "{second}");
        let counters = server.counters();
        assert_eq!(counters.data_connections, counters.data_same_session);
    }
}

#[test]
fn one_connection_does_it_too_and_is_as_it_was_afterwards() {
    let server = server_with(Options::default(), &FILES);
    let (here, mut client) = (local_tree(&[]), connect(&server, ResumptionPolicy::Require));
    client.change_directory("/r/d").expect("CWD");
    let plan = Mirror::download("../../r", here.path()).plan(&mut client).expect("a plan");
    let report = plan.execute_with(&mut client, &Execution::default(), |_| true).expect("a report");
    assert!(report.is_complete(), "{report}");
    assert_eq!(client.current_directory().expect("PWD"), b"/r/d");
    assert_eq!((server.counters().logins, contents(here.path()).len()), (1, 9));
}

#[test]
fn one_connection_is_stopped_by_the_token_that_its_client_watches() {
    let faults = vec!["RETR#*@byte:0=stall".parse().expect("a fault")];
    let server = server_with(Options { faults, ..Options::default() }, &FILES);
    let (here, token) = (local_tree(&[]), CancelToken::new().expect("a token"));
    let mut client = connect(&server, ResumptionPolicy::Require);
    client.set_cancel_token(Some(token.clone()));
    let plan = Mirror::download("/r", here.path()).plan(&mut client).expect("a plan");
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            while server.counters().commands.get("RETR").copied().unwrap_or_default() == 0 {
                std::thread::yield_now();
            }
            token.cancel();
        });
        plan.execute_with(&mut client, &Execution::default(), |_| true).expect("a report")
    });
    assert_eq!((report.files, report.failures.len(), report.not_done.len()), (0, 1, 5), "{report}");
    assert_eq!(ended_by(&report), Some("cancelled"));
    assert_eq!(kind_of(&client.noop().expect_err("the token is still set")), "cancelled");
}

#[test]
fn a_plan_shows_what_will_be_done_and_does_nothing() {
    let server = server_with(Options::default(), &[("same", "x"), ("d/new", "xyz"), ("longer", "xx")]);
    let (pool, here) = (pool(&server), local_tree(&[("longer", "x"), ("old", "x")]));
    let shown = plan(&pool, &Mirror::download("/r", here.path()).delete_extraneous(true)).to_string();
    let lines = "create directory d: missing\ndownload d/new (3 bytes): missing\ndownload longer (2 bytes): size differs\n\
                 download same (1 bytes): missing\ndelete old: not in the source\n";
    assert_eq!(shown, lines);
    assert_eq!(contents(here.path()).len(), 2);
    assert_eq!(server.counters().commands.get("RETR"), None);
}

#[test]
fn a_file_is_taken_over_when_size_or_time_or_hash_differ() {
    let options = Options { hashes: Hashes::HashCommand, ..Options::default() };
    let server = server_with(options, &[("file", "abc")]);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let mirror = Mirror::download("/r", here.path());
    complete(&pool, &mirror);
    let local = fs::File::options().write(true).open(here.path().join("file")).expect("a file");
    local.set_modified(SystemTime::now() - Duration::from_secs(3600)).expect("a time");
    assert_eq!(kinds(&plan(&pool, &mirror)), [(ActionKind::Download, "file".to_owned(), Reason::Newer)]);
    assert!(plan(&pool, &mirror.clone().tolerance(Duration::from_secs(7200))).is_empty());
    assert!(plan(&pool, &mirror.clone().compare(Compare::Size)).is_empty());
    assert!(plan(&pool, &mirror.clone().compare(Compare::Hash)).is_empty());
    write(here.path(), "file", "xyz");
    let by_hash = plan(&pool, &mirror.clone().compare(Compare::Hash));
    assert_eq!(kinds(&by_hash), [(ActionKind::Download, "file".to_owned(), Reason::HashDiffers)]);
    assert_eq!(kinds(&plan(&pool, &mirror.compare(Compare::Nothing)))[0].2, Reason::Always);
}

#[test]
fn where_the_server_sets_no_times_an_upload_is_not_repeated() {
    let refusal = |verb: &str| (verb.to_owned(), "502 Not implemented.".to_owned());
    let answers = ["MFMT", "MDTM", "SITE"].map(refusal).into();
    let server = start(Options { answers, ..Options::default() });
    let (pool, here) = (pool(&server), local_tree(&FILES));
    let mirror = Mirror::upload(here.path(), "/r");
    assert_eq!(complete(&pool, &mirror).times_not_set, 6);
    let second = plan(&pool, &mirror);
    assert!(second.is_empty(), "{second}");
}

#[test]
fn the_target_loses_nothing_unless_asked_and_never_what_a_filter_leaves_out() {
    let server =
        server_with(Options::default(), &[("a", "x"), ("old/b", "x"), ("old/c.keep", "x"), ("gone/d", "x")]);
    let (pool, here) = (pool(&server), local_tree(&[("a", "x")]));
    let mirror = Mirror::upload(here.path(), "/r").exclude("*.keep").expect("a pattern");
    assert_eq!(complete(&pool, &mirror).deleted, 0);
    assert_eq!(complete(&pool, &mirror.delete_extraneous(true)).deleted, 3);
    assert_eq!(server.list("/r").expect("a folder"), ["a", "old"]);
    assert_eq!(server.list("/r/old").expect("a folder"), ["c.keep"]);
}

#[test]
fn nothing_is_deleted_while_a_part_of_the_source_cannot_be_read() {
    let faults = vec!["MLSD#2@final=reply:550 Permission denied.".parse().expect("a fault")];
    let server = server_with(Options { faults, ..Options::default() }, &[("d/b", "x"), ("e", "x")]);
    let (pool, here) = (pool(&server), local_tree(&[("d/b", "x"), ("old", "x")]));
    let report = run(&pool, &Mirror::download("/r", here.path()).delete_extraneous(true));
    assert_eq!((report.files, report.deleted, report.failures.len()), (1, 0, 1), "{report}");
    assert_eq!(
        (report.failures[0].path.as_slice(), kind_of(&report.failures[0].error)),
        (&b"d"[..], "refused")
    );
    assert!(here.path().join("old").exists());
}

#[test]
fn filters_choose_by_name_and_by_path() {
    let server = server_with(Options::default(), &FILES);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let mirror =
        Mirror::download("/r", here.path()).include("*.csv").and_then(|mirror| mirror.exclude("d/e"));
    let report = complete(&pool, &mirror.expect("patterns"));
    assert_eq!(report.files, 1);
    assert_eq!(contents(here.path()).keys().collect::<Vec<_>>(), ["d", "d/b.csv"]);
}

#[test]
fn names_that_lead_out_of_the_local_root_are_failures_of_their_own() {
    let lines = "type=file;size=1; ..\\x\r\ntype=file;size=1; ok\r\ntype=file;size=1; a\tb\r\ntype=dir; ..\r\ntype=file;size=1; /etc/x\r\n";
    let server =
        server_with(Options { raw_listing: Some(lines.into()), ..Options::default() }, &[("ok", "x")]);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let report = run(&pool, &Mirror::download("/r", here.path().join("root")));
    assert_eq!((report.files, report.failures.len()), (1, 3), "{report}");
    assert_eq!(contents(here.path()).keys().collect::<Vec<_>>(), ["root", "root/ok"]);
}

#[test]
fn a_link_that_was_planted_in_the_local_root_is_not_followed() {
    let server = server_with(Options::default(), &[("d/file", "new"), ("file", "new")]);
    let (pool, here) = (pool(&server), local_tree(&[("outside/file", "secret"), ("root/x", "x")]));
    let (root, outside) = (here.path().join("root"), here.path().join("outside"));
    std::os::unix::fs::symlink(&outside, root.join("d")).expect("a link");
    std::os::unix::fs::symlink(outside.join("file"), root.join("file")).expect("a link");
    let report = run(&pool, &Mirror::download("/r", &root).delete_extraneous(true));
    assert!(!report.is_complete(), "{report}");
    assert_eq!(fs::read_to_string(outside.join("file")).expect("a file"), "secret");
    assert_eq!(fs::read_dir(outside).expect("a folder").count(), 1);
}

#[test]
fn a_connection_that_is_cut_costs_one_file_which_is_named_and_a_second_run_completes() {
    let names: Vec<String> = (0..40).map(|number| format!("d{}/file{number}", number % 4)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    for (versions, _) in BOTH {
        for fault in ["RETR#7@byte:3=reset-both", "RETR#9@reply=cut-both"] {
            let options =
                Options { versions, faults: vec![fault.parse().expect("a fault")], ..Options::default() };
            let server = server_with(options, &files);
            let (pool, here) = (pool(&server), local_tree(&[]));
            let mirror = Mirror::download("/r", here.path());
            let report = run(&pool, &mirror);
            assert_eq!(
                (report.files, report.failures.len(), report.not_done.len()),
                (39, 1, 0),
                "{fault}: {report}"
            );
            let failed = String::from_utf8_lossy(&report.failures[0].path).into_owned();
            assert!(!here.path().join(&failed).exists(), "{fault}: {failed} is there though it failed");
            assert_eq!(complete(&pool, &mirror).files, 1, "{fault}");
            assert_eq!(contents(here.path()), contents(local_tree(&files).path()), "{fault}");
        }
    }
}

#[test]
fn an_upload_that_is_cut_is_named_and_a_second_run_completes() {
    let names: Vec<String> = (0..40).map(|number| format!("file{number}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "content")).collect();
    let faults = vec!["STOR#5@byte:3=reset-both".parse().expect("a fault")];
    let server = start(Options { faults, ..Options::default() });
    let (pool, here) = (pool(&server), local_tree(&files));
    let mirror = Mirror::upload(here.path(), "/r");
    let report = run(&pool, &mirror);
    assert_eq!((report.files, report.failures.len(), report.not_done.len()), (39, 1, 0), "{report}");
    assert_eq!(complete(&pool, &mirror).files, 1);
    assert!(names.iter().all(|name| server.file(&format!("/r/{name}")).as_deref() == Some(b"content")));
}

#[test]
fn every_step_is_done_or_failed_or_named_as_not_done() {
    let faults = vec!["RETR#*@byte:0=stall".parse().expect("a fault")];
    let server = server_with(Options { faults, ..Options::default() }, &FILES);
    let patience = Timeouts { data: Duration::from_secs(60), ..PATIENCE };
    let (pool, here) =
        (builder(&server).timeouts(patience).pool("user", "password").build(), local_tree(&[]));
    let token = CancelToken::new().expect("a token");
    let plan = plan(&pool, &Mirror::download("/r", here.path()));
    let steps = plan.actions().len();
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            while server.counters().commands.get("RETR").copied().unwrap_or_default() < 4 {
                std::thread::yield_now();
            }
            token.cancel();
        });
        plan.execute(&pool, &Execution::default().cancel_token(token.clone()), |_| true).expect("a report")
    });
    assert_eq!((report.files, report.failures.len(), report.not_done.len()), (0, 4, 2), "{report}");
    assert_eq!(report.directories as usize + 6, steps);
    assert!(report.failures.iter().all(|failure| kind_of(&failure.error) == "cancelled"));
    assert_eq!(ended_by(&report), Some("cancelled"));
    assert_eq!(contents(here.path()).len(), 3, "no part of a file is left");
}

#[test]
fn a_token_that_is_cancelled_before_leaves_everything_and_the_report_says_why() {
    let server = server_with(Options::default(), &FILES);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let (plan, token) =
        (plan(&pool, &Mirror::download("/r", here.path())), CancelToken::new().expect("a token"));
    token.cancel();
    let steps = plan.actions().len();
    let report = plan.execute(&pool, &Execution::default().cancel_token(token), |_| true).expect("a report");
    assert_eq!((report.failures.len(), report.not_done.len()), (0, steps), "{report}");
    assert_eq!(ended_by(&report), Some("cancelled"));
}

#[test]
fn a_pool_that_lends_nothing_any_more_is_why_steps_were_not_tried() {
    let server = server_with(Options::default(), &FILES);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let plan = plan(&pool, &Mirror::download("/r", here.path()));
    pool.close();
    let report = plan.execute(&pool, &Execution::default(), |_| true).expect("a report");
    assert_eq!((report.files, ended_by(&report)), (0, Some("wrong-state")), "{report}");
}

#[test]
fn each_thread_that_works_is_entered_and_left_on_itself() {
    struct Entered(ThreadId);
    impl Drop for Entered {
        fn drop(&mut self) {
            assert_eq!(std::thread::current().id(), self.0);
            LEFT.fetch_add(1, Ordering::SeqCst);
        }
    }
    static ENTERED: AtomicUsize = AtomicUsize::new(0);
    static LEFT: AtomicUsize = AtomicUsize::new(0);
    let server = server_with(Options::default(), &FILES);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let execution = Execution::default().connections(2).in_each_thread(|| {
        ENTERED.fetch_add(1, Ordering::SeqCst);
        Box::new(Entered(std::thread::current().id()))
    });
    let report = plan(&pool, &Mirror::download("/r", here.path())).execute(&pool, &execution, |_| true);
    assert!(report.expect("a report").is_complete());
    // One made the directories, two received the files.
    assert_eq!((ENTERED.load(Ordering::SeqCst), LEFT.load(Ordering::SeqCst)), (3, 3));
}

#[test]
fn a_callback_stops_all_and_a_failure_does_where_that_is_asked() {
    let faults = vec!["RETR#1@final=reply:550 Permission denied.".parse().expect("a fault")];
    let server = server_with(Options { faults, ..Options::default() }, &FILES);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let mirror = Mirror::download("/r", here.path());
    let one = Execution::default().connections(1);
    let report = plan(&pool, &mirror).execute(&pool, &one.clone().on_failure(OnFailure::Stop), |_| true);
    let report = report.expect("a report");
    assert_eq!((report.files, report.failures.len(), report.not_done.len()), (0, 1, 5), "{report}");
    assert_eq!(ended_by(&report), None, "the failure tells it");
    let report =
        plan(&pool, &mirror).execute(&pool, &one, |progress| progress.files.0 < 2).expect("a report");
    assert!(report.files >= 2 && !report.is_complete(), "{report}");
    assert_eq!(ended_by(&report), Some("cancelled"));
    assert_eq!(complete(&pool, &mirror).files + report.files, 6);
}

#[test]
fn progress_comes_on_the_callers_thread_and_adds_up() {
    let server = server_with(Options::default(), &FILES);
    let (pool, here) = (pool(&server), local_tree(&[]));
    let (caller, mut last, mut over) = (std::thread::current().id(), None, 0);
    let plan = plan(&pool, &Mirror::download("/r", here.path()));
    let report = plan.execute(&pool, &Execution::default(), |progress| {
        assert_eq!(std::thread::current().id(), caller);
        over += usize::from(progress.is_over);
        last = Some((progress.files, progress.bytes));
        true
    });
    assert!(report.expect("a report").is_complete());
    assert_eq!((over, last), (9, Some(((6, 6), (27, 27)))));
}

#[test]
fn a_source_that_is_not_there_is_an_error_and_not_an_empty_one() {
    let server = start(Options::default());
    let (pool, here) = (pool(&server), local_tree(&[("a", "x")]));
    let mut lease = pool.lease().expect("a lease");
    let download = Mirror::download("/nowhere", here.path()).delete_extraneous(true);
    assert_eq!(kind_of(&download.plan(&mut lease).expect_err("no plan")), "refused");
    let upload = Mirror::upload(here.path().join("nowhere"), "/r").delete_extraneous(true);
    assert_eq!(kind_of(&upload.plan(&mut lease).expect_err("no plan")), "local");
}
