// English or Chinese, in their own names.

import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LANGUAGES, speak } from "../i18n";

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("shell.language")}
      value={i18n.language}
      onChange={(code) => void speak(code)}
      data={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
    />
  );
}
