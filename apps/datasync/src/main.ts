import { runApp } from '@chasqui/kit';
import { dataSyncApp } from './app.ts';
import { readDataSyncConfig } from './config.ts';

await runApp({
  name: 'datasync',
  env: process.env,
  async start(env, logger) {
    const running = await dataSyncApp(readDataSyncConfig(env), logger);
    logger.info({ statusPort: running.statusPort }, 'feeding the search index');
    return running;
  },
});
