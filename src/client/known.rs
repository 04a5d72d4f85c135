//! What a login has learnt of its server, for other logins there.

use super::FtpsClient;
use crate::protocol::Features;

/// Facts about a server. Nothing of a TLS session is among them: those belong to one control connection alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The answer to FEAT.
    pub features: Option<Features>,
    /// It has no EPSV.
    pub epsv_refused: bool,
    /// It has no MLSD, although its FEAT names it.
    pub mlsd_unknown: bool,
    /// TLS 1.3 kept failing, and TLS 1.2 works.
    pub tls12_works: bool,
}

impl FtpsClient {
    pub(super) fn known(&self) -> Known {
        let login = self.login.as_ref();
        Known {
            features: login.is_some().then(|| self.features.clone()),
            epsv_refused: self.passive.epsv_refused,
            mlsd_unknown: login.is_some_and(|login| login.mlsd_unknown),
            tls12_works: self.statistics.relogins > 0 && self.tls.is_limited_to_tls12(),
        }
    }
}
