/** One way to break the core, and the tests that must notice. */
export interface Mutation {
  /** The broken behaviour, with its contract if it has one. */
  what: string;
  /** The file's path from the root of the tree. */
  file: string;
  /** A text that occurs exactly once, and its replacement. */
  text: string;
  broken: string;
  /** Test files, of which at least one test must fail. */
  tests: readonly string[];
}

/** The number of occurrences of one text in another. */
export function timesIn(source: string, text: string): number {
  return source.split(text).length - 1;
}
