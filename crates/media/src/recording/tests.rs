//! Stories of recordings: written tick by tick, torn, damaged, read back.

use proptest::prelude::*;

use super::{format::CHUNK_TICKS, *};
use crate::g711::Codec;

fn header() -> FileHeader {
    FileHeader {
        call_id: "call-通话".into(),
        started_at_ms: 1_700_000_000_123,
        codec: Codec::Pcma,
    }
}

fn frame(kind: char, level: u8) -> RecordedFrame {
    RecordedFrame {
        kind: match kind {
            'A' => FrameKind::Audio,
            'C' => FrameKind::Concealed,
            'S' => FrameKind::Silence,
            _ => FrameKind::Gap,
        },
        payload: [level; FRAME_SAMPLES],
    }
}

/// The file of a call whose user track is a score, one letter a tick; `x` is a tick that was
/// never recorded. The agent speaks all the time. Also says where each chunk ends.
fn record(score: &str) -> (Vec<u8>, Vec<usize>) {
    let mut file = header().to_bytes();
    let mut ends = Vec::new();
    let mut builder = ChunkBuilder::new();
    let mut chunk = Vec::new();
    let mut append = |file: &mut Vec<u8>, chunk: &[u8]| {
        file.extend(chunk);
        ends.push(file.len());
    };
    for (tick, kind) in score.chars().enumerate().filter(|(_, kind)| *kind != 'x') {
        let frames = RecordedTick {
            user: frame(kind, tick as u8),
            agent: frame('A', 0xAA),
        };
        let tick = u32::try_from(tick).unwrap();
        if builder.push(tick, &frames, &mut chunk) {
            append(&mut file, &chunk);
        }
    }
    if builder.flush(&mut chunk) {
        append(&mut file, &chunk);
    }
    (file, ends)
}

fn kinds(recording: &Recording<'_>, track: Track) -> String {
    let letter = |kind| match kind {
        FrameKind::Audio => 'A',
        FrameKind::Concealed => 'C',
        FrameKind::Silence => 'S',
        FrameKind::Gap => 'G',
    };
    let frames = recording.frames(track);
    frames.map(|(kind, _)| letter(kind)).collect()
}

fn gaps(recording: &Recording<'_>) -> Vec<(u64, u64, GapCause)> {
    let gaps = recording.gaps(Track::User).into_iter();
    gaps.map(|gap| (gap.start_ms, gap.len_ms, gap.cause))
        .collect()
}

#[test]
fn what_is_recorded_is_read() {
    let score = "SSSSAAAAAACCGGGSSSSAAAAAA";
    let (file, ends) = record(score);
    let recording = Recording::open(&file).unwrap();
    assert_eq!(ends.len(), 3);
    assert_eq!(*recording.header(), header());
    assert_eq!(recording.len_ms(), 500);
    assert_eq!(recording.torn_bytes(), 0);
    assert_eq!(kinds(&recording, Track::User), score);
    assert_eq!(kinds(&recording, Track::Agent), "A".repeat(25));
    assert_eq!(
        gaps(&recording),
        [
            (200, 40, GapCause::Concealed),
            (240, 60, GapCause::NotReceived)
        ]
    );
    let (_, samples) = recording.frames(Track::User).nth(7).unwrap();
    assert_eq!(samples, [Codec::Pcma.decode(7); FRAME_SAMPLES]);
    assert!(recording.gaps(Track::Agent).is_empty());
}

#[test]
fn ticks_that_were_never_recorded_are_a_gap() {
    let (file, _) = record("xxAAxxxxAAAAAAAAAAAA");
    let recording = Recording::open(&file).unwrap();
    assert_eq!(
        gaps(&recording),
        [(0, 40, GapCause::Torn), (80, 80, GapCause::Torn)]
    );
    assert_eq!(recording.ticks(), 20);
}

#[test]
fn a_file_cut_anywhere_keeps_its_whole_chunks() {
    let (file, ends) = record(&"A".repeat(40));
    for cut in HEADER_LEN..file.len() {
        let recording = Recording::open(&file[..cut]).unwrap();
        let n_whole = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(
            recording.ticks() as usize,
            n_whole * usize::from(CHUNK_TICKS)
        );
        let end = if n_whole == 0 {
            HEADER_LEN
        } else {
            ends[n_whole - 1]
        };
        assert_eq!(recording.torn_bytes(), cut - end);
    }
    for cut in 0..HEADER_LEN {
        assert_eq!(Recording::open(&file[..cut]).err(), Some(NotARecording));
    }
}

#[test]
fn a_damaged_chunk_in_the_middle_is_a_gap() {
    let (mut file, ends) = record(&"A".repeat(40));
    file[ends[0] + 20] ^= 1;
    let recording = Recording::open(&file).unwrap();
    assert_eq!(gaps(&recording), [(200, 200, GapCause::Torn)]);
    assert_eq!(recording.len_ms(), 800);
    assert_eq!(recording.torn_bytes(), 0);
}

#[test]
fn a_chunk_that_comes_twice_counts_once() {
    let (mut file, ends) = record(&"A".repeat(20));
    let again = file[ends[0]..].to_vec();
    file.extend(again);
    let recording = Recording::open(&file).unwrap();
    assert_eq!(recording.ticks(), 20);
}

#[test]
fn an_idle_second_takes_100_bytes() {
    let mut builder = ChunkBuilder::new();
    let idle = RecordedTick {
        user: frame('S', 0),
        agent: frame('S', 0),
    };
    let mut chunk = Vec::new();
    let bytes: usize = (0..50)
        .filter_map(|tick| builder.push(tick, &idle, &mut chunk).then_some(chunk.len()))
        .sum();
    assert_eq!(bytes, 100);
}

#[test]
fn peaks_show_where_the_voice_is() {
    let (file, _) = record("SSSSSSSSSSSSSSSSSSSSSSSSSAAAAAAAAAAAAAAAAAAAAAAAAA");
    let recording = Recording::open(&file).unwrap();
    let peaks = recording.peaks(Track::User, 2);
    assert_eq!(peaks.len(), 2);
    assert_eq!(peaks[0], Peak::default());
    assert_ne!(peaks[1], Peak::default());
    assert_eq!(recording.peaks(Track::Agent, 3).len(), 3);
    assert_eq!(recording.peaks(Track::Agent, 1000).len(), 50);
}

#[test]
fn a_recording_of_nothing_has_no_length() {
    let file = header().to_bytes();
    let recording = Recording::open(&file).unwrap();
    assert_eq!(recording.len_ms(), 0);
    assert_eq!(recording.frames(Track::User).count(), 0);
}

proptest! {
    #[test]
    fn damage_never_panics_and_never_lengthens(
        score in "[ACSGx]{0,60}",
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let (mut file, _) = record(&score);
        for (at, byte) in damage {
            let at = HEADER_LEN + at.index(file.len() - HEADER_LEN + 1);
            if let Some(place) = file.get_mut(at) {
                *place = byte;
            }
        }
        file.truncate(HEADER_LEN + cut.index(file.len() - HEADER_LEN + 1));
        let recording = Recording::open(&file).unwrap();
        prop_assert!(recording.ticks() as usize <= score.len());
        for track in [Track::User, Track::Agent] {
            prop_assert_eq!(recording.frames(track).count(), recording.ticks() as usize);
        }
        let _ = recording.gaps(Track::User);
    }

    #[test]
    fn noise_after_the_header_never_panics(
        noise in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut file = header().to_bytes();
        file.extend(b"SWBK");
        file.extend(noise);
        let recording = Recording::open(&file).unwrap();
        prop_assert_eq!(recording.frames(Track::User).count(), recording.ticks() as usize);
    }
}
