import { readMarks } from '@chasqui/core';
import {
  ImError,
  isMessageId,
  overallStatus,
  recipientOf,
  type StoredMessage,
  traceOf,
  withMarks,
} from '@chasqui/domain';
import { createLogger, type Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { askedFor, commandEngines } from '../support/installation.ts';
import { print, run } from '../support/run.ts';
import { traceLines } from '../support/trace-lines.ts';
import { addJson } from './options.ts';

export function addTrace(program: Command, env: Environment): void {
  const command = program
    .command('trace <messageId>')
    .description('show every state of a message, with its time, the process that recorded it, and its meaning')
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async (messageId: string, { data, json }: { data?: string; json: boolean }) => {
      if (!isMessageId(messageId)) {
        throw new ImError('invalid_request', 'a message id has 24 hexadecimal digits', { field: 'messageId' });
      }
      await using engines = await commandEngines(env, data);
      const key = await engines.locator.locate(messageId);
      const [message] = key === null ? [null] : await engines.messages.get([key]);
      if (message == null) {
        const asked = askedFor('messages', env, data);
        const why = 'it may still wait on the bus, or the server has other engines (--set, --config)';
        throw new ImError('message_not_found', `no message ${messageId} is stored in ${asked}: ${why}`);
      }
      const logger = createLogger({ name: 'chasqui', level: 'warn' });
      const marks = (await readMarks({ ...engines, logger }, [message])).get(message.conversationId) ?? [];
      const [push = []] = await engines.pushOutcomes.list([messageId]);
      const steps = traceOf(message, push, marks);
      const read = withMarks(message, marks);
      const lines = json ? [JSON.stringify({ ...withoutContent(read), steps, push })] : traceLines(read, steps, push);
      for (const line of lines) print(line);
    }),
  );
}

/** Operators see a message's steps, not its content. */
function withoutContent(message: StoredMessage): object {
  const { content: _content, ...rest } = message;
  return { ...rest, ...recipientOf(message), status: overallStatus(message) };
}
