import type { Environment } from '@chasqui/kit';
import { type Command, Option } from 'commander';
import { print, run } from '../support/run.ts';
import { addTargetOptions, connectAs, type TargetOptions } from '../support/target.ts';

const STEPS = ['queued', 'stored', 'delivered', 'read'] as const;

interface SendOptions extends TargetOptions {
  as: string;
  to: string;
  wait: (typeof STEPS)[number];
}

export function addSend(program: Command, env: Environment): void {
  const command = program
    .command('send <text...>')
    .description('send a message and print each state that it reaches')
    .requiredOption('--as <userId>', 'the sender')
    .requiredOption('--to <userId>', 'the receiver')
    .addOption(new Option('--wait <step>', 'the state to wait for').choices([...STEPS]).default('stored'));
  addTargetOptions(command).action(
    run(async (text: string[], options: SendOptions) => {
      using client = await connectAs(env, { ...options, device: `cli-send-${process.pid}` });
      const outgoing = client.send({ to: options.to, content: { text: text.join(' ') } });
      for (const step of STEPS) {
        const { messageId } = await outgoing[step];
        print(`${step.padEnd(9)} ${messageId}`);
        if (step === options.wait) break;
      }
    }),
  );
}
