// A server of our own on free ports, with a data folder of its own.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY =
  process.env["SWITCHBOARD_BIN"] ??
  resolve(import.meta.dirname, "../../../target/debug/switchboard");

/** Longest wait for a server to be ready. */
const READY_MAX_MS = 30_000;

/** A running server. */
export class Server {
  #child: ChildProcess | undefined;
  #log = "";
  url = "";

  private constructor(
    readonly data: string,
    private readonly flags: string[],
  ) {}

  /** Starts one; with `--dev` it has known keys and a known sign-in. */
  static async start(...flags: string[]): Promise<Server> {
    const server = new Server(mkdtempSync(join(tmpdir(), "switchboard-web-")), flags);
    await server.#run("127.0.0.1:0");
    return server;
  }

  async #run(listen: string): Promise<void> {
    const flags = ["--data", this.data, "--listen", listen, "--sip-listen", "127.0.0.1:0"];
    this.#log = "";
    const child = spawn(BINARY, ["serve", ...flags, "--rtp-ports", "any", ...this.flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.url = await new Promise((ready, failed) => {
      const late = setTimeout(() => failed(new Error(`not ready: ${this.#log}`)), READY_MAX_MS);
      const read = (chunk: Buffer) => {
        this.#log += chunk.toString();
        const found = /"native_api":"(http:\/\/[^/"]+)/.exec(this.#log)?.[1];
        if (!found) return;
        clearTimeout(late);
        ready(found);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => {
        clearTimeout(late);
        failed(new Error(`ended with ${code}: ${this.#log}`));
      });
    });
  }

  /** The link to the set-up page. */
  setupLink(): string {
    return readFileSync(join(this.data, "setup-link"), "utf8").trim();
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Starts it again on the same port, with the same data. */
  async restart(): Promise<void> {
    await this.#run(new URL(this.url).host);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Asks the native API with the token of `--dev`. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Authorization: "Bearer swb_dev", "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
}
