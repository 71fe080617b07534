import type { MessageToRecord } from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import type { Answer, Database } from '../engine/index.ts';
import { lockHeads } from './inbox-heads.ts';
import { type FirstRecording, RecordBatch, senderKey, sideKey } from './record-batch.ts';
import { selectSides, sideOf } from './session-rows.ts';

/** Messages of one transaction: it holds its users' locks while it runs, and optimizers treat longer lists otherwise. */
const CHUNK = 400;
const SELECT_KEYS = `SELECT sender_key, message_id, digest, sender_position, receiver_position FROM dedup
  FORCE INDEX (PRIMARY) WHERE sender_key IN (?) AND at > ?`;

export interface RecordOptions {
  database: Database;
  dedupWindowMs: number;
}

/** See `SessionStore.record`: one transaction for each `CHUNK` messages, in their order. */
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
  const users = new Set(messages.flatMap(({ from, to }) => [from, to]));
  const conversations = [...new Set(messages.map(({ conversationId }) => conversationId))];
  const keys = [...new Set(messages.map(senderKey))];
  return database.transaction<RecordOutcome[]>(async (transaction, earlier) => {
    const now = database.clock.now();
    const { locked, answers } = await lockHeads(transaction, users, [
      selectSides(conversations),
      { sql: SELECT_KEYS, values: [keys, now - dedupWindowMs] },
    ]);
    const [sides, first] = answers;
    const state = {
      heads: locked,
      sides: new Map(sides?.rows.map(sideOf).map((side) => [sideKey(side), side])),
      first: firstOf(first),
    };
    const batch = new RecordBatch(state, now);
    const result = messages.map((message) => batch.record(message));
    return { result: sameAsEarlier(result, earlier), writes: batch.writes() };
  });
}

function firstOf(answer: Answer | undefined): Map<string, FirstRecording> {
  return new Map(
    answer?.rows.map((row) => {
      const [key, messageId, digest, senderPosition, receiverPosition] = row as [
        string,
        string,
        string,
        number,
        number,
      ];
      return [key, { messageId, digest, senderPosition, receiverPosition }];
    }),
  );
}

/** What a try whose commit was not answered has recorded, and was found now, was recorded by this very call. */
function sameAsEarlier(outcomes: RecordOutcome[], earlier: readonly RecordOutcome[] | undefined): RecordOutcome[] {
  return outcomes.map((outcome, i) => {
    const before = earlier?.[i];
    if (outcome.result !== 'duplicate' || before?.result !== 'recorded') return outcome;
    const same =
      before.messageId === outcome.messageId &&
      before.senderPosition === outcome.senderPosition &&
      before.receiverPosition === outcome.receiverPosition;
    return same ? before : outcome;
  });
}
