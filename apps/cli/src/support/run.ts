import { ImError } from '@chasqui/domain';
import type { Finding } from '@chasqui/kit';

/** Wraps a command so that a failure is one clear line on standard error and exit code 1. */
export function run<Args extends unknown[]>(
  action: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      const { code, message } = ImError.from(error);
      process.stderr.write(`chasqui: ${message} (${code})\n`);
      process.exitCode = 1;
    }
  };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** For a terminal; the hint is a line of its own. */
export function findingLines({ ok, what, hint }: Finding): string {
  return `${ok ? '✓' : '✗'} ${what}${hint === undefined ? '' : `\n    ${hint}`}`;
}

/** A word to the user of a command, beside what it prints. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

let goesOn = false;

/**
 * Ends the process silently when the reader of its output has gone (`… | head`), as shell programs do. Called once,
 * before anything is written.
 */
export function endWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!goesOn) process.exit();
    });
  }
}

/** From now on the process continues without a reader: a server, or a change that should not stop half-way. */
export function goOnUnread(): void {
  goesOn = true;
}
