//! Above the rows: who, when, how long, how well. Below them: what the colors mean.

use jiff::Timestamp;

use super::{
    layout::{LEFT, width},
    row::PARTS,
    scene::Scene,
    svg::{Svg, Type},
};

/// Draws the header.
pub fn draw(svg: &mut Svg, scene: &Scene) {
    let title = format!("{} → {}", scene.from, scene.to);
    svg.text((20.0, 40.0), Type::start("title"), &title);
    let mut x = 20.0 + width(&title) * 22.0 / 12.0 * 1.17 + 10.0;
    let agent: String = scene.agent_name.chars().take(40).collect();
    if !agent.is_empty() {
        x = pill(svg, x, &agent, "#6d4ae0");
    }
    let ended = match (scene.cause, scene.ended_by) {
        (Some(cause), Some(by)) => format!("{} · by {by}", cause.replace('_', " ")),
        (Some(cause), None) => cause.replace('_', " "),
        (None, _) => "running".to_owned(),
    };
    let color = match scene.cause {
        Some(_) if scene.ended_well => "#2f9e44",
        Some(_) => "#c92a2a",
        None => "#1c7ed6",
    };
    pill(svg, x, &ended, color);
    let mut x = 20.0;
    for (label, value, class) in facts(scene) {
        svg.text((x, 70.0), Type::start("label"), label);
        svg.text((x, 90.0), Type::start(class), &value);
        x += (width(&value) * 14.0 / 12.0 * 1.12).max(width(label)) + 42.0;
    }
}

fn pill(svg: &mut Svg, x: f64, text: &str, color: &str) -> f64 {
    let wide = width(text) + 22.0;
    svg.rect(
        (x, 22.0),
        (wide, 24.0),
        &format!("rx=\"12\" fill=\"{color}\""),
        "",
    );
    svg.text((x + wide / 2.0, 38.0), Type::middle("pill"), text);
    x + wide + 10.0
}

type Fact = (&'static str, String, &'static str);

fn facts(scene: &Scene) -> Vec<Fact> {
    let started = Timestamp::from_millisecond(scene.started_at.0).unwrap_or_default();
    let started = started.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let mut facts: Vec<Fact> = vec![("Started", started, "fact")];
    if let Some(ms) = scene.rang_ms {
        facts.push(("Ring", seconds(ms), "fact"));
    }
    if let Some(ms) = scene.talk_ms {
        facts.push(("Talk", seconds(ms), "fact"));
    }
    if let Some((median, p90)) = scene.reply_ms() {
        facts.push(("Replies", scene.replies.len().to_string(), "fact"));
        facts.push((
            "Median reply",
            format!("{median} ms"),
            graded(median <= 1000),
        ));
        facts.push(("P90 reply", format!("{p90} ms"), graded(p90 <= 1000)));
    }
    let n_cuts = scene
        .agent
        .said
        .iter()
        .filter(|said| said.interrupted)
        .count();
    if n_cuts > 0 {
        facts.push(("Interruptions", n_cuts.to_string(), "fact"));
    }
    if scene.talk_ms.is_some() && scene.caller.levels.is_empty() {
        facts.push(("Audio", "none yet".to_owned(), "fact"));
    }
    if let Some(mos) = scene.mos {
        facts.push(("MOS (estimated)", format!("{mos:.1}"), graded(mos >= 3.6)));
    }
    if let Some(lost) = scene.lost_percent {
        facts.push(("Packets lost", format!("{lost:.1} %"), graded(lost < 1.0)));
    }
    facts
}

fn graded(good: bool) -> &'static str {
    if good { "fact good" } else { "fact bad" }
}

fn seconds(ms: i64) -> String {
    format!("{}.{} s", ms.max(0) / 1000, ms.max(0) % 1000 / 100)
}

/// Draws what the colors of the latency split mean.
pub fn draw_legend(svg: &mut Svg, y: f64) {
    let mut x = LEFT;
    svg.text((20.0, y + 22.0), Type::start("label"), "Reply:");
    for (name, color) in PARTS {
        svg.rect(
            (x, y + 12.0),
            (12.0, 12.0),
            &format!("rx=\"2\" fill=\"{color}\""),
            "",
        );
        svg.text((x + 18.0, y + 22.0), Type::start("label"), name);
        x += width(name) + 46.0;
    }
    svg.rect(
        (x, y + 12.0),
        (12.0, 12.0),
        "rx=\"2\" fill=\"url(#gap)\"",
        "",
    );
    svg.text((x + 18.0, y + 22.0), Type::start("label"), "audio missing");
}
