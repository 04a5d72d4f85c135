//! What an observer of the control connection sees.

use crate::protocol::{Command, Reply};

/// One line of the dialogue.
#[derive(Clone, Copy, Debug)]
pub enum Dialogue<'a> {
    /// A command that goes out. [`Command`]'s `Display` masks passwords.
    Sent(&'a Command),
    /// A reply that came.
    Received(&'a Reply),
}

/// Sees the dialogue, on the thread that makes the call.
pub type DialogueObserver = Box<dyn FnMut(Dialogue<'_>) + Send>;
