//! `docs/servers.md`, written from the records.

use crate::record::{Outcome, Record};
use crate::site::TlsVersion;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const INTRODUCTION: &str = "\
# Servers

What the tests on real servers proved, a section for each file of tests. Not typed: `make servers-doc` writes what the tests record, and
`make servers` fails where they find anything else. The servers are Debian's packages and tell their versions themselves; the look-alike
(`tests/servers/filezilla`) behaves as FileZilla Server 1.x.

A cell holds for TLS 1.2 and 1.3, or names the one it holds for. *Not offered*: the server said so itself; *refused*: as it must be; both with the
code of the reply. *-*: not tried.
";

/// The whole file. `heading` gives the first paragraph of a test file's own comment.
///
/// Fails where two tests contradict each other.
pub fn document(
    records: &[Record],
    heading: impl Fn(&str) -> Result<String, String>,
) -> Result<String, String> {
    let (limits, features): (Vec<&Record>, Vec<&Record>) =
        records.iter().partition(|record| record.outcome == Outcome::Limit);
    let servers: BTreeSet<&str> = features.iter().map(|record| record.server.as_str()).collect();
    let mut text = INTRODUCTION.to_owned();
    for (file, rows) in grouped(&features, |record| &record.file) {
        section(&mut text, file, &heading(file)?);
        table(&mut text, &servers, &rows)?;
    }
    text.push_str("\n## Known limits\n");
    for (server, limits) in grouped(&limits, |record| &record.server) {
        let _ = writeln!(text, "\n{server}:\n");
        for (sentence, records) in grouped(&limits, |record| &record.feature) {
            let _ = writeln!(text, "- {sentence} ({}{})", link(&records[0].file), where_tried(&records));
        }
    }
    Ok(text)
}

fn grouped<'a, 'b>(
    records: &[&'a Record],
    key: impl Fn(&'a Record) -> &'b String,
) -> BTreeMap<&'b str, Vec<&'a Record>> {
    let mut groups = BTreeMap::<&str, Vec<&Record>>::new();
    for record in records {
        groups.entry(key(record)).or_default().push(record);
    }
    groups
}

fn section(text: &mut String, file: &str, paragraph: &str) {
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".rs").replace('_', " ");
    let (first, rest) = stem.split_at(stem.len().min(1));
    let _ = writeln!(text, "\n## {}{rest}\n\n{paragraph} ({})\n", first.to_uppercase(), link(file));
}

/// From `docs/`.
fn link(file: &str) -> String {
    format!("[{}](../{file})", file.rsplit('/').next().unwrap_or(file))
}

fn table(text: &mut String, servers: &BTreeSet<&str>, rows: &[&Record]) -> Result<(), String> {
    let titles: String = servers.iter().map(|server| format!(" {server} |")).collect();
    let _ = writeln!(text, "| |{titles}\n| ---{} |", " | ---".repeat(servers.len()));
    for (feature, records) in grouped(rows, |record| &record.feature) {
        let cells = grouped(&records, |record| &record.server);
        let _ = write!(text, "| {feature} |");
        for server in servers {
            let _ = write!(text, " {} |", cell(cells.get(server).map_or(&[], Vec::as_slice))?);
        }
        text.push('\n');
    }
    Ok(())
}

/// What was recorded of one feature on one server.
fn cell(records: &[&Record]) -> Result<String, String> {
    let mut outcomes = BTreeMap::<TlsVersion, Outcome>::new();
    for record in records {
        let before = outcomes.insert(record.tls, record.outcome);
        if before.is_some_and(|before| before != record.outcome) {
            return Err(format!("tests contradict each other: {before:?} before {record:?}"));
        }
    }
    let mut different: Vec<&Outcome> = outcomes.values().collect();
    different.dedup();
    Ok(match different[..] {
        [] => "-".to_owned(),
        [outcome] => format!("{outcome}{}", where_tried(records)),
        _ => outcomes
            .iter()
            .map(|(tls, outcome)| format!("{}: {outcome}", short(*tls)))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// Nothing where that was on every TLS version.
fn where_tried(records: &[&Record]) -> String {
    let versions: BTreeSet<TlsVersion> = records.iter().map(|record| record.tls).collect();
    if versions.len() == TlsVersion::ALL.len() {
        return String::new();
    }
    let names: Vec<&str> = versions.into_iter().map(short).collect();
    format!(", {}", names.join(", "))
}

fn short(tls: TlsVersion) -> &'static str {
    match tls {
        TlsVersion::Tls12 => "TLS 1.2",
        TlsVersion::Tls13 => "TLS 1.3",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(feature: &str, server: &str, tls: TlsVersion, outcome: Outcome) -> Record {
        let file = "tests/servers/tests/two_words.rs".to_owned();
        Record { file, feature: feature.to_owned(), server: server.to_owned(), tls, outcome }
    }

    fn rendered(records: &[Record]) -> Result<String, String> {
        document(records, |_| Ok("What it is about.".to_owned()))
    }

    #[test]
    fn a_row_says_what_came_of_a_feature_on_each_server() {
        let text = rendered(&[
            record("SIZE", "A 1", TlsVersion::Tls12, Outcome::Works),
            record("SIZE", "A 1", TlsVersion::Tls13, Outcome::Works),
            record("SIZE", "A 1", TlsVersion::Tls13, Outcome::Works),
            record("SIZE", "B 2", TlsVersion::Tls13, Outcome::Works),
            record("HASH", "A 1", TlsVersion::Tls12, Outcome::NotOffered(502)),
            record("HASH", "A 1", TlsVersion::Tls13, Outcome::Refused(550)),
        ]);
        let expected = "
## Two words

What it is about. ([two_words.rs](../tests/servers/tests/two_words.rs))

| | A 1 | B 2 |
| --- | --- | --- |
| HASH | TLS 1.2: not offered (502), TLS 1.3: refused (550) | - |
| SIZE | works | works, TLS 1.3 |
";
        let text = text.unwrap();
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_limit_is_a_sentence_below_its_server() {
        let text = rendered(&[record("It hides files.", "A 1", TlsVersion::Tls13, Outcome::Limit)]).unwrap();
        let expected =
            "\nA 1:\n\n- It hides files. ([two_words.rs](../tests/servers/tests/two_words.rs), TLS 1.3)\n";
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn tests_that_contradict_each_other_are_an_error() {
        let outcomes = [Outcome::Works, Outcome::Refused(550)];
        let records = outcomes.map(|outcome| record("SIZE", "A 1", TlsVersion::Tls12, outcome));
        assert!(rendered(&records).is_err());
    }
}
