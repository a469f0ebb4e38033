// Names for requests, so that a repetition is known as one.

/** A fresh name. Works on pages without https too, where `crypto.randomUUID` is missing. */
export function freshName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
