import { createLogger, LOG_LEVELS, runUntilSignal } from '@chasqui/kit';
import { connectApp } from './app.ts';
import { readConnectConfig } from './config.ts';

const level = LOG_LEVELS.find((name) => name === process.env.CHASQUI_LOG_LEVEL) ?? 'info';
const logger = createLogger({ name: 'connect', level });

await runUntilSignal({
  logger,
  async start() {
    const running = await connectApp(readConnectConfig(process.env), logger);
    logger.info({ nodeId: running.nodeId, wsUrl: running.wsUrl }, `clients connect to ${running.wsUrl}`);
    return running;
  },
});
