//! The worker process: questions on stdin, answers on stdout, one after the other, until stdin ends.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use super::decoder::Decoder;
use super::wire::{Answer, MESSAGE_BYTES_MAX, Question, framed, pcm_samples};

/// Runs a worker in this process. The parent is trusted, yet lengths are bounded.
///
/// Ends with success when the parent closes stdin, with failure when it says something else than
/// questions.
pub fn worker_main() -> ExitCode {
    match serve(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(questions: &mut impl Read, answers: &mut impl Write) -> io::Result<()> {
    let mut decoder = Decoder::load();
    while let Some(question) = next_message(questions)? {
        let question: Question = serde_json::from_slice(&question)?;
        let audio = next_message(questions)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let answer = match &mut decoder {
            Ok(decoder) => decoder.decide(&question.phrases, &pcm_samples(&audio)),
            Err(Answer::NotInstalled { what }) => Answer::NotInstalled { what: what.clone() },
            Err(_) => Answer::Failed {
                detail: "model could not be loaded".to_owned(),
            },
        };
        answers.write_all(&framed(&serde_json::to_vec(&answer)?))?;
        answers.flush()?;
    }
    Ok(())
}

/// `None` at the end of input between two messages.
fn next_message(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(fault) => return Err(fault),
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > MESSAGE_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_beyond_the_bound_ends_the_worker() {
        let mut input = &u32::MAX.to_le_bytes()[..];
        assert_eq!(
            next_message(&mut input).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
    }

    #[test]
    fn the_end_of_questions_is_no_fault() {
        assert_eq!(next_message(&mut &[][..]).unwrap(), None);
    }
}
