// What a browser calls itself, in words. Pure.

/** Names of browsers in their own words, those that also call themselves another first. */
const NAMES: [RegExp, string][] = [
  [/Edg\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrome\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari/, "Safari"],
];

const SYSTEMS = ["Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux"];

/** The browser with its system; the whole of what it says where that is not known. */
export function browserOf(agent: string): string {
  for (const [form, name] of NAMES) {
    const version = form.exec(agent)?.[1];
    if (version) return [`${name} ${version}`, SYSTEMS.find((one) => agent.includes(one))].filter(Boolean).join(" · ");
  }
  return agent;
}
