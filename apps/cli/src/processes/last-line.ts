import { readFileSync } from 'node:fs';

/** The last line of a log; empty without one. */
export function lastLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
}
