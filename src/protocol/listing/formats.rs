//! Which dialect a listing is in, as callers and servers say.

use super::{dos, eplf, macos, mlsx, names, netware, os400, unix, vms, zos, Dialect};
use crate::protocol::Reply;

/// How the lines of a listing are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListingFormat {
    /// Whichever of those below the first line that is understood belongs to. Never
    /// [`Names`](Self::Names): any line might be a name.
    #[default]
    Auto,
    /// MLSD (RFC 3659 section 7).
    Mlsx,
    /// `ls -l`.
    Unix,
    /// MS-DOS, as IIS sends it.
    Dos,
    /// NLST: each line is a name.
    Names,
    /// IBM i (OS/400).
    Os400,
    /// z/OS (MVS): data sets, members, load modules, jobs. Its Unix side is [`Unix`](Self::Unix).
    Zos,
    /// OpenVMS.
    Vms,
    /// EPLF, the easily parsed list format.
    Eplf,
    /// Novell NetWare.
    NetWare,
    /// Peter Lewis' FTPd and NetPresenz on the classic Mac OS.
    MacOsPeter,
}

impl ListingFormat {
    /// The dialect that the reply to `SYST` promises, [`Auto`](Self::Auto) where it promises none: systems that call themselves UNIX or
    /// Windows_NT write whatever they like.
    pub fn of_system(reply: &Reply) -> ListingFormat {
        if !reply.is_completion() {
            return ListingFormat::Auto;
        }
        let system = reply.text().to_ascii_uppercase();
        let promises = [
            ("OS/400", ListingFormat::Os400),
            ("OS400", ListingFormat::Os400),
            ("MVS", ListingFormat::Zos),
            ("Z/OS", ListingFormat::Zos),
            ("OPENVMS", ListingFormat::Vms),
            ("VMS", ListingFormat::Vms),
            ("NETWARE", ListingFormat::NetWare),
            ("MACOS PETER", ListingFormat::MacOsPeter),
        ];
        let says = |word: &str| system.split([' ', ',']).any(|said| said == word) || system.starts_with(word);
        promises.into_iter().find(|(word, _)| says(word)).map_or(ListingFormat::Auto, |(_, format)| format)
    }

    /// `None` where it is to be recognised.
    pub(super) fn dialect(self) -> Option<Dialect> {
        Some(match self {
            ListingFormat::Auto => return None,
            ListingFormat::Mlsx => mlsx::parse_line,
            ListingFormat::Unix => unix::parse_line,
            ListingFormat::Dos => dos::parse_line,
            ListingFormat::Names => names::parse_line,
            ListingFormat::Os400 => os400::parse_line,
            ListingFormat::Zos => zos::parse_line,
            ListingFormat::Vms => vms::parse_line,
            ListingFormat::Eplf => eplf::parse_line,
            ListingFormat::NetWare => netware::parse_line,
            ListingFormat::MacOsPeter => macos::parse_line,
        })
    }
}

/// A dialect that one line is enough to recognise.
pub(super) struct Recognisable {
    /// What makes sure.
    pub(super) first: Dialect,
    /// What reads the lines after it.
    pub(super) then: Dialect,
}

pub(super) const fn from_any_line(dialect: Dialect) -> Recognisable {
    Recognisable { first: dialect, then: dialect }
}

/// In the order of asking: Unix after those that look like it.
pub(super) const RECOGNISABLE: [Recognisable; 9] = [
    from_any_line(mlsx::recognise_line),
    from_any_line(eplf::parse_line),
    Recognisable { first: macos::recognise_line, then: macos::parse_line },
    from_any_line(unix::parse_line),
    from_any_line(dos::parse_line),
    from_any_line(netware::parse_line),
    from_any_line(os400::parse_line),
    Recognisable { first: zos::recognise_line, then: zos::parse_line },
    from_any_line(vms::parse_line),
];
