// Builds the three pages of the console. Everything comes from this server: no outside request,
// no inline script or style, so that `default-src 'self'` holds.

import { readdirSync } from "node:fs";
import { resolve } from "node:path";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { development } from "./scripts/development.ts";
import { themeSheet } from "./scripts/theme.ts";

const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".html"));

export default defineConfig({
  plugins: [react(), themeSheet(), development()],
  base: "/",
  build: {
    target: "es2022",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rollupOptions: {
      input: Object.fromEntries(
        pages.map((name) => [name.replace(".html", ""), resolve(import.meta.dirname, name)]),
      ),
    },
  },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
});
