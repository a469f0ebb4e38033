//! What the crate promises to every shell: nothing allocates on the path of a packet or a tick,
//! and everything but the leg can cross threads.

#![allow(
    unsafe_code,
    clippy::disallowed_methods,
    reason = "an allocator is unsafe by its trait; a test may look at the clock"
)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    net::SocketAddr,
    sync::Arc,
    time::{Instant, SystemTime},
};

use media::{
    FRAME,
    g711::Codec,
    leg::{Command, Event, Leg, LegSettings, TickOut},
    playout::{Clip, ClipId, PlayMode, Playout},
    port::{Port, PortSettings, RTCP_MAX, Stats},
    recording::{CHUNK_LEN_MAX, ChunkBuilder, Recording},
    rtp::{HEADER_LEN, Header},
};

/// Counts the allocations of its thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: hands everything to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn packets_and_ticks_do_not_allocate() {
    let from: SocketAddr = "192.0.2.1:4000".parse().unwrap();
    let mut now = Instant::now();
    let port = PortSettings::new(Codec::Pcmu, Some(from), SystemTime::now());
    let mut leg = Leg::new(LegSettings::new(port), now);
    let mut chunks = ChunkBuilder::new();
    let mut chunk = Vec::with_capacity(CHUNK_LEN_MAX);
    let mut out = TickOut::new();
    let mut report = [0; RTCP_MAX];
    let samples: Arc<[i16]> = vec![5000; 8000].into();
    let mut datagram = [0x55; HEADER_LEN + 160];
    let clip = |id| Command::Play {
        clip: Clip::whole(ClipId(id), Arc::clone(&samples)),
        mode: PlayMode::Queue,
    };
    for id in 0..10 {
        leg.command(clip(id));
    }

    let before = ALLOCATIONS.get();
    for tick in 0..1000u32 {
        now += FRAME;
        // A loss now and then, a second of silence in every two, a key press at the end.
        if tick % 17 != 3 {
            let header = Header {
                marker: false,
                payload_type: if tick > 950 { 101 } else { 0 },
                sequence: tick as u16,
                timestamp: tick * 160,
                ssrc: 1,
            };
            header.write(datagram.first_chunk_mut().unwrap());
            datagram[HEADER_LEN..].fill(if tick % 100 < 50 { 0x95 } else { 0xFF });
            leg.receive(&datagram, from, now);
        }
        leg.tick(now, &mut out);
        leg.rtcp(now, &mut report);
        chunks.push(tick, out.recorded().unwrap(), &mut chunk);
        assert!(out.datagram().is_some());
    }
    assert_eq!(ALLOCATIONS.get() - before, 0);
    assert!(leg.stats(now).concealed_frames > 0);
}

#[test]
fn everything_but_the_leg_can_cross_threads() {
    fn check<T: Send>() {}
    check::<LegSettings>();
    check::<Command>();
    check::<Event>();
    check::<TickOut>();
    check::<Stats>();
    check::<Port>();
    check::<Playout>();
    check::<ChunkBuilder>();
    check::<Recording<'_>>();
}
