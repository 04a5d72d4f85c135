use super::{assert_unparsed, entry, items};
use crate::protocol::tests::reply;
use crate::protocol::EntryKind::*;
use crate::protocol::ListingFormat::Mlsx;
use crate::protocol::{parse_mlst, Precision};
use crate::Error;

#[test]
fn facts_describe_the_entry() {
    let line = "type=file;size=1234;modify=20200103123456;UNIX.mode=0644;UNIX.owner=ann;UNIX.group=staff;unique=8U1; name";
    let entry = entry(Mlsx, line);
    let modified = entry.modified().unwrap();
    assert_eq!((entry.kind(), entry.size(), entry.name().as_ref()), (File, Some(1234), "name"));
    assert_eq!(
        (modified.unix_seconds(), modified.precision(), modified.is_utc()),
        (1_578_054_896, Precision::Second, true)
    );
    assert_eq!(entry.permissions().as_deref(), Some("0644"));
    assert_eq!((entry.owner().as_deref(), entry.group().as_deref()), (Some("ann"), Some("staff")));
    assert_eq!(entry.unique().as_deref(), Some("8U1"));
    assert_eq!(entry.raw(), line.as_bytes());
}

#[test]
fn facts_and_their_names_are_taken_in_any_case() {
    let entry = entry(Mlsx, "Type=DIR;SIZE=5;Modify=20200103123456.25;x.CUSTOM=a=b; name");
    assert_eq!((entry.kind(), entry.size()), (Directory, Some(5)));
    assert_eq!(entry.modified().unwrap().nanoseconds(), 250_000_000);
    assert_eq!(entry.fact("X.custom").as_deref(), Some("a=b"));
    let facts: Vec<String> = entry.facts().map(|(name, value)| format!("{name}:{value}")).collect();
    assert_eq!(facts, ["Type:DIR", "SIZE:5", "Modify:20200103123456.25", "x.CUSTOM:a=b"]);
    assert_eq!(entry.fact("perm"), None);
}

#[test]
fn every_type_is_told() {
    let cases = [
        ("file", File, None),
        ("dir", Directory, None),
        ("cdir", CurrentDirectory, None),
        ("pdir", ParentDirectory, None),
        ("OS.unix=symlink", Symlink, None),
        ("OS.unix=slink", Symlink, None),
        ("OS.unix=slink:", Symlink, None),
        ("os.UNIX=SLINK:/a=b", Symlink, Some("/a=b")),
        ("OS.unix=symlink:target", Symlink, Some("target")),
        ("OS.unix=slink:two words", Symlink, Some("two words")),
        ("OS.unix=slinky", Other, None),
        ("OS.unix=chr-1/3", Other, None),
        ("x", Other, None),
        ("", Unknown, None),
    ];
    for (written, kind, target) in cases {
        for line in [format!("type={written};size=1; na me"), format!("size=1;type={written}; na me")] {
            let entry = entry(Mlsx, &line);
            assert_eq!((entry.kind(), entry.link_target().as_deref()), (kind, target), "{line}");
            assert_eq!((entry.name().as_ref(), entry.size()), ("na me", Some(1)), "{line}");
        }
    }
}

#[test]
fn the_name_begins_after_the_first_space_and_is_kept() {
    for name in ["two words", " leading", "trailing ", "a;b=c; d", ";", "=", "/full/path", "caf\u{e9}"] {
        assert_eq!(entry(Mlsx, format!("type=file; {name}")).name(), name);
        // No facts at all, and no last semicolon: the first is allowed, the second happens.
        assert_eq!(entry(Mlsx, format!(" {name}")).name(), name);
        assert_eq!(entry(Mlsx, format!("type=file;size=1 {name}")).name(), name);
    }
    assert_eq!(entry(Mlsx, b"type=file; caf\xe9").name_bytes(), b"caf\xe9");
}

#[test]
fn the_directory_itself_and_the_one_above_are_told_apart_also_by_name() {
    let kind = |line: &str| entry(Mlsx, line).kind();
    assert_eq!(kind("type=dir; ."), CurrentDirectory);
    assert_eq!(kind("type=dir; .."), ParentDirectory);
    assert_eq!(kind("type=cdir; /home/ann"), CurrentDirectory);
    assert_eq!(kind("type=file; ."), File);
}

#[test]
fn owner_and_group_are_the_name_where_there_is_one() {
    let owner_and_group = |facts: &str| {
        let entry = entry(Mlsx, format!("{facts} x"));
        (entry.owner().map(String::from), entry.group().map(String::from))
    };
    let some = |owner: &str, group: &str| (Some(owner.to_owned()), Some(group.to_owned()));
    assert_eq!(
        owner_and_group("UNIX.group=5;UNIX.groupname=staff;UNIX.owner=1;UNIX.ownername=ann;"),
        some("ann", "staff")
    );
    assert_eq!(owner_and_group("UNIX.uid=1;UNIX.gid=5;"), some("1", "5"));
    assert_eq!(owner_and_group("UNIX.owner=;"), (None, None));
}

#[test]
fn the_size_of_a_directory_may_be_called_sizd() {
    assert_eq!(entry(Mlsx, "type=dir;sizd=4096; d").size(), Some(4096));
    assert_eq!(entry(Mlsx, "type=file;size=1;sizd=4096; d").size(), Some(1));
}

#[test]
fn an_empty_fact_says_nothing() {
    let entry = entry(Mlsx, "type=file;size=;modify=; x");
    assert_eq!((entry.kind(), entry.size(), entry.modified()), (File, None, None));
}

#[test]
fn a_malformed_line_is_unparsed() {
    for line in [
        "type=file;",
        "type=file; ",
        "type=file",
        "type=file;size=-1; x",
        "type=file;size=18446744073709551616; x",
        "type=file;modify=20200230000000; x",
        "type=file;modify=yesterday; x",
        "type=file;;size=1; x",
        "type=file;=1; x",
        "file; x",
        "a name",
        "-rw-r--r-- 1 ann staff 1234 Jan 3 2020 name",
    ] {
        assert_unparsed(Mlsx, line);
    }
    assert_eq!(items(Mlsx, "\r\n"), []);
}

#[test]
fn a_space_in_a_value_other_than_a_link_target_begins_the_name() {
    assert_eq!(entry(Mlsx, "type=file;size=1 2; x; y=z").name(), "2; x; y=z");
}

#[test]
fn the_entry_of_mlst_is_found_in_the_reply() {
    for text in [
        "250-Listing /a b\r\n type=file;size=1; /a b\r\n250 End\r\n",
        "250-Listing /a b\r\ntype=file;size=1; /a b\r\n250 End\r\n",
        "250-Listing /a b\r\n250-type=file;size=1; /a b\r\n250 End\r\n",
        "250- type=file;size=1; /a b\r\n250 End\r\n",
        "250 type=file;size=1; /a b\r\n",
    ] {
        let entry = parse_mlst(&reply(text)).expect(text);
        assert_eq!((entry.kind(), entry.size(), entry.name().as_ref()), (File, Some(1), "/a b"), "{text}");
    }
}

#[test]
fn a_reply_to_mlst_without_an_entry_is_a_protocol_error() {
    for text in [
        "250 End\r\n",
        "250-Listing x\r\n250 End\r\n",
        "250-Listing x\r\n type=file;size=-1; x\r\n250 End\r\n",
        "250-Listing x\r\n x=y; z\r\n250 End\r\n",
        "213-x\r\n type=file; x\r\n213 End\r\n",
    ] {
        let outcome = parse_mlst(&reply(text));
        assert!(matches!(outcome, Err(Error::Protocol(_))), "{text}: {outcome:?}");
    }
}
