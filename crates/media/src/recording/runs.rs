//! A track inside a chunk: runs of ticks of the same kind.

use crate::{FRAME_SAMPLES, FrameKind};

/// Longest track of `n_ticks`: every tick a run of its own, with a payload.
pub const fn len_max(n_ticks: usize) -> usize {
    n_ticks * (2 + FRAME_SAMPLES)
}

fn code(kind: FrameKind) -> u8 {
    match kind {
        FrameKind::Silence => 0,
        FrameKind::Audio => 1,
        FrameKind::Concealed => 2,
        FrameKind::Gap => 3,
    }
}

fn kind(code: u8) -> Option<FrameKind> {
    match code {
        0 => Some(FrameKind::Silence),
        1 => Some(FrameKind::Audio),
        2 => Some(FrameKind::Concealed),
        3 => Some(FrameKind::Gap),
        _ => None,
    }
}

fn has_payload(kind: FrameKind) -> bool {
    match kind {
        FrameKind::Audio | FrameKind::Concealed => true,
        FrameKind::Silence | FrameKind::Gap => false,
    }
}

/// Writes the runs of one track, tick by tick.
#[derive(Debug)]
pub struct RunWriter {
    bytes: Vec<u8>,
    /// Where the current run starts, and its kind.
    run: Option<(usize, FrameKind)>,
}

impl RunWriter {
    /// Room for `n_ticks`.
    pub fn new(n_ticks: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(len_max(n_ticks)),
            run: None,
        }
    }

    pub fn push(&mut self, kind: FrameKind, payload: &[u8; FRAME_SAMPLES]) {
        match self.run {
            Some((start, of)) if of == kind => self.bytes[start + 1] += 1,
            Some(_) | None => {
                self.run = Some((self.bytes.len(), kind));
                self.bytes.extend([code(kind), 1]);
            }
        }
        if has_payload(kind) {
            self.bytes.extend(payload);
        }
    }

    /// The runs so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn clear(&mut self) {
        self.bytes.clear();
        self.run = None;
    }
}

/// Bytes that the runs at the start of `bytes` take to last `n_ticks`; `None` if they do not.
pub fn len(bytes: &[u8], n_ticks: u8) -> Option<usize> {
    let mut left = n_ticks;
    let mut at = 0;
    while left > 0 {
        let head = bytes.get(at..at + 2)?;
        let kind = kind(head[0])?;
        let n = head[1];
        if n == 0 || n > left {
            return None;
        }
        left -= n;
        at += 2;
        if has_payload(kind) {
            at += usize::from(n) * FRAME_SAMPLES;
        }
    }
    (at <= bytes.len()).then_some(at)
}

/// The ticks of a track whose runs are valid: kind, and payload if it has one.
#[derive(Clone, Debug)]
pub struct Ticks<'a> {
    rest: &'a [u8],
    run: Option<(FrameKind, u8)>,
}

impl<'a> Ticks<'a> {
    pub fn new(runs: &'a [u8]) -> Self {
        Self {
            rest: runs,
            run: None,
        }
    }
}

impl<'a> Iterator for Ticks<'a> {
    type Item = (FrameKind, Option<&'a [u8; FRAME_SAMPLES]>);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, left) = match self.run {
            Some((kind, left)) if left > 0 => (kind, left),
            Some(_) | None => {
                let (head, rest) = self.rest.split_first_chunk::<2>()?;
                self.rest = rest;
                (kind(head[0])?, head[1])
            }
        };
        self.run = Some((kind, left.checked_sub(1)?));
        if !has_payload(kind) {
            return Some((kind, None));
        }
        let (payload, rest) = self.rest.split_first_chunk::<FRAME_SAMPLES>()?;
        self.rest = rest;
        Some((kind, Some(payload)))
    }
}
