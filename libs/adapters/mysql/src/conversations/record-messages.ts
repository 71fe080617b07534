import { addresseesOf, isGroupId, type MessageToRecord } from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { GroupBatch, selectForGroups } from '../groups/record-in-group.ts';
import { lockHeads } from '../logs/log-heads.ts';
import { firstOf, selectFirst, senderKey } from './dedup-rows.ts';
import { entryKey, entryOf, selectEntries } from './entry-rows.ts';
import { RecordBatch } from './record-batch.ts';

/**
 * Messages per transaction. A transaction holds its locks while it runs, and query optimizers treat longer lists
 * differently.
 */
const CHUNK = 400;

export interface RecordOptions {
  database: Database;
  dedupWindowMs: number;
}

/** See `ConversationStore.record`: one transaction per `CHUNK` messages, in order. */
export async function recordMessages(
  options: RecordOptions,
  messages: readonly MessageToRecord[],
): Promise<RecordOutcome[]> {
  const outcomes: RecordOutcome[] = [];
  for (let at = 0; at < messages.length; at += CHUNK) {
    outcomes.push(...(await recordChunk(options, messages.slice(at, at + CHUNK))));
  }
  return outcomes;
}

/** Two round trips: lock and read, write and commit. */
function recordChunk(
  { database, dedupWindowMs }: RecordOptions,
  messages: readonly MessageToRecord[],
): Promise<RecordOutcome[]> {
  // Includes addressees who do not receive the message: what they sent decides where it is placed in their order.
  const logs = new Set(messages.flatMap((message) => [message.from, ...message.audience, ...addresseesOf(message)]));
  const conversations = [...new Set(messages.map(({ conversationId }) => conversationId))];
  const keys = [...new Set(messages.map(senderKey))];
  const ofGroups = messages.filter(({ conversationId }) => isGroupId(conversationId));
  return database.transaction<RecordOutcome[]>(async (transaction, earlier) => {
    const now = database.clock.now();
    const { locked, answers } = await lockHeads(transaction, logs, [
      selectEntries(conversations),
      selectFirst(keys, now - dedupWindowMs),
      ...(ofGroups.length === 0 ? [] : selectForGroups(ofGroups)),
    ]);
    const [entries, first, ...ofTheirs] = answers;
    const state = {
      heads: locked,
      entries: new Map(entries?.rows.map(entryOf).map((entry) => [entryKey(entry), entry])),
      first: firstOf(first),
      groups: new GroupBatch(ofTheirs, now),
    };
    const batch = new RecordBatch(state, now);
    const result = messages.map((message) => batch.record(message));
    return { result: sameAsEarlier(result, earlier), writes: batch.writes() };
  });
}

/** Messages found now that an earlier attempt with an unanswered commit recorded were recorded by this call. */
function sameAsEarlier(outcomes: RecordOutcome[], earlier: readonly RecordOutcome[] | undefined): RecordOutcome[] {
  return outcomes.map((outcome, i) => {
    const before = earlier?.[i];
    if (outcome.result !== 'duplicate' || before?.result !== 'recorded') return outcome;
    const isSame =
      before.messageId === outcome.messageId && JSON.stringify(before.places) === JSON.stringify(outcome.places);
    return isSame ? before : outcome;
  });
}
