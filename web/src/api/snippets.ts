// A request of the native API as the same request in other tools.

/** A request to write down. */
export interface Request {
  method: string;
  /** Path and query. */
  path: string;
  /** JSON text; empty for none. */
  body: string;
}

/** Tools that a request can be written for. */
export const TOOLS = ["curl", "python", "node", "cli"] as const;

/** One of {@link TOOLS}. */
export type Tool = (typeof TOOLS)[number];

/** The request for `tool`. The token stays a variable: nothing secret gets into a clipboard. */
export function snippet(tool: Tool, request: Request, origin: string): string {
  switch (tool) {
    case "curl":
      return curl(request, origin);
    case "python":
      return python(request, origin);
    case "node":
      return node(request, origin);
    case "cli":
      return cli(request) ?? curl(request, origin);
  }
}

function curl({ method, path, body }: Request, origin: string): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}'${origin}${path}'`,
    "-H \"Authorization: Bearer $SWITCHBOARD_TOKEN\"",
  ];
  if (body) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(pretty(body))}`);
  return lines.join(" \\\n  ");
}

function python({ method, path, body }: Request, origin: string): string {
  const json = body ? `, json=json.loads(${pyQuoted(pretty(body))})` : "";
  return [
    `import ${body ? "json, " : ""}os, requests`,
    "",
    `answer = requests.request("${method}", "${origin}${path}"${json},`,
    '    headers={"Authorization": "Bearer " + os.environ["SWITCHBOARD_TOKEN"]})',
    "answer.raise_for_status()",
    "print(answer.text)",
  ].join("\n");
}

function node({ method, path, body }: Request, origin: string): string {
  const lines = [
    `const answer = await fetch("${origin}${path}", {`,
    `  method: "${method}",`,
    `  headers: { Authorization: \`Bearer \${process.env.SWITCHBOARD_TOKEN}\`${
      body ? ', "Content-Type": "application/json"' : ""
    } },`,
  ];
  if (body) lines.push(`  body: JSON.stringify(${pretty(body).replaceAll("\n", "\n  ")}),`);
  return [...lines, "});", "console.log(answer.status, await answer.text());"].join("\n");
}

/** Things that the command line lists and shows by the same names as the paths. */
const NOUNS: Record<string, string> = {
  calls: "call",
  "voice-agents": "agent",
  trunks: "trunk",
  numbers: "number",
  credentials: "credential",
  tokens: "token",
  instances: "instance",
  sounds: "sound",
  "webhook-endpoints": "webhook",
  deliveries: "delivery",
  "do-not-call": "dnc",
  "language-models": "llm",
  "speech-services": "speech",
  staff: "staff",
  "skill-groups": "skill-group",
  campaigns: "campaign",
  extensions: "extension",
};

/** The command, where the command line has one for this request. */
export function cli({ method, path }: Request): string | undefined {
  const [noun = "", id, verb] = (path.split("?")[0] ?? "").replace("/api/v1/", "").split("/");
  const name = NOUNS[noun];
  if (noun === "voice-agents" && verb === "versions") return ofVersions(method, path);
  if (!name) return undefined;
  if (method === "GET" && !id) return `switchboard ${name} list`;
  if (method === "GET" && id && !verb) return `switchboard ${name} show ${decodeURIComponent(id)}`;
  if (method === "DELETE" && id) return `switchboard ${name} remove ${decodeURIComponent(id)}`;
  if (method === "POST" && verb === "hangup" && id) return `switchboard call hangup ${id}`;
  if (method === "POST" && verb === "replay" && id) return `switchboard delivery replay ${id}`;
  return undefined;
}

/** The command about versions of a voice agent. */
function ofVersions(method: string, path: string): string | undefined {
  const [, id, version, act] = /voice-agents\/(\d+)\/versions(?:\/(\d+))?(?:\/(restore))?(?:\?|$)/.exec(path) ?? [];
  if (!version) return `switchboard agent versions ${id}`;
  if (act && method === "POST") return `switchboard agent restore ${id} ${version}`;
  return method === "GET" ? `switchboard agent version ${id} ${version}` : undefined;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function pyQuoted(text: string): string {
  return `"""${text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}"""`;
}
