import { createLogger, LOG_LEVELS, runUntilSignal } from '@chasqui/kit';
import { apiApp } from './app.ts';
import { readApiConfig } from './config.ts';

const level = LOG_LEVELS.find((name) => name === process.env.CHASQUI_LOG_LEVEL) ?? 'info';
const logger = createLogger({ name: 'api', level });

await runUntilSignal({
  logger,
  async start() {
    const running = await apiApp(readApiConfig(process.env), logger);
    logger.info({ url: running.url }, `the API serves at ${running.url}, its documentation at ${running.url}/api/docs`);
    return running;
  },
});
