// The messages of a call as a ladder, with the sound in it, drawn as plain SVG; the same as a
// table for whoever does not see it.

import { useTranslation } from "react-i18next";

import { duration } from "../i18n/format";
import type { Party, Rung } from "./rungs";
import css from "./Ladder.module.css";

const ROW = 30;
const TOP = 34;
const WIDTH = 540;
const X: Record<Party, number> = { peer: 128, centre: 322, agent: 520 };

export function Ladder(props: { rungs: Rung[]; peer: string; agent: string }) {
  const { t } = useTranslation();
  const names: Record<Party, string> = {
    peer: props.peer,
    centre: "switchboard",
    agent: props.agent,
  };
  const height = TOP + props.rungs.length * ROW + 12;
  const label = (rung: Rung) => rung.label || t("call.ladder.agent_begins");
  return (
    <>
      <div className={css["scroll"]} tabIndex={0} role="region" aria-label={t("call.ladder.title")}>
        <svg viewBox={`0 0 ${WIDTH} ${height}`} className={css["ladder"]} aria-hidden="true">
          {(Object.keys(X) as Party[]).map((party) => (
            <g key={party}>
              <text x={party === "agent" ? WIDTH : X[party]} y={14} textAnchor={party === "agent" ? "end" : "middle"} className={css["party"]}>
                {short(names[party])}
              </text>
              <line x1={X[party]} x2={X[party]} y1={22} y2={height - 4} className={css["life"]} />
            </g>
          ))}
          {props.rungs.map((rung, idx) => (
            <Arrow key={`${rung.n} ${idx}`} rung={rung} y={TOP + idx * ROW + 14} label={label(rung)} />
          ))}
        </svg>
      </div>
      <div className="visually-hidden">
      <table>
        <caption>{t("call.ladder.title")}</caption>
        <tbody>
          {props.rungs.map((rung, idx) => (
            <tr key={`${rung.n} ${idx}`}>
              <td>{duration(rung.afterMs)}</td>
              <td>{names[rung.from]}</td>
              <td>{names[rung.to]}</td>
              <td>{label(rung)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      </div>
      <p className={css["note"]}>{t("call.ladder.note")}</p>
    </>
  );
}

function Arrow({ rung, y, label }: { rung: Rung; y: number; label: string }) {
  const [from, to] = [X[rung.from], X[rung.to]];
  const middle = rung.from === rung.to ? from + 8 : (from + to) / 2;
  const tip = to > from ? -6 : 6;
  return (
    <g className={css[rung.kind]}>
      <text x={0} y={y + 3} className={css["time"]}>
        +{duration(rung.afterMs)}
      </text>
      <text
        x={middle}
        y={y - 5}
        textAnchor={rung.from === rung.to ? "start" : "middle"}
        className={css["label"]}
      >
        {label}
      </text>
      {from !== to && (
        <>
          <line x1={from} x2={to + tip} y1={y} y2={y} className={css["shaft"]} />
          <path d={`M${to} ${y}l${tip} -4v8z`} className={css["tip"]} />
          {rung.kind === "media" && (
            <path d={`M${from} ${y}l${-tip} -4v8z`} className={css["tip"]} />
          )}
        </>
      )}
    </g>
  );
}

function short(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
