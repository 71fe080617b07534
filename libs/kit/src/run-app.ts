import type { Environment } from './config-reader.ts';
import { runUntilSignal } from './lifecycle.ts';
import { createLogger, LOG_LEVELS, type Logger } from './logger.ts';

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
  const level = LOG_LEVELS.find((known) => known === env.CHASQUI_LOG_LEVEL) ?? 'info';
  const logger = createLogger({ name, level });
  await runUntilSignal({ logger, start: () => start(env, logger) });
}
