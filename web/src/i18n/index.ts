// The languages. A test fails on a key that one of them lacks.

import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import en from "./en.json";
import zh from "./zh.json";

/** Languages that are complete. */
export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "zh", name: "中文" },
] as const;

const KEPT_AS = "switchboard-language";

/** The language to begin with: chosen here before, else the browser's, else English. */
export function firstLanguage(chosen: string | null, browser: readonly string[]): "en" | "zh" {
  for (const tag of [chosen ?? "", ...browser]) {
    const code = tag.toLowerCase().split("-")[0];
    if (code === "zh" || code === "en") return code;
  }
  return "en";
}

/** Starts with the first language. */
export async function startLanguages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, zh: { translation: zh } },
    lng: firstLanguage(localStorage.getItem(KEPT_AS), navigator.languages),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = i18next.language;
}

/** Takes the person's own language, unless another one was chosen in this browser. */
export function speakAtFirst(tag: string): void {
  const code = firstLanguage(localStorage.getItem(KEPT_AS) ?? tag, []);
  if (code === i18next.language) return;
  void i18next.changeLanguage(code);
  document.documentElement.lang = code;
}

/** Changes the language, also for the next visit. */
export async function speak(code: string): Promise<void> {
  localStorage.setItem(KEPT_AS, code);
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
}
