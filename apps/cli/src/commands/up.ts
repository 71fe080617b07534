import { readEngineConfig } from '@chasqui/app-engine/config';
import { defined } from '@chasqui/domain';
import { createLogger, type Environment, lowerV8HelperPriority, runUntilSignal } from '@chasqui/kit';
import type { Command } from 'commander';
import { goOnUnread, print, run } from '../support/run.ts';
import { announcement, commandBeside } from '../up/announce.ts';
import { startCluster, WEB_ROOT } from '../up/cluster.ts';
import { withWebPushKeys } from '../up/web-push-keys.ts';
import { wholeNumber } from './options.ts';

interface UpOptions {
  nodes: number;
  port: number;
  data?: string;
  host?: string;
  logLevel?: string;
}

export function addUp(program: Command, env: Environment): void {
  const given = { ...env };
  program
    .command('up')
    .description('start everything in one process, with the embedded engines')
    .option('--nodes <n>', 'Connect nodes', wholeNumber(1, 64), 2)
    .option(
      '--port <p>',
      'API and page; node i listens on p+i, its peer server on p+100+i; 0 picks free ports',
      wholeNumber(0, 65_000),
      4400,
    )
    .option('--data <dir>', 'where data is kept (default: ./.data)')
    .option('--host <address>', 'the address to listen on (default: 127.0.0.1)')
    .option('--log-level <level>', 'debug, info, warn, error or silent (default: warn)')
    .action(run((options: UpOptions) => up(options, env, commandBeside(program, given))));
}

async function up(
  { nodes, port, data, host, logLevel }: UpOptions,
  env: Environment,
  chasqui: string | undefined,
): Promise<void> {
  lowerV8HelperPriority();
  const settings: Environment = {
    CHASQUI_LOG_LEVEL: 'warn',
    ...env,
    ...defined({ CHASQUI_DATA_DIR: data, CHASQUI_HOST: host, CHASQUI_LOG_LEVEL: logLevel }),
  };
  const { dataDir, logLevel: level, host: listensOn } = readEngineConfig(settings);
  const logger = createLogger({ name: 'chasqui', level });
  goOnUnread();
  await runUntilSignal({
    logger,
    async start() {
      const cluster = await startCluster({
        env: await withWebPushKeys(settings, dataDir),
        nodes,
        port,
        logger,
        webRoot: WEB_ROOT,
      });
      const addresses = cluster.connect.map(({ wsUrl }) => wsUrl);
      print(announcement({ url: cluster.url, host: listensOn, nodes: addresses }, dataDir, chasqui));
      return cluster;
    },
  });
}
