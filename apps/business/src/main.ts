import { createLogger, LOG_LEVELS, runUntilSignal } from '@chasqui/kit';
import { businessApp } from './app.ts';
import { readBusinessConfig } from './config.ts';

const level = LOG_LEVELS.find((name) => name === process.env.CHASQUI_LOG_LEVEL) ?? 'info';
const logger = createLogger({ name: 'business', level });

await runUntilSignal({
  logger,
  async start() {
    const running = await businessApp(readBusinessConfig(process.env), logger);
    logger.info({ statusPort: running.statusPort }, 'consuming conversation events');
    return running;
  },
});
