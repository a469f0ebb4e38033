// What each kind of speech service is and has to be told. Pure.

import type { Schema } from "../api/client";

export type SpeechKind = Schema<"SpeechServiceType">;
export type SpeechRole = Schema<"SpeechServiceRole">;

/** Fields that only some kinds have. */
export type SpeechField = "model" | "voice" | "app_id" | "secret_id" | "format" | "sample_rate_hz";

interface Kind {
  roles: readonly SpeechRole[];
  /** An address of its form, where there is no usual one. */
  example?: string;
  /** The vendor's own address, which need not be named. */
  usual?: Partial<Record<SpeechRole, string>>;
  fields: readonly SpeechField[];
  /** Those of the fields without which it does not work. */
  needs: readonly SpeechField[];
}

const BOTH = ["recognizer", "speaker"] as const;

/** Every kind, those that run on one's own machines first. */
export const SPEECH_KINDS: Record<SpeechKind, Kind> = {
  openai: { roles: BOTH, example: "http://127.0.0.1:8880/v1", fields: ["model", "voice"], needs: ["model"] },
  sherpa: { roles: ["recognizer"], example: "ws://127.0.0.1:6006", fields: ["sample_rate_hz"], needs: [] },
  funasr: { roles: ["recognizer"], example: "ws://127.0.0.1:10095", fields: ["sample_rate_hz"], needs: [] },
  custom: {
    roles: ["speaker"],
    example: "http://127.0.0.1:8000/speak",
    fields: ["format", "sample_rate_hz"],
    needs: [],
  },
  deepgram: {
    roles: ["recognizer"],
    usual: { recognizer: "wss://api.deepgram.com/v1/listen" },
    fields: ["model"],
    needs: [],
  },
  tencent: {
    roles: BOTH,
    usual: {
      recognizer: "wss://asr.cloud.tencent.com/asr/v2",
      speaker: "wss://tts.cloud.tencent.com/stream_wsv2",
    },
    fields: ["app_id", "secret_id", "model", "voice"],
    needs: ["app_id", "secret_id"],
  },
  dashscope: {
    roles: BOTH,
    usual: {
      recognizer: "wss://dashscope.aliyuncs.com/api-ws/v1/inference",
      speaker: "wss://dashscope.aliyuncs.com/api-ws/v1/inference",
    },
    fields: ["app_id", "model", "voice"],
    needs: [],
  },
  minimax: {
    roles: ["speaker"],
    usual: { speaker: "https://api.minimax.io/v1/t2a_v2" },
    fields: ["app_id", "model", "voice"],
    needs: [],
  },
  azure: {
    roles: ["speaker"],
    example: "https://REGION.tts.speech.microsoft.com/cognitiveservices/v1",
    fields: ["voice"],
    needs: [],
  },
  volcengine: {
    roles: ["speaker"],
    usual: { speaker: "https://openspeech.bytedance.com/api/v1/tts" },
    fields: ["app_id", "model", "voice"],
    needs: ["app_id"],
  },
};

/** The kinds that can do `role`. */
export function kindsOf(role: SpeechRole): SpeechKind[] {
  return (Object.keys(SPEECH_KINDS) as SpeechKind[]).filter((kind) => SPEECH_KINDS[kind].roles.includes(role));
}

/** What is asked of one who adds a service of this kind in this role. A recognizer has no voice. */
export function fieldsOf(kind: SpeechKind, role: SpeechRole): SpeechField[] {
  return SPEECH_KINDS[kind].fields.filter((field) => role === "speaker" || (field !== "voice" && field !== "format"));
}

/** The address that is used if none is named; undefined where one has to be. */
export function usualAddress(kind: SpeechKind, role: SpeechRole): string | undefined {
  return SPEECH_KINDS[kind].usual?.[role];
}
