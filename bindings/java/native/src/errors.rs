//! What happens to failures: each becomes one Java exception.

use crate::encode;
use ftps::{Error, Failure};
use jni::errors::ErrorPolicy;
use jni::objects::{JClass, JThrowable, JValue};
use jni::refs::Global;
use jni::{jni_sig, jni_str, Env};
use std::any::Any;

/// Why a native method ends without a result.
pub enum Problem {
    /// The client's own error.
    Ftps(Error),
    /// What a callback threw; it goes to the caller unchanged.
    Thrown(Global<JThrowable<'static>>),
    /// The JVM's answer to a call; where it threw, the exception is pending.
    Jni(jni::errors::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem::Ftps(error)
    }
}

impl From<jni::errors::Error> for Problem {
    fn from(error: jni::errors::Error) -> Self {
        Problem::Jni(error)
    }
}

pub fn wrong_state(message: &str) -> Problem {
    Problem::Ftps(Error::WrongState(Failure::new(message)))
}

pub fn invalid(message: impl Into<String>) -> Problem {
    Problem::Ftps(Error::InvalidArgument(Failure::new(message)))
}

/// Has the class of the native methods, which comes with every call, throw the exception: its `fail(byte[])` knows the exception's class.
pub struct ThrowFtpsException;

impl<T: Default> ErrorPolicy<T, Problem> for ThrowFtpsException {
    type Captures<'local: 'method, 'method> = JClass<'local>;

    fn on_error<'local: 'method, 'method>(
        env: &mut Env<'local>,
        class: &mut JClass<'local>,
        problem: Problem,
    ) -> jni::errors::Result<T> {
        if env.exception_check() {
            return Ok(T::default());
        }
        match problem {
            Problem::Ftps(error) => fail(env, class, &encode::error(&error)),
            // `throw` reports the exception that it has made pending as an error.
            Problem::Thrown(exception) => drop(env.throw(&exception)),
            Problem::Jni(error) => {
                fail(env, class, &encode::defect(&format!("the JVM refused a call: {error}")))
            }
        }
        Ok(T::default())
    }

    fn on_panic<'local: 'method, 'method>(
        env: &mut Env<'local>,
        class: &mut JClass<'local>,
        payload: Box<dyn Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        env.exception_clear();
        fail(env, class, &encode::defect(&text.unwrap_or_else(|| "panic".to_owned())));
        Ok(T::default())
    }
}

/// Leaves an exception pending: the one that `fail` throws, or the one because of which it could not be called.
fn fail(env: &mut Env, class: &JClass, encoded: &[u8]) {
    let Ok(encoded) = env.byte_array_from_slice(encoded) else { return };
    let arguments = [JValue::Object(&encoded)];
    drop(env.call_static_method(class, jni_str!("fail"), jni_sig!((error: [jbyte]) -> void), &arguments));
}
