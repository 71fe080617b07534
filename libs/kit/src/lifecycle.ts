import { ImError } from '@chasqui/domain';
import { collectAfterStart } from './collect-after-start.ts';
import type { Environment } from './config-reader.ts';
import { outliveFaults } from './last-resort.ts';
import { createLogger, LOG_LEVELS, type Logger } from './logger.ts';
import { reportUnknownSettings } from './setting-names.ts';

export interface RunOptions {
  logger: Logger;
  /** Builds and starts the app; what it returns is disposed on the first SIGTERM or SIGINT. */
  start(): Promise<AsyncDisposable>;
}

let failed: ((error: unknown) => void) | undefined;

/**
 * Ends the app of this process like a failed start, after it has finished accepted work: for an error that shows only
 * after the start, and that only an operator can mend. No effect in a process without `runUntilSignal`.
 */
export function failApp(error: unknown): void {
  failed?.(error);
}

/**
 * Runs an app until SIGTERM or SIGINT, then disposes it, and the process ends with exit code 0 (C14). If the start or
 * the stop fails, or `failApp` was called, the exit code is 1 and one line on standard error says why (with the stack
 * at log level `debug`). A second signal ends the process at once. Between start and stop no uncaught error ends it
 * (see `outliveFaults`).
 */
export async function runUntilSignal({ logger, start }: RunOptions): Promise<void> {
  const ended = Promise.withResolvers<void>();
  // It may fail before the start is complete, when nothing waits for it yet.
  ended.promise.catch(() => {});
  failed = ended.reject;
  const onSignal = () => ended.resolve();
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  try {
    const app = await start();
    collectAfterStart();
    using _ = outliveFaults(logger);
    try {
      await ended.promise;
    } finally {
      logger.info({}, 'stopping: finishing accepted work');
      await app[Symbol.asyncDispose]();
      logger.info({}, 'stopped');
    }
  } catch (error) {
    const { code, message } = ImError.from(error);
    process.stderr.write(`chasqui: ${message} (${code})\n`);
    // Unexpected errors need their stack; errors with a code of their own need it only for debugging.
    if (code === 'internal') logger.error({ err: error }, message);
    else logger.debug({ err: error }, message);
    process.exitCode = 1;
  } finally {
    failed = undefined;
    process.removeListener('SIGTERM', onSignal);
    process.removeListener('SIGINT', onSignal);
  }
}

export interface RunAppOptions {
  /** Names the app in its log. */
  name: string;
  env: Environment;
  /** Reads the configuration, starts the app and logs that it runs. */
  start(env: Environment, logger: Logger): Promise<AsyncDisposable>;
}

/**
 * Runs an app as a whole process: see `runUntilSignal`. An unknown log level is reported by the app's configuration.
 */
export async function runApp({ name, env, start }: RunAppOptions): Promise<void> {
  reportUnknownSettings(env);
  const level = LOG_LEVELS.find((known) => known === env.CHASQUI_LOG_LEVEL) ?? 'info';
  const logger = createLogger({ name, level });
  await runUntilSignal({ logger, start: () => start(env, logger) });
}
