//! What the bench prints: a table for people, or one JSON object.

use std::{io::Write as _, process::ExitCode};

use serde::Serialize;

use super::{
    Figures,
    loss::Loss,
    pacing::Pacing,
    setup::{Churn, Setup},
    spread::median,
};
use crate::cli;

/// One turn of floor and ours.
pub struct Rotation {
    /// The bare loop, scheduled like any program.
    pub floor: Figures,
    /// Voice-agent legs.
    pub ours: Figures,
    /// The bare loop, scheduled like a media worker.
    pub floor_as_media: Figures,
}

/// Medians over the rotations of one number of calls.
#[derive(Debug, Serialize)]
pub struct PacketCost {
    calls: usize,
    floor_us_a_packet: f64,
    agent_leg_us_a_packet: f64,
    /// Ours to the floor as it comes; the median of each rotation's ratio.
    ratio: f64,
    ratio_min: f64,
    ratio_max: f64,
    /// Ours to the floor with the scheduling of media workers.
    ratio_as_media: f64,
    kilobytes_a_leg: f64,
    /// Of the agent legs.
    lost: Loss,
    recorded_gaps: usize,
}

impl PacketCost {
    /// Of rotations of floor and ours.
    pub fn of(calls: usize, rows: &[Rotation]) -> Self {
        let cost = |figures: &Figures| figures.microseconds_a_packet();
        let ratios = rows.iter().map(|row| cost(&row.ours) / cost(&row.floor));
        let as_media = rows
            .iter()
            .map(|row| cost(&row.ours) / cost(&row.floor_as_media));
        Self {
            calls,
            floor_us_a_packet: median(rows.iter().map(|row| cost(&row.floor))),
            agent_leg_us_a_packet: median(rows.iter().map(|row| cost(&row.ours))),
            ratio: median(ratios.clone()),
            ratio_min: ratios.clone().fold(f64::INFINITY, f64::min),
            ratio_max: ratios.fold(0.0, f64::max),
            ratio_as_media: median(as_media),
            kilobytes_a_leg: median(rows.iter().map(|row| row.ours.kilobytes_a_leg)),
            lost: rows.iter().map(|row| row.ours.lost).sum(),
            recorded_gaps: rows.iter().map(|row| row.ours.recorded_gaps).sum(),
        }
    }
}

/// One turn of floor, peer and relayed calls.
pub struct Relayed {
    /// The bare loop, scheduled like any program.
    pub floor: Figures,
    /// `rtpengine`, where there is one.
    pub peer: Option<Figures>,
    /// Calls of two legs.
    pub relayed: Figures,
    /// Calls of two legs, both recorded.
    pub recorded: Figures,
}

/// What relayed calls cost: medians over the rotations of one number of legs.
#[derive(Debug, Serialize)]
pub struct RelayCost {
    legs: usize,
    floor_us_a_packet: f64,
    /// None where `rtpengine` is not on the path.
    rtpengine_us_a_packet: Option<f64>,
    relayed_us_a_packet: f64,
    recorded_us_a_packet: f64,
    /// A relayed packet to the floor; the median of each rotation's ratio.
    relayed_ratio: f64,
    /// A relayed packet to one of `rtpengine`.
    relayed_ratio_to_rtpengine: Option<f64>,
    /// A relayed and recorded packet to the floor.
    recorded_ratio: f64,
    kilobytes_a_relayed_leg: f64,
    /// Of relayed legs, recorded or not.
    lost: Loss,
    recorded_gaps: usize,
}

impl RelayCost {
    /// Of rotations of floor, peer, relayed, and relayed and recorded.
    pub fn of(legs: usize, rows: &[Relayed]) -> Self {
        let cost = |figures: &Figures| figures.microseconds_a_packet();
        let ours = || rows.iter().flat_map(|row| [row.relayed, row.recorded]);
        let peers: Vec<_> = rows
            .iter()
            .filter_map(|row| Some((row, row.peer.as_ref()?)))
            .collect();
        let of_peer = |figure: fn(&Relayed, &Figures) -> f64| {
            let figures = peers.iter().map(|(row, peer)| figure(row, peer));
            (!peers.is_empty()).then(|| median(figures))
        };
        Self {
            legs,
            floor_us_a_packet: median(rows.iter().map(|row| cost(&row.floor))),
            rtpengine_us_a_packet: of_peer(|_, peer| peer.microseconds_a_packet()),
            relayed_us_a_packet: median(rows.iter().map(|row| cost(&row.relayed))),
            recorded_us_a_packet: median(rows.iter().map(|row| cost(&row.recorded))),
            relayed_ratio: median(rows.iter().map(|row| cost(&row.relayed) / cost(&row.floor))),
            relayed_ratio_to_rtpengine: of_peer(|row, peer| {
                row.relayed.microseconds_a_packet() / peer.microseconds_a_packet()
            }),
            recorded_ratio: median(
                rows.iter()
                    .map(|row| cost(&row.recorded) / cost(&row.floor)),
            ),
            kilobytes_a_relayed_leg: median(rows.iter().map(|row| row.relayed.kilobytes_a_leg)),
            lost: ours().map(|figures| figures.lost).sum(),
            recorded_gaps: ours().map(|figures| figures.recorded_gaps).sum(),
        }
    }
}

/// All that was found so far.
#[derive(Debug, Serialize)]
pub struct Report {
    #[serde(skip)]
    json: bool,
    /// What our legs lack, with their kind and number.
    #[serde(skip)]
    lost: Vec<(&'static str, usize, Loss)>,
    packet_cost: Vec<PacketCost>,
    relay_cost: Vec<RelayCost>,
    pacing: Vec<Pacing>,
    setup_bare: Vec<Setup>,
    setup_whole: Vec<Setup>,
    short_calls: Option<Churn>,
}

impl Report {
    /// An empty one, to be printed as JSON or line by line.
    pub fn new(json: bool) -> Self {
        Self {
            json,
            lost: Vec::new(),
            packet_cost: Vec::new(),
            relay_cost: Vec::new(),
            pacing: Vec::new(),
            setup_bare: Vec::new(),
            setup_whole: Vec::new(),
            short_calls: None,
        }
    }

    /// One run of a rotation.
    pub fn row(
        &self,
        calls: usize,
        rotation: usize,
        what: &str,
        f: &Figures,
    ) -> std::io::Result<()> {
        self.line(&format!(
            "{calls} calls {rotation} {what:<9} {:>6.2} µs a packet  {:>8} packets  {}  {} recorded gaps  {:>4.0} kB a leg  late max {} µs",
            f.microseconds_a_packet(),
            f.packets,
            f.lost,
            f.recorded_gaps,
            f.kilobytes_a_leg,
            f.late_max_us
        ))
    }

    /// The rotations of a number of calls have ended.
    pub fn packet_cost(&mut self, cost: PacketCost) -> std::io::Result<()> {
        self.line(&format!(
            "{} calls: {:.2} times the floor ({:.2} to {:.2}; {:.2} with the same scheduling), {:.0} kB a leg, {}, {} recorded gaps",
            cost.calls,
            cost.ratio,
            cost.ratio_min,
            cost.ratio_max,
            cost.ratio_as_media,
            cost.kilobytes_a_leg,
            cost.lost,
            cost.recorded_gaps
        ))?;
        self.lost.push(("agent legs", cost.calls, cost.lost));
        self.packet_cost.push(cost);
        Ok(())
    }

    /// The rotations of a number of relayed legs have ended.
    pub fn relay_cost(&mut self, cost: RelayCost) -> std::io::Result<()> {
        let to_peer = cost
            .relayed_ratio_to_rtpengine
            .map_or_else(String::new, |ratio| {
                format!(" ({ratio:.2} times rtpengine)")
            });
        self.line(&format!(
            "{} relayed legs: {:.2} times the floor{to_peer}, {:.2} recorded, {:.0} kB a leg, {}, {} recorded gaps",
            cost.legs,
            cost.relayed_ratio,
            cost.recorded_ratio,
            cost.kilobytes_a_relayed_leg,
            cost.lost,
            cost.recorded_gaps
        ))?;
        self.lost.push(("relayed legs", cost.legs, cost.lost));
        self.relay_cost.push(cost);
        Ok(())
    }

    /// One run of pacing.
    pub fn pacing(&mut self, calls: usize, pacing: Pacing) -> std::io::Result<()> {
        self.line(&format!(
            "{calls} calls: jitter {} µs, barge-in heard after {} µs ({} not), {}, {} recorded gaps, late max {} µs",
            pacing.jitter_us,
            pacing.stop_us,
            pacing.not_stopped,
            pacing.lost,
            pacing.recorded_gaps,
            pacing.late_max_us
        ))?;
        self.lost.push(("paced legs", calls, pacing.lost));
        self.pacing.push(pacing);
        Ok(())
    }

    /// One run of call set-ups.
    pub fn setup(&mut self, whole: bool, setup: Setup) -> std::io::Result<()> {
        let what = match whole {
            true => "with digest, call record and agent",
            false => "bare SIP",
        };
        self.line(&format!(
            "set-up {what}: {:.0} µs CPU and {:.0} kB a call, answered after {} µs, {} of {} failed",
            setup.cpu_us_a_call,
            setup.kilobytes_a_call,
            setup.answer_us,
            setup.failed,
            setup.answer_us.count + setup.failed
        ))?;
        match whole {
            true => self.setup_whole.push(setup),
            false => self.setup_bare.push(setup),
        }
        Ok(())
    }

    /// The run of short calls.
    pub fn churn(&mut self, churn: Churn) -> std::io::Result<()> {
        let memory: String = churn
            .kilobytes
            .iter()
            .map(|(percent, kilobytes)| format!(", {:.1} MB after {percent} %", kilobytes / 1000.0))
            .collect();
        self.line(&format!(
            "{} short calls: {} failed, {:.0} µs CPU a call with its end{memory}",
            churn.calls, churn.failed, churn.cpu_us_a_call
        ))?;
        self.short_calls = Some(churn);
        Ok(())
    }

    /// Everything has been measured. A failure, and why on stderr, if a leg of ours lacks packets: then what
    /// a packet costs says little.
    pub fn finish(&self) -> anyhow::Result<ExitCode> {
        if self.json {
            writeln!(std::io::stdout(), "{}", serde_json::to_string(self)?)?;
        }
        let mut code = ExitCode::SUCCESS;
        for (what, n_legs, loss) in &self.lost {
            if loss.packets > 0 {
                cli::tell(&format!("switchboard: of {n_legs} {what}: {loss}"));
                code = ExitCode::FAILURE;
            }
        }
        Ok(code)
    }

    fn line(&self, line: &str) -> std::io::Result<()> {
        match self.json {
            true => Ok(()),
            false => writeln!(std::io::stdout(), "{line}"),
        }
    }
}
