import { ImError } from '@chasqui/domain';
import { outliveFaults } from './last-resort.ts';
import type { Logger } from './logger.ts';

export interface RunOptions {
  logger: Logger;
  /** Builds and starts the app; what it returns is disposed on the first SIGTERM or SIGINT. */
  start(): Promise<AsyncDisposable>;
}

/**
 * Runs an app until SIGTERM or SIGINT, then disposes it and lets the process end by itself with exit code 0 (C14). A
 * start that fails, or a stop that fails, ends with exit code 1 and says why in one line on standard error (with the stack
 * at log level `debug`). A second signal ends at once. Between start and stop no fault ends it (see `outliveFaults`).
 */
export async function runUntilSignal({ logger, start }: RunOptions): Promise<void> {
  let stop: (() => void) | undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const onSignal = () => stop?.();
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  try {
    const app = await start();
    using _ = outliveFaults(logger);
    await stopped;
    logger.info({}, 'stopping: finishing accepted work');
    await app[Symbol.asyncDispose]();
    logger.info({}, 'stopped');
  } catch (error) {
    const { code, message } = ImError.from(error);
    process.stderr.write(`chasqui: ${message} (${code})\n`);
    // What nobody foresaw needs its stack; what has a code of its own needs it only when somebody looks for it.
    if (code === 'internal') logger.error({ err: error }, message);
    else logger.debug({ err: error }, message);
    process.exitCode = 1;
  } finally {
    process.removeListener('SIGTERM', onSignal);
    process.removeListener('SIGINT', onSignal);
  }
}
