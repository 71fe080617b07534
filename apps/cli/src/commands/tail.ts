import { once } from 'node:events';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { printIncoming } from '../support/conversation-printer.ts';
import { run } from '../support/run.ts';
import { addTargetOptions, connectAs, type TargetOptions } from '../support/target.ts';
import { addJson } from './options.ts';

interface TailOptions extends TargetOptions {
  as: string;
  device: string;
  ids: boolean;
  group?: string;
  json: boolean;
}

export function addTail(program: Command, env: Environment): void {
  const command = program
    .command('tail')
    .description("print a user's messages as they arrive, starting with the waiting ones")
    .requiredOption('--as <userId>', 'the user')
    .option('--device <id>', 'the device id to use; the same id continues where it stopped', 'cli-tail')
    .option('--group <groupId>', 'follow this group too')
    .option('--ids', 'print message ids', false);
  addJson(addTargetOptions(command)).action(
    run(async ({ ids, json, ...options }: TailOptions) => {
      using client = await connectAs(env, options);
      printIncoming(client, { ids, json });
      if (options.group !== undefined) client.openGroup(options.group);
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    }),
  );
}
