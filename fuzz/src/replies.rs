//! Replies, and what single ones say.

use crate::pieces::pieces;
use ftps::protocol::{
    parse_epsv, parse_hash, parse_mdtm, parse_mlst, parse_pasv, parse_pwd, parse_size, port_argument,
    Command, Features, HashAlgorithm, ListingFormat, Reply, ReplyParser, MAX_LINE_BYTES, MAX_REPLY_BYTES,
};

/// A stream of replies.
pub fn stream(bytes: &[u8]) {
    let (replies, error) = parse([bytes]);
    assert_eq!(parse(pieces(bytes)), (replies.clone(), error.clone()), "pieces differ from the whole");

    let raw: Vec<u8> = replies.iter().flat_map(Reply::raw).copied().collect();
    assert!(bytes.starts_with(&raw), "bytes between replies are lost or invented");
    if error.is_none() {
        let rest = &bytes[raw.len()..];
        assert!(
            rest.len() <= MAX_REPLY_BYTES && !is_single_line(rest),
            "a reply is held back: {}",
            rest.escape_ascii()
        );
    }
    replies.iter().for_each(look_at);
}

/// A reply of one line whose end has come.
fn is_single_line(bytes: &[u8]) -> bool {
    bytes.contains(&b'\n') && bytes.get(3) != Some(&b'-')
}

/// Everything that comes out of the pieces: the replies, and the error that ended it.
fn parse<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Reply>, Option<String>) {
    let mut parser = ReplyParser::new();
    let mut replies = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        loop {
            match parser.next_reply() {
                Ok(Some(reply)) => replies.push(reply),
                Ok(None) => break,
                Err(error) => {
                    assert!(parser.next_reply().is_err(), "an error is forgotten");
                    return (replies, Some(error.to_string()));
                }
            }
        }
    }
    (replies, None)
}

/// Whatever a client may ask of any reply.
fn look_at(reply: &Reply) {
    let raw = reply.raw();
    assert!((100..=659).contains(&reply.code()) && raw.starts_with(reply.code().to_string().as_bytes()));
    assert!(raw.ends_with(b"\n") && raw.len() <= MAX_REPLY_BYTES);
    assert!(raw.split(|&byte| byte == b'\n').all(|line| line.len() < MAX_LINE_BYTES));
    assert_eq!(reply.lines().count(), raw.iter().filter(|&&byte| byte == b'\n').count());
    let shown = reply.to_string();
    // 1000 characters, of which an escaped one takes up to eight: `\u{202e}`.
    assert!(shown.len() < 8100 && !shown.contains(char::is_control), "unfit for a log: {shown:?}");
    let _ = (reply.text(), parse_size(reply), parse_mdtm(reply), ListingFormat::of_system(reply));
    let _ = (parse_epsv(reply), parse_pasv(reply), parse_pwd(reply), Features::parse(reply));
    let _ = parse_mlst(reply);
    for algorithm in HashAlgorithm::ALL {
        let hash = parse_hash(reply, algorithm);
        assert!(hash.is_err() || hash.is_ok_and(|hash| hash.len() == algorithm.length()));
    }
}

/// The reply with this code and text, or none where that is not one whole reply.
fn only_reply(code: &str, text: &[u8]) -> Option<Reply> {
    let bytes = [code.as_bytes(), text, b"\r\n"].concat();
    match parse([&bytes[..]]) {
        (replies, None) => <[Reply; 1]>::try_from(replies).ok().map(|[reply]| reply),
        _ => None,
    }
}

/// The lines of an answer to FEAT.
pub fn features(input: &[u8]) {
    let text = [b"-Features\r\n", input, b"\r\n211 End"].concat();
    let Some(reply) = only_reply("211", &text) else { return };
    let features = Features::parse(&reply);
    assert!(features.iter().count() <= reply.lines().count(), "features are invented");
    for (name, parameters) in features.iter() {
        assert!(!name.is_empty() && !name.contains(['\r', '\n', ' ']) && !parameters.starts_with(' '));
        assert!(features.has(&name.to_ascii_lowercase()) && features.has(name));
    }
    assert!(features.mlst_facts().all(|(fact, _)| !fact.is_empty() && !fact.contains(';')));
}

/// The text of an answer to EPSV or PASV.
pub fn passive(input: &[u8]) {
    if let Some(port) = only_reply("229 ", input).and_then(|reply| parse_epsv(&reply).ok()) {
        assert_ne!(port, 0);
        let formatted = only_reply("229 ", format!("Extended (|||{port}|)").as_bytes()).expect("a reply");
        assert_eq!(parse_epsv(&formatted).ok(), Some(port));
    }
    if let Some(address) = only_reply("227 ", input).and_then(|reply| parse_pasv(&reply).ok()) {
        assert_ne!(address.port(), 0);
        let formatted =
            only_reply("227 ", format!("Passive ({})", port_argument(address)).as_bytes()).expect("a reply");
        assert_eq!(parse_pasv(&formatted).ok(), Some(address));
    }
}

/// The text of an answer to PWD, and a path to be quoted in one.
pub fn pwd(input: &[u8]) {
    if let Some(path) = only_reply("257 ", input).and_then(|reply| parse_pwd(&reply).ok()) {
        assert!(!path.is_empty() && path.len() <= input.len());
    }
    // What cannot be sent in a command cannot be told in a reply either.
    if input.is_empty() || Command::new("CWD", input).is_err() {
        return;
    }
    let quoted: Vec<u8> =
        input.iter().flat_map(|&byte| if byte == b'"' { vec![byte; 2] } else { vec![byte] }).collect();
    let reply = only_reply("257 ", &[b"\"", &quoted[..], b"\" is here"].concat()).expect("a reply");
    assert_eq!(parse_pwd(&reply).ok().as_deref(), Some(input), "a quoted path is another one");
}
