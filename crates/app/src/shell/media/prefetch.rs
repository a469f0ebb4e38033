//! Asks for memory before it is needed. A worker goes from leg to leg, each some kilobytes that the
//! others and the kernel have pushed out of the nearest caches since its last tick; while the kernel
//! sends for one leg, the next one's memory can come. Nothing depends on it but time.

/// Bytes that caches fetch at once, on what we run on.
const LINE: usize = 64;

/// Asks for all of `value`, without waiting for it.
pub fn prefetch<T: ?Sized>(value: &T) {
    let start = std::ptr::from_ref(value).cast::<u8>();
    for offset in (0..size_of_val(value)).step_by(LINE) {
        line(start.wrapping_add(offset));
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "the instruction has no safe name")]
fn line(address: *const u8) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: every x86-64 has the instruction, and it faults at no address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
}

#[cfg(not(target_arch = "x86_64"))]
fn line(_address: *const u8) {}
