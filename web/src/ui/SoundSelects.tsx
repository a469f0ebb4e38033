// Which codecs a telephone or trunk is offered, how keys reach it, and how long it may be silent.

import { MultiSelect, NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schema } from "../api/client";

export type Codec = Schema<"Codec">;
export type KeyPresses = Schema<"KeyPressesBody">;

const CODECS = ["pcma", "pcmu", "g722", "opus"] as const satisfies readonly Codec[];
const KEYS = ["auto", "info", "tones"] as const satisfies readonly KeyPresses[];

/** Codecs, the most wanted first: in the order in which they are chosen. */
export function CodecsSelect({ value, onChange }: { value: Codec[]; onChange: (value: Codec[]) => void }) {
  const { t } = useTranslation();
  return (
    <MultiSelect
      mt="sm"
      label={t("sound.codecs")}
      description={t("sound.codecs_hint")}
      data={CODECS.map((one) => ({ value: one, label: t(`sound.codec.${one}`) }))}
      value={value}
      onChange={(chosen) => onChange(chosen.flatMap((name) => CODECS.filter((one) => one === name)))}
    />
  );
}

export function KeyPressesSelect({
  value,
  onChange,
}: {
  value: KeyPresses;
  onChange: (value: KeyPresses) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      mt="sm"
      label={t("sound.keys")}
      allowDeselect={false}
      data={KEYS.map((one) => ({ value: one, label: t(`sound.key.${one}`) }))}
      value={value}
      onChange={(chosen) => onChange(KEYS.find((one) => one === chosen) ?? "auto")}
    />
  );
}

/** Seconds without any sound after which a call has ended; 0 for never. */
export function MediaTimeoutInput({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const { t } = useTranslation();
  return (
    <NumberInput
      mt="sm"
      label={t("sound.media_timeout")}
      description={t("sound.media_timeout_hint")}
      min={0}
      max={3600}
      value={value}
      onChange={(second) => onChange(Number(second))}
    />
  );
}
