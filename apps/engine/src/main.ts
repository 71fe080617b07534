import { createLogger, LOG_LEVELS, runUntilSignal } from '@chasqui/kit';
import { startEngines } from './app.ts';
import { readEngineConfig } from './config.ts';

const level = LOG_LEVELS.find((name) => name === process.env.CHASQUI_LOG_LEVEL) ?? 'info';
const logger = createLogger({ name: 'engine', level });

await runUntilSignal({
  logger,
  async start() {
    const config = readEngineConfig(process.env);
    const running = await startEngines(config, logger);
    logger.info(
      { dataDir: config.dataDir, socket: config.engineSocket },
      `the engines serve at ${config.engineSocket}`,
    );
    return running;
  },
});
