//! Numbers, by which Java knows what is kept here. One that is no longer valid is an error, not a crash.

use crate::errors::{wrong_state, Problem};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// No number is given twice, whatever it is for.
static NEXT: AtomicI64 = AtomicI64::new(1);

/// All of one kind.
pub struct Handles<T: 'static> {
    known: LazyLock<Mutex<HashMap<i64, Arc<T>>>>,
    /// What is told about a number that is not valid.
    unknown: &'static str,
}

impl<T> Handles<T> {
    pub const fn new(unknown: &'static str) -> Handles<T> {
        Handles { known: LazyLock::new(Mutex::default), unknown }
    }

    pub fn add(&self, value: T) -> i64 {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        self.known().insert(number, Arc::new(value));
        number
    }

    pub fn find(&self, number: i64) -> Result<Arc<T>, Problem> {
        self.known().get(&number).cloned().ok_or_else(|| wrong_state(self.unknown))
    }

    /// Forgets a number. Whoever found it before is the last to use it.
    pub fn remove(&self, number: i64) -> Option<Arc<T>> {
        self.known().remove(&number)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<i64, Arc<T>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
