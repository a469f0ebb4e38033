// What every form of the console has: a button that opens it, an act of the server, its failure in
// words, and lists that are asked for again when it is done.

import { Button, Modal, PasswordInput, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient, type QueryKey, type UseMutationResult } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FailedLine } from "./Page";

/** An act of the server after which everything under `stale` is asked for again. */
export function useAct<T, V = void>(
  act: (value: V) => Promise<T>,
  stale: QueryKey,
  onDone?: (done: T, value: V) => void,
): UseMutationResult<T, unknown, V> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (done, value) => {
      await client.invalidateQueries({ queryKey: stale });
      onDone?.(done, value);
    },
  });
}

/** A button with the dialog that it opens. Its content begins anew each time. */
export function Dialog(
  props: {
    label: string;
    title?: string;
    icon?: ReactNode;
    modalSize?: string;
    /** Why it cannot be opened now. */
    why?: string | undefined;
    children: (close: () => void) => ReactNode;
  } & Pick<ButtonProps, "size" | "variant">,
) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        leftSection={props.icon}
        onClick={open}
        disabled={props.why !== undefined}
        title={props.why}
        {...(props.size ? { size: props.size } : {})}
        {...(props.variant ? { variant: props.variant } : {})}
      >
        {props.label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size={props.modalSize ?? "md"}
        title={props.title ?? props.label}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {opened && props.children(close)}
      </Modal>
    </>
  );
}

/** Fields that are sent together. */
export function Form<T>(props: {
  /** Sends them. */
  save: () => Promise<T>;
  /** What is asked for again when they are sent. */
  stale: QueryKey;
  submit: string;
  onSaved?: (saved: T) => void;
  /** Said beside the button when it was done. */
  done?: string;
  /** Why they cannot be sent now. */
  why?: string | undefined;
  children: ReactNode;
}) {
  const saving = useAct(props.save, props.stale, props.onSaved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit}>
      {props.children}
      <FailedLine error={saving.error} />
      <Button
        mt="md"
        type="submit"
        loading={saving.isPending}
        disabled={props.why !== undefined}
        title={props.why}
      >
        {props.submit}
      </Button>{" "}
      {props.done && saving.isSuccess && <span role="status">{props.done}</span>}
    </form>
  );
}

/** A secret that is typed and never shown again. */
export function SecretInput(props: {
  label: string;
  description?: string;
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  minLength?: number;
  /** For the browser's memory: a new password, the present one, or no password at all. */
  kind?: "new-password" | "current-password" | "off";
}) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      mt="sm"
      label={props.label}
      description={props.description}
      required={props.required ?? false}
      minLength={props.minLength}
      autoComplete={props.kind ?? "off"}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
    />
  );
}
