import { join } from 'node:path';
import { createLogger, type Environment, hostInUrl, localHost, runUntilSignal } from '@chasqui/kit';
import type { Command } from 'commander';
import { chosenEngines } from '../app.ts';
import { portsFrom, processesOf } from '../processes/cluster-process.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { goOnUnread, print, run } from '../support/run.ts';
import { commonConfig } from '../support/target.ts';
import { announcement, commandBeside } from '../up/announce.ts';
import { WEB_ROOT } from '../up/cluster.ts';
import { wholeNumber } from './options.ts';

interface ClusterCommandOptions {
  connect: number;
  business: number;
  port: number;
  data?: string;
}

export function addCluster(program: Command, env: Environment): void {
  const given = { ...env };
  program
    .command('cluster')
    .description('start every app as its own process, with the configured engines')
    .option('--connect <n>', 'Connect nodes', wholeNumber(1, 64), 3)
    .option('--business <n>', 'Business consumers', wholeNumber(1, 64), 2)
    .option(
      '--port <p>',
      'API and page; node i listens on p+i, its peer server on p+100+i',
      wholeNumber(1, 65_000),
      4400,
    )
    .option('--data <dir>', 'where secrets, logs and embedded engines are kept (default: ./.data)')
    .action(run((options: ClusterCommandOptions) => cluster(options, env, commandBeside(program, given))));
}

async function cluster(
  { connect, business, port, data }: ClusterCommandOptions,
  env: Environment,
  chasqui: string | undefined,
): Promise<void> {
  const { dataDir, logLevel, host } = commonConfig({ CHASQUI_LOG_LEVEL: 'warn', ...env }, data);
  const logger = createLogger({ name: 'chasqui', level: logLevel });
  goOnUnread();
  await runUntilSignal({
    logger,
    async start() {
      const engines = chosenEngines(env, logger);
      for (const { role, engine } of engines.roles) print(`  ${role.padEnd(10)} ${engine}`);
      await engines.setup(print);
      const portOf = portsFrom(port);
      const supervisor = await Supervisor.start({
        processes: processesOf({ connect, business, embedded: engines.embedded, portOf }),
        env: { ...env, CHASQUI_DATA_DIR: dataDir, CHASQUI_WEB_ROOT: env.CHASQUI_WEB_ROOT ?? WEB_ROOT },
        logDir: join(dataDir, 'logs'),
        say: print,
      });
      const nodes = Array.from(
        { length: connect },
        (_, n) => `ws://${hostInUrl(localHost(host))}:${portOf('connect', n + 1)}/ws`,
      );
      const url = `http://${hostInUrl(localHost(host))}:${portOf('api', 1)}`;
      print(announcement({ url, host, nodes }, dataDir, chasqui));
      return supervisor;
    },
  });
}
