import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import { type Command, Option } from 'commander';
import { type AddresseeOptions, addAddressee, addresseeOf } from '../support/addressee.ts';
import { print, run } from '../support/run.ts';
import { addTargetOptions, connectAs, type TargetOptions } from '../support/target.ts';
import { addJson, wholeNumber } from './options.ts';

const STEPS = ['queued', 'stored', 'delivered', 'read'] as const;

interface SendOptions extends TargetOptions, AddresseeOptions {
  as: string;
  wait: (typeof STEPS)[number];
  timeout: number;
  json: boolean;
}

export function addSend(program: Command, env: Environment): void {
  const command = program
    .command('send <text...>')
    .description('send a message to a user or a group and print each state that it reaches')
    .requiredOption('--as <userId>', 'the sender')
    .option('--timeout <seconds>', 'how long to wait for it', wholeNumber(1, 24 * 3600), 30)
    .addOption(
      new Option('--wait <step>', 'the state to wait for; in a group, queued or stored')
        .choices([...STEPS])
        .default('stored'),
    );
  addJson(addTargetOptions(addAddressee(command))).action(
    run(async (text: string[], options: SendOptions) => {
      const addressee = addresseeOf(options);
      using client = await connectAs(env, { ...options, device: `cli-send-${process.pid}` });
      const outgoing = client.send({ ...addressee, content: { text: text.join(' ') } });
      const late = AbortSignal.timeout(options.timeout * 1_000);
      for (const step of STEPS) {
        const { messageId } = await reached(outgoing[step], step, late);
        print(options.json ? JSON.stringify({ state: step, messageId }) : `${step.padEnd(9)} ${messageId}`);
        if (step === options.wait) break;
      }
    }),
  );
}

/** Errors: `deadline_exceeded`, which says that the message may still get there. */
function reached<T>(progress: Promise<T>, step: string, late: AbortSignal): Promise<T> {
  const never = new Promise<never>((_, reject) => {
    const give = () => reject(new ImError('deadline_exceeded', `not ${step} within --timeout; it may be so later`));
    if (late.aborted) give();
    else late.addEventListener('abort', give, { once: true });
  });
  return Promise.race([progress, never]);
}
