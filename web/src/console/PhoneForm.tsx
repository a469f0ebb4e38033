// What is written down of a telephone: whose it is, what it may, and where its calls go instead.

import { MultiSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { EncryptionSelect } from "../ui/EncryptionSelect";
import { Form } from "../ui/Form";
import { CodecsSelect, KeyPressesSelect, MediaTimeoutInput } from "../ui/SoundSelects";
import { useGroups } from "./StaffPage";

type Extension = Schema<"ExtensionView">;
type Body = Schema<"ExtensionBody">;

const USUAL: Body = {
  number: "1001",
  name: "",
  staff: null,
  skill_groups: [],
  encryption: "optional",
  calls_outside: true,
  forward_after_second: 20,
  codecs: ["pcma", "pcmu", "g722", "opus"],
  key_presses: "auto",
  media_timeout_second: 30,
};

const FORWARDS = ["forward_always", "forward_busy", "forward_no_answer"] as const;

/** Adds a telephone, or changes one. */
export function PhoneForm({ present, onSaved }: { present?: Extension; onSaved: (saved: Extension) => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const groups = useGroups().filter((group) => group.kind === "phone");
  const people = useOfInstance(["staff", "all"], (instance) =>
    ask(api.GET("/api/v1/staff", { params: { query: { instance, limit: 200 } } })),
  );
  const [body, setBody] = useState<Body>(present ? bodyOf(present) : USUAL);
  const set = (change: Partial<Body>) => setBody((old) => ({ ...old, ...change }));
  const save = () => {
    if (!present) return ask(api.POST("/api/v1/extensions", { params: { query: { instance } }, body }));
    const params = { path: { number: present.number }, query: { instance } };
    return ask(api.PATCH("/api/v1/extensions/{number}", { params, body }));
  };
  return (
    <Form
      save={save}
      stale={["extensions"]}
      submit={t(present ? "action.save" : "action.create")}
      onSaved={onSaved}
    >
      {!present && (
        <TextInput
          label={t("phones.number")}
          description={t("phones.number_hint")}
          required
          maxLength={6}
          value={body.number}
          onChange={(event) => set({ number: event.currentTarget.value })}
        />
      )}
      <TextInput
        mt="sm"
        label={t("staff.name")}
        required
        maxLength={64}
        value={body.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Select
        mt="sm"
        clearable
        label={t("phones.whose")}
        placeholder={t("numbers.nobody")}
        value={body.staff ?? null}
        onChange={(staff) => set({ staff })}
        data={(people.data?.items ?? []).map((one) => ({ value: one.email, label: one.name }))}
      />
      <MultiSelect
        mt="sm"
        label={t("staff.groups")}
        value={body.skill_groups.map(String)}
        onChange={(chosen) => set({ skill_groups: chosen.map(Number) })}
        data={groups.map((group) => ({ value: String(group.id), label: group.name }))}
      />
      <EncryptionSelect value={body.encryption} onChange={(encryption) => set({ encryption })} />
      <CodecsSelect value={body.codecs} onChange={(codecs) => set({ codecs })} />
      <KeyPressesSelect value={body.key_presses} onChange={(key_presses) => set({ key_presses })} />
      <MediaTimeoutInput
        value={body.media_timeout_second}
        onChange={(media_timeout_second) => set({ media_timeout_second })}
      />
      <Switch
        mt="sm"
        label={t("phones.calls_outside")}
        checked={body.calls_outside}
        onChange={(event) => set({ calls_outside: event.currentTarget.checked })}
      />
      {FORWARDS.map((when) => (
        <TextInput
          key={when}
          mt="sm"
          label={t(`phones.${when}`)}
          placeholder={t("phones.forward_nowhere")}
          maxLength={16}
          value={body[when] ?? ""}
          onChange={(event) => set({ [when]: event.currentTarget.value || null })}
        />
      ))}
      <NumberInput
        mt="sm"
        label={t("phones.forward_after")}
        min={5}
        max={20}
        value={body.forward_after_second}
        onChange={(value) => set({ forward_after_second: Number(value) })}
      />
    </Form>
  );
}

function bodyOf(present: Extension): Body {
  const { number, name, staff, skill_groups, encryption, calls_outside, codecs, key_presses } = present;
  const { forward_always, forward_busy, forward_no_answer, forward_after_second, media_timeout_second } = present;
  return {
    number,
    name,
    staff,
    skill_groups,
    encryption,
    calls_outside,
    codecs,
    key_presses,
    media_timeout_second,
    forward_always,
    forward_busy,
    forward_no_answer,
    forward_after_second,
  };
}
