import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { firstLanguage } from ".";
import en from "./en.json";
import zh from "./zh.json";

const ENGLISH = keys(en);
const CHINESE = keys(zh);

describe("languages", () => {
  it("say the same things in English and in Chinese", () => {
    expect([...CHINESE.keys()].map(withoutPlural).sort()).toEqual(
      [...new Set([...ENGLISH.keys()].map(withoutPlural))].sort(),
    );
  });

  it("leave nothing untranslated", () => {
    const same = [...CHINESE].filter(([key, text]) => ENGLISH.get(key) === text).map(([key]) => key);
    // Names of products, codes and protocols are the same everywhere.
    expect(same.filter((key) => !/^(api\.tools|keys\.tool|call\.session_id|sound\.codec)/.test(key))).toEqual([]);
  });

  it("keep the values that a sentence holds", () => {
    for (const [key, text] of CHINESE) {
      const english = ENGLISH.get(key) ?? ENGLISH.get(key.replace(/_other$/, "_one")) ?? "";
      expect(holes(text), key).toEqual(holes(english));
    }
  });

  it("have a text for every key that a page asks for", () => {
    const missing = [...asked()].filter(
      (key) => !ENGLISH.has(key) && !ENGLISH.has(`${key}_other`) && !ENGLISH.has(`${key}_one`),
    );
    expect(missing).toEqual([]);
  });

  it("have no text that no page asks for", () => {
    const known = asked();
    const families = [...families_of()];
    const unused = [...ENGLISH.keys()]
      .map(withoutPlural)
      .filter((key) => !known.has(key) && !families.some((family) => key.startsWith(family)));
    expect(unused).toEqual([]);
  });

  it("have a name for every event of a call", () => {
    const text = readFileSync(join(__dirname, "../../openapi.json"), "utf8");
    const { components } = JSON.parse(text) as {
      components: { schemas: { StampedView: { oneOf: { properties: { type: { const: string } } }[] } } };
    };
    const types = components.schemas.StampedView.oneOf.map((event) => event.properties.type.const);
    expect(types.length).toBeGreaterThan(20);
    expect(types.filter((type) => !ENGLISH.has(`event.${type}`))).toEqual([]);
  });

  it("begin with what was chosen, then with what the browser speaks", () => {
    expect(firstLanguage(null, ["zh-CN", "en"])).toBe("zh");
    expect(firstLanguage("en", ["zh-CN"])).toBe("en");
    expect(firstLanguage(null, ["fr-FR", "de"])).toBe("en");
  });
});

function keys(tree: object, before = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    const key = before + name;
    if (typeof value === "string") found.set(key, value);
    else for (const [inner, text] of keys(value as object, `${key}.`)) found.set(inner, text);
  }
  return found;
}

function withoutPlural(key: string): string {
  return key.replace(/_(one|other)$/, "");
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([hole]) => hole).sort();
}

/** Keys that stand in the sources as they are. */
function asked(): Set<string> {
  const found = new Set<string>();
  for (const text of sources()) {
    for (const [, key] of text.matchAll(/\b(?:t|i18next\.t)\(\s*"([\w.]+)"/g)) found.add(key ?? "");
    for (const [, yes, no] of text.matchAll(/\bt\([^()]*?\? "([\w.]+)" : "([\w.]+)"/g)) {
      found.add(yes ?? "").add(no ?? "");
    }
  }
  return found;
}

/** Beginnings of keys that are put together. */
function families_of(): Set<string> {
  const found = new Set<string>();
  for (const text of sources()) {
    for (const [, family] of text.matchAll(/\bt\(\s*`([\w.]+\.)\$\{/g)) found.add(family ?? "");
  }
  return found;
}

function* sources(): Generator<string> {
  const root = join(__dirname, "..");
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!/\.tsx?$/.test(entry.name) || /\.test\./.test(entry.name)) continue;
    yield readFileSync(join(entry.parentPath, entry.name), "utf8");
  }
}
