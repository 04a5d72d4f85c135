//! What Java is told and asked: `Upcalls.java` is the other side. It is called on the thread that made the native call, or on one that
//! the client started for it, and known for the duration of calls only.

use crate::calls::{Call, Calls, Crew};
use crate::encode;
use crate::errors::Problem;
use crate::wire::{Reader, Writer};
use ftps::client::{Dialogue, DialogueObserver, RetryObserver};
use ftps::net::CancelToken;
use ftps::{ClientIdentity, IdentityChoice, MessageSigner, TrustDecision};
use jni::objects::{JByteArray, JObject, JValue};
use jni::refs::Global;
use jni::vm::JavaVM;
use jni::{jni_sig, jni_str, AttachConfig, Env, DEFAULT_LOCAL_FRAME_CAPACITY};
use std::sync::Arc;

/// The first byte of what Java is told or asked.
const SENT: u8 = 0;
const RECEIVED: u8 = 1;
const TRUSTED: u8 = 2;
const IDENTITY: u8 = 3;
const SIGNATURE: u8 = 4;
const RETRY: u8 = 5;

/// Java's end of a client, or of all connections of a pool.
#[derive(Default)]
pub struct Callbacks {
    calls: Arc<Calls>,
}

/// Java's end is not there, or threw what the native call will throw in turn.
struct Unanswered;

impl Callbacks {
    /// For the client: shows the dialogue.
    pub fn observer(self: &Arc<Self>) -> DialogueObserver {
        let callbacks = self.clone();
        Arc::new(move |line| {
            let told = match line {
                Dialogue::Sent(command) => encode::sent(SENT, command),
                Dialogue::Received(reply) => encode::received(RECEIVED, reply),
            };
            // What a listener throws is kept for the native call.
            drop(callbacks.ask(&told));
        })
    }

    /// For the client: has the listener allow another attempt.
    pub fn retry_observer(self: &Arc<Self>) -> RetryObserver {
        let callbacks = self.clone();
        // No answer, and no listener that could give one, is no permission.
        Arc::new(move |retry| matches!(callbacks.ask(&encode::retry(RETRY, retry)), Ok(Some(_))))
    }

    /// For the client: has the trust manager decide.
    pub fn trust_decision(self: &Arc<Self>) -> TrustDecision {
        let callbacks = self.clone();
        Arc::new(move |chain| {
            let mut question = Writer::default();
            question.byte(TRUSTED).list(chain);
            match callbacks.ask(&question.finish()) {
                Ok(_) => Ok(()),
                Err(Unanswered) => Err("the trust manager refuses it".to_owned()),
            }
        })
    }

    /// For the client: has the key manager choose.
    pub fn identity_choice(self: &Arc<Self>) -> IdentityChoice {
        let callbacks = self.clone();
        Arc::new(move |request| {
            let mut question = Writer::default();
            question.byte(IDENTITY).list(request.authorities).numbers(request.schemes);
            match callbacks.ask(&question.finish()) {
                Ok(None) => Ok(None),
                Ok(Some(answer)) => callbacks
                    .identity(&mut Reader::new(&answer))
                    .map(Some)
                    .ok_or_else(|| "the key manager's answer was not understood".to_owned()),
                Err(Unanswered) => Err("the key manager has failed".to_owned()),
            }
        })
    }

    fn identity(self: &Arc<Self>, answer: &mut Reader) -> Option<ClientIdentity> {
        let chain: Vec<Vec<u8>> = answer.list()?.into_iter().map(<[u8]>::to_vec).collect();
        if answer.flag()? {
            return Some(ClientIdentity::with_key(chain, answer.string()?));
        }
        Some(ClientIdentity::with_signer(chain, answer.numbers()?, self.signer()))
    }

    fn signer(self: &Arc<Self>) -> MessageSigner {
        let callbacks = self.clone();
        Arc::new(move |scheme, message| {
            let mut question = Writer::default();
            question.byte(SIGNATURE).int(i32::from(scheme)).string(message);
            match callbacks.ask(&question.finish()) {
                Ok(Some(signature)) => Ok(signature),
                Ok(None) | Err(Unanswered) => Err("the client's private key did not sign".to_owned()),
            }
        })
    }

    /// Runs `work` while `upcalls` are there, and gives what a callback threw precedence over its outcome.
    pub fn during<T>(
        &self,
        env: &Env,
        upcalls: &JObject,
        work: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.run(Call::new(global(env, upcalls)?, None), |_| work())
    }

    /// The same for work of several threads, each of which joins the crew. `stop` ends it when a callback has thrown.
    pub fn during_execution<T>(
        &self,
        env: &Env,
        upcalls: &JObject,
        stop: CancelToken,
        work: impl FnOnce(Crew) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.run(Call::new(global(env, upcalls)?, Some(stop)), |call| {
            work(Crew { calls: self.calls.clone(), call: call.clone() })
        })
    }

    fn run<T>(&self, call: Call, work: impl FnOnce(&Arc<Call>) -> Result<T, Problem>) -> Result<T, Problem> {
        let call = Arc::new(call);
        let entered = self.calls.enter(call.clone());
        let outcome = work(&call);
        drop(entered);
        match call.take_thrown() {
            Some(exception) => Err(Problem::Thrown(exception)),
            None => outcome,
        }
    }

    /// Tells a `java.util.function.LongConsumer` how many bytes have moved. False: it threw.
    pub fn progress(&self, consumer: &Global<JObject<'static>>, moved: u64) -> bool {
        let told = self.current().and_then(|call| {
            upcall(&call, |env| {
                let moved = i64::try_from(moved).unwrap_or(i64::MAX);
                let arguments = [JValue::Long(moved)];
                env.call_method(consumer, jni_str!("accept"), jni_sig!((moved: jlong) -> void), &arguments)
                    .map(drop)
            })
        });
        told.is_ok()
    }

    /// Tells a `java.util.function.Function` how far a plan has come. False: it threw.
    pub fn plan_progress(&self, function: &Global<JObject<'static>>, told: &[u8]) -> bool {
        self.current().and_then(|call| upcall(&call, |env| apply(env, function, told))).is_ok()
    }

    fn ask(&self, question: &[u8]) -> Result<Option<Vec<u8>>, Unanswered> {
        let call = self.current()?;
        let upcalls = call.upcalls.as_ref().ok_or(Unanswered)?;
        upcall(&call, |env| apply(env, upcalls, question))
    }

    fn current(&self) -> Result<Arc<Call>, Unanswered> {
        self.calls.current().ok_or(Unanswered)
    }
}

/// Calls into Java, unless an earlier callback of this native call threw; keeps the first exception.
fn upcall<T>(call: &Call, work: impl FnOnce(&mut Env) -> jni::errors::Result<T>) -> Result<T, Unanswered> {
    if call.has_thrown() {
        return Err(Unanswered);
    }
    let vm = JavaVM::singleton().map_err(|_| Unanswered)?;
    // A worker's thread is the JVM's too from its first callback on, until it ends.
    let worker = || AttachConfig::new().thread_name(jni_str!("libftps-mirror"));
    let outcome = vm.attach_current_thread_with_config(worker, Some(DEFAULT_LOCAL_FRAME_CAPACITY), |env| {
        let outcome = work(env);
        if let Some(exception) = env.exception_occurred() {
            env.exception_clear();
            call.keep(env.new_global_ref(&exception)?);
        }
        outcome
    });
    // Without an exception of its own a refused call has nothing to tell; the next native call meets the same JVM.
    outcome.map_err(|_: jni::errors::Error| Unanswered)
}

/// Null is nothing.
pub fn global(env: &Env, object: &JObject) -> jni::errors::Result<Option<Global<JObject<'static>>>> {
    (!object.is_null()).then(|| env.new_global_ref(object)).transpose()
}

fn apply(
    env: &mut Env,
    function: &Global<JObject<'static>>,
    question: &[u8],
) -> jni::errors::Result<Option<Vec<u8>>> {
    let question = env.byte_array_from_slice(question)?;
    let arguments = [JValue::Object(&question)];
    let signature = jni_sig!((question: java.lang.Object) -> java.lang.Object);
    let answer = env.call_method(function, jni_str!("apply"), signature, &arguments)?.l()?;
    if answer.is_null() {
        return Ok(None);
    }
    let answer = env.cast_local::<JByteArray>(answer)?;
    env.convert_byte_array(&answer).map(Some)
}
