import { rebuildIndex } from '@chasqui/app-datasync/rebuild';
import { type Environment, systemClock, systemRandom } from '@chasqui/kit';
import type { Command } from 'commander';
import { audited, commandEngines } from '../support/installation.ts';
import { print, run } from '../support/run.ts';

export function addReindex(program: Command, env: Environment): void {
  program
    .command('reindex')
    .description('rebuild the search index from the message store; searches continue meanwhile')
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async ({ data }: { data?: string }) => {
        await using engines = await commandEngines(env, data);
        const startedAt = performance.now();
        await audited(engines, 'rebuild_index', async () => {
          const { messages, refused } = await rebuildIndex(
            { ...engines, clock: systemClock, random: systemRandom },
            (progress) => {
              process.stderr.write(`\rindexed ${progress.messages} messages`);
            },
          );
          process.stderr.write('\n');
          const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
          const said = `${messages} messages indexed in ${seconds} s, ${refused} refused`;
          print(said);
          if (refused > 0) process.exitCode = 1;
          return said;
        });
      }),
    );
}
