use super::reply;
use crate::protocol::{eprt_argument, parse_epsv, parse_pasv, port_argument};
use crate::Error;
use proptest::prelude::*;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

#[test]
fn the_port_of_epsv_is_found_behind_any_delimiter() {
    let cases = [
        ("Entering Extended Passive Mode (|||6446|)", 6446),
        ("Entering Extended Passive Mode (|||6446|).", 6446),
        ("Extended Passive mode OK (!!!46934!)", 46934),
        ("EPSV (for data) ok (|||1|)", 1),
        ("(|||65535|)", 65535),
        ("(|||00021|)", 21),
        // The fields that should be empty are not believed, only passed over.
        ("(|1|10.0.0.1|6446|)", 6446),
        ("(|2|fe80::1|6446|)", 6446),
    ];
    for (text, port) in cases {
        assert_eq!(parse_epsv(&reply(format!("229 {text}\r\n"))).unwrap(), port, "{text}");
    }
}

#[test]
fn an_epsv_reply_without_a_usable_port_is_a_protocol_error_that_carries_it() {
    for text in [
        "229 ok",
        "229",
        "229 (|||0|)",
        "229 (|||65536|)",
        "229 (|||-1|)",
        "229 (|||+21|)",
        "229 (|||21)",
        "229 (|||21|",
        "229 |||21|",
        "229 (||21|)",
        "229 ()",
        "229 (|||21!)",
        "229 (||||21|)",
        "227 (|||21|)",
        "200 (|||21|)",
    ] {
        let bytes = format!("{text}\r\n");
        let error = parse_epsv(&reply(&bytes)).expect_err(text);
        assert!(matches!(error, Error::Protocol(_)), "{text}: {error:?}");
        assert_eq!(error.reply(), Some(&reply(&bytes)));
    }
}

#[test]
fn the_address_of_pasv_is_found_wherever_it_stands() {
    let cases = [
        "Entering Passive Mode (192,168,1,2,19,137)",
        "Entering Passive Mode (192,168,1,2,19,137).",
        "Entering Passive Mode 192,168,1,2,19,137",
        "=192,168,1,2,19,137",
        "192,168,1,2,19,137",
        "Passive Mode number 7 of 3, ok (192, 168, 1, 2, 19, 137)",
        "2 ports (192,168,001,002,019,137)",
        "Entering Passive Mode (192,168,1,2,19,137), please",
    ];
    for text in cases {
        let address = parse_pasv(&reply(format!("227 {text}\r\n"))).expect(text);
        assert_eq!(address, "192.168.1.2:5001".parse().unwrap(), "{text}");
    }
}

#[test]
fn a_pasv_reply_without_a_usable_address_is_a_protocol_error() {
    for text in [
        "227 ok",
        "227",
        "227 (1,2,3,4,5)",
        "227 (1,2,3,4,5,6,7)",
        "227 (256,1,2,3,4,5)",
        "227 (1,2,3,4,0,0)",
        "227 (1,2,3,4,256,1)",
        "227 (300,1,2,3,4,5,6)",
        "227 (1,2,,4,5,6)",
        "227 (1.2.3.4.5.6)",
        "227 (1,2,3,4,5,99999999999999999999)",
        "200 (1,2,3,4,5,6)",
        "229 (1,2,3,4,5,6)",
    ] {
        let outcome = parse_pasv(&reply(format!("{text}\r\n")));
        assert!(matches!(outcome, Err(Error::Protocol(_))), "{text}: {outcome:?}");
    }
}

#[test]
fn eprt_names_protocol_address_and_port() {
    let cases = [
        ("132.235.1.2:6275", "|1|132.235.1.2|6275|"),
        ("[1080::8:800:200c:417a]:5282", "|2|1080::8:800:200c:417a|5282|"),
        ("[::ffff:132.235.1.2]:6275", "|1|132.235.1.2|6275|"),
        ("[fe80::1%7]:21", "|2|fe80::1|21|"),
    ];
    for (address, argument) in cases {
        assert_eq!(eprt_argument(address.parse::<SocketAddr>().unwrap()), argument);
    }
}

#[test]
fn port_names_six_bytes() {
    assert_eq!(port_argument("192.168.1.2:5001".parse().unwrap()), "192,168,1,2,19,137");
}

proptest! {
    #[test]
    fn pasv_understands_what_port_says(ip in any::<u32>(), port in 1u16..) {
        let address = SocketAddrV4::new(Ipv4Addr::from(ip), port);
        let reply = reply(format!("227 Entering Passive Mode ({}).\r\n", port_argument(address)));
        prop_assert_eq!(parse_pasv(&reply).unwrap(), address);
    }

    #[test]
    fn no_text_makes_the_address_parsers_panic(text in "[0-9,(|! )]{0,40}|[^\r\n]{0,40}") {
        let _ = parse_epsv(&reply(format!("229 {text}\r\n")));
        let _ = parse_pasv(&reply(format!("227 {text}\r\n")));
    }
}
