// A request of the vendor's API, signed as its clients do (TC3-HMAC-SHA256), with the keys of `--dev`.

import { createHash, createHmac } from "node:crypto";

const [SECRET_ID, SECRET_KEY] = ["AKIDdev", "dev-secret"];

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Calls an action of `ccc` and gives its answer. */
export async function cloud<T>(base: string, action: string, parameters: object): Promise<T> {
  const body = JSON.stringify(parameters);
  const seconds = Math.floor(Date.now() / 1000);
  const day = new Date(seconds * 1000).toISOString().slice(0, 10);
  const { host } = new URL(base);
  const scope = `${day}/ccc/tc3_request`;
  const asked = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${sha256(body)}`;
  const text = `TC3-HMAC-SHA256\n${seconds}\n${scope}\n${sha256(asked)}`;
  const key = hmac(hmac(hmac(`TC3${SECRET_KEY}`, day), "ccc"), "tc3_request");
  const signature = hmac(key, text).toString("hex");
  const answer = await fetch(`${base}/`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-TC-Action": action,
      "X-TC-Version": "2020-02-10",
      "X-TC-Timestamp": String(seconds),
      Authorization: `TC3-HMAC-SHA256 Credential=${SECRET_ID}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
    },
    body,
  });
  const told = (await answer.json()) as { Response: T & { Error?: { Message: string } } };
  if (told.Response.Error) throw new Error(`${action}: ${told.Response.Error.Message}`);
  return told.Response;
}
