// What differs between two texts, line by line. Pure.

/** A line of the comparison. */
export interface DiffLine {
  /** `same` in both; `gone` from the first one; `new` in the second one. */
  kind: "same" | "gone" | "new";
  text: string;
}

/** Lines of which all pairs are compared; texts that differ in more are shown as wholly changed. */
const LINES_MAX = 2_000;

/** How `before` became `after`, with as few changed lines as there can be. */
export function diff(before: string, after: string): DiffLine[] {
  const [a, b] = [lines(before), lines(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** The longest common subsequence leads through the part that differs. */
function middle(a: string[], b: string[]): DiffLine[] {
  const gone = a.map((text): DiffLine => ({ kind: "gone", text }));
  const added = b.map((text): DiffLine => ({ kind: "new", text }));
  if (a.length === 0 || b.length === 0 || a.length > LINES_MAX || b.length > LINES_MAX) return [...gone, ...added];
  // The longest common part of what follows a[i] and b[j].
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push({ kind: "same", text: a[i] as string });
      [i, j] = [i + 1, j + 1];
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      found.push(gone[i] as DiffLine);
      i += 1;
    } else {
      found.push(added[j] as DiffLine);
      j += 1;
    }
  }
  return [...found, ...gone.slice(i), ...added.slice(j)];
}

/** Lines that are the same and stay out of sight. */
export interface Skipped {
  kind: "skipped";
  n: number;
}

/** Lines that stay in sight beside a change. */
const AROUND = 3;

/** The comparison without what is far from every change. One line is not worth a gap. */
export function folded(all: readonly DiffLine[]): (DiffLine | Skipped)[] {
  const near = all.map((_, idx) => all.slice(Math.max(0, idx - AROUND), idx + AROUND + 1).some(isChange));
  const found: (DiffLine | Skipped)[] = [];
  for (let idx = 0; idx < all.length; ) {
    let n = 0;
    while (idx + n < all.length && !near[idx + n]) n += 1;
    if (n > 1) found.push({ kind: "skipped", n });
    else found.push(all[idx] as DiffLine);
    idx += Math.max(n, 1);
  }
  return found;
}

function isChange(line: DiffLine): boolean {
  return line.kind !== "same";
}

function lines(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
