//! How library and Java class meet.
//!
//! The thread that loads the library has, for that moment, a context class loader whose `loadClass("libftps <version>")` returns the class
//! that declares the native methods; the loader refuses another version than its own.

use crate::{methods, tree_methods};
use jni::objects::{JClass, JValue};
use jni::sys::{jint, JNI_ERR, JNI_VERSION_1_8};
use jni::vm::JavaVM;
use jni::{jni_sig, jni_str, Env};
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

const HANDOVER: &str = concat!("libftps ", env!("CARGO_PKG_VERSION"));

/// Called by `System.load`. When it fails, a Java exception is pending, which `System.load` throws.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "system" fn JNI_OnLoad(vm: *mut jni::sys::JavaVM, _reserved: *mut c_void) -> jint {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the JVM passes its own valid pointer.
        let vm = unsafe { JavaVM::from_raw(vm) };
        vm.with_top_local_frame(register)
    }));
    match outcome {
        Ok(Ok(())) => JNI_VERSION_1_8,
        _ => JNI_ERR,
    }
}

#[allow(unsafe_code)]
fn register(env: &mut Env) -> jni::errors::Result<()> {
    let thread = env
        .call_static_method(
            jni_str!("java/lang/Thread"),
            jni_str!("currentThread"),
            jni_sig!(() -> java.lang.Thread),
            &[],
        )?
        .l()?;
    let loader = env
        .call_method(&thread, jni_str!("getContextClassLoader"), jni_sig!(() -> java.lang.ClassLoader), &[])?
        .l()?;
    let name = env.new_string(HANDOVER)?;
    let class = env
        .call_method(
            &loader,
            jni_str!("loadClass"),
            jni_sig!((name: java.lang.String) -> java.lang.Class),
            &[JValue::Object(&name)],
        )?
        .l()?;
    let class = env.cast_local::<JClass>(class)?;
    for methods in [methods::METHODS, tree_methods::METHODS] {
        // SAFETY: each method was made by `native_method!`, which checks that function and signature agree, and all are static.
        unsafe { env.register_native_methods(&class, methods) }?;
    }
    Ok(())
}
