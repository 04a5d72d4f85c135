//! The native methods of pools and trees.

use crate::methods::{on_client, run};
use crate::trees::{self, Order};
use crate::{pool, session};
use jni::objects::{JByteArray, JClass, JObject};
use jni::sys::{jboolean, jlong};
use jni::{native_method, EnvUnowned, NativeMethod};

/// Those of the class that declares all in Java. A plan's progress is a `java.util.function.Function`, which may be null.
pub const METHODS: &[NativeMethod<'static>] = &[
    native_method! {
        static raw fn open_walk(session: jlong, upcalls: JObject, start: [jbyte], is_pattern: jboolean)
    },
    native_method! { static raw fn next_found(session: jlong, upcalls: JObject, skips: jboolean) -> [jbyte] },
    native_method! { static raw fn plan(session: jlong, upcalls: JObject, mirror: [jbyte]) -> [jbyte] },
    native_method! {
        static raw fn execute(
            session: jlong, upcalls: JObject, plan: jlong, options: [jbyte], progress: JObject
        ) -> [jbyte]
    },
    native_method! {
        static raw fn execute_over_pool(
            pool: jlong, upcalls: JObject, plan: jlong, options: [jbyte], progress: JObject
        ) -> [jbyte]
    },
    native_method! { static raw fn stop_plan(plan: jlong) },
    native_method! { static raw fn free_plan(plan: jlong) },
    native_method! {
        static raw fn create_pool(connection: [jbyte], own: [jbyte], tells_dialogue: jboolean) -> jlong
    },
    native_method! { static raw fn borrow(pool: jlong) -> jlong },
    native_method! { static raw fn pool_statistics(pool: jlong) -> [jbyte] },
    native_method! { static raw fn close_expired(pool: jlong) },
    native_method! { static raw fn close_pool(pool: jlong) },
    native_method! { static raw fn free_pool(pool: jlong) },
];

fn open_walk<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    start: JByteArray<'local>,
    is_pattern: jboolean,
) {
    run(env, class, |env| {
        let start = env.convert_byte_array(&start)?;
        on_client(env, session, &upcalls, |open| open.open_walk(&start, is_pattern))
    });
}

fn next_found<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    skips: jboolean,
) -> JByteArray<'local> {
    run(env, class, |env| match on_client(env, session, &upcalls, |open| open.next_found(skips))? {
        Some(found) => Ok(env.byte_array_from_slice(&found)?),
        None => Ok(JByteArray::default()),
    })
}

fn plan<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    mirror: JByteArray<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| {
        let mirror = env.convert_byte_array(&mirror)?;
        let plan = on_client(env, session, &upcalls, |open| open.plan(&mirror))?;
        Ok(env.byte_array_from_slice(&plan)?)
    })
}

#[allow(clippy::too_many_arguments)]
fn execute<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    session: jlong,
    upcalls: JObject<'local>,
    plan: jlong,
    options: JByteArray<'local>,
    progress: JObject<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| {
        let options = env.convert_byte_array(&options)?;
        let order = Order { number: plan, options: &options, upcalls: &upcalls, progress: &progress };
        let report = session::find(session)?.execute(env, &order)?;
        Ok(env.byte_array_from_slice(&report)?)
    })
}

#[allow(clippy::too_many_arguments)]
fn execute_over_pool<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    pool: jlong,
    upcalls: JObject<'local>,
    plan: jlong,
    options: JByteArray<'local>,
    progress: JObject<'local>,
) -> JByteArray<'local> {
    run(env, class, |env| {
        let options = env.convert_byte_array(&options)?;
        let order = Order { number: plan, options: &options, upcalls: &upcalls, progress: &progress };
        let report = pool::find(pool)?.execute(env, &order)?;
        Ok(env.byte_array_from_slice(&report)?)
    })
}

fn stop_plan<'local>(env: EnvUnowned<'local>, class: JClass<'local>, plan: jlong) {
    run(env, class, |_| {
        trees::stop(plan);
        Ok(())
    });
}

fn free_plan<'local>(env: EnvUnowned<'local>, class: JClass<'local>, plan: jlong) {
    run(env, class, |_| {
        trees::remove(plan);
        Ok(())
    });
}

fn create_pool<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    connection: JByteArray<'local>,
    own: JByteArray<'local>,
    tells_dialogue: jboolean,
) -> jlong {
    run(env, class, |env| {
        let (connection, own) = (env.convert_byte_array(&connection)?, env.convert_byte_array(&own)?);
        pool::add(&connection, &own, tells_dialogue)
    })
}

fn borrow<'local>(env: EnvUnowned<'local>, class: JClass<'local>, pool: jlong) -> jlong {
    run(env, class, |_| pool::new_borrower(pool))
}

fn pool_statistics<'local>(
    env: EnvUnowned<'local>,
    class: JClass<'local>,
    pool: jlong,
) -> JByteArray<'local> {
    run(env, class, |env| Ok(env.byte_array_from_slice(&pool::statistics(pool)?)?))
}

fn close_expired<'local>(env: EnvUnowned<'local>, class: JClass<'local>, pool: jlong) {
    run(env, class, |_| {
        pool::find(pool)?.pool.close_expired();
        Ok(())
    });
}

fn close_pool<'local>(env: EnvUnowned<'local>, class: JClass<'local>, pool: jlong) {
    run(env, class, |_| {
        pool::close(pool);
        Ok(())
    });
}

fn free_pool<'local>(env: EnvUnowned<'local>, class: JClass<'local>, pool: jlong) {
    run(env, class, |_| {
        pool::remove(pool);
        Ok(())
    });
}
