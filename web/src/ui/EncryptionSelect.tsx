// Whether the sound of calls is encrypted: one choice for trunks and telephones.

import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schema } from "../api/client";

export type Encryption = Schema<"Encryption">;

const ALL = ["off", "optional", "mandatory"] as const satisfies readonly Encryption[];

export function EncryptionSelect({
  value,
  onChange,
}: {
  value: Encryption;
  onChange: (value: Encryption) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      mt="sm"
      label={t("encryption.label")}
      description={t("encryption.hint")}
      allowDeselect={false}
      data={ALL.map((one) => ({ value: one, label: t(`encryption.${one}`) }))}
      value={value}
      onChange={(chosen) => onChange(ALL.find((one) => one === chosen) ?? "off")}
    />
  );
}
