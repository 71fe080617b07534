import { rebuildIndex } from '@chasqui/app-datasync/rebuild';
import { type Environment, systemClock, systemRandom } from '@chasqui/kit';
import type { Command } from 'commander';
import { commandEngines } from '../support/command-engines.ts';
import { print, run } from '../support/run.ts';

export function addReindex(program: Command, env: Environment): void {
  program
    .command('reindex')
    .description('rebuild the whole search index from the message store; searches go on meanwhile')
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async ({ data }: { data?: string }) => {
        await using engines = await commandEngines(env, data);
        const startedAt = performance.now();
        const { messages, refused } = await rebuildIndex(
          { ...engines, clock: systemClock, random: systemRandom },
          (progress) => {
            process.stderr.write(`\rindexed ${progress.messages} messages`);
          },
        );
        process.stderr.write('\n');
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        print(`${messages} messages indexed in ${seconds} s, ${refused} refused`);
        if (refused > 0) process.exitCode = 1;
      }),
    );
}
