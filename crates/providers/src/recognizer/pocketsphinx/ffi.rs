//! The only unsafe code of this crate: `libpocketsphinx.so.3` (5prealpha, Debian 12), loaded at run
//! time so that the binary starts without it.
//!
//! # Invariants
//!
//! - The decoder pointer is valid from [`Library::decoder`] to drop, and used by one thread.
//! - Strings go in NUL-terminated and are copied out before the next call.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use libloading::os::unix::{Library as SharedObject, RTLD_GLOBAL, RTLD_NOW, Symbol};

/// A failed call, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub &'static str);

type Handle = *mut c_void;
type Named = unsafe extern "C" fn(Handle, *const c_char) -> c_int;
type NamedText = unsafe extern "C" fn(Handle, *const c_char, *const c_char) -> c_int;
type Plain = unsafe extern "C" fn(Handle) -> c_int;
type Words = unsafe extern "C" fn(Handle, *const c_char) -> *mut c_char;
type Process = unsafe extern "C" fn(Handle, *const i16, usize, c_int, c_int) -> c_int;
type Hypothesis = unsafe extern "C" fn(Handle, *mut i32) -> *const c_char;
type Parse = unsafe extern "C" fn(Handle, *const c_void, i32, *const *const c_char, i32) -> Handle;

/// The loaded library with the functions used. The field order keeps `base` loaded longest.
pub(crate) struct Library {
    args: Symbol<unsafe extern "C" fn() -> *const c_void>,
    parse: Symbol<Parse>,
    init: Symbol<unsafe extern "C" fn(Handle) -> Handle>,
    free: Symbol<Plain>,
    free_config: Symbol<Plain>,
    free_text: Symbol<unsafe extern "C" fn(*mut c_void)>,
    set_jsgf: Symbol<NamedText>,
    set_allphone: Symbol<NamedText>,
    set_search: Symbol<Named>,
    unset_search: Symbol<Named>,
    start: Symbol<Plain>,
    process: Symbol<Process>,
    end: Symbol<Plain>,
    hypothesis: Symbol<Hypothesis>,
    n_frames: Symbol<Plain>,
    lookup: Symbol<Words>,
    _sphinx: SharedObject,
    _base: SharedObject,
}

impl Library {
    /// Loads both shared objects by their Debian names.
    pub fn load() -> Result<Library, libloading::Error> {
        // SAFETY: the initializers of these Debian libraries have no preconditions; the types
        // below are those of pocketsphinx.h and cmd_ln.h of 5prealpha, which the soname 3 fixes.
        unsafe {
            let flags = RTLD_NOW | RTLD_GLOBAL;
            let base = SharedObject::open(Some("libsphinxbase.so.3"), flags)?;
            let sphinx = SharedObject::open(Some("libpocketsphinx.so.3"), flags)?;
            Ok(Library {
                args: sphinx.get(b"ps_args\0")?,
                parse: base.get(b"cmd_ln_parse_r\0")?,
                init: sphinx.get(b"ps_init\0")?,
                free: sphinx.get(b"ps_free\0")?,
                free_config: base.get(b"cmd_ln_free_r\0")?,
                free_text: base.get(b"ckd_free\0")?,
                set_jsgf: sphinx.get(b"ps_set_jsgf_string\0")?,
                set_allphone: sphinx.get(b"ps_set_allphone_file\0")?,
                set_search: sphinx.get(b"ps_set_search\0")?,
                unset_search: sphinx.get(b"ps_unset_search\0")?,
                start: sphinx.get(b"ps_start_utt\0")?,
                process: sphinx.get(b"ps_process_raw\0")?,
                end: sphinx.get(b"ps_end_utt\0")?,
                hypothesis: sphinx.get(b"ps_get_hyp\0")?,
                n_frames: sphinx.get(b"ps_get_n_frames\0")?,
                lookup: sphinx.get(b"ps_lookup_word\0")?,
                _sphinx: sphinx,
                _base: base,
            })
        }
    }

    /// A decoder with command-line style `options`, as pairs of name and value.
    pub fn decoder(self, options: &[&str]) -> Result<Decoder, Refused> {
        let words: Vec<CString> = ["worker"]
            .iter()
            .chain(options)
            .map(|word| c_text(word))
            .collect();
        let pointers: Vec<*const c_char> = words.iter().map(|word| word.as_ptr()).collect();
        let n_words = i32::try_from(pointers.len()).map_err(|_| Refused("cmd_ln_parse_r"))?;
        // SAFETY: `pointers` holds `n_words` NUL-terminated strings that live across the call,
        // which copies them. The configuration is retained by the decoder and released by us once.
        let handle = unsafe {
            let config = (self.parse)(
                ptr::null_mut(),
                (self.args)(),
                n_words,
                pointers.as_ptr(),
                1,
            );
            if config.is_null() {
                return Err(Refused("cmd_ln_parse_r"));
            }
            let handle = (self.init)(config);
            (self.free_config)(config);
            handle
        };
        if handle.is_null() {
            return Err(Refused("ps_init"));
        }
        Ok(Decoder {
            library: self,
            handle,
        })
    }
}

/// One decoder. Not `Send`: it stays in the worker's only thread.
pub(crate) struct Decoder {
    library: Library,
    handle: Handle,
}

/// The best explanation of an utterance.
#[derive(Debug)]
pub(crate) struct Best {
    pub words: Option<String>,
    /// Log likelihood in the engine's scale.
    pub score: i32,
    /// Frames of 10 ms decoded.
    pub n_frames: i32,
}

impl Decoder {
    /// The phones of a word; `None` when the dictionary lacks it.
    pub fn phones(&self, word: &str) -> Option<String> {
        let word = c_text(word);
        // SAFETY: the handle is valid; the returned text is ours to free with ckd_free, and is
        // copied before that.
        unsafe {
            let text = (self.library.lookup)(self.handle, word.as_ptr());
            if text.is_null() {
                return None;
            }
            let phones = CStr::from_ptr(text).to_string_lossy().into_owned();
            (self.library.free_text)(text.cast());
            Some(phones)
        }
    }

    /// Makes a grammar available as the search `name`, in place of an older one.
    pub fn set_grammar(&mut self, name: &str, jsgf: &str) -> Result<(), Refused> {
        let (name, jsgf) = (c_text(name), c_text(jsgf));
        // SAFETY: the handle is valid, both strings live across the calls and are copied. Unsetting
        // a search that is not there is refused without harm.
        let result = unsafe {
            (self.library.unset_search)(self.handle, name.as_ptr());
            (self.library.set_jsgf)(self.handle, name.as_ptr(), jsgf.as_ptr())
        };
        done(result, "ps_set_jsgf_string")
    }

    /// Makes a free sequence of phones available as the search `name`.
    pub fn set_phones(&mut self, name: &str) -> Result<(), Refused> {
        let name = c_text(name);
        // SAFETY: the handle is valid; no language model (null) is a documented choice.
        let result =
            unsafe { (self.library.set_allphone)(self.handle, name.as_ptr(), ptr::null()) };
        done(result, "ps_set_allphone_file")
    }

    /// Decodes a whole utterance of 16 kHz PCM with the search `name`.
    pub fn decode(&mut self, name: &str, samples: &[i16]) -> Result<Best, Refused> {
        let name = c_text(name);
        let library = &self.library;
        // SAFETY: the handle is valid; `samples` outlives the call that reads exactly its length;
        // the hypothesis belongs to the decoder and is copied before anything else is called.
        unsafe {
            done(
                (library.set_search)(self.handle, name.as_ptr()),
                "ps_set_search",
            )?;
            done((library.start)(self.handle), "ps_start_utt")?;
            // No search deferred (0), and the whole utterance is here (1).
            let read = (library.process)(self.handle, samples.as_ptr(), samples.len(), 0, 1);
            done((library.end)(self.handle), "ps_end_utt")?;
            done(read, "ps_process_raw")?;
            let mut score = 0;
            let words = (library.hypothesis)(self.handle, &raw mut score);
            let words =
                (!words.is_null()).then(|| CStr::from_ptr(words).to_string_lossy().into_owned());
            Ok(Best {
                words,
                score,
                n_frames: (library.n_frames)(self.handle),
            })
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the handle is valid and not used again.
        unsafe { (self.library.free)(self.handle) };
    }
}

fn done(result: c_int, call: &'static str) -> Result<(), Refused> {
    if result < 0 {
        Err(Refused(call))
    } else {
        Ok(())
    }
}

/// Up to the first NUL; our strings have none.
fn c_text(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).expect("cut before the first NUL")
}
