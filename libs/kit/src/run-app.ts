import type { Environment } from './config-reader.ts';
import { runUntilSignal } from './lifecycle.ts';
import { createLogger, LOG_LEVELS, type Logger } from './logger.ts';

export interface RunAppOptions {
  /** Names the app in its log. */
  name: string;
  env: Environment;
  /** Reads the configuration, starts the app and says so. */
  start(env: Environment, logger: Logger): Promise<AsyncDisposable>;
}

/** An app as the whole of a process: see `runUntilSignal`. An unknown log level is told by the app's configuration. */
export async function runApp({ name, env, start }: RunAppOptions): Promise<void> {
  const level = LOG_LEVELS.find((known) => known === env.CHASQUI_LOG_LEVEL) ?? 'info';
  const logger = createLogger({ name, level });
  await runUntilSignal({ logger, start: () => start(env, logger) });
}
