//! What the programs do until the login stands, and what they say when it does not.

use examples_tests::{finish, with_files, Outcome, Scene};
use std::process::Stdio;
use strict_server::{
    CertificateOptions, ClientCertificate, Leaf, Options, Resumption, TlsVersions, User, Wording,
};

/// Runs ftps-ls with arguments that say all but the server's address.
fn list_with(scene: &Scene, arguments: &[&str]) -> Outcome {
    let mut command = scene.bare_command("ftps-ls", arguments);
    finish(command.args(scene.host_arguments()).spawn().unwrap())
}

fn with_certificate(control: Leaf) -> Options {
    Options {
        certificates: CertificateOptions { control, ..CertificateOptions::default() },
        ..Options::default()
    }
}

#[test]
fn a_wrong_password_is_told_with_what_to_check() {
    let scene = Scene::default();
    let programs: [(&str, &[&str]); 4] = [
        ("ftps-ls", &[]),
        ("ftps-get", &["file"]),
        ("ftps-put", &["ca.pem"]),
        ("ftps-mirror", &["--down", "/", "copy"]),
    ];
    for (program, arguments) in programs {
        let child = scene.command(program, arguments).env("FTPS_PASSWORD", "wrong").spawn().unwrap();
        finish(child).ended_with(3).said(&["530", "hint: check --user, and the password in FTPS_PASSWORD"]);
    }
    assert!(!scene.was_sent("EPSV"));
}

#[test]
fn the_password_can_come_from_a_file() {
    let scene = Scene::default();
    scene.write("secret", b"password\nnot this line\n");
    let mut command = scene.command("ftps-ls", &["--password-file", "secret"]);
    finish(command.env_remove("FTPS_PASSWORD").spawn().unwrap()).ended_with(0);
}

#[test]
fn without_a_password_and_a_terminal_the_ways_to_give_one_are_told() {
    let scene = Scene::default();
    let program = scene.command("ftps-ls", &[]);
    let mut without_terminal = std::process::Command::new("setsid");
    without_terminal
        .arg("--wait")
        .arg(program.get_program())
        .args(program.get_args())
        .env_remove("FTPS_PASSWORD")
        .current_dir(program.get_current_dir().unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    finish(without_terminal.spawn().unwrap()).ended_with(3).said(&["FTPS_PASSWORD", "--password-file"]);
}

#[test]
fn who_names_no_user_is_anonymous_and_gives_no_password_away() {
    let users = vec![User::new("anonymous", "anonymous@")];
    let scene = Scene::new(Options { users, ..Options::default() });
    list_with(&scene, &["--ca-file", "ca.pem"]).ended_with(0);
}

#[test]
fn an_untrusted_certificate_is_told_with_the_hint_and_with_the_fingerprint_that_pins_it() {
    let scene = Scene::default();
    let outcome =
        list_with(&scene, &["--user", "user"]).ended_with(3).said(&["--ca-file FILE", "--pin SHA256"]);
    assert!(!scene.was_sent("USER"));
    let fingerprint: String = outcome
        .stderr
        .split_once("SHA-256 is ")
        .expect("the fingerprint is told")
        .1
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect();
    list_with(&scene, &["--user", "user", "--pin", &fingerprint]).ended_with(0);
}

#[test]
fn another_pin_is_refused() {
    let scene = Scene::default();
    list_with(&scene, &["--user", "user", "--pin", &"00".repeat(32)]).ended_with(3).said(&["pinned"]);
    assert!(!scene.was_sent("USER"));
}

#[test]
fn a_certificate_for_another_name_needs_server_name() {
    let scene = Scene::new(with_certificate(Leaf::OtherName));
    scene.run("ftps-ls", &[]).ended_with(3).said(&["--server-name NAME"]);
    scene.run("ftps-ls", &["--server-name", "other.example"]).ended_with(0);
}

#[test]
fn insecure_works_and_says_loudly_what_that_means() {
    let scene = Scene::new(with_certificate(Leaf::Expired));
    scene.run("ftps-ls", &[]).ended_with(3).said(&["expired"]);
    scene.run("ftps-ls", &["--insecure", "--quiet"]).ended_with(0).said(&["WARNING: --insecure"]);
}

#[test]
fn a_client_certificate_is_shown_where_one_is_required() {
    let certificates =
        CertificateOptions { client: ClientCertificate::Required, ..CertificateOptions::default() };
    let scene = Scene::new(Options { certificates, ..Options::default() });
    let identity = scene.server.client_identity("client").unwrap();
    scene.write("client.pem", identity.certificate.as_bytes());
    scene.write("client.key", identity.key.as_bytes());
    scene.run("ftps-ls", &["--cert", "client.pem", "--key", "client.key"]).ended_with(0);
    scene.run("ftps-ls", &[]).ended_with(3);
}

#[test]
fn tls_versions_are_kept_to() {
    let scene = Scene::default();
    scene.run("ftps-ls", &["--stats", "--tls-max", "1.2"]).ended_with(0).said(&["tls=1.2 "]);
    scene.run("ftps-ls", &["--stats", "--tls-min", "1.3"]).ended_with(0).said(&["tls=1.3 "]);
    let old = Scene::new(Options { versions: TlsVersions::Tls12, ..Options::default() });
    old.run("ftps-ls", &["--tls-min", "1.3"]).ended_with(3).said(&["TLS"]);
}

#[test]
fn implicit_tls_is_spoken_by_option_and_by_url() {
    let scene = Scene::new(Options { implicit: true, ..Options::default() });
    scene.run("ftps-ls", &["--implicit"]).ended_with(0);
    let url = format!("ftps://user@127.0.0.1:{}", scene.server.addr().port());
    finish(scene.bare_command("ftps-ls", &["--ca-file", "ca.pem", &url]).spawn().unwrap()).ended_with(0);
}

#[test]
fn the_wrong_beginning_of_tls_is_told_with_the_other_one() {
    let implicit = Scene::new(Options { implicit: true, ..Options::default() });
    implicit.run("ftps-ls", &["--timeout", "1"]).ended_with(3).said(&["hint: ", "--implicit"]);
    let explicit = Scene::default();
    explicit.run("ftps-ls", &["--timeout", "1", "--implicit"]).ended_with(3).said(&["hint: ", "AUTH TLS"]);
}

#[test]
fn a_port_where_nobody_listens_is_told() {
    let scene = Scene::default();
    // Port 1 (tcpmux) is nobody's.
    scene.run("ftps-ls", &["--port", "1"]).ended_with(3).said(&[
        "127.0.0.1:1",
        "Connection refused",
        "hint: check the host, --port",
    ]);
}

#[test]
fn require_refuses_a_server_that_cannot_resume_before_any_transfer_command() {
    let mut options = with_files(&[("/file", b"content")]);
    options.resumption = Resumption::NotRequired;
    options.versions = TlsVersions::Tls13;
    options.tickets.at_login = 0;
    options.tickets.on_downloads = 0;
    options.tickets.on_uploads = 0;
    let scene = Scene::new(options);
    scene
        .run("ftps-get", &["--resumption", "require", "file"])
        .ended_with(1)
        .said(&["hint: --resumption prefer"]);
    assert!(!scene.was_sent("RETR"));
    assert!(scene.local_names().is_empty());
    scene.run("ftps-get", &["--stats", "file"]).ended_with(0).said(&["resumed=0 full=1"]);
}

#[test]
fn off_meets_the_refusal_of_a_strict_server_and_the_reply_is_shown() {
    let scene = Scene::new(with_files(&[("/file", b"content")]));
    scene
        .run("ftps-get", &["--resumption", "off", "file"])
        .ended_with(1)
        .said(&[Wording::FileZilla09.refusal(), "leave --resumption off out"]);
    assert_eq!(scene.server.counters().data_refused, 1);
    assert!(scene.local_names().is_empty());
}

#[test]
fn verbose_shows_the_dialogue_without_the_password() {
    let scene = Scene::default();
    let outcome = scene.run("ftps-ls", &["--verbose"]).ended_with(0).said(&[
        "< 220 strict-server ready\n",
        "> AUTH TLS\n",
        "> USER user\n",
        "> PASS ",
        "< 226 ",
    ]);
    assert!(!outcome.stderr.contains("PASS password"));
}
