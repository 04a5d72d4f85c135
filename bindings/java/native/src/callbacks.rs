//! Java's listeners. They are called on the thread that made the native call, and known for its duration only.

use crate::encode;
use crate::errors::Problem;
use ftps::client::{Dialogue, DialogueObserver};
use jni::objects::{JObject, JThrowable, JValue};
use jni::refs::Global;
use jni::vm::JavaVM;
use jni::{jni_sig, jni_str, Env};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the second argument of the dialogue's listener says about the first.
const SENT: i32 = 0;
const RECEIVED: i32 = 1;

/// The listener of the dialogue (a `java.util.function.ObjIntConsumer`), and what callbacks threw.
#[derive(Default)]
pub struct Callbacks {
    listener: Mutex<Option<Arc<Global<JObject<'static>>>>>,
    thrown: Mutex<Option<Global<JThrowable<'static>>>>,
}

impl Callbacks {
    /// For the client: shows the dialogue to whoever listens now.
    pub fn observer(self: &Arc<Self>) -> DialogueObserver {
        let callbacks = self.clone();
        Arc::new(move |line| callbacks.show(line))
    }

    /// Runs `work` while `listener` listens, and gives what a callback threw precedence over its outcome.
    pub fn during<T>(
        &self,
        env: &Env,
        listener: &JObject,
        work: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if !listener.is_null() {
            *locked(&self.listener) = Some(Arc::new(env.new_global_ref(listener)?));
        }
        let outcome = work();
        *locked(&self.listener) = None;
        match locked(&self.thrown).take() {
            Some(exception) => Err(Problem::Thrown(exception)),
            None => outcome,
        }
    }

    /// Tells a `java.util.function.LongConsumer` how many bytes have moved. False: it threw.
    pub fn progress(&self, consumer: &Global<JObject<'static>>, moved: u64) -> bool {
        self.call(|env| {
            let moved = i64::try_from(moved).unwrap_or(i64::MAX);
            let arguments = [JValue::Long(moved)];
            env.call_method(consumer, jni_str!("accept"), jni_sig!((moved: jlong) -> void), &arguments)
                .map(drop)
        });
        locked(&self.thrown).is_none()
    }

    fn show(&self, line: Dialogue<'_>) {
        let listener = locked(&self.listener).clone();
        let Some(listener) = listener else { return };
        let (encoded, what) = match line {
            Dialogue::Sent(command) => (encode::command(command), SENT),
            Dialogue::Received(reply) => (encode::reply(reply), RECEIVED),
        };
        self.call(|env| {
            let encoded = env.byte_array_from_slice(&encoded)?;
            let arguments = [JValue::Object(&encoded), JValue::Int(what)];
            let signature = jni_sig!((line: java.lang.Object, what: jint) -> void);
            env.call_method(&*listener, jni_str!("accept"), signature, &arguments).map(drop)
        });
    }

    /// Calls into Java, unless an earlier callback of this native call threw; keeps the first exception.
    fn call(&self, work: impl FnOnce(&mut Env) -> jni::errors::Result<()>) {
        if locked(&self.thrown).is_some() {
            return;
        }
        let Ok(vm) = JavaVM::singleton() else { return };
        let outcome = vm.with_local_frame(8, |env| {
            let outcome = work(env);
            if let Some(exception) = env.exception_occurred() {
                env.exception_clear();
                *locked(&self.thrown) = Some(env.new_global_ref(&exception)?);
                return Ok(());
            }
            outcome
        });
        // Without an exception of its own a refused call has nothing to tell the caller; the next native call meets the same JVM.
        drop(outcome);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
