//! Login, protection and features (RFC 959 section 4.1.1, RFC 4217, RFC 2389).

use super::{Flow, Over, Session};
use crate::listing::FACTS;
use crate::options::{ConnectionLimit, Wording};

impl Session {
    pub(super) fn host(&mut self, name: &str) -> Flow {
        match &self.shared.options.virtual_hosts[..] {
            [] => self.reply("500 Unknown command."),
            hosts if hosts.iter().any(|host| host == name) => self.reply("220 Host accepted."),
            _ => self.reply("504 Unknown host."),
        }
    }

    pub(super) fn user(&mut self, name: &str) -> Flow {
        if self.shared.options.require_tls && self.control.link.tls().is_none() {
            return self.reply("530 Use AUTH TLS first.");
        }
        self.is_logged_in = false;
        self.user = Some(name.to_owned());
        self.reply("331 Password required.")
    }

    pub(super) fn pass(&mut self, password: &str) -> Flow {
        let Some(name) = self.user.take() else {
            return self.reply("503 Login with USER first.");
        };
        let is_known =
            self.shared.options.users.iter().any(|user| user.name == name && user.password == password);
        if !is_known {
            return self.reply("530 Login incorrect.");
        }
        if let Some(ConnectionLimit::AtLogin(limit)) = self.limit {
            self.reply(&format!(
                "530 Sorry, the maximum number of allowed clients ({limit}) already connected."
            ))?;
            return Err(Over::Quit);
        }
        self.is_logged_in = true;
        self.directory = "/".into();
        self.shared.record.count(|counters| counters.logins += 1);
        self.reply("230 Login successful.")
    }

    pub(super) fn auth(&mut self, mechanism: &str) -> Flow {
        if self.control.link.tls().is_some() {
            return self.reply("503 TLS is already in use.");
        }
        match mechanism.to_ascii_uppercase().as_str() {
            "TLS" | "TLS-C" | "SSL" => {
                self.reply("234 Proceed with TLS.")?;
                self.secure_control()
            }
            _ => self.reply("504 Unknown security mechanism."),
        }
    }

    pub(super) fn pbsz(&mut self, _size: &str) -> Flow {
        if self.control.link.tls().is_none() {
            return self.reply("503 PBSZ needs TLS.");
        }
        self.has_pbsz = true;
        self.reply("200 PBSZ=0")
    }

    pub(super) fn prot(&mut self, level: &str) -> Flow {
        if !self.has_pbsz {
            return self.reply("503 PBSZ comes before PROT.");
        }
        match level.to_ascii_uppercase().as_str() {
            "P" => {
                self.is_protected = true;
                self.reply("200 Protection set to Private")
            }
            "C" => {
                self.is_protected = false;
                self.reply("200 Protection set to Clear")
            }
            "S" | "E" => self.reply("536 Unsupported protection level."),
            _ => self.reply("504 Unknown protection level."),
        }
    }

    /// RFC 4217 section 12.3. Data connections go on as they are, bound to the session that has ended.
    pub(super) fn ccc(&mut self) -> Flow {
        if !self.shared.options.clear_control || self.control.link.tls().is_none() {
            return self.reply("533 Command protection level denied for policy reasons.");
        }
        self.reply("200 The control connection goes on in clear.")?;
        Ok(self.control.end_tls(self.shared.options.awaits_close_notify)?)
    }

    /// Why a transfer may not start with this protection.
    pub(super) fn protection_refusal(&self) -> Option<&'static str> {
        if self.is_protected || !self.shared.options.require_protection {
            return None;
        }
        Some(match self.shared.options.wording {
            Wording::Vsftpd => "522 Data connections must be encrypted.",
            _ => "521 Data connections must be protected: use PROT P.",
        })
    }

    pub(super) fn feat(&mut self) -> Flow {
        if self.shared.options.feat_needs_tls && self.control.link.tls().is_none() {
            return self.reply("534 Policy requires TLS.");
        }
        let lines = self.shared.options.features.clone().unwrap_or_else(|| self.true_features());
        let mut text = String::from("211-Features:\r\n");
        for line in lines {
            text.push_str(&format!(" {line}\r\n"));
        }
        self.reply(&format!("{text}211 End"))
    }

    fn true_features(&self) -> Vec<String> {
        let answers = &self.shared.options.answers;
        let mut lines = Vec::new();
        for (verb, line) in [
            ("AUTH", "AUTH TLS"),
            ("PBSZ", "PBSZ"),
            ("PROT", "PROT"),
            ("EPRT", "EPRT"),
            ("EPSV", "EPSV"),
            ("MDTM", "MDTM"),
            ("MFMT", "MFMT"),
            ("REST", "REST STREAM"),
            ("SIZE", "SIZE"),
        ] {
            if !answers.contains_key(verb) {
                lines.push(line.to_owned());
            }
        }
        lines.extend(self.hash_features());
        if self.shared.options.clear_control {
            lines.push("CCC".to_owned());
        }
        if self.shared.options.pret && !answers.contains_key("PRET") {
            lines.push("PRET".to_owned());
        }
        if !answers.contains_key("MLSD") {
            lines.push(format!("MLST {}", self.marked_facts()));
        }
        if self.shared.options.charset == crate::options::Charset::Utf8 {
            lines.push("UTF8".to_owned());
        }
        lines
    }

    /// The facts of `MLSx`, an asterisk behind the chosen ones (RFC 3659 section 7.8).
    fn marked_facts(&self) -> String {
        FACTS
            .iter()
            .map(|fact| format!("{fact}{};", if self.facts.contains(fact) { "*" } else { "" }))
            .collect()
    }

    pub(super) fn opts(&mut self, argument: &str) -> Flow {
        let (name, value) = argument.split_once(' ').unwrap_or((argument, ""));
        match name.to_ascii_uppercase().as_str() {
            "UTF8" if self.shared.options.charset == crate::options::Charset::Utf8 => {
                self.reply("200 UTF8 is always on.")
            }
            "HASH" => self.opts_hash(value),
            "MLST" => {
                let wanted = value.to_ascii_lowercase();
                self.facts = FACTS.into_iter().filter(|fact| wanted.split(';').any(|w| w == *fact)).collect();
                let chosen: String = self.facts.iter().map(|fact| format!("{fact};")).collect();
                self.reply(format!("200 MLST OPTS {chosen}").trim_end())
            }
            _ => self.reply("501 Option not understood."),
        }
    }

    pub(super) fn site(&mut self, argument: &str) -> Flow {
        let (name, value) = argument.split_once(' ').unwrap_or((argument, ""));
        match name.to_ascii_uppercase().as_str() {
            "NOOP" => self.reply("200 SITE NOOP ok."),
            "CHMOD" => self.site_chmod(value),
            "UMASK" => self.reply(&format!("200 UMASK set to {value}.")),
            "UTIME" => self.utime(value),
            "COUNTERS" => {
                let counters = self.shared.record.counters();
                self.reply(&format!("200 {counters}"))
            }
            "HELP" => self.reply("214 SITE knows NOOP, CHMOD, UMASK, UTIME, COUNTERS and HELP."),
            _ => self.reply("504 Unknown SITE command."),
        }
    }
}
