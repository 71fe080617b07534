import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { allDeadLetters } from '../support/dead-letters.ts';
import { commandEngines } from '../support/installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson, wholeNumber } from './options.ts';

interface DeadLettersOptions {
  data?: string;
  limit: number;
  bodies: boolean;
  json: boolean;
}

export function addDeadLetters(program: Command, env: Environment): void {
  const command = program
    .command('dead-letters')
    .description('list the bus messages that can never be handled, with their reasons, the newest first')
    .option('--limit <n>', 'at most so many of each consumer group', wholeNumber(1, 1_000), 20)
    .option('--bodies', 'print the events too, which contain message texts', false)
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async ({ data, limit, bodies, json }: DeadLettersOptions) => {
      await using engines = await commandEngines(env, data);
      const all = await allDeadLetters(engines.bus, limit);
      if (all.length === 0) note('no dead letters: everything on the bus could be handled');
      for (const { body, ...letter } of all) {
        if (json) print(JSON.stringify(bodies ? { ...letter, body } : letter));
        else {
          const { at, topic, shard, group, id, error } = letter;
          print(`${new Date(at).toISOString()}  ${group}  ${topic}/${shard} ${id}  ${error}`);
          if (bodies) print(`  ${body}`);
        }
      }
    }),
  );
}
