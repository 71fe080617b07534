import { createLogger, LOG_LEVELS, runUntilSignal } from '@chasqui/kit';
import { dataSyncApp } from './app.ts';
import { readDataSyncConfig } from './config.ts';

const level = LOG_LEVELS.find((name) => name === process.env.CHASQUI_LOG_LEVEL) ?? 'info';
const logger = createLogger({ name: 'datasync', level });

await runUntilSignal({
  logger,
  async start() {
    const running = await dataSyncApp(readDataSyncConfig(process.env), logger);
    logger.info({ statusPort: running.statusPort }, 'feeding the search index');
    return running;
  },
});
