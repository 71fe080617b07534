import type { Logger } from './logger.ts';

export interface RunOptions {
  logger: Logger;
  /** Builds and starts the app; what it returns is disposed on the first SIGTERM or SIGINT. */
  start(): Promise<AsyncDisposable>;
}

/**
 * Runs an app until SIGTERM or SIGINT, then disposes it and lets the process end by itself with exit code 0 (C14). A
 * start that fails, or a stop that fails, ends with exit code 1 and says why. A second signal ends at once.
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
    await stopped;
    logger.info({}, 'stopping: finishing what is accepted');
    await app[Symbol.asyncDispose]();
    logger.info({}, 'stopped');
  } catch (error) {
    logger.error({ err: error }, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  } finally {
    process.removeListener('SIGTERM', onSignal);
    process.removeListener('SIGINT', onSignal);
  }
}
