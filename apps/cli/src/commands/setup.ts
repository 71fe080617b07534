import { createLogger, type Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { chosenEngines } from '../app.ts';
import { print, run } from '../support/run.ts';

export function addSetup(program: Command, env: Environment): void {
  program
    .command('setup')
    .description('make what the configured engines need: topics, tables, indices; safe to run again')
    .action(
      run(async () => {
        const engines = chosenEngines(env, createLogger({ name: 'chasqui', level: 'warn' }));
        for (const { role, engine } of engines.roles) print(`  ${role.padEnd(10)} ${engine}`);
        await engines.setup(print);
        print('Everything is set up. Next: npm run cluster, or the apps one by one (npm run start:connect …).');
      }),
    );
}
