//! Stories of clips: each clip is a constant level, so that a frame shows who is heard.

use super::*;

/// A clip of `ms` at a level.
fn clip(id: u64, level: i16, ms: usize) -> Clip {
    Clip::whole(ClipId(id), vec![level; ms * 8].into())
}

struct Story {
    playout: Playout,
    changes: Vec<Change>,
}

impl Story {
    fn new() -> Self {
        Self {
            playout: Playout::new(),
            changes: Vec::new(),
        }
    }

    /// Plays ticks. Returns the levels at the start and the end of each frame.
    fn ticks(&mut self, n: usize) -> Vec<(i16, i16)> {
        let mut frame = [1; FRAME_SAMPLES];
        (0..n)
            .map(|_| {
                self.playout.tick(&mut frame);
                self.changes
                    .extend(std::iter::from_fn(|| self.playout.poll()));
                (frame[0], frame[FRAME_SAMPLES - 1])
            })
            .collect()
    }

    /// `id`, samples sent and whether it was cut, of the clips that ended.
    fn ended(&self) -> Vec<(u64, u64, bool)> {
        let ended = self.changes.iter().filter_map(|change| match change {
            Change::Started { .. } => None,
            Change::Ended {
                id,
                samples_sent,
                cut,
                ..
            } => Some((id.0, *samples_sent, *cut)),
        });
        ended.collect()
    }
}

#[test]
fn clips_follow_each_other_within_a_frame() {
    let mut story = Story::new();
    story.playout.play(clip(1, 10, 30), PlayMode::Queue);
    story.playout.play(clip(2, 20, 20), PlayMode::Queue);
    assert_eq!(story.ticks(4), [(10, 10), (10, 20), (20, 0), (0, 0)]);
    assert_eq!(story.ended(), [(1, 240, false), (2, 160, false)]);
    assert_eq!(story.changes[0], Change::Started { id: ClipId(1) });
}

#[test]
fn a_clip_plays_as_often_as_asked() {
    let mut story = Story::new();
    let thrice = clip(1, 10, 20).repeated(3);
    story.playout.play(thrice, PlayMode::Queue);
    assert_eq!(story.ticks(4), [(10, 10), (10, 10), (10, 10), (0, 0)]);
    assert_eq!(story.ended(), [(1, 480, false)]);
}

#[test]
fn instead_displaces_and_gives_back() {
    let mut story = Story::new();
    story.playout.play(clip(1, 10, 60), PlayMode::Queue);
    story.ticks(1);
    let sound = clip(2, 20, 20);
    story
        .playout
        .play(sound, PlayMode::Instead(Displaced::Resumes));
    assert_eq!(story.ticks(4), [(20, 20), (10, 10), (10, 10), (0, 0)]);
    assert_eq!(story.ended(), [(2, 160, false), (1, 480, false)]);
}

#[test]
fn instead_can_end_what_plays() {
    let mut story = Story::new();
    story.playout.play(clip(1, 1000, 60), PlayMode::Queue);
    story.playout.play(clip(3, 10, 60), PlayMode::Queue);
    story.ticks(1);
    let sound = clip(2, 20, 20);
    story
        .playout
        .play(sound, PlayMode::Instead(Displaced::Ends));
    assert_eq!(story.ticks(2), [(995, 20), (0, 0)]);
    assert_eq!(
        story.ended(),
        [(1, 200, true), (3, 0, true), (2, 160, false)]
    );
}

#[test]
fn over_is_mixed_and_clips() {
    let mut story = Story::new();
    story.playout.play(clip(1, 30_000, 40), PlayMode::Queue);
    story.playout.play(clip(2, 20_000, 20), PlayMode::Over);
    assert_eq!(story.ticks(2), [(i16::MAX, i16::MAX), (30_000, 30_000)]);
}

#[test]
fn a_cut_fades_in_5_ms_and_counts_what_left() {
    let mut story = Story::new();
    story.playout.play(clip(1, 4100, 1000), PlayMode::Queue);
    story.ticks(3);
    story.playout.cut(ClipId(1));
    let mut frame = [1; FRAME_SAMPLES];
    story.playout.tick(&mut frame);
    assert_eq!((frame[0], frame[39], frame[40]), (4000, 100, 0));
    story.ticks(1);
    assert_eq!(story.ended(), [(1, 3 * 160 + 40, true)]);
}

#[test]
fn a_waiting_clip_that_is_cut_sends_nothing() {
    let mut story = Story::new();
    story.playout.play(clip(1, 10, 20), PlayMode::Queue);
    story.playout.play(clip(2, 20, 20), PlayMode::Queue);
    story.playout.cut(ClipId(2));
    assert_eq!(story.ticks(2), [(10, 10), (0, 0)]);
    assert_eq!(story.ended(), [(2, 0, true), (1, 160, false)]);
}

#[test]
fn a_growing_clip_waits_for_more_and_ends_when_finished() {
    let mut story = Story::new();
    let id = ClipId(1);
    story.playout.play(Clip::growing(id), PlayMode::Queue);
    assert_eq!(story.ticks(2), [(0, 0), (0, 0)]);
    story.playout.append(id, vec![10; 240].into(), false);
    assert_eq!(story.ticks(3), [(10, 10), (10, 0), (0, 0)]);
    story.playout.append(id, vec![20; 160].into(), true);
    assert_eq!(story.ticks(2), [(20, 20), (0, 0)]);
    let last = *story.changes.last().unwrap();
    let Change::Ended {
        samples_sent,
        cut,
        underrun_ticks,
        ..
    } = last
    else {
        panic!("{last:?}");
    };
    // The wait before the first sample is latency, not an underrun.
    assert_eq!((samples_sent, cut, underrun_ticks), (400, false, 2));
}

#[test]
fn a_growing_clip_that_starves_ends_after_10_seconds() {
    let mut story = Story::new();
    story
        .playout
        .play(Clip::growing(ClipId(1)), PlayMode::Queue);
    story.playout.play(clip(2, 20, 20), PlayMode::Queue);
    story.ticks(500);
    assert_eq!(story.ended(), []);
    story.ticks(2);
    assert_eq!(story.ended(), [(1, 0, true), (2, 160, false)]);
}

#[test]
fn too_many_clips_end_unplayed() {
    let mut story = Story::new();
    for id in 0..=CLIPS_MAX as u64 {
        story.playout.play(clip(id, 10, 20), PlayMode::Queue);
    }
    story.ticks(CLIPS_MAX + 1);
    assert_eq!(story.ended()[0], (CLIPS_MAX as u64, 0, true));
    assert_eq!(story.ended().len(), CLIPS_MAX + 1);
}

#[test]
fn an_empty_clip_ends_at_once() {
    let mut story = Story::new();
    story
        .playout
        .play(clip(1, 0, 0).repeated(9), PlayMode::Queue);
    story.playout.play(clip(2, 20, 20), PlayMode::Queue);
    assert_eq!(story.ticks(1), [(20, 20)]);
    assert_eq!(story.ended(), [(1, 0, false), (2, 160, false)]);
}
