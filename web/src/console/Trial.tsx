// A talk with the draft by text: nothing is saved, no call is placed. Any turn of the person can be
// changed, and the talk goes on from there.

import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask, Failure } from "../api/problem";
import { Badge, FailedLine } from "../ui/Page";
import type { Understood } from "./AgentPage";
import css from "./Trial.module.css";
import { ANSWERED, answered, changed, defaultOf, isOver, isThinking, variableNames, withStep, type Answer, type Step } from "./talk";

/** Pause of typing after which a changed definition is tried. */
const PAUSE_MS = 500;

/** The same of agents for whom models or flows think: they are not asked at every word. */
const THINKING_PAUSE_MS = 2_500;

export function Trial(props: {
  understood: Understood;
  /** Told what the server does not take of the definition; undefined when it takes it. */
  onRefused: (refused: Failure | undefined) => void;
}) {
  const { t } = useTranslation();
  const instance = useInstance();
  // A text that is no definition leaves the last one in the talk.
  const draft = useSettled("value" in props.understood ? JSON.stringify(props.understood.value) : undefined);
  const [steps, setSteps] = useState<Step[]>([ANSWERED]);
  const [values, setValues] = useState<Record<string, string>>({});
  const [typed, setTyped] = useState("");
  const [editing, setEditing] = useState<number>();
  const names = variableNames(draft);
  // Names without a value keep the document's default.
  const variables = Object.fromEntries(
    names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])),
  ) as Record<string, string>;
  const query = useQuery({
    queryKey: ["trial", draft, steps, variables, instance],
    enabled: instance !== undefined && draft !== "",
    retry: false,
    placeholderData: (old) => old,
    queryFn: () =>
      ask(
        api.POST("/api/v1/voice-agents/try", {
          params: { query: { instance } },
          body: { definition: JSON.parse(draft) as Schema<"AgentDocument">, variables, steps },
        }),
      ),
  });
  const refused = query.error instanceof Failure ? query.error : undefined;
  const { onRefused } = props;
  useEffect(() => onRefused(refused), [onRefused, refused]);
  const answers = query.data?.answers ?? [];
  const over = isOver(answers);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const known = answered(steps, answers);
    setSteps(editing === undefined ? withStep(known, typed) : changed(known, editing, typed));
    setTyped("");
    setEditing(undefined);
  };
  const edit = (idx: number) => {
    setEditing(idx);
    setTyped(steps[idx]?.words ?? "");
  };
  return (
    <>
      {names.map((name) => (
        <TextInput
          key={name}
          size="xs"
          label={`\${${name}}`}
          placeholder={defaultOf(draft, name)}
          value={values[name] ?? ""}
          onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
        />
      ))}
      <ol className={css["talk"]} aria-label={t("trial.talk")}>
        {steps.map((step, idx) => (
          <Turn
            key={`${idx} ${step.act} ${step.words}`}
            step={step}
            answer={answers[idx]}
            onEdit={idx > 0 ? () => edit(idx) : undefined}
          />
        ))}
      </ol>
      {/* What is wrong with the definition is told where it stands. */}
      <FailedLine error={refused?.field?.startsWith("definition") ? undefined : query.error} />
      <form onSubmit={submit} className={css["say"]}>
        <TextInput
          className={css["words"] ?? ""}
          label={editing === undefined ? t("trial.say") : t("trial.say_instead", { n: editing })}
          description={t("trial.hint")}
          value={typed}
          disabled={over && editing === undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" disabled={over && editing === undefined} title={over ? t("trial.over") : undefined}>
          {t("trial.go")}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            setSteps([ANSWERED]);
            setEditing(undefined);
          }}
        >
          {t("trial.again")}
        </Button>
      </form>
      {query.isFetching && isThinking(draft) && <p role="status">{t("trial.thinks")}</p>}
      {over && <p role="status">{t("trial.over")}</p>}
    </>
  );
}

/** A model that was asked or a tool that was called: how soon, or why not. */
function Thought({ thought }: { thought: Schema<"ThoughtView"> }) {
  const { t } = useTranslation();
  if (thought.what === "moved") return <Badge>{thought.node}</Badge>;
  const name = thought.what === "asked" ? thought.backend : thought.tool;
  const first = thought.what === "asked" ? thought.first_token_ms : null;
  return (
    <small className={css["thought"]}>
      <Badge tone={thought.outcome === "failed" ? "bad" : "plain"}>{name}</Badge>{" "}
      {thought.outcome === "answered" && first != null
        ? t("trial.first_word", { ms: Math.round(first) })
        : t(`call.thought.outcome.${thought.outcome}`)}{" "}
      {thought.why}
    </small>
  );
}

function Turn(props: { step: Step; answer: Answer | undefined; onEdit: (() => void) | undefined }) {
  const { t } = useTranslation();
  const { step, answer } = props;
  return (
    <li>
      {step.act !== "answers" && (
        <p className={css["person"]}>
          <span>
            {step.act === "is_silent" ? <em>{t("trial.silent")}</em> : step.words}{" "}
            {step.act === "presses" && <Badge>{t("trial.keys")}</Badge>}
          </span>
          {props.onEdit && (
            <Button size="compact-xs" variant="subtle" onClick={props.onEdit}>
              {t("trial.change")}
            </Button>
          )}
        </p>
      )}
      {answer && (
        <p className={css["agent"]}>
          {answer.says || <em>{t("trial.says_nothing")}</em>}{" "}
          {answer.act !== "speak" && <Badge tone="agent">{answer.act}</Badge>}{" "}
          <small>{(answer.took_us / 1000).toFixed(1)} ms</small>
          {(answer.thoughts ?? []).map((thought, idx) => (
            <Thought key={idx} thought={thought} />
          ))}
        </p>
      )}
    </li>
  );
}

/** The text after typing has paused. */
function useSettled(text: string | undefined): string {
  const [settled, setSettled] = useState(text ?? "");
  useEffect(() => {
    if (text === undefined) return;
    const later = setTimeout(() => setSettled(text), isThinking(text) ? THINKING_PAUSE_MS : PAUSE_MS);
    return () => clearTimeout(later);
  }, [text]);
  return settled;
}
