//! What an observer of the control connection sees.

use crate::protocol::{Command, Reply};
use std::sync::Arc;

/// One line of the dialogue.
#[derive(Clone, Copy, Debug)]
pub enum Dialogue<'a> {
    /// A command that goes out. [`Command`]'s `Display` masks passwords.
    Sent(&'a Command),
    /// A reply that came.
    Received(&'a Reply),
}

/// Sees the dialogue, on the thread that makes the call. Builders and re-logins share it.
pub type DialogueObserver = Arc<dyn Fn(Dialogue<'_>) + Send + Sync>;
