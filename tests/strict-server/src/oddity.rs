//! Replies as some servers in the wild word them.

use std::str::FromStr;

/// A way of replying that is not what RFC 959 and its successors ask for, or that few would expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The code on every line of a reply: `211-` before each feature.
    CodeOnEveryLine,
    /// `229 ... (!!!46934!)`: RFC 2428 lets the server choose the delimiter.
    ExclamationMarks,
    /// `250` where `226` ends a transfer (RFC 959 allows both).
    OtherCompletion,
    /// `202` to `OPTS UTF8`, which is always on.
    SuperfluousOpts,
    /// A reply of several lines in place of one; lines inside begin with other codes, or with digits.
    CodesInside,
    /// The code alone, where nothing has to be told.
    NoText,
    /// Lines end in LF without CR.
    BareLineFeeds,
}

impl Oddity {
    /// All of them, with their names on the command line.
    pub const ALL: [(&'static str, Oddity); 7] = [
        ("code-on-every-line", Oddity::CodeOnEveryLine),
        ("exclamation-marks", Oddity::ExclamationMarks),
        ("other-completion", Oddity::OtherCompletion),
        ("superfluous-opts", Oddity::SuperfluousOpts),
        ("codes-inside", Oddity::CodesInside),
        ("no-text", Oddity::NoText),
        ("bare-line-feeds", Oddity::BareLineFeeds),
    ];

    /// A reply, complete with code and line end, worded this way.
    pub(crate) fn reword(self, reply: String) -> String {
        let Some((code, text)) = reply.split_at_checked(3) else { return reply };
        let is_one_line = text.starts_with(' ') && text.matches('\n').count() == 1;
        match self {
            Oddity::CodeOnEveryLine if !is_one_line => {
                let inside = format!("\r\n{code}-");
                reply.replace("\r\n ", &inside)
            }
            Oddity::ExclamationMarks if code == "229" => reply.replace('|', "!"),
            Oddity::OtherCompletion if code == "226" => format!("250{text}"),
            Oddity::SuperfluousOpts if reply.starts_with("200 UTF8") => format!("202{text}"),
            // With another number in it, a 213 tells nothing for certain.
            Oddity::CodesInside if is_one_line && code != "213" => {
                let inside = "299 is not the end\r\n 550 Nor this.\r\n1234 bytes\r\n\r\n";
                format!("{code}-Please note:\r\n{inside}{code}{text}")
            }
            Oddity::NoText if is_one_line && !TELLS.contains(&code) => format!("{code}\r\n"),
            Oddity::BareLineFeeds => reply.replace("\r\n", "\n"),
            _ => reply,
        }
    }
}

/// Codes of replies whose text is the answer: SIZE and MDTM, SYST, PASV, EPSV, MKD and PWD.
const TELLS: [&str; 5] = ["213", "215", "227", "229", "257"];

impl FromStr for Oddity {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Oddity::ALL.iter().find(|(known, _)| *known == name);
        known.map(|(_, oddity)| *oddity).ok_or_else(|| format!("no oddity: {name}"))
    }
}
