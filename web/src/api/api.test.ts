import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { types } from "../../scripts/client.mjs";
import { masked, maskedSent } from "./journal";
import { failure } from "./problem";
import { cli, snippet, TOOLS } from "./snippets";

describe("the client", () => {
  it("is made of the server's present description: npm run client", async () => {
    const kept = readFileSync(join(__dirname, "schema.d.ts"), "utf8");
    expect(kept === (await types())).toBe(true);
  });

  it("tells a problem with its field and its request", () => {
    const problem = {
      type: "urn:switchboard:problem:invalid",
      title: "A field is wrong",
      status: 422,
      detail: "must be a number",
      field: "port",
      request_id: "r1",
    };
    expect(failure(new Response("", { status: 422 }), problem)).toMatchObject({
      status: 422,
      kind: "invalid",
      field: "port",
      requestId: "r1",
    });
  });

  it("tells of answers that are no problem document", () => {
    expect(failure(new Response("", { status: 502, statusText: "Bad Gateway" }), "<html>")).toMatchObject({
      status: 502,
      kind: "",
      detail: "Bad Gateway",
    });
  });
});

describe("the API drawer", () => {
  it("never shows a secret", () => {
    expect(masked('{"password":"p4ss","secret":"x y","name":"n"}')).toBe(
      '{"password":"••••","secret":"••••","name":"n"}',
    );
    expect(maskedSent('{"key":"sk-1","present":"p4ss","password":"n3w"}')).toBe(
      '{"key":"••••","present":"••••","password":"••••"}',
    );
  });

  it("writes a request for every tool without a token in it", () => {
    const request = { method: "POST", path: "/api/v1/calls", body: '{"callee":"it\'s"}' };
    for (const tool of TOOLS) {
      const text = snippet(tool, request, "http://127.0.0.1:8080");
      expect(text).toContain("/api/v1/calls");
      expect(text).toContain("SWITCHBOARD_TOKEN");
    }
    expect(snippet("curl", request, "http://h")).toContain("it'\\''s");
  });

  it("knows the commands of the command line", () => {
    const of = (method: string, path: string) => cli({ method, path, body: "" });
    expect(of("GET", "/api/v1/calls?limit=1")).toBe("switchboard call list");
    expect(of("GET", "/api/v1/voice-agents/7?instance=1")).toBe("switchboard agent show 7");
    expect(of("POST", "/api/v1/deliveries/9/replay")).toBe("switchboard delivery replay 9");
    expect(of("GET", "/api/v1/voice-agents/7/versions?limit=50")).toBe("switchboard agent versions 7");
    expect(of("POST", "/api/v1/voice-agents/7/versions/3/restore?instance=1")).toBe("switchboard agent restore 7 3");
    expect(of("GET", "/api/v1/speech-services?instance=1")).toBe("switchboard speech list");
    expect(of("GET", "/api/v1/events")).toBeUndefined();
  });
});
