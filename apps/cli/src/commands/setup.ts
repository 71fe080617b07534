import { ImError } from '@chasqui/domain';
import { createLogger, dataOption, type Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { chosenEngines, examineEngines } from '../app.ts';
import { findingLines, print, run } from '../support/run.ts';
import { commonConfig } from '../support/target.ts';

export function addSetup(program: Command, env: Environment): void {
  program
    .command('setup')
    .description(
      'create what the configured engines need (topics, tables, indices), and examine them; safe to run again',
    )
    .option('--new-epoch', 'after a restore of MySQL: every device syncs its whole inbox again', false)
    .action(
      run(async ({ newEpoch }: { newEpoch: boolean }) => {
        const engines = chosenEngines(env, createLogger({ name: 'chasqui', level: 'warn' }));
        for (const { role, engine } of engines.roles) print(`  ${role.padEnd(10)} ${engine}`);
        if (newEpoch && engines.roles.some(({ role, engine }) => role === 'store' && engine === 'embedded')) {
          const command = `npx chasqui restore --mark${dataOption(commonConfig(env, undefined).dataDir)}`;
          throw new ImError('invalid_request', `the store is embedded: use ${command} instead`);
        }
        await engines.setup(print, newEpoch);
        const troubles = (await examineEngines(env)).filter(({ ok }) => !ok);
        for (const trouble of troubles) print(findingLines(trouble));
        const but = troubles.length === 0 ? '' : ', but the engines are not as they should be (above)';
        print(
          `Everything is set up${but}. Next, with the same --set or --config: npm run cluster, or the apps one by one (npm run start:connect …).`,
        );
      }),
    );
}
