import { runApp } from '@chasqui/kit';
import { hooksApp } from './app.ts';
import { readHooksConfig } from './config.ts';

await runApp({
  name: 'hooks',
  env: process.env,
  async start(env, logger) {
    const running = await hooksApp(readHooksConfig(env), logger);
    logger.info({ statusPort: running.statusPort }, 'telling webhook endpoints of server events');
    return running;
  },
});
