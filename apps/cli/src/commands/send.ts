import type { Environment } from '@chasqui/kit';
import { type Command, Option } from 'commander';
import { type AddresseeOptions, addAddressee, addresseeOf } from '../support/addressee.ts';
import { print, run } from '../support/run.ts';
import { addTargetOptions, connectAs, type TargetOptions } from '../support/target.ts';

const STEPS = ['queued', 'stored', 'delivered', 'read'] as const;

interface SendOptions extends TargetOptions, AddresseeOptions {
  as: string;
  wait: (typeof STEPS)[number];
}

export function addSend(program: Command, env: Environment): void {
  const command = program
    .command('send <text...>')
    .description('send a message to a user or a group and print each state that it reaches')
    .requiredOption('--as <userId>', 'the sender')
    .addOption(
      new Option('--wait <step>', 'the state to wait for; in a group, queued or stored')
        .choices([...STEPS])
        .default('stored'),
    );
  addTargetOptions(addAddressee(command)).action(
    run(async (text: string[], options: SendOptions) => {
      const addressee = addresseeOf(options);
      using client = await connectAs(env, { ...options, device: `cli-send-${process.pid}` });
      const outgoing = client.send({ ...addressee, content: { text: text.join(' ') } });
      for (const step of STEPS) {
        const { messageId } = await outgoing[step];
        print(`${step.padEnd(9)} ${messageId}`);
        if (step === options.wait) break;
      }
    }),
  );
}
