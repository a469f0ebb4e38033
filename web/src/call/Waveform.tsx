// Both voices on one time line, with the waits between them. The outlines come from the server.

import { ActionIcon, SegmentedControl, Select } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Schema } from "../api/client";
import { position } from "../i18n/format";
import { color, useScheme } from "../ui/colors";
import type { Heard, Player } from "./player";
import { SLOW_MS, type Story } from "./story";
import css from "./Waveform.module.css";

/** Level that fills the height at least: a quiet voice is not blown up to a shout. */
const LEVEL_FULL_MIN = 47;

/** Pixels from one bar to the next. */
const BAR_PITCH = 3;

/** How far the arrow keys go. */
const STEP_MS = 1_000;

/** Colors of the drawing, as the page has them now. */
type Colors = Record<"caller" | "agent" | "reply" | "slow" | "cut" | "now" | "grid" | "ink-soft", string>;

function colorsNow(): Colors {
  const names = ["caller", "agent", "reply", "slow", "cut", "now", "grid", "ink-soft"] as const;
  return Object.fromEntries(names.map((name) => [name, color(name)])) as Colors;
}

export function Waveform(props: {
  story: Story;
  outline: Schema<"OutlineView"> | undefined;
  player: Player;
}) {
  const { t } = useTranslation();
  const { story, outline, player } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useScheme();

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const redraw = () => draw(element, story, outline, player.atMs, colorsNow());
    redraw();
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [story, outline, player.atMs, scheme]);

  const point = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    player.seek(((event.clientX - box.left) / box.width) * story.lenMs);
  };
  const press = (event: KeyboardEvent<HTMLCanvasElement>) => {
    if (event.key === "ArrowRight") player.seek(Math.min(story.lenMs, player.atMs + STEP_MS));
    else if (event.key === "ArrowLeft") player.seek(player.atMs - STEP_MS);
    else if (event.key === "Home") player.seek(0);
    else if (event.key === " ") player.toggle();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className={css["wave"]}>
        <div className={css["controls"]}>
          <ActionIcon
            size="xl"
            disabled={!player.ready}
            title={player.ready ? undefined : t("call.no_sound_yet")}
            aria-label={player.playing ? t("call.pause") : t("call.play")}
            onClick={player.toggle}
          >
            {player.playing ? (
              <IconPlayerPauseFilled size={20} aria-hidden="true" />
            ) : (
              <IconPlayerPlayFilled size={20} aria-hidden="true" />
            )}
          </ActionIcon>
          <span className={css["time"]}>
            {position(player.atMs)} / {position(story.lenMs)}
          </span>
          <Select
            size="xs"
            w={78}
            aria-label={t("call.speed")}
            allowDeselect={false}
            value={String(player.rate)}
            data={["0.5", "1", "1.5", "2", "3"].map((value) => ({ value, label: `${value}×` }))}
            onChange={(value) => player.setRate(Number(value ?? 1))}
          />
        </div>
        <canvas
          ref={canvas}
          className={css["drawing"]}
          data-source={outline ? "sound" : "words"}
          role="slider"
          tabIndex={0}
          aria-label={t("call.waveform")}
          aria-valuemin={0}
          aria-valuemax={Math.round(story.lenMs / 1000)}
          aria-valuenow={Math.round(player.atMs / 1000)}
          aria-valuetext={`${position(player.atMs)} / ${position(story.lenMs)}`}
          onPointerDown={point}
          onKeyDown={press}
        />
      </div>
      <ul className={css["legend"]}>
        {(["caller", "agent", "reply", "slow", "cut"] as const).map((kind) => (
          <li key={kind}>
            <i data-kind={kind} />
            {t(`call.legend.${kind}`)}
          </li>
        ))}
        <li>
          <SegmentedControl
            size="xs"
            aria-label={t("call.heard")}
            value={player.heard}
            disabled={!player.ready}
            onChange={(value) => player.setHeard(value as Heard)}
            data={(["both", "user", "agent"] as const).map((value) => ({
              value,
              label: t(`call.hear.${value}`),
            }))}
          />
        </li>
      </ul>
    </>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  story: Story,
  outline: Schema<"OutlineView"> | undefined,
  atMs: number,
  colors: Colors,
): void {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  const x = (ms: number) => (ms / story.lenMs) * width;
  const lane = (height - 26) / 2;
  for (const reply of story.replies) {
    context.fillStyle = reply.latency.total_ms > SLOW_MS ? colors.slow : colors.reply;
    const [from, to] = [x(reply.fromMs), x(reply.toMs)];
    context.fillRect(from, 0, Math.max(2, to - from), lane * 2);
  }
  if (outline) {
    const loudest = Math.max(LEVEL_FULL_MIN, ...peaksOf(outline));
    bars(context, outline, outline.user, colors.caller, lane / 2, lane, width, story.lenMs, loudest);
    bars(context, outline, outline.agent, colors.agent, lane * 1.5, lane, width, story.lenMs, loudest);
  } else {
    for (const said of story.said) {
      context.fillStyle = said.who === "caller" ? colors.caller : colors.agent;
      const y = said.who === "caller" ? lane / 2 : lane * 1.5;
      context.fillRect(x(said.fromMs), y - 4, Math.max(2, x(said.toMs) - x(said.fromMs)), 8);
    }
  }
  context.fillStyle = colors.cut;
  for (const said of story.said) {
    if (said.interrupted) context.fillRect(x(said.toMs) - 1, lane, 2, lane);
  }
  axis(context, story.lenMs, width, height, colors);
  context.fillStyle = colors.now;
  context.fillRect(Math.min(width - 1.5, x(atMs)), 0, 1.5, height - 18);
}

function peaksOf(outline: Schema<"OutlineView">): number[] {
  const most = (levels: readonly number[]) => levels.reduce((a, b) => Math.max(a, b), 0);
  return [most(outline.user), most(outline.agent)];
}

function bars(
  context: CanvasRenderingContext2D,
  outline: Schema<"OutlineView">,
  levels: readonly number[],
  color: string,
  y: number,
  lane: number,
  width: number,
  lenMs: number,
  loudest: number,
): void {
  context.fillStyle = color;
  context.fillRect(0, y - 0.5, width, 1);
  const at = (pixel: number) =>
    Math.floor(((pixel / width) * lenMs * outline.levels_per_second) / 1000);
  for (let pixel = 0; pixel < width; pixel += BAR_PITCH) {
    let level = 0;
    const last = Math.max(at(pixel) + 1, at(pixel + BAR_PITCH));
    for (let idx = at(pixel); idx < last; idx += 1) level = Math.max(level, levels[idx] ?? 0);
    if (level < 1) continue;
    const half = Math.max(1, (level / loudest) * (lane / 2 - 3));
    context.beginPath();
    context.roundRect(pixel, y - half, 2, half * 2, 1);
    context.fill();
  }
}

function axis(context: CanvasRenderingContext2D, lenMs: number, width: number, height: number, colors: Colors): void {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];
  const step = (steps.find((s) => (s * 1000 * width) / lenMs >= 56) ?? 3600) * 1000;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "bottom";
  for (let ms = 0; ms <= lenMs; ms += step) {
    const x = Math.round((ms / lenMs) * width);
    context.fillStyle = colors.grid;
    context.fillRect(x, height - 24, 1, 6);
    context.fillStyle = colors["ink-soft"];
    context.textAlign = ms === 0 ? "left" : "center";
    if (x < width - 14) context.fillText(position(ms).replace(/\.0$/, ""), x, height - 3);
  }
}
