//! Lists the login directory through a proxy, whose user and password, if it wants any, are in `PROXY_USER` and
//! `PROXY_PASSWORD`: `cargo run --example proxy -- socks5|http PROXY_HOST PROXY_PORT HOST PORT CA_PEM USER PASSWORD`.

use ftps::net::Proxy;
use ftps::{FtpsClient, TlsOptions};
use std::env;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [kind, proxy_host, proxy_port, host, port, ca, user, password] = arguments.as_slice() else {
        return Err("usage: proxy socks5|http PROXY_HOST PROXY_PORT HOST PORT CA_PEM USER PASSWORD".into());
    };
    let proxy = match kind.as_str() {
        "socks5" => Proxy::socks5(proxy_host, proxy_port.parse()?),
        "http" => Proxy::http_connect(proxy_host, proxy_port.parse()?),
        _ => return Err("the proxy is socks5 or http".into()),
    };
    let proxy = match (env::var("PROXY_USER"), env::var("PROXY_PASSWORD")) {
        (Ok(user), Ok(password)) => proxy.credentials(user, password),
        _ => proxy,
    };
    let tls = TlsOptions::default().extra_roots_pem(std::fs::read(ca)?);
    let mut client =
        FtpsClient::builder(host.as_str()).port(port.parse()?).tls(tls).proxy(proxy).connect()?;
    client.login(user, password)?;
    for entry in &client.list("")?.entries {
        println!("{}", entry.name());
    }
    Ok(client.quit()?)
}
