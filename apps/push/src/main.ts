import { runApp } from '@chasqui/kit';
import { pushApp } from './app.ts';
import { readPushConfig } from './config.ts';

await runApp({
  name: 'push',
  env: process.env,
  async start(env, logger) {
    const running = await pushApp(readPushConfig(env), logger);
    logger.info({ statusPort: running.statusPort }, 'sending notifications to offline users');
    return running;
  },
});
