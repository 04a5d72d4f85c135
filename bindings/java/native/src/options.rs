//! The options of a client, as Java writes them: a tag, then the value. `ConnectionOptions.java` and
//! `TlsOptions.java` are the other side.

use crate::callbacks::Callbacks;
use crate::errors::{invalid, Problem};
use crate::wire::Reader;
use ftps::client::pool::PoolBuilder;
use ftps::client::{
    ActiveMode, AtomicUpload, Builder, DataProtection, Direction, LineEnds, ListingCommand, ListingOptions,
    RateLimits, RetryPolicy, Security, Timeouts,
};
use ftps::net::{Proxy, SocketOptions};
use ftps::protocol::{Charset, ListingFormat};
use ftps::trees::{Compare, Execution, Mirror, OnFailure};
use ftps::{FtpsClient, ResumptionPolicy, TlsOptions, TlsVersion};
use std::ffi::OsStr;
use std::net::IpAddr;
use std::num::NonZeroU64;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

struct Draft<'a> {
    tls: TlsOptions,
    timeouts: Timeouts,
    sockets: SocketOptions,
    callbacks: &'a Arc<Callbacks>,
}

pub fn builder(bytes: &[u8], callbacks: &Arc<Callbacks>) -> Result<Builder, Problem> {
    let mut reader = Reader::new(bytes);
    let host = reader.text().ok_or_else(malformed)?;
    let mut builder = FtpsClient::builder(host);
    // The JVM has roots of its own, which come as extra ones.
    let tls = TlsOptions::default().platform_roots(false);
    let (timeouts, sockets) = (Timeouts::default(), SocketOptions::default());
    let mut draft = Draft { tls, timeouts, sockets, callbacks };
    while !reader.is_empty() {
        builder = option(builder, &mut draft, &mut reader)?;
    }
    Ok(builder.tls(draft.tls).timeouts(draft.timeouts).sockets(draft.sockets))
}

fn option(builder: Builder, draft: &mut Draft<'_>, reader: &mut Reader) -> Result<Builder, Problem> {
    match reader.byte().ok_or_else(malformed)? {
        1 => Ok(builder.port(number(reader)?)),
        2 => Ok(builder.security(choose(reader, &[Security::Explicit, Security::Implicit])?)),
        3 => Ok(builder.resumption(choose(
            reader,
            &[ResumptionPolicy::Prefer, ResumptionPolicy::Require, ResumptionPolicy::Off],
        )?)),
        4 => Ok(builder.relogin(flag(reader)?)),
        5 => Ok(builder.tolerate_missing_close_notify(flag(reader)?)),
        6 => Ok(builder.trust_passive_address(flag(reader)?)),
        7 => Ok(builder.active_mode(active_mode(reader)?)),
        8 => Ok(builder.listing(listing(reader)?)),
        9 => Ok(builder.charset(charset(reader)?)),
        40 => Ok(builder.retry_policy(retry_policy(reader, draft.callbacks)?)),
        41 => Ok(builder.keep_alive(keep_alive(reader)?)),
        tag @ 50..=53 => {
            socket_option(&mut draft.sockets, tag, reader)?;
            Ok(builder)
        }
        54 => Ok(builder.proxy(proxy(reader)?)),
        55 => Ok(builder.data_protection(choose(reader, &[DataProtection::Private, DataProtection::Clear])?)),
        tag @ 10..=13 => {
            timeout(&mut draft.timeouts, tag, reader)?;
            Ok(builder)
        }
        42 => Ok(builder.rate_limits(rate_limits(reader)?)),
        43 => Ok(builder.line_ends(choose(reader, &LINE_ENDS)?)),
        44 => Ok(builder.virtual_host(text(reader)?.to_owned())),
        45 => Ok(builder.announce_sizes(flag(reader)?)),
        tag => {
            draft.tls = tls_option(std::mem::take(&mut draft.tls), tag, reader, draft.callbacks)?;
            Ok(builder)
        }
    }
}

/// Changes those options that a connected client has too: `LiveOptions.java`.
pub fn change(client: &mut FtpsClient, bytes: &[u8]) -> Result<(), Problem> {
    let mut reader = Reader::new(bytes);
    let mut timeouts = client.timeouts();
    while !reader.is_empty() {
        match reader.byte().ok_or_else(malformed)? {
            7 => client.set_active_mode(active_mode(&mut reader)?)?,
            8 => client.set_listing(listing(&mut reader)?)?,
            41 => client.set_keep_alive(keep_alive(&mut reader)?),
            tag @ 10..=13 => timeout(&mut timeouts, tag, &mut reader)?,
            42 => client.set_rate_limits(rate_limits(&mut reader)?),
            43 => client.set_line_ends(choose(&mut reader, &LINE_ENDS)?),
            _ => return Err(malformed()),
        }
    }
    client.set_timeouts(timeouts);
    Ok(())
}

/// In the order of `LineEnds.java`.
const LINE_ENDS: [LineEnds; 2] = [LineEnds::CrLf, LineEnds::Lf];

/// 0 is no limit.
fn rate_limits(reader: &mut Reader) -> Result<RateLimits, Problem> {
    let mut limit = || reader.count().map(NonZeroU64::new).ok_or_else(malformed);
    Ok(RateLimits { download: limit()?, upload: limit()? })
}

fn timeout(timeouts: &mut Timeouts, tag: u8, reader: &mut Reader) -> Result<(), Problem> {
    let limit = Duration::from_nanos(reader.count().ok_or_else(malformed)?);
    match tag {
        10 => timeouts.connect = limit,
        11 => timeouts.reply = limit,
        12 => timeouts.data = limit,
        _ => timeouts.operation = Some(limit),
    }
    Ok(())
}

/// None is never.
fn retry_policy(reader: &mut Reader, callbacks: &Arc<Callbacks>) -> Result<Option<RetryPolicy>, Problem> {
    let attempts = reader.int().and_then(|attempts| u32::try_from(attempts).ok()).ok_or_else(malformed)?;
    let (first, longest) = (duration(reader)?, duration(reader)?);
    let observer = flag(reader)?.then(|| callbacks.retry_observer());
    let policy = RetryPolicy::new(attempts).first_delay(first).longest_delay(longest).observer(observer);
    Ok((attempts > 0).then_some(policy))
}

/// None is never.
fn keep_alive(reader: &mut Reader) -> Result<Option<Duration>, Problem> {
    let interval = duration(reader)?;
    Ok((!interval.is_zero()).then_some(interval))
}

fn duration(reader: &mut Reader) -> Result<Duration, Problem> {
    reader.count().map(Duration::from_nanos).ok_or_else(malformed)
}

/// How an atomic upload is done: `AtomicUpload.java`.
pub fn atomic_upload(bytes: &[u8]) -> Result<AtomicUpload, Problem> {
    let mut reader = Reader::new(bytes);
    let pattern = text(&mut reader)?;
    Ok(AtomicUpload::default()
        .temporary_name(pattern)
        .replace(flag(&mut reader)?)
        .verify_hash(flag(&mut reader)?))
}

/// What a pool is built with: `FtpsPool.java`.
pub fn pool(builder: Builder, reader: &mut Reader) -> Result<PoolBuilder, Problem> {
    let pool = builder.pool_with_account(bytes(reader)?, bytes(reader)?, bytes(reader)?);
    let pool = pool.maximum(size(reader)?).wait(duration(reader)?);
    Ok(pool.check_after(duration(reader)?).expire_after(duration(reader)?))
}

/// What is to be made like what: `Mirror.java`.
pub fn mirror(bytes_from_java: &[u8]) -> Result<Mirror, Problem> {
    let mut reader = Reader::new(bytes_from_java);
    let direction = choose(&mut reader, &[Direction::Download, Direction::Upload])?;
    let (local, remote) = (local_path(bytes(&mut reader)?), bytes(&mut reader)?);
    let comparisons = [Compare::SizeAndTime, Compare::Size, Compare::Hash, Compare::Nothing];
    let mut mirror = match direction {
        Direction::Download => Mirror::download(remote, local),
        Direction::Upload => Mirror::upload(local, remote),
    }
    .compare(choose(&mut reader, &comparisons)?)
    .tolerance(duration(&mut reader)?)
    .delete_extraneous(flag(&mut reader)?)
    .atomic_uploads(flag(&mut reader)?);
    for pattern in reader.list().ok_or_else(malformed)? {
        mirror = mirror.include(pattern)?;
    }
    for pattern in reader.list().ok_or_else(malformed)? {
        mirror = mirror.exclude(pattern)?;
    }
    Ok(mirror)
}

/// How a plan is executed. 0 connections are as many as there may be: `MirrorPlan.java`.
pub fn execution(bytes: &[u8]) -> Result<Execution, Problem> {
    let mut reader = Reader::new(bytes);
    let connections = size(&mut reader)?;
    let execution =
        Execution::default().on_failure(choose(&mut reader, &[OnFailure::Continue, OnFailure::Stop])?);
    Ok(if connections > 0 { execution.connections(connections) } else { execution })
}

/// 0 is the system's choice.
fn socket_option(sockets: &mut SocketOptions, tag: u8, reader: &mut Reader) -> Result<(), Problem> {
    if tag == 50 {
        sockets.bind_address = address(reader)?;
        return Ok(());
    }
    let count = Some(reader.count().ok_or_else(malformed)?).filter(|count| *count > 0);
    let size = count.and_then(|count| usize::try_from(count).ok());
    match tag {
        51 => sockets.tcp_keep_alive = count.map(Duration::from_secs),
        52 => sockets.send_buffer = size,
        _ => sockets.receive_buffer = size,
    }
    Ok(())
}

/// `FtpsProxy.java` is the other side.
fn proxy(reader: &mut Reader) -> Result<Option<Proxy>, Problem> {
    if !flag(reader)? {
        return Ok(None);
    }
    let is_socks = flag(reader)?;
    let (host, port) = (text(reader)?.to_owned(), number(reader)?);
    let proxy = if is_socks { Proxy::socks5(host, port) } else { Proxy::http_connect(host, port) };
    Ok(Some(match flag(reader)? {
        true => proxy.credentials(bytes(reader)?, bytes(reader)?),
        false => proxy,
    }))
}

/// None is passive mode. Ports 0 to 0 are any.
fn active_mode(reader: &mut Reader) -> Result<Option<ActiveMode>, Problem> {
    if !flag(reader)? {
        return Ok(None);
    }
    let (first, last) = (number(reader)?, number(reader)?);
    let mode = ActiveMode::default().listen_on(address(reader)?).announced_address(address(reader)?);
    let mode = mode.trust_any_peer(flag(reader)?);
    Ok(Some(if (first, last) == (0, 0) { mode } else { mode.ports(first..=last) }))
}

fn listing(reader: &mut Reader) -> Result<ListingOptions, Problem> {
    use {ListingCommand as By, ListingFormat as As};
    let command = choose(reader, &[By::Auto, By::Mlsd, By::List, By::Nlst])?;
    let formats = [
        As::Auto,
        As::Mlsx,
        As::Unix,
        As::Dos,
        As::Names,
        As::Os400,
        As::Zos,
        As::Vms,
        As::Eplf,
        As::NetWare,
        As::MacOsPeter,
    ];
    let format = choose(reader, &formats)?;
    let options = ListingOptions::default().command(command).format(format).arguments(text(reader)?);
    let is_clock_known = flag(reader)?;
    let clock = reader.long().ok_or_else(malformed)?;
    Ok(options.server_clock(is_clock_known.then_some(clock)))
}

/// Java converts names itself, and has more character sets; the client has to know whether it is UTF-8.
fn charset(reader: &mut Reader) -> Result<Charset, Problem> {
    let name = text(reader)?;
    Charset::for_label(name).or_else(|_| Charset::for_label("windows-1252")).map_err(Problem::from)
}

/// The bytes of an IP address; none where there are none.
fn address(reader: &mut Reader) -> Result<Option<IpAddr>, Problem> {
    let bytes = bytes(reader)?;
    let (v4, v6) = (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes));
    match (bytes, v4, v6) {
        ([], ..) => Ok(None),
        (_, Ok(octets), _) => Ok(Some(octets.into())),
        (_, _, Ok(octets)) => Ok(Some(octets.into())),
        _ => Err(malformed()),
    }
}

fn tls_option(
    tls: TlsOptions,
    tag: u8,
    reader: &mut Reader,
    callbacks: &Arc<Callbacks>,
) -> Result<TlsOptions, Problem> {
    let versions = [TlsVersion::V1_2, TlsVersion::V1_3];
    match tag {
        20 => Ok(tls.platform_roots(flag(reader)?)),
        21 => Ok(tls.extra_roots_pem(bytes(reader)?)),
        22 => Ok(tls.pin_sha256_hex(text(reader)?)?),
        23 => Ok(tls.danger_accept_any_certificate(flag(reader)?)),
        24 => Ok(tls.client_identity_pem(bytes(reader)?, bytes(reader)?)),
        25 => Ok(tls.versions(choose(reader, &versions)?, choose(reader, &versions)?)),
        26 => Ok(tls.server_name(text(reader)?)),
        27 => Ok(tls.key_log(local_path(bytes(reader)?))),
        28 => Ok(tls.revocation_lists_pem(bytes(reader)?)),
        29 => Ok(tls.cipher_suites(text(reader)?.split(',').filter(|name| !name.is_empty()))),
        30 => Ok(tls.danger_accept_any_name(flag(reader)?)),
        31 => Ok(tls.trust_decision(callbacks.trust_decision())),
        32 => Ok(tls.client_identity_choice(callbacks.identity_choice())),
        _ => Err(malformed()),
    }
}

/// A path of the local file system, in the bytes of the operating system.
pub fn local_path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

fn flag(reader: &mut Reader) -> Result<bool, Problem> {
    reader.flag().ok_or_else(malformed)
}

fn number(reader: &mut Reader) -> Result<u16, Problem> {
    reader.int().and_then(|value| u16::try_from(value).ok()).ok_or_else(malformed)
}

fn size(reader: &mut Reader) -> Result<usize, Problem> {
    reader.int().and_then(|value| usize::try_from(value).ok()).ok_or_else(malformed)
}

fn bytes<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Problem> {
    reader.string().ok_or_else(malformed)
}

fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Problem> {
    reader.text().ok_or_else(malformed)
}

/// The ordinal of an enum.
fn choose<T: Copy>(reader: &mut Reader, values: &[T]) -> Result<T, Problem> {
    reader.byte().and_then(|ordinal| values.get(usize::from(ordinal)).copied()).ok_or_else(malformed)
}

fn malformed() -> Problem {
    invalid("the options were not understood: jar and native library do not belong together")
}
