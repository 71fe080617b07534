import { distinctSteps, type Message, type MessageStep } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { TableRows } from '../cluster/table-rows.ts';
import { recallTime } from './cell-timestamps.ts';
import { messageRow } from './row-keys.ts';
import { BODY, bodyValue, RECALLED } from './stored-row.ts';

/** `MessageStore.recall`: the first recall stands. */
export async function recall(
  rows: TableRows,
  table: string,
  { conversationId, messageId }: MessageKey,
  step: MessageStep,
): Promise<boolean> {
  const row = messageRow(conversationId, messageId);
  const [found] = await rows.batch([{ table, action: { kind: 'get', row, qualifiers: [BODY, RECALLED] } }]);
  const body = found?.cells.get(BODY);
  if (body === undefined) return false;
  if (found?.cells.has(RECALLED)) return true;
  const [message, steps] = JSON.parse(body.toString()) as [Message, MessageStep[]];
  const timestamp = recallTime(messageId);
  const cells = [
    { qualifier: BODY, value: bodyValue({ ...message, content: {} }, distinctSteps([...steps, step])), timestamp },
    { qualifier: RECALLED, value: Buffer.from(String(step.at)), timestamp },
  ];
  const condition = { qualifier: RECALLED, absent: true } as const;
  await rows.checkAndMutate([{ table, condition, mutation: { kind: 'put', row, cells } }]);
  // If it did not happen, another recall was first.
  return true;
}
