/** One way to break the core, and the tests that must notice. */
export interface Mutation {
  /** What is broken, by its contract where it has one. */
  what: string;
  /** From the root of the tree. */
  file: string;
  /** A text that is there exactly once, and what takes its place. */
  text: string;
  broken: string;
  /** Files of tests, of which at least one test must fail. */
  tests: readonly string[];
}

/** How often a text is in another. */
export function timesIn(source: string, text: string): number {
  return source.split(text).length - 1;
}
