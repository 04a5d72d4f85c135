//! Values of the client as bytes for Java.

use crate::wire::Writer;
use ftps::client::{Retry, Statistics};
use ftps::protocol::{Command, Entry, EntryKind, ListingItem, Precision, Reply, Timestamp};
use ftps::{Error, FtpsClient, TlsVersion};

pub fn reply(reply: &Reply) -> Vec<u8> {
    let mut writer = Writer::default();
    write_reply(&mut writer, reply);
    writer.finish()
}

fn write_reply(writer: &mut Writer, reply: &Reply) {
    let lines: Vec<&[u8]> = reply.lines().collect();
    writer.int(i32::from(reply.code())).string(reply.raw()).list(&lines);
}

/// A command of the dialogue; passwords are masked.
pub fn sent(what: u8, command: &Command) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.byte(what).string(command.to_string());
    writer.finish()
}

/// A reply of the dialogue.
pub fn received(what: u8, reply: &Reply) -> Vec<u8> {
    let mut writer = Writer::default();
    write_reply(writer.byte(what), reply);
    writer.finish()
}

pub fn error(error: &Error) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.string(error.kind()).string(error.to_string());
    writer.count(error.bytes_moved());
    writer.int(error.tls_alert().map_or(-1, i32::from));
    writer.int(error.errno().unwrap_or(0));
    match error.reply() {
        Some(reply) => write_reply(writer.flag(true), reply),
        None => drop(writer.flag(false)),
    }
    writer.finish()
}

/// Another attempt, before it is made.
pub fn retry(what: u8, retry: &Retry<'_>) -> Vec<u8> {
    let mut told = Writer::default();
    let delay = u64::try_from(retry.delay.as_nanos()).unwrap_or(u64::MAX);
    told.byte(what).count(u64::from(retry.attempt)).count(delay).count(retry.offset);
    told.string(error(retry.error));
    told.finish()
}

/// A panic, or anything else that is this library's own fault.
pub fn defect(what: &str) -> Vec<u8> {
    let mut writer = Writer::default();
    let message = format!("a defect of libftps, please report it: {what}");
    writer.string("internal").string(message).count(0).int(-1).int(0).flag(false);
    writer.finish()
}

pub fn timestamp(time: &Timestamp) -> Vec<u8> {
    let mut writer = Writer::default();
    write_timestamp(&mut writer, time);
    writer.finish()
}

fn write_timestamp(writer: &mut Writer, time: &Timestamp) {
    let precision = match time.precision() {
        Precision::Day => 0,
        Precision::Minute => 1,
        Precision::Second => 2,
        Precision::Subsecond => 3,
    };
    writer.long(time.unix_seconds()).int(time.nanoseconds() as i32).byte(precision).flag(time.is_utc());
}

pub fn entry(entry: &Entry) -> Vec<u8> {
    let mut writer = Writer::default();
    write_entry(&mut writer, entry);
    writer.finish()
}

pub fn write_entry(writer: &mut Writer, entry: &Entry) {
    let kind = match entry.kind() {
        EntryKind::File => 0,
        EntryKind::Directory => 1,
        EntryKind::Symlink => 2,
        EntryKind::CurrentDirectory => 3,
        EntryKind::ParentDirectory => 4,
        EntryKind::Other => 5,
        _ => 6,
    };
    writer.byte(kind).string(entry.name_bytes()).string(entry.raw());
    writer.optional(entry.link_target_bytes());
    match entry.size() {
        Some(size) => writer.count(size),
        None => writer.long(-1),
    };
    match entry.modified() {
        Some(time) => write_timestamp(writer.flag(true), time),
        None => drop(writer.flag(false)),
    }
    for word in [entry.owner(), entry.group(), entry.permissions(), entry.unique()] {
        writer.optional(word.as_deref());
    }
    let facts: Vec<_> = entry.facts().collect();
    writer.int(i32::try_from(facts.len()).unwrap_or(i32::MAX));
    for (name, value) in facts {
        writer.string(name.as_ref()).string(value.as_ref());
    }
}

/// Entries and lines that were not understood, in the server's order.
pub fn items(items: &[ListingItem]) -> Vec<u8> {
    let mut writer = Writer::default();
    for item in items {
        match item {
            ListingItem::Entry(entry) => write_entry(writer.flag(true), entry),
            ListingItem::Unparsed(line) => drop(writer.flag(false).string(line)),
        }
    }
    writer.finish()
}

/// What can be asked of a client at any time.
pub fn facts_about(client: &FtpsClient) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.flag(client.is_usable());
    writer.int(match client.tls_version() {
        None => 0,
        Some(TlsVersion::V1_2) => 12,
        Some(TlsVersion::V1_3) => 13,
    });
    statistics(&mut writer, client.statistics());
    let features: Vec<_> = client.features().iter().collect();
    writer.int(i32::try_from(features.len()).unwrap_or(i32::MAX));
    for (name, parameters) in features {
        writer.string(name).string(parameters);
    }
    writer.finish()
}

/// In the order of `Statistics.java`.
pub fn statistics(writer: &mut Writer, counted: Statistics) {
    let Statistics {
        data_connections,
        resumed,
        full,
        clear,
        tickets_received,
        tickets_offered,
        tickets_reoffered,
        relogins,
    } = counted;
    for count in [
        data_connections,
        resumed,
        full,
        tickets_received,
        tickets_offered,
        tickets_reoffered,
        relogins,
        clear,
    ] {
        writer.count(count);
    }
}
