import { ImError, isMessageId, type PushOutcome, type StoredMessage } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { commandEngines } from '../support/command-engines.ts';
import { print, run } from '../support/run.ts';

export function addTrace(program: Command, env: Environment): void {
  program
    .command('trace <messageId>')
    .description('show what became of a message: each state with its time and the process that made it')
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
        const lines = json ? [JSON.stringify({ ...withoutContent(message), push })] : story(message, push);
        for (const line of lines) print(line);
      }),
    );
}

/** Operators see a message's way, not its words. */
function withoutContent({ content: _content, ...rest }: StoredMessage): object {
  return rest;
}

function story(message: StoredMessage, push: readonly PushOutcome[]): string[] {
  const { messageId, from, fromDevice, to, clientMessageId, status, sentAt, steps } = message;
  const first = steps[0]?.at ?? sentAt;
  return [
    `message    ${messageId}`,
    `from       ${from} (device ${fromDevice}, clientMessageId ${clientMessageId})`,
    `to         ${to}`,
    `status     ${status}`,
    '',
    `${'sent'.padEnd(10)} ${new Date(sentAt).toISOString()}`,
    ...steps.map(
      ({ state, at, node }) =>
        `${state.padEnd(10)} ${new Date(at).toISOString()}  ${`+${at - first} ms`.padStart(10)}  ${node}`,
    ),
    ...push.map(
      ({ deviceId, result, provider, reason, attempts, at, node }) =>
        `${'push'.padEnd(10)} ${new Date(at).toISOString()}  ${`+${at - first} ms`.padStart(10)}  ${node}: ${deviceId || 'no device'}, ${result} (${[provider, reason].filter(Boolean).join(': ')}; requests: ${attempts})`,
    ),
  ];
}
