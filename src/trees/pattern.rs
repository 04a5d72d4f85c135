//! Patterns of names: `*`, `?`, `[...]` and `**`.

use crate::{Error, Failure, Result};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// A pattern of paths. `*` is any number of characters in one name, dots at its beginning included, `?` is one character,
/// `[a-z]` one of these and `[!a-z]` one of the others, `**` any number of directories, none included. `\` takes away the
/// meaning of the character that follows. A character is one of UTF-8, or a byte that is not UTF-8.
///
/// (The crates `glob` and `globset` match paths of the local platform; names here are the server's bytes, and a walk has to
/// know of a directory whether anything beneath it can match.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `**`
    AnyDirectories,
    Name(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    One(u32),
    AnyOne,
    AnyNumber,
    Class { negated: bool, ranges: Vec<RangeInclusive<u32>> },
}

/// How far a path has come through a pattern: the parts that may match its next name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    positions: BTreeSet<usize>,
    end: usize,
}

impl Progress {
    /// Whether the path matches as it is.
    pub fn is_match(&self) -> bool {
        self.positions.contains(&self.end)
    }

    /// Whether something beneath it can match.
    pub fn leads_on(&self) -> bool {
        self.positions.iter().any(|position| *position < self.end)
    }
}

impl Pattern {
    /// Fails with [`Error::InvalidArgument`] where a `[` is not closed, or `**` stands beside other characters.
    pub fn new(pattern: impl AsRef<[u8]>) -> Result<Pattern> {
        let parts = pattern.as_ref().split(|byte| *byte == b'/').filter(|part| !part.is_empty());
        Ok(Pattern { parts: parts.map(parse_part).collect::<Result<_>>()? })
    }

    /// Whether a path, whose names are parted by `/`, matches from its beginning to its end.
    pub fn matches(&self, path: impl AsRef<[u8]>) -> bool {
        let names = path.as_ref().split(|byte| *byte == b'/').filter(|name| !name.is_empty());
        names.fold(self.start(), |progress, name| self.advance(&progress, name)).is_match()
    }

    /// Whether this pattern has one name only: such a one is meant for a name at any depth.
    pub(super) fn is_of_a_name(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Name(_)])
    }

    pub(super) fn start(&self) -> Progress {
        self.progress(BTreeSet::from([0]))
    }

    pub(super) fn advance(&self, progress: &Progress, name: &[u8]) -> Progress {
        let characters = characters(name);
        let mut positions = BTreeSet::new();
        for &position in &progress.positions {
            match self.parts.get(position) {
                Some(Part::AnyDirectories) => drop(positions.insert(position)),
                Some(Part::Name(tokens)) if matches_name(tokens, &characters) => {
                    positions.insert(position + 1);
                }
                _ => {}
            }
        }
        self.progress(positions)
    }

    /// A `**` may also match nothing.
    fn progress(&self, mut positions: BTreeSet<usize>) -> Progress {
        for (index, part) in self.parts.iter().enumerate() {
            if *part == Part::AnyDirectories && positions.contains(&index) {
                positions.insert(index + 1);
            }
        }
        Progress { positions, end: self.parts.len() }
    }

    /// The directory that the pattern begins with, as far as it has no wildcards, and the pattern of what is in it.
    pub(super) fn split(pattern: &[u8]) -> Result<(Vec<u8>, Pattern)> {
        let (mut base, whole) = (Vec::new(), Pattern::new(pattern)?);
        let literal = whole.parts.iter().map_while(literal).collect::<Vec<_>>();
        let taken = literal.len().min(whole.parts.len().saturating_sub(1));
        if pattern.starts_with(b"/") {
            base.push(b'/');
        }
        base.extend(literal[..taken].join(&b'/'));
        Ok((base, Pattern { parts: whole.parts[taken..].to_vec() }))
    }
}

/// The name that a part means, where it can mean only one.
fn literal(part: &Part) -> Option<Vec<u8>> {
    let Part::Name(tokens) = part else { return None };
    let mut name = Vec::new();
    for token in tokens {
        let Token::One(character) = token else { return None };
        match char::from_u32(*character) {
            Some(character) => name.extend(character.encode_utf8(&mut [0; 4]).bytes()),
            None => name.push((character - BYTE) as u8),
        }
    }
    Some(name)
}

fn parse_part(part: &[u8]) -> Result<Part> {
    if part == b"**" {
        return Ok(Part::AnyDirectories);
    }
    if part.windows(2).any(|pair| pair == b"**") {
        return Err(invalid(part, "** stands for directories, alone between two /"));
    }
    let mut tokens = Vec::new();
    let mut rest = &*characters(part);
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        tokens.push(match char::from_u32(first) {
            Some('*') => Token::AnyNumber,
            Some('?') => Token::AnyOne,
            Some('[') => parse_class(&mut rest).ok_or_else(|| invalid(part, "a [ is not closed by ]"))?,
            Some('\\') => {
                let (&escaped, after) =
                    rest.split_first().ok_or_else(|| invalid(part, "nothing follows the \\"))?;
                rest = after;
                Token::One(escaped)
            }
            _ => Token::One(first),
        });
    }
    Ok(Part::Name(tokens))
}

/// What stands behind a `[`. A `]` that comes first is one of the characters.
fn parse_class(rest: &mut &[u32]) -> Option<Token> {
    let is = |character: Option<&u32>, wanted: char| character == Some(&u32::from(wanted));
    let negated = is(rest.first(), '!') || is(rest.first(), '^');
    let mut at = usize::from(negated);
    let first = at;
    let mut ranges = Vec::new();
    loop {
        let &start = rest.get(at)?;
        if start == u32::from(']') && at > first {
            *rest = &rest[at + 1..];
            return Some(Token::Class { negated, ranges });
        }
        if is(rest.get(at + 1), '-') && rest.get(at + 2).is_some_and(|&end| end != u32::from(']')) {
            ranges.push(start..=rest[at + 2]);
            at += 3;
        } else {
            ranges.push(start..=start);
            at += 1;
        }
    }
}

/// Where the rest does not fit, the last `*` takes one more character: those before it need not change.
fn matches_name(tokens: &[Token], name: &[u32]) -> bool {
    let (mut token, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match tokens.get(token) {
            Some(Token::AnyNumber) => {
                star = Some((token + 1, at));
                token += 1;
            }
            Some(one) if matches_one(one, name[at]) => {
                token += 1;
                at += 1;
            }
            _ => match &mut star {
                Some((after, taken)) => {
                    *taken += 1;
                    (token, at) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    tokens[token..].iter().all(|token| *token == Token::AnyNumber)
}

fn matches_one(token: &Token, character: u32) -> bool {
    match token {
        Token::One(wanted) => *wanted == character,
        Token::AnyOne => true,
        Token::AnyNumber => false,
        Token::Class { negated, ranges } => ranges.iter().any(|range| range.contains(&character)) != *negated,
    }
}

/// Numbers from here on are bytes that are not UTF-8.
const BYTE: u32 = 0x11_0000;

fn characters(name: &[u8]) -> Vec<u32> {
    let chunks = name.utf8_chunks();
    chunks
        .flat_map(|chunk| {
            let bytes = chunk.invalid().iter().map(|byte| BYTE + u32::from(*byte));
            chunk.valid().chars().map(u32::from).chain(bytes).collect::<Vec<_>>()
        })
        .collect()
}

fn invalid(part: &[u8], why: &str) -> Error {
    Error::InvalidArgument(Failure::new(format!("\"{}\" is no pattern: {why}", part.escape_ascii())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TABLE: [(&str, &str, bool); 28] = [
        ("a", "a", true),
        ("a", "b", false),
        ("*.csv", "x.csv", true),
        ("*.csv", ".csv", true),
        ("*.csv", "d/x.csv", false),
        ("a*b*c", "aXbXbc", true),
        ("a*b*c", "aXbXb", false),
        ("?.txt", "ä.txt", true),
        ("?.txt", ".txt", false),
        ("[a-c]x", "bx", true),
        ("[a-c]x", "dx", false),
        ("[!a-c]x", "dx", true),
        ("[^a-c]x", "bx", false),
        ("[]]", "]", true),
        ("[a-]", "-", true),
        ("\\*", "*", true),
        ("\\*", "x", false),
        ("d/*", "d/x", true),
        ("d/*", "d/x/y", false),
        ("**/x", "x", true),
        ("**/x", "a/b/x", true),
        ("a/**/x", "a/x", true),
        ("a/**/x", "a/b/c/x", true),
        ("a/**/x", "b/x", false),
        ("a/**", "a/b/c", true),
        ("**", "a/b", true),
        ("/a//b/", "a/b", true),
        ("*", "", false),
    ];

    #[test]
    fn patterns_match_as_people_expect() {
        for (pattern, path, expected) in TABLE {
            assert_eq!(
                Pattern::new(pattern).expect("a pattern").matches(path),
                expected,
                "{pattern} on {path}"
            );
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for pattern in ["[a", "a**", "x/***", "a\\"] {
            assert!(matches!(Pattern::new(pattern), Err(Error::InvalidArgument(_))), "{pattern}");
        }
    }

    #[test]
    fn a_directory_is_known_to_lead_on_or_not() {
        let pattern = Pattern::new("a/*/x").expect("a pattern");
        let a = pattern.advance(&pattern.start(), b"a");
        assert!(a.leads_on() && !a.is_match());
        assert!(!pattern.advance(&pattern.start(), b"b").leads_on());
    }

    #[test]
    fn the_directory_without_wildcards_is_parted_from_the_rest() {
        for (pattern, base, rest) in [
            ("/a/b/*.x", "/a/b", "*.x"),
            ("a/b", "a", "b"),
            ("*", "", "*"),
            ("/x", "/", "x"),
            ("a\\*/?", "a*", "?"),
        ] {
            let expected = (base.as_bytes().to_vec(), Pattern::new(rest).expect("a pattern"));
            assert_eq!(Pattern::split(pattern.as_bytes()).expect("a pattern"), expected, "{pattern}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_count_as_one_character_each() {
        assert!(Pattern::new("caf?").expect("a pattern").matches(b"caf\xE9"));
        assert!(Pattern::new(b"caf\xE9").expect("a pattern").matches(b"caf\xE9"));
        assert!(!Pattern::new(b"caf\xE9").expect("a pattern").matches("cafĩ"));
    }

    proptest! {
        #[test]
        fn every_name_matches_itself_when_escaped(name in "[^/]{1,8}") {
            let pattern: String = name.chars().flat_map(|character| ['\\', character]).collect();
            prop_assert!(Pattern::new(pattern).expect("a pattern").matches(name));
        }

        #[test]
        fn no_pattern_panics(pattern in any::<Vec<u8>>(), path in any::<Vec<u8>>()) {
            if let Ok(pattern) = Pattern::new(pattern) {
                pattern.matches(path);
            }
        }
    }
}
