import { createLogger, LOG_LEVELS, runUntilSignal } from '@chasqui/kit';
import { pushApp } from './app.ts';
import { readPushConfig } from './config.ts';

const level = LOG_LEVELS.find((name) => name === process.env.CHASQUI_LOG_LEVEL) ?? 'info';
const logger = createLogger({ name: 'push', level });

await runUntilSignal({
  logger,
  async start() {
    const running = await pushApp(readPushConfig(process.env), logger);
    logger.info({ statusPort: running.statusPort }, 'telling people who are away');
    return running;
  },
});
