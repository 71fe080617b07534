import type { Clock } from '@chasqui/domain';
import { pino } from 'pino';

/** Structured logging: ids and numbers in `fields`, never message bodies or tokens. */
export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
  /** One logger per subsystem: `child({ part: 'peer-link' })`. */
  child(bindings: object): Logger;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Bytes of lines that wait to be written (C16). Beyond it, lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * JSON lines on standard error: standard output is for the results of commands. Lines that cannot be written, as on a full
 * disk, wait; each further line tries them again.
 */
export function createLogger({ name, level }: { name: string; level: LogLevel }): Logger {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  let isFailing = false;
  destination.on('write', () => {
    isFailing = false;
  });
  // Without a listener, each failed write is an uncaught error, which is logged, which fails.
  destination.on('error', () => {
    isFailing = true;
  });
  // Before the destination's own listener, which would try to write until it succeeds.
  process.prependListener('exit', () => {
    if (isFailing) destination.destroy();
  });
  return pino({ name, level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

/**
 * Limits the reports of a frequent occurrence: `tell` is called at once, and then at most every `everyMs`, with the
 * number of occurrences since the last call. For log lines that outsiders can cause.
 */
export function seldom<Args extends unknown[]>(
  clock: Pick<Clock, 'monotonic'>,
  everyMs: number,
  tell: (times: number, ...args: Args) => void,
): (...args: Args) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (...args) => {
    untold++;
    const now = clock.monotonic();
    if (now - toldAt < everyMs) return;
    const times = untold;
    [toldAt, untold] = [now, 0];
    tell(times, ...args);
  };
}
