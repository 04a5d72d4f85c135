//! Names with the byte 0xFF, which servers treat in four ways.

use super::control::ControlConnection;
use crate::protocol::telnet::{self, Telnet};
use crate::protocol::{parse_pwd, Command, Reply};
use crate::Result;

impl ControlConnection {
    /// Before the first command that has such a byte: STAT tells which server this is, also where the greeting does not.
    pub fn prepare_telnet(&mut self, command: &Command) -> Result<()> {
        if telnet::has_iac(command.wire()) {
            self.find_out_about_telnet()?;
        }
        Ok(())
    }

    /// A path as the server tells it.
    pub fn path_in(&mut self, reply: &Reply) -> Result<Vec<u8>> {
        let path = parse_pwd(reply)?;
        let is_doubled = telnet::has_iac(&path) && self.find_out_about_telnet()?.replies;
        Ok(if is_doubled { telnet::unescaped(&path) } else { path })
    }

    fn find_out_about_telnet(&mut self) -> Result<Telnet> {
        if let Some(known) = self.telnet {
            return Ok(known);
        }
        let reply = self.command(&Command::new("STAT", "")?)?;
        let telnet = Telnet::of_server(&reply).unwrap_or(Telnet::RFC);
        // Without a login most servers tell nothing, and the next such command asks again.
        self.telnet = Some(telnet).filter(|_| reply.code() != 530);
        Ok(telnet)
    }
}
