// Asks once more before something cannot be undone.

import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

export function Confirm(props: { label: string; question: string; onConfirm: () => void; size?: string }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size={props.size ?? "xs"} onClick={open}>
        {props.label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={props.label}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <p>{props.question}</p>
        <Button
          color="red"
          onClick={() => {
            close();
            props.onConfirm();
          }}
        >
          {props.label}
        </Button>{" "}
        <Button variant="default" onClick={close}>
          {t("action.cancel")}
        </Button>
      </Modal>
    </>
  );
}
