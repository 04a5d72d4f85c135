use super::reply;
use crate::protocol::Features;

fn features(bytes: &str) -> Features {
    Features::parse(&reply(bytes))
}

#[test]
fn features_are_found_in_any_case_with_their_parameters() {
    let features = features("211-Features:\r\n MDTM\r\n REST STREAM\r\n size\r\n UTF8\r\n211 End\r\n");
    for name in ["MDTM", "mdtm", "REST", "SIZE", "Utf8"] {
        assert!(features.has(name), "{name}");
    }
    assert_eq!(features.parameters("rest"), Some("STREAM"));
    assert_eq!(features.parameters("MDTM"), Some(""));
    assert_eq!(features.parameters("MLST"), None);
    assert!(!features.has("End") && !features.has("Features:") && !features.has(""));
}

#[test]
fn lines_without_indentation_or_with_the_code_on_each_are_understood() {
    for bytes in [
        "211-Features:\r\nEPSV\r\nAUTH TLS\r\n211 End\r\n",
        "211-Features:\r\n211-EPSV\r\n211-AUTH TLS\r\n211 End\r\n",
        "211-Features:\r\n\t EPSV \r\n  AUTH  TLS\r\n\r\n211 End\r\n",
    ] {
        let features = features(bytes);
        assert_eq!(features.iter().collect::<Vec<_>>(), [("EPSV", ""), ("AUTH", "TLS")], "{bytes:?}");
    }
}

#[test]
fn a_feature_has_a_name_whatever_white_space_stands_before_it() {
    let features = features("211-\r\n \x0b\0\r\n \x0b\r\n \u{3000}SIZE\r\n211 End\r\n");
    assert_eq!(features.iter().collect::<Vec<_>>(), [("\0", ""), ("SIZE", "")]);
    assert!(!features.has(""));
}

#[test]
fn a_name_on_several_lines_keeps_them_all() {
    let features = features("211-\r\n AUTH TLS\r\n AUTH SSL\r\n211 End\r\n");
    assert_eq!(features.parameters("AUTH"), Some("TLS"));
    assert_eq!(features.iter().map(|(_, parameters)| parameters).collect::<Vec<_>>(), ["TLS", "SSL"]);
}

#[test]
fn a_refusal_or_a_single_line_means_no_features() {
    for bytes in [
        "211 No features\r\n",
        "500 What?\r\n",
        "534-Log in\r\n EPSV\r\n534 first\r\n",
        "211-None\r\n211 End\r\n",
    ] {
        assert_eq!(features(bytes), Features::default(), "{bytes:?}");
    }
}

#[test]
fn facts_of_mlst_tell_which_are_sent_unasked() {
    let features = features("211-\r\n MLST Type*;Size*;Modify*;Perm;UNIX.mode;\r\n211 End\r\n");
    let facts: Vec<(&str, bool)> = features.mlst_facts().collect();
    assert_eq!(
        facts,
        [("Type", true), ("Size", true), ("Modify", true), ("Perm", false), ("UNIX.mode", false)]
    );
    assert_eq!(Features::default().mlst_facts().count(), 0);
}
