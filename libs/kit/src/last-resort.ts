import type { Logger } from './logger.ts';

let faults = 0;

/** Number of exceptions and rejections that reached the event loop of this process. Each is a bug. */
export function uncaughtFaults(): number {
  return faults;
}

/**
 * Logs and counts uncaught errors instead of ending the process. An exception ends only the turn that threw it: state
 * that outlives a turn is protected by transactions in the engines, which never see half of one. If the process ended
 * instead, a single unforeseen input could close all connections each time it is sent. Engine threads are not covered:
 * they end and are restarted.
 */
export function outliveFaults(logger: Logger): Disposable {
  const note = (fault: unknown) => {
    faults++;
    logger.error({ err: fault }, 'uncaught fault; the process continues: please report it');
  };
  // An unhandled rejection also arrives as an uncaught exception.
  process.on('uncaughtException', note);
  return { [Symbol.dispose]: () => process.removeListener('uncaughtException', note) };
}
