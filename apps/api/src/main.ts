import { runApp } from '@chasqui/kit';
import { apiApp } from './app.ts';
import { readApiConfig } from './config.ts';

await runApp({
  name: 'api',
  env: process.env,
  async start(env, logger) {
    const running = await apiApp(readApiConfig(env), logger);
    logger.info({ url: running.url }, `the API serves at ${running.url}, its documentation at ${running.url}/api/docs`);
    return running;
  },
});
