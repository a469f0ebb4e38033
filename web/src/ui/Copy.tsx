// Puts a text into the clipboard and says so.

import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

/** How long the button says that it is done. */
const SAID_MS = 1_500;

export function Copy(props: { text: string; label?: string; size?: string }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(props.text);
    setDone(true);
    setTimeout(() => setDone(false), SAID_MS);
  };
  return (
    <Button variant="default" size={props.size ?? "xs"} onClick={() => void copy()}>
      <span aria-live="polite">{done ? t("action.copied") : (props.label ?? t("action.copy"))}</span>
    </Button>
  );
}
