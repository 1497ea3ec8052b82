//! A program that tells which C library it is linked with, and that it can catch a panic.

fn main() {
    let caught = std::panic::catch_unwind(|| panic!("ring")).is_err();
    println!("musl: {}, caught: {caught}", cfg!(target_env = "musl"));
}
