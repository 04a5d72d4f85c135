//! Makes a directory like another one, over four connections; with `--dry-run` it only says what it would do:
//! `cargo run --example mirror -- HOST PORT CA_PEM USER PASSWORD down|up REMOTE LOCAL [--dry-run]`.

use ftps::trees::{Execution, Mirror};
use ftps::{FtpsClient, TlsOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, ca, user, password, direction, remote, local, rest @ ..] = arguments.as_slice() else {
        return Err("usage: mirror HOST PORT CA_PEM USER PASSWORD down|up REMOTE LOCAL [--dry-run]".into());
    };
    let mirror = match direction.as_str() {
        "down" => Mirror::download(remote, local),
        "up" => Mirror::upload(local, remote),
        _ => return Err("the direction is down or up".into()),
    };
    let mirror = mirror.exclude("*.tmp")?.delete_extraneous(true);
    let tls = TlsOptions::default().extra_roots_pem(std::fs::read(ca)?);
    let pool = FtpsClient::builder(host.as_str())
        .port(port.parse()?)
        .tls(tls)
        .pool(user, password)
        .maximum(4)
        .build();

    let plan = mirror.plan(&mut *pool.lease()?)?;
    print!("{plan}");
    if rest.iter().any(|argument| argument == "--dry-run") {
        return Ok(());
    }
    let report = plan.execute(&pool, &Execution::default(), |progress| {
        let ((files_over, files), (moved, bytes)) = (progress.files, progress.bytes);
        eprint!("\r{files_over} of {files} files, {moved} of {bytes} bytes");
        true
    })?;
    eprintln!();
    print!("{report}");
    match report.is_complete() {
        true => Ok(()),
        false => Err("not everything was done".into()),
    }
}
