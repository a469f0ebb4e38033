//! One row: both voices, their words, the replies between them, and the seconds below.

use std::fmt::Write as _;

use super::{
    layout::{LEFT, LINE, REPLY_STRIP, RIGHT, Row, WAVE_HALF, Words, width},
    scene::{LEVELS_PER_SECOND, Mark, Reply, Scene, Side},
    svg::{Px, Svg, Type},
};

/// Between the bars of a waveform.
const BAR_PITCH: f64 = 3.0;

/// A reply above this is shown as slow: people take a second of silence for a broken line.
const SLOW_MS: u128 = 1000;

/// Parts of a reply's latency with their colors, in the order in which they come.
pub const PARTS: [(&str, &str); 6] = [
    ("endpointing", "#ced4da"),
    ("recognizer", "#4dabf7"),
    ("first token", "#5c7cfa"),
    ("first sentence", "#9775fa"),
    ("speaker", "#38d9a9"),
    ("queue", "#f59f00"),
];

/// Draws a row.
pub fn draw(svg: &mut Svg, scene: &Scene, row: &Row) {
    let top = row.caller_y - WAVE_HALF - 8.0;
    svg.rect(
        (8.0, top),
        (RIGHT + 8.0, row.axis_y + 24.0 - top),
        "rx=\"8\" fill=\"#fbfbfd\" stroke=\"#e5e7eb\"",
        "",
    );
    for reply in &scene.replies {
        band(svg, row, reply);
    }
    sounds(svg, scene, row);
    side(
        svg,
        scene,
        row,
        &scene.caller,
        ("Caller", "caller", "#0f6674", row.caller_y),
    );
    side(
        svg,
        scene,
        row,
        &scene.agent,
        ("Agent", "agent", "#5236b5", row.agent_y),
    );
    words(svg, &row.caller_words, row.caller_y + WAVE_HALF, "caller");
    words(svg, &row.agent_words, row.agent_y + WAVE_HALF, "agent");
    for reply in &scene.replies {
        split(svg, row, reply);
    }
    interruptions(svg, scene, row);
    marks(svg, scene, row);
    axis(svg, scene, row);
}

type Look = (&'static str, &'static str, &'static str, f64);

fn side(svg: &mut Svg, scene: &Scene, row: &Row, side: &Side, (name, class, color, y): Look) {
    svg.text(
        (20.0, y + 4.0),
        Type::start(match class {
            "caller" => "side caller",
            _ => "side agent",
        }),
        name,
    );
    for &(from_ms, to_ms) in side.gaps.iter().filter(|gap| crosses(row, gap.0, gap.1)) {
        let (from, to) = (row.x(from_ms), row.x(to_ms));
        let title = format!("gap of {} ms", to_ms - from_ms);
        let size = ((to - from).max(1.5), 2.0 * WAVE_HALF);
        svg.rect(
            (from, y - WAVE_HALF),
            size,
            "fill=\"url(#gap)\" opacity=\".8\"",
            &title,
        );
    }
    let end = row.x(scene.len_ms.min(row.to_ms));
    let line = format!("M{} {}H{}", Px(LEFT), Px(y), Px(end));
    svg.path(
        &line,
        &format!("stroke=\"{color}\" stroke-dasharray=\"1 3\" fill=\"none\""),
    );
    let bars = bars(row, &side.levels, y);
    if !bars.is_empty() {
        let look = format!("stroke=\"{color}\" stroke-width=\"2\" stroke-linecap=\"round\"");
        svg.path(&bars, &look);
    }
}

/// Vertical strokes, whole pixels: short, and sharp on every screen.
fn bars(row: &Row, levels: &[f64], y: f64) -> String {
    let mut path = String::new();
    let n_bars = ((RIGHT - LEFT) / BAR_PITCH) as usize;
    let ms_per_bar = (row.to_ms - row.from_ms) as f64 / n_bars as f64;
    let at = |bar_idx: usize| {
        let ms = row.from_ms as f64 + bar_idx as f64 * ms_per_bar;
        (ms * f64::from(LEVELS_PER_SECOND) / 1000.0) as usize
    };
    for bar_idx in 0..n_bars {
        let first = at(bar_idx).min(levels.len());
        let last = at(bar_idx + 1).max(first + 1).min(levels.len());
        let level = levels[first..last].iter().copied().fold(0.0, f64::max);
        if level > 0.0 {
            let half = (level * (WAVE_HALF - 2.0)).max(0.6);
            let x = LEFT + 1.0 + bar_idx as f64 * BAR_PITCH;
            write!(
                path,
                "M{} {}V{}",
                Px(x),
                Px((y - half).round()),
                Px((y + half).round())
            )
            .expect("a string takes everything");
        }
    }
    path
}

fn band(svg: &mut Svg, row: &Row, reply: &Reply) {
    if !crosses(row, reply.from_ms, reply.to_ms) {
        return;
    }
    let (from, to) = (row.x(reply.from_ms), row.x(reply.to_ms));
    let color = if is_slow(reply) { "#ffe8b8" } else { "#dbe4ff" };
    let top = row.caller_y - WAVE_HALF;
    let size = ((to - from).max(1.0), row.agent_y + WAVE_HALF - top);
    svg.rect(
        (from, top),
        size,
        &format!("rx=\"3\" fill=\"{color}\""),
        &explained(reply),
    );
}

/// The colored split and the figure, in the row in which the reply begins.
fn split(svg: &mut Svg, row: &Row, reply: &Reply) {
    if !row.holds(reply.to_ms) {
        return;
    }
    let total = reply.latency.total.as_secs_f64().max(0.001);
    let (from, to) = (row.x(reply.from_ms), row.x(reply.to_ms));
    let y = row.strip_y + REPLY_STRIP - 12.0;
    svg.open(&explained(reply));
    let mut x = from;
    for ((_, color), part) in PARTS.iter().zip(parts(reply)) {
        let wide = (to - from) * part.as_secs_f64() / total;
        if wide > 0.05 {
            svg.rect((x, y), (wide, 7.0), &format!("fill=\"{color}\""), "");
            x += wide;
        }
    }
    let ms = format!("{} ms", reply.latency.total.as_millis());
    let class = if is_slow(reply) { "slow" } else { "ms" };
    let half = width(&ms) / 2.0;
    let middle = f64::midpoint(from, to).clamp(LEFT + half, RIGHT - half);
    svg.text((middle, y - 5.0), Type::middle(class), &ms);
    svg.close();
}

fn words(svg: &mut Svg, blocks: &[Words], top: f64, class: &'static str) {
    for block in blocks {
        let said = &block.said;
        let cut = if said.unsaid.is_empty() {
            ""
        } else {
            " — not heard: "
        };
        let title: String = format!(
            "{} to {}: {}{cut}{}",
            clock(said.from_ms, 1),
            clock(said.to_ms, 1),
            said.text,
            said.unsaid
        );
        svg.open(&title.chars().take(400).collect::<String>());
        let mut y = top + block.y;
        for line in &block.lines {
            let class = if line.unsaid { "cut" } else { class };
            svg.text((block.x, y), Type::start(class), &line.text);
            y += LINE;
        }
        svg.close();
    }
}

/// Where barge-in cut the agent: a red stroke through its waveform.
fn interruptions(svg: &mut Svg, scene: &Scene, row: &Row) {
    let cuts = scene.agent.said.iter();
    for said in cuts.filter(|said| said.interrupted && row.holds(said.to_ms)) {
        let x = row.x(said.to_ms);
        let (top, bottom) = (row.agent_y - WAVE_HALF, row.agent_y + WAVE_HALF);
        let line = format!("M{} {}V{}", Px(x), Px(top), Px(bottom));
        svg.open(&format!("interrupted at {}", clock(said.to_ms, 1)));
        svg.path(&line, "stroke=\"#dc2626\" stroke-width=\"1.5\"");
        svg.text((x + 3.0, top + 9.0), Type::start("note"), "✂");
        svg.close();
    }
}

fn sounds(svg: &mut Svg, scene: &Scene, row: &Row) {
    for mark in &scene.marks {
        if let Mark::Sound {
            from_ms,
            to_ms,
            label,
        } = mark
            && crosses(row, *from_ms, *to_ms)
        {
            let (from, to) = (row.x(*from_ms), row.x(*to_ms));
            let top = row.agent_y - WAVE_HALF;
            let size = ((to - from).max(2.0), 2.0 * WAVE_HALF);
            svg.rect(
                (from, top),
                size,
                "rx=\"3\" fill=\"#dcfce7\" stroke=\"#86efac\"",
                label,
            );
            svg.text(
                (from + 1.0, top - 4.0),
                Type::start("sound"),
                &format!("♪ {label}"),
            );
        }
    }
}

fn marks(svg: &mut Svg, scene: &Scene, row: &Row) {
    let top = row.caller_y - WAVE_HALF;
    for mark in &scene.marks {
        match mark {
            Mark::Keys { at_ms, keys } if row.holds(*at_ms) => {
                let shown: String = keys.chars().take(16).collect();
                let wide = 12.0 + 8.0 * shown.chars().count() as f64;
                let x = row.x(*at_ms).min(RIGHT - wide);
                let look = "rx=\"4\" fill=\"#0f6674\"";
                let title = format!("keys {keys} at {}", clock(*at_ms, 1));
                svg.rect((x, top - 2.0), (wide, 18.0), look, &title);
                svg.text((x + wide / 2.0, top + 11.0), Type::middle("key"), &shown);
            }
            Mark::NoInput { at_ms } if row.holds(*at_ms) => {
                let x = row.x(*at_ms);
                svg.text((x, top + 9.0), Type::middle("note"), "no input");
            }
            Mark::HangUp { at_ms, by } if row.holds(*at_ms) => {
                let x = row.x(*at_ms);
                let line = format!("M{} {}V{}", Px(x), Px(top), Px(row.axis_y));
                svg.path(&line, "stroke=\"#dc2626\" stroke-dasharray=\"3 2\"");
                let by: String = by.chars().take(24).collect();
                let text = format!("hang-up by {by}");
                svg.text((x.min(RIGHT) - 4.0, top + 9.0), Type::end("note"), &text);
            }
            Mark::Keys { .. } | Mark::NoInput { .. } | Mark::HangUp { .. } | Mark::Sound { .. } => {
            }
        }
    }
}

fn axis(svg: &mut Svg, scene: &Scene, row: &Row) {
    let y = row.axis_y;
    let step_s = [1, 2, 5, 10, 30, 60, 300, 600, 1800]
        .into_iter()
        .find(|step| (row.to_ms - row.from_ms) / 1000 / step <= 15)
        .unwrap_or(3600);
    let mut path = format!("M{} {}H{}", Px(LEFT), Px(y), Px(RIGHT));
    let minor_s = if step_s >= 5 { step_s / 5 } else { 1 };
    let mut at_s = row.from_ms / 1000;
    while at_s * 1000 <= row.to_ms {
        let major = at_s % step_s == 0;
        let x = row.x(at_s * 1000);
        write!(path, "M{} {}v{}", Px(x), Px(y), if major { 6 } else { 3 })
            .expect("a string takes everything");
        if major {
            svg.text((x, y + 18.0), Type::middle("tick"), &clock(at_s * 1000, 0));
        }
        at_s += minor_s;
    }
    svg.path(&path, "stroke=\"#9ca3af\" fill=\"none\"");
    if scene.cause.is_some() && row.from_ms <= scene.len_ms && scene.len_ms <= row.to_ms {
        let (x, top) = (row.x(scene.len_ms), row.caller_y - WAVE_HALF);
        let line = format!("M{} {}V{}", Px(x), Px(top), Px(y));
        svg.path(&line, "stroke=\"#6b7280\" stroke-width=\"1.5\"");
    }
}

fn crosses(row: &Row, from_ms: i64, to_ms: i64) -> bool {
    from_ms < row.to_ms && to_ms >= row.from_ms
}

fn is_slow(reply: &Reply) -> bool {
    reply.latency.total.as_millis() > SLOW_MS
}

/// In the order of [`PARTS`].
fn parts(reply: &Reply) -> [std::time::Duration; 6] {
    let latency = &reply.latency;
    [
        latency.endpointing,
        latency.recognizer,
        latency.first_token,
        latency.thinker.saturating_sub(latency.first_token),
        latency.speaker,
        latency.queue,
    ]
}

fn explained(reply: &Reply) -> String {
    let split: Vec<String> = PARTS
        .iter()
        .zip(parts(reply))
        .map(|((name, _), part)| format!("{name} {} ms", part.as_millis()))
        .collect();
    let (turn, total) = (reply.latency.turn, reply.latency.total.as_millis());
    format!("reply {turn} after {total} ms: {}", split.join(" + "))
}

/// `0:16.4`: minutes, seconds and tenths.
pub fn clock(ms: i64, decimals: usize) -> String {
    let ms = ms.max(0);
    let (minutes, seconds) = (ms / 60_000, ms % 60_000);
    match decimals {
        0 => format!("{minutes}:{:02}", seconds / 1000),
        _ => format!("{minutes}:{:02}.{}", seconds / 1000, seconds % 1000 / 100),
    }
}
