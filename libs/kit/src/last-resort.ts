import type { Logger } from './logger.ts';

let faults = 0;

/** How many exceptions and rejections reached the event loop of this process. Each is a fault of ours. */
export function uncaughtFaults(): number {
  return faults;
}

/**
 * The last guard: what nobody caught is logged and counted, and the process goes on. An exception ends the turn that threw
 * it, and nothing else: what must survive a turn is behind transactions in the engines, which do not see half of it. To end
 * instead would let one input that we did not think of end everybody's connections, as often as it is sent. Engine threads
 * are not covered: they end, and are started again.
 */
export function outliveFaults(logger: Logger): Disposable {
  const note = (fault: unknown) => {
    faults++;
    logger.error({ err: fault }, 'uncaught fault; the process continues: please report it');
  };
  // A rejection that nobody handles comes as an exception too.
  process.on('uncaughtException', note);
  return { [Symbol.dispose]: () => process.removeListener('uncaughtException', note) };
}
