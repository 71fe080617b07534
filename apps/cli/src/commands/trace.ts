import { ImError, isMessageId, type StoredMessage, traceOf } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { commandEngines } from '../support/command-engines.ts';
import { print, run } from '../support/run.ts';
import { traceLines } from '../support/trace-lines.ts';

export function addTrace(program: Command, env: Environment): void {
  program
    .command('trace <messageId>')
    .description('show every state of a message, with its time, the process that recorded it, and its meaning')
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .option('--json', 'as JSON', false)
    .action(
      run(async (messageId: string, { data, json }: { data?: string; json: boolean }) => {
        if (!isMessageId(messageId)) {
          throw new ImError('invalid_request', 'a message id has 24 hexadecimal digits', { field: 'messageId' });
        }
        await using engines = await commandEngines(env, data);
        const key = await engines.locator.locate(messageId);
        const [message] = key === null ? [null] : await engines.messages.get([key]);
        if (message == null) {
          throw new ImError('message_not_found', `no message ${messageId} is stored (it may still wait on the bus)`);
        }
        const [push = []] = await engines.pushOutcomes.list([messageId]);
        const steps = traceOf(message, push);
        const lines = json
          ? [JSON.stringify({ ...withoutContent(message), steps, push })]
          : traceLines(message, steps, push);
        for (const line of lines) print(line);
      }),
    );
}

/** Operators see a message's way, not its words. */
function withoutContent({ content: _content, ...rest }: StoredMessage): object {
  return rest;
}
