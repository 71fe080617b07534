import { runApp } from '@chasqui/kit';
import { businessApp } from './app.ts';
import { readBusinessConfig } from './config.ts';

await runApp({
  name: 'business',
  env: process.env,
  async start(env, logger) {
    const running = await businessApp(readBusinessConfig(env), logger);
    logger.info({ statusPort: running.statusPort }, 'consuming conversation events');
    return running;
  },
});
