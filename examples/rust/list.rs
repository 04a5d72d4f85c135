//! Lists a directory: `cargo run --example list -- HOST PORT CA_PEM USER PASSWORD [DIRECTORY]`.

use ftps::{FtpsClient, TlsOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, ca, user, password, rest @ ..] = arguments.as_slice() else {
        return Err("usage: list HOST PORT CA_PEM USER PASSWORD [DIRECTORY]".into());
    };
    let tls = TlsOptions::default().extra_roots_pem(std::fs::read(ca)?);
    let mut client = FtpsClient::builder(host.as_str()).port(port.parse()?).tls(tls).connect()?;
    client.login(user, password)?;
    let listing = client.list(rest.first().map_or("", String::as_str))?;
    for entry in &listing.entries {
        println!("{:>12}  {}", entry.size().map_or_else(String::new, |size| size.to_string()), entry.name());
    }
    for line in &listing.unparsed {
        eprintln!("not understood: {}", String::from_utf8_lossy(line).escape_debug());
    }
    let statistics = client.statistics();
    eprintln!("{} of {} data connections resumed", statistics.resumed, statistics.data_connections);
    Ok(client.quit()?)
}
