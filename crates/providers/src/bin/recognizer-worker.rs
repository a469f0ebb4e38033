//! A recognizer's worker alone, as the tests of this crate start it; `switchboard
//! recognizer-worker` is the same.

fn main() -> std::process::ExitCode {
    providers::recognizer::pocketsphinx::worker_main()
}
