//! One matrix: every server, both TLS versions, the whole working day of a client.

mod common;

use common::{connect, not_offered, payload, settled_log, start};
use ftps::protocol::listing::{EntryKind, ListingFormat};
use ftps::{FtpsClient, ResumptionPolicy};
use real_servers::{Kind, Outcome, RealServer, TlsVersion};

const LARGE: usize = 16 * 1024 * 1024;

fn works(kind: Kind, tls: TlsVersion) {
    let server = start(kind, tls);
    let user = server.user().clone();
    let mut client = connect(&server, &user);
    let content = payload(LARGE);
    let proved = |feature| server.record(feature, Outcome::Works);

    let sent = client.upload_from("large.bin", &mut content.as_slice(), |_| true).expect("upload");
    assert_eq!(sent, LARGE as u64);
    assert!(std::fs::read(user.home.join("large.bin")).expect("on the server's disk") == content);
    client.upload_from("empty", &mut std::io::empty(), |_| true).expect("upload of an empty file");
    assert_eq!(std::fs::read(user.home.join("empty")).expect("on the server's disk"), b"");
    proved("Uploads (STOR), of an empty file too");

    let mut received = Vec::new();
    client.download_to("large.bin", &mut received, |_| true).expect("download");
    assert!(received == content);
    let mut nothing = Vec::new();
    assert_eq!(client.download_to("empty", &mut nothing, |_| true).expect("download of an empty file"), 0);
    proved("Downloads (RETR), of an empty file too");

    let listing = client.list_with("LIST", "", ListingFormat::Auto).expect("LIST");
    assert_eq!(listing.unparsed, Vec::<Vec<u8>>::new());
    let large = listing.entries.iter().find(|entry| entry.name() == "large.bin").expect("listed");
    assert_eq!((large.kind(), large.size()), (EntryKind::File, Some(LARGE as u64)));
    proved("Listings (LIST)");
    let listing = client.list("").expect("the default listing");
    assert!(listing.entries.iter().any(|entry| entry.name() == "empty" && entry.size() == Some(0)));
    assert!(client.names("").expect("NLST").iter().any(|name| name == b"large.bin"));
    proved("Names (NLST)");

    assert_eq!(client.size("large.bin").expect("SIZE"), LARGE as u64);
    proved("Size of a file (SIZE)");
    assert!(client.modified("large.bin").expect("MDTM").unix_seconds() > 1_600_000_000);
    proved("Modification time (MDTM)");
    client.make_directory("folder").expect("MKD");
    client.rename("empty", "folder/renamed").expect("RNFR, RNTO");
    assert!(user.home.join("folder/renamed").exists());
    client.delete("folder/renamed").expect("DELE");
    client.remove_directory("folder").expect("RMD");
    assert!(!user.home.join("folder").exists());
    proved("Making and removing directories (MKD, RMD), renaming (RNFR, RNTO), deleting (DELE)");

    let statistics = client.statistics();
    assert_eq!((statistics.data_connections, statistics.relogins), (7, 0));
    if common::policy(kind) == ResumptionPolicy::Require {
        assert_eq!((statistics.resumed, statistics.full), (7, 0));
        let log = settled_log(&server, 7);
        assert_eq!((log.data_resumed, log.data_full, log.refused), (7, 0, 0), "{}", server.logs());
        proved("Every data connection resumed, by the server's own log");
    }
    if !common::gives_sessions(kind, tls) {
        assert_eq!(statistics.resumed, 0);
        server.record("It gives no tickets, so that no data connection can resume.", Outcome::Limit);
    }
    machine_listing(&server, &mut client);
    client.quit().expect("QUIT");
}

fn machine_listing(server: &RealServer, client: &mut FtpsClient) {
    match client.list_with("MLSD", "", ListingFormat::Mlsx) {
        Ok(listing) => {
            assert_eq!(listing.unparsed, Vec::<Vec<u8>>::new());
            assert!(listing.entries.iter().any(|entry| entry.name() == "large.bin"));
            server.record(MLSD, Outcome::Works);
        }
        Err(error) => server.record(MLSD, not_offered(&error)),
    }
}

const MLSD: &str = "Machine-readable listings (MLSD)";

macro_rules! matrix {
    ($($name:ident: $kind:ident, $tls:ident;)*) => {
        $(#[test]
        fn $name() {
            works(Kind::$kind, TlsVersion::$tls);
        })*
    };
}

matrix! {
    vsftpd_with_tls_1_2: Vsftpd, Tls12;
    vsftpd_with_tls_1_3: Vsftpd, Tls13;
    proftpd_with_tls_1_2: ProFtpd, Tls12;
    proftpd_with_tls_1_3: ProFtpd, Tls13;
    pure_ftpd_with_tls_1_2: PureFtpd, Tls12;
    pure_ftpd_with_tls_1_3: PureFtpd, Tls13;
    filezilla_look_alike_with_tls_1_2: FileZilla, Tls12;
    filezilla_look_alike_with_tls_1_3: FileZilla, Tls13;
}
