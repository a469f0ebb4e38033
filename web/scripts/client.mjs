// Makes the types of the API client from the description that the server itself gives.
//
// `openapi.json` is written by the server's own test: UPDATE_DOCS=1 cargo nextest run -p api.
// A test compares `schema.d.ts` with what this would write.

import { readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";

const HEADER = "// Made by `npm run client` from openapi.json. Change the server, not this file.\n\n";

/** The text of `schema.d.ts`. */
export async function types() {
  const text = await readFile(new URL("../openapi.json", import.meta.url), "utf8");
  const document = JSON.parse(text, (_, value) => besideReference(value));
  return HEADER + astToString(await openapiTS(document));
}

/** OpenAPI 3.1 lets fields stand beside a reference; the generator would drop them. */
function besideReference(schema) {
  if (!schema || typeof schema !== "object" || !schema.$ref || !schema.properties) return schema;
  const { $ref, ...rest } = schema;
  return { allOf: [{ $ref }, rest] };
}

if (import.meta.url === `file://${process.argv[1]}`) {
  await writeFile(new URL("../src/api/schema.d.ts", import.meta.url), await types());
}
