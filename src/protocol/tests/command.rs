use crate::protocol::{Command, MAX_COMMAND_BYTES};
use crate::Error;
use proptest::prelude::*;

fn refusal(outcome: crate::Result<Command>) -> String {
    match outcome {
        Err(Error::InvalidArgument(failure)) => failure.message().to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_command_is_one_line() {
    let cases: &[(&str, &[u8], &[u8])] = &[
        ("NOOP", b"", b"NOOP\r\n"),
        ("retr", b"a file", b"RETR a file\r\n"),
        ("STOR", b" leading and trailing ", b"STOR  leading and trailing \r\n"),
        ("CWD", b"caf\xe9\xff\t", b"CWD caf\xe9\xff\t\r\n"),
        ("XSHA256", b"f", b"XSHA256 f\r\n"),
    ];
    for (verb, argument, wire) in cases {
        let command = Command::new(verb, argument).unwrap();
        assert_eq!(command.wire(), *wire);
        assert_eq!(command.verb(), verb.to_uppercase());
        assert_eq!(command.argument(), *argument);
    }
}

#[test]
fn a_raw_line_is_split_at_its_first_space() {
    let cases: &[(&str, &str, &str)] = &[
        ("noop", "NOOP", ""),
        ("SITE CHMOD 644 a b", "SITE", "CHMOD 644 a b"),
        ("CWD  x", "CWD", " x"),
        ("CWD ", "CWD", ""),
    ];
    for (line, verb, argument) in cases {
        let command = Command::raw(line).unwrap();
        assert_eq!((command.verb(), command.argument()), (*verb, argument.as_bytes()), "{line:?}");
    }
}

#[test]
fn line_ends_and_nul_in_an_argument_are_refused_and_named() {
    assert_eq!(
        refusal(Command::new("RETR", "foo\r\nDELE bar")),
        "CR at offset 3 of the argument of RETR would make it another command; nothing was sent"
    );
    assert!(refusal(Command::new("RETR", "foo\nDELE bar")).starts_with("LF at offset 3"));
    assert!(refusal(Command::new("USER", "\0")).starts_with("NUL at offset 0"));
    assert!(refusal(Command::raw("RETR foo\r\n")).starts_with("CR at offset 8"));
}

#[test]
fn a_verb_of_anything_but_letters_and_digits_is_refused() {
    for verb in ["", "RE TR", "RETR\r\nDELE", "NO\0OP", "NOOP\n", "N\u{f6}OP", "-", "ABCDEFGHIJKLMNOPQ"] {
        refusal(Command::new(verb, ""));
    }
    for line in ["", " NOOP", "NOOP\r\n", "RETR\tx", "\u{e9}"] {
        refusal(Command::raw(line));
    }
}

#[test]
fn a_refusal_never_shows_a_password() {
    for outcome in
        [Command::new("PASS", "hunter2\r\n"), Command::raw("PASS\thunter2"), Command::raw("PASShunter2 \n")]
    {
        let message = refusal(outcome);
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn the_length_is_limited() {
    let longest = "x".repeat(MAX_COMMAND_BYTES - "RETR \r\n".len());
    assert_eq!(Command::new("RETR", &longest).unwrap().wire().len(), MAX_COMMAND_BYTES);
    refusal(Command::new("RETR", longest + "x"));
}

#[test]
fn passwords_and_accounts_are_masked_wherever_a_command_is_shown() {
    for verb in ["PASS", "pass", "ACCT"] {
        let command = Command::new(verb, "hunter2").unwrap();
        assert_eq!(command.to_string(), format!("{} ****", verb.to_uppercase()));
        assert!(!format!("{command:?} {command:#?}").contains("hunter2"));
        assert!(command.wire().ends_with(b" hunter2\r\n"));
    }
    assert_eq!(Command::new("PASS", "").unwrap().to_string(), "PASS");
}

#[test]
fn what_follows_a_site_command_that_sets_a_password_is_masked() {
    let cases = [
        ("PSWD hunter2 hunter3", "SITE PSWD ****"),
        ("cpwd hunter2", "SITE cpwd ****"),
        ("GPASS hunter2", "SITE GPASS ****"),
        ("CHPASSWD joe hunter2", "SITE CHPASSWD ****"),
        ("ADDUSER joe hunter2", "SITE ADDUSER ****"),
        ("PSWD", "SITE PSWD"),
        ("CHMOD 644 hunter2", "SITE CHMOD 644 hunter2"),
    ];
    for (argument, shown) in cases {
        let command = Command::new("SITE", argument).unwrap();
        assert_eq!(command.to_string(), shown);
        assert_eq!(command.wire(), format!("SITE {argument}\r\n").as_bytes());
    }
}

#[test]
fn a_reply_that_repeats_a_password_is_masked_word_by_word() {
    let command = Command::new("SITE", "PSWD hunter2 hunter3").unwrap();
    for text in ["no such password: hunter2", "PSWD hunter2 hunter3 not understood", "hunter3 is too short"] {
        let mut parser = crate::protocol::ReplyParser::new();
        parser.feed(format!("500 {text}\r\n").as_bytes());
        let reply = command.masked(parser.next_reply().unwrap().unwrap());
        assert!(!format!("{reply} {reply:?}").contains("hunter"), "{reply}");
        assert_eq!(reply.code(), 500);
    }
}

#[test]
fn other_arguments_are_shown_without_control_characters() {
    assert_eq!(Command::new("RETR", "a file").unwrap().to_string(), "RETR a file");
    assert_eq!(Command::new("RETR", "\x1b[2J").unwrap().to_string(), "RETR \\u{1b}[2J");
    assert_eq!(format!("{:?}", Command::new("NOOP", "").unwrap()), "Command(NOOP)");
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_exactly_one_line(verb in ".{0,20}", argument in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(command) = Command::new(&verb, &argument) {
            let body = command.wire().strip_suffix(b"\r\n").unwrap();
            prop_assert!(!body.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
            prop_assert_eq!(command.argument(), argument.as_slice());
            let again = Command::raw(body).unwrap();
            prop_assert_eq!(again.wire(), command.wire());
        }
    }

    #[test]
    fn any_raw_line_is_refused_or_goes_out_whole(line in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(command) = Command::raw(&line) {
            let expected = line.strip_suffix(b" ").filter(|rest| !rest.contains(&b' ')).unwrap_or(&line);
            prop_assert!(command.wire()[..expected.len()].eq_ignore_ascii_case(expected));
            prop_assert_eq!(command.wire().len(), expected.len() + 2);
        }
    }
}
