// What this page asked the server, as the same request in other tools. The console uses only the
// public API, so whatever it does can be copied from here.

import { Button, Drawer, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useExchanges, type Exchange } from "../api/journal";
import { snippet, TOOLS, type Tool } from "../api/snippets";
import { clock } from "../i18n/format";
import { Copy } from "./Copy";
import { Badge, parts } from "./Page";

export function ApiDrawer(props: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const exchanges = useExchanges();
  const [tool, setTool] = useState<Tool>("curl");
  const [chosen, setChosen] = useState<Exchange>();
  const shown = chosen ?? exchanges[0];
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      position="right"
      size="lg"
      title={t("api.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("api.intro")}</p>
      <ul aria-label={t("api.requests")} className={parts["lines"]}>
        {exchanges.slice(0, 8).map((exchange) => (
          <li key={`${exchange.at} ${exchange.path}`}>
            <Button
              variant={exchange === shown ? "light" : "subtle"}
              size="compact-sm"
              maw="100%"
              onClick={() => setChosen(exchange)}
            >
              {clock(exchange.at)} {exchange.method} {exchange.path.split("?")[0]}
            </Button>
          </li>
        ))}
      </ul>
      {shown && (
        <>
          <SegmentedControl
            aria-label={t("api.tool")}
            value={tool}
            onChange={(value) => setTool(value as Tool)}
            data={TOOLS.map((value) => ({ value, label: t(`api.tools.${value}`) }))}
          />
          <Code text={snippet(tool, shown, location.origin)} />
          <p>
            <Badge tone={shown.status < 400 ? "ok" : "bad"}>{shown.status}</Badge> {shown.tookMs} ms ·{" "}
            {t("problem.request")} {shown.requestId}
          </p>
          <Code text={pretty(shown.answer)} />
        </>
      )}
    </Drawer>
  );
}

/** A text to copy. */
export function Code(props: { text: string }) {
  const { t } = useTranslation();
  return (
    <div>
      <pre className={`${parts["code"]} ${parts["block"]}`} tabIndex={0} aria-label={t("api.code")}>
        {props.text}
      </pre>
      <Copy text={props.text} />
    </div>
  );
}

function row(figures: string): string {
  return figures.replace(/\s+/g, " ");
}

function pretty(text: string): string {
  try {
    const lines = JSON.stringify(JSON.parse(text), null, 2);
    // Long rows of figures stay rows.
    return lines.replace(/\[\s+(?:-?[\d.]+,\s+)*-?[\d.]+\s+\]/g, row).slice(0, 4_000);
  } catch {
    return text.slice(0, 4_000);
  }
}
