//! The native methods: arguments in, one call, result out.

use crate::errors::{invalid, Problem, ThrowFtpsException};
use crate::operations::{perform as perform_operation, text};
use crate::session::{self, OpenClient};
use crate::{encode, options};
use ftps::client::Direction;
use jni::objects::{JByteArray, JByteBuffer, JClass, JObject};
use jni::sys::{jboolean, jint, jlong};
use jni::{native_method, Env, EnvUnowned, NativeMethod};

/// The methods of single clients, of the class that declares all in Java. Upcalls are a `java.util.function.Function` (`callbacks`), progress is a
/// `LongConsumer`; both may be null, and are declared as `Object` there.
pub const METHODS: &[NativeMethod<'static>] = &[
    native_method! { static raw fn create(options: [jbyte], tells_dialogue: jboolean) -> jlong },
    native_method! { static raw fn free(session: jlong) },
    native_method! { static raw fn cancel(session: jlong) },
    native_method! { static raw fn reset(session: jlong) },
    native_method! { static raw fn connect(session: jlong, upcalls: JObject) -> [jbyte] },
    native_method! {
        static raw fn login(
            session: jlong, upcalls: JObject, user: [jbyte], password: [jbyte], account: [jbyte]
        )
    },
    native_method! {
        static raw fn perform(
            session: jlong, upcalls: JObject, operation: jint, first: [jbyte], second: [jbyte]
        ) -> [jbyte]
    },
    native_method! { static raw fn quit(session: jlong, upcalls: JObject) },
    native_method! { static raw fn facts(session: jlong) -> [jbyte] },
    native_method! { static raw fn change(session: jlong, options: [jbyte]) },
    native_method! {
        static raw fn open_transfer(
            session: jlong, upcalls: JObject, upload: jboolean, verb: [jbyte], argument: [jbyte], offset: jlong
        ) -> jboolean
    },
    native_method! {
        static raw fn read(
            session: jlong, upcalls: JObject, buffer: JByteBuffer, offset: jint, length: jint
        ) -> jint
    },
    native_method! {
        static raw fn write(
            session: jlong, upcalls: JObject, buffer: JByteBuffer, offset: jint, length: jint
        )
    },
    native_method! { static raw fn bytes_moved(session: jlong) -> jlong },
    native_method! { static raw fn finish(session: jlong, upcalls: JObject) -> [jbyte] },
    native_method! { static raw fn abort_transfer(session: jlong) },
    native_method! {
        static raw fn open_listing(
            session: jlong, upcalls: JObject, path: [jbyte], names_only: jboolean
        )
    },
    native_method! { static raw fn next_entries(session: jlong, upcalls: JObject) -> [jbyte] },
    native_method! {
        static raw fn transfer_file(
            session: jlong, upcalls: JObject, way: jint, local: [jbyte], remote: [jbyte], options: [jbyte], progress: JObject
        ) -> jlong
    },
    native_method! { static raw fn stop_transfer(session: jlong, upcalls: JObject) },
];

/// Runs `work`, and has every failure thrown.
pub fn run<'local, T: Default>(
    mut env: EnvUnowned<'local>,
    class: JClass<'local>,
    work: impl FnOnce(&mut Env<'local>) -> Result<T, Problem>,
) -> T {
    env.with_env(work).resolve_with::<ThrowFtpsException, _>(|| class)
}

/// Runs `work` on a connected client, while `upcalls` are there.
pub fn on_client<T>(
    env: &mut Env,
    number: jlong,
    upcalls: &JObject,
    work: impl FnOnce(&mut OpenClient) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let session = session::find(number)?;
    session.callbacks.during(env, upcalls, || session.with_client(work))
}

fn create<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    options: JByteArray<'local>,
    tells_dialogue: jboolean,
) -> jlong {
    run(env, class, |env| session::add(&env.convert_byte_array(&options)?, tells_dialogue))
}

fn free<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong) {
    run(env, class, |_| {
        session::remove(session);
        Ok(())
    });
}

fn cancel<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong) {
    run(env, class, |_| {
        session::find(session)?.token.cancel();
        Ok(())
    });
}

fn reset<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong) {
    run(env, class, |_| {
        session::find(session)?.token.reset();
        Ok(())
    });
}

fn connect<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| {
        let session = session::find(session)?;
        let greeting = session.callbacks.during(env, &upcalls, || session.connect())?;
        Ok(env.byte_array_from_slice(&greeting)?)
    })
}

fn login<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    user: JByteArray<'local>,
    password: JByteArray<'local>,
    account: JByteArray<'local>,
) {
    run(env, class, |env| {
        let user = env.convert_byte_array(&user)?;
        let password = env.convert_byte_array(&password)?;
        let account = env.convert_byte_array(&account)?;
        on_client(env, session, &upcalls, |open| {
            Ok(open.client.login_with_account(user, password, account)?)
        })
    });
}

fn perform<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    operation: jint,
    first: JByteArray<'local>,
    second: JByteArray<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| {
        let (first, second) = (env.convert_byte_array(&first)?, env.convert_byte_array(&second)?);
        let answer = on_client(env, session, &upcalls, |open| {
            perform_operation(&mut open.client, operation, &first, &second)
        })?;
        Ok(env.byte_array_from_slice(&answer)?)
    })
}

fn quit<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong, upcalls: JObject<'local>) {
    run(env, class, |env| {
        let session = session::find(session)?;
        session.callbacks.during(env, &upcalls, || session.quit())
    });
}

fn facts<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong) -> JByteArray<'local> {
    run(env, class, |env| {
        let facts = session::find(session)?.with_client(|open| Ok(encode::facts_about(&open.client)))?;
        Ok(env.byte_array_from_slice(&facts)?)
    })
}

fn change<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    options: JByteArray<'local>,
) {
    run(env, class, |env| {
        let options = env.convert_byte_array(&options)?;
        session::find(session)?.with_client(|open| options::change(&mut open.client, &options))
    });
}

#[allow(clippy::too_many_arguments)]
fn open_transfer<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    upload: jboolean,
    verb: JByteArray<'local>,
    argument: JByteArray<'local>,
    offset: jlong,
) -> jboolean {
    run(env, class, |env| {
        let verb = text(&env.convert_byte_array(&verb)?)?;
        let argument = env.convert_byte_array(&argument)?;
        let offset = u64::try_from(offset).map_err(|_| invalid("an offset is not negative"))?;
        on_client(env, session, &upcalls, |open| {
            open.client.open_transfer(direction(upload), &verb, &argument, offset)?;
            Ok(open.client.is_resumed() == Some(true))
        })
    })
}

fn read<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    mut buffer: JByteBuffer<'local>,
    offset: jint,
    length: jint,
) -> jint {
    run(env, class, |env| {
        let target = bytes_of(env, &mut buffer, offset, length)?;
        let count = on_client(env, session, &upcalls, |open| Ok(open.client.read_data(target)?))?;
        // No more than `length`.
        Ok(count as jint)
    })
}

fn write<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    mut buffer: JByteBuffer<'local>,
    offset: jint,
    length: jint,
) {
    run(env, class, |env| {
        let source = bytes_of(env, &mut buffer, offset, length)?;
        on_client(env, session, &upcalls, |open| Ok(open.client.write_all_data(source)?))
    });
}

fn bytes_moved<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong) -> jlong {
    run(env, class, |_| session::find(session)?.with_client(|open| Ok(count(open.client.bytes_moved()))))
}

fn finish<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| {
        let reply = on_client(env, session, &upcalls, |open| Ok(open.client.finish_transfer()?))?;
        Ok(env.byte_array_from_slice(&encode::reply(&reply))?)
    })
}

fn abort_transfer<'local>(env: EnvUnowned<'local>, class: JClass<'local>, session: jlong) {
    run(env, class, |_| {
        session::find(session)?.with_client(|open| {
            open.abort();
            Ok(())
        })
    });
}

fn open_listing<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    path: JByteArray<'local>,
    names_only: jboolean,
) {
    run(env, class, |env| {
        let path = env.convert_byte_array(&path)?;
        on_client(env, session, &upcalls, |open| open.open_listing(&path, names_only))
    });
}

fn next_entries<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| match on_client(env, session, &upcalls, OpenClient::next_entries)? {
        Some(entries) => Ok(env.byte_array_from_slice(&entries)?),
        None => Ok(JByteArray::default()),
    })
}

#[allow(clippy::too_many_arguments)]
fn transfer_file<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    way: jint,
    local: JByteArray<'local>,
    remote: JByteArray<'local>,
    options: JByteArray<'local>,
    progress: JObject<'local>,
) -> jlong {
    run(env, class, |env| {
        let (local, remote) = (env.convert_byte_array(&local)?, env.convert_byte_array(&remote)?);
        let options = env.convert_byte_array(&options)?;
        let progress = (!progress.is_null()).then(|| env.new_global_ref(&progress)).transpose()?;
        let callbacks = session::find(session)?.callbacks.clone();
        on_client(env, session, &upcalls, |open| {
            let moved = open.transfer_file(way, &local, &remote, &options, &callbacks, progress.as_ref())?;
            Ok(count(moved))
        })
    })
}

fn stop_transfer<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
) {
    run(env, class, |env| on_client(env, session, &upcalls, |open| Ok(open.client.stop_transfer()?)));
}

fn direction(upload: jboolean) -> Direction {
    match upload {
        true => Direction::Upload,
        false => Direction::Download,
    }
}

fn count(value: u64) -> jlong {
    jlong::try_from(value).unwrap_or(jlong::MAX)
}

/// A part of a direct buffer.
#[allow(unsafe_code)]
fn bytes_of<'a>(
    env: &Env,
    buffer: &'a mut JByteBuffer,
    offset: jint,
    length: jint,
) -> Result<&'a mut [u8], Problem> {
    let outside = || invalid("the part is not inside the direct buffer");
    let capacity = env.get_direct_buffer_capacity(buffer)?;
    let offset = usize::try_from(offset).map_err(|_| outside())?;
    let length = usize::try_from(length).map_err(|_| outside())?;
    if offset.checked_add(length).is_none_or(|end| end > capacity) {
        return Err(outside());
    }
    let start = env.get_direct_buffer_address(buffer)?;
    // SAFETY: the memory lives as long as the buffer, which the caller's local reference keeps alive; the part is inside it. It was
    // initialised by Java, and the class that declares the methods lets one thread at a time use a client's buffer.
    Ok(unsafe { std::slice::from_raw_parts_mut(start.add(offset), length) })
}
