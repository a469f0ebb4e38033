// A text with the numbers of its lines; a fault is told under it and marked at its line.

import { Textarea } from "@mantine/core";
import { useRef, type UIEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Fault } from "./definition";
import css from "./DefinitionEditor.module.css";

export function DefinitionEditor(props: {
  text: string;
  onText: (text: string) => void;
  fault: Fault | undefined;
}) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLOListElement>(null);
  const { text, fault } = props;
  const n_lines = text.split("\n").length;
  const scroll = (event: UIEvent<HTMLTextAreaElement>) => {
    if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
  };
  return (
    <>
      <div className={css["editor"]}>
        <ol className={css["gutter"]} ref={gutter} aria-hidden="true">
          {Array.from({ length: n_lines }, (_, idx) => (
            <li key={idx} data-wrong={fault?.line === idx + 1}>
              {idx + 1}
            </li>
          ))}
        </ol>
        <Textarea
          ref={area}
          className={css["text"] ?? ""}
          classNames={{ input: css["input"] ?? "" }}
          aria-label={t("agents.definition")}
          aria-invalid={fault !== undefined}
          aria-describedby="definition-fault"
          rows={30}
          wrap="off"
          spellCheck={false}
          value={text}
          onScroll={scroll}
          onChange={(event) => props.onText(event.currentTarget.value)}
        />
      </div>
      <p id="definition-fault" className={css["fault"]} role="status">
        {fault &&
          (fault.line === undefined ? (
            fault.why
          ) : (
            <button type="button" onClick={() => area.current && choose(area.current, fault.line ?? 1)}>
              {t("agents.fault_at", { line: fault.line, why: fault.why })}
            </button>
          ))}
      </p>
    </>
  );
}

/** Puts the cursor at a line and shows it. */
function choose(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 4);
}
