import { createInterface } from 'node:readline';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { type AddresseeOptions, addAddressee, addresseeOf } from '../support/addressee.ts';
import { isIn, printIncoming } from '../support/conversation-printer.ts';
import { print, run } from '../support/run.ts';
import { addTargetOptions, connectAs, type TargetOptions } from '../support/target.ts';

interface ChatOptions extends TargetOptions, AddresseeOptions {
  as: string;
  device: string;
}

export function addChat(program: Command, env: Environment): void {
  const command = program
    .command('chat')
    .description('chat with a user or in a group: each line is a message, Ctrl+D ends')
    .requiredOption('--as <userId>', 'your user id')
    .option('--device <id>', 'the device id to use', 'cli-chat');
  addTargetOptions(addAddressee(command)).action(
    run(async (options: ChatOptions) => {
      const addressee = addresseeOf(options);
      using client = await connectAs(env, options);
      printIncoming(client, { ids: false, only: options });
      client.on('message', ({ message }) => {
        if (!message.mine && isIn(message, options)) client.markRead(message);
      });
      if (options.group !== undefined) client.openGroup(options.group);
      print(`You are ${options.as}. Type a line to send it to ${options.to ?? options.group}.`);
      const open: Promise<unknown>[] = [];
      for await (const text of createInterface({ input: process.stdin })) {
        if (text === '') continue;
        const outgoing = client.send({ ...addressee, content: { text } });
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
