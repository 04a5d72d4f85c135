//! Uploads `report.csv` from the current folder, trusting `ca.pem`: `cargo run --example upload -- HOST PORT`.

use ftps::{FtpsClient, TlsOptions};

fn upload(host: &str, port: u16) -> Result<(), Box<dyn std::error::Error>> {
    let tls = TlsOptions::default().extra_roots_pem(std::fs::read("ca.pem")?);
    let mut client = FtpsClient::builder(host).port(port).tls(tls).connect()?;
    client.login("user", "password")?;
    client.upload_file("report.csv", "folder/report.csv")?;
    for entry in &client.list("folder")?.entries {
        println!("{}", entry.name());
    }
    println!("{:?}", client.statistics());
    Ok(client.quit()?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else { return Err("usage: upload HOST PORT".into()) };
    upload(host, port.parse()?)
}
