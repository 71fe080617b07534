import { readFileSync } from 'node:fs';

/** What the last line of a log says: the words of a line of JSON, with those of its error. Empty without a log. */
export function lastLine(path: string): string {
  let line: string;
  try {
    line = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
  try {
    const { msg, err, why } = JSON.parse(line) as { msg?: string; err?: { message?: string }; why?: string };
    const words = [msg, err?.message ?? why].filter((part) => part !== undefined && part !== '');
    return words.length === 0 ? line : words.join(': ');
  } catch {
    return line;
  }
}
