import { createInterface } from 'node:readline';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { printIncoming } from '../support/conversation-printer.ts';
import { print, run } from '../support/run.ts';
import { addTargetOptions, connectAs, type TargetOptions } from '../support/target.ts';

export function addChat(program: Command, env: Environment): void {
  const command = program
    .command('chat')
    .description('chat with a user: each line is a message, Ctrl+D ends')
    .requiredOption('--as <userId>', 'your user id')
    .requiredOption('--to <userId>', 'the user to chat with')
    .option('--device <id>', 'the device id to use', 'cli-chat');
  addTargetOptions(command).action(
    run(async (options: TargetOptions & { as: string; to: string; device: string }) => {
      using client = await connectAs(env, options);
      printIncoming(client, { ids: false, peer: options.to });
      client.on('message', ({ message }) => {
        if (message.from === options.to) client.markRead(options.to);
      });
      print(`You are ${options.as}. Type a line to send it to ${options.to}.`);
      const open: Promise<unknown>[] = [];
      for await (const text of createInterface({ input: process.stdin })) {
        if (text === '') continue;
        const outgoing = client.send({ to: options.to, content: { text } });
        open.push(
          outgoing.stored.then(
            () => print('  (stored)'),
            (error: Error) => print(`  (not sent: ${error.message})`),
          ),
        );
      }
      await Promise.all(open);
    }),
  );
}
