import { runApp } from '@chasqui/kit';
import { startEngines } from './app.ts';
import { readEngineConfig } from './config.ts';

await runApp({
  name: 'engine',
  env: process.env,
  async start(env, logger) {
    const config = readEngineConfig(env);
    const { dataDir, engineSocket: socket } = config;
    const running = await startEngines(config, logger);
    logger.info({ dataDir, socket }, `the engines are served at ${socket}`);
    return running;
  },
});
