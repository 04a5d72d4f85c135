//! What client and server said on the control connection, for the report on a failing seed.

use ftps::client::{self, DialogueObserver};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Commands and replies, one a line.
#[derive(Clone, Debug, Default)]
pub struct Dialogue(Arc<Mutex<String>>);

impl Dialogue {
    pub fn note(&self, line: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(line);
        text.push('\n');
    }

    pub fn observer(&self) -> DialogueObserver {
        let dialogue = self.clone();
        std::sync::Arc::new(move |said| match said {
            client::Dialogue::Sent(command) => dialogue.note(&format!("> {command}")),
            client::Dialogue::Received(reply) => dialogue.note(&format!("< {reply}")),
        })
    }
}

impl fmt::Display for Dialogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
