//! The native calls that are under way, and the threads that work for each.

use ftps::net::CancelToken;
use jni::objects::{JObject, JThrowable};
use jni::refs::Global;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// A native call.
pub struct Call {
    /// Java's end: a `java.util.function.Function` from byte array to byte array, if anybody listens.
    pub upcalls: Option<Global<JObject<'static>>>,
    /// What a callback threw first.
    thrown: Mutex<Option<Global<JThrowable<'static>>>>,
    /// Ends the call early when a callback has thrown.
    stop: Option<CancelToken>,
}

impl Call {
    pub fn new(upcalls: Option<Global<JObject<'static>>>, stop: Option<CancelToken>) -> Call {
        Call { upcalls, thrown: Mutex::default(), stop }
    }

    pub fn has_thrown(&self) -> bool {
        locked(&self.thrown).is_some()
    }

    pub fn keep(&self, exception: Global<JThrowable<'static>>) {
        locked(&self.thrown).get_or_insert(exception);
        self.stop.iter().for_each(CancelToken::cancel);
    }

    pub fn take_thrown(&self) -> Option<Global<JThrowable<'static>>> {
        locked(&self.thrown).take()
    }
}

/// Those of one client, or of one pool's connections.
#[derive(Default)]
pub struct Calls {
    under_way: Mutex<HashMap<ThreadId, Arc<Call>>>,
}

impl Calls {
    /// The call that this thread works for.
    pub fn current(&self) -> Option<Arc<Call>> {
        locked(&self.under_way).get(&thread::current().id()).cloned()
    }

    /// Has this thread work for a call, until the value is dropped here.
    pub fn enter(self: &Arc<Self>, call: Arc<Call>) -> Entered {
        let outer = locked(&self.under_way).insert(thread::current().id(), call);
        Entered { calls: self.clone(), outer }
    }
}

/// The threads that the client starts for a call.
pub struct Crew {
    pub calls: Arc<Calls>,
    pub call: Arc<Call>,
}

impl Crew {
    /// Has this thread work for the call, until the value is dropped here.
    pub fn enter(&self) -> Entered {
        self.calls.enter(self.call.clone())
    }
}

/// A thread that works for a call.
pub struct Entered {
    calls: Arc<Calls>,
    /// The call that it was in before: a callback made another one.
    outer: Option<Arc<Call>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut under_way = locked(&self.calls.under_way);
        let thread = thread::current().id();
        match self.outer.take() {
            Some(outer) => under_way.insert(thread, outer),
            None => under_way.remove(&thread),
        };
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
