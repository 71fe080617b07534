import { runApp } from '@chasqui/kit';
import { connectApp } from './app.ts';
import { readConnectConfig } from './config.ts';

await runApp({
  name: 'connect',
  env: process.env,
  async start(env, logger) {
    const running = await connectApp(readConnectConfig(env), logger);
    logger.info({ nodeId: running.nodeId, wsUrl: running.wsUrl }, `clients connect to ${running.wsUrl}`);
    return running;
  },
});
