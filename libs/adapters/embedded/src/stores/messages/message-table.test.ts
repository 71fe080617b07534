import { join } from 'node:path';
import { encodeMessage, HybridClock } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { direct } from '../../testing/direct-messages.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import { openStoreEngine } from '../store-engine.ts';
import { pushPut } from './message-values.ts';

const ids = new HybridClock({ now: Date.now, tag: 7 });
/** More than the table keeps the newest ids of. */
const OTHERS = 101_000;
const PER_TRANSACTION = 1_000;

test('C4: a message is stored once, also when its conversation has left memory before it comes again', {
  timeout: 60_000,
}, () => {
  const path = join(scratchFolder(), 'store.db');
  const flushAt = { journalCharacters: 1e9, messages: 2_000 };
  const engine = openStoreEngine({ path, dedupWindowMs: 60_000, epoch: 'e', flushAt });
  const valuesOf = (messageId: string, to: string) => {
    const values: (string | number)[] = [];
    pushPut(values, {
      ...encodeMessage(direct({ messageId, clientMessageId: messageId, from: 'ann', to })),
      steps: [],
    });
    return values;
  };
  const put = (values: readonly (string | number)[]) => {
    engine.db.begin();
    engine.handlers['messages.put']?.(values as never, 1);
    engine.beforeCommit?.(1);
    engine.db.commit();
  };
  const first = valuesOf(ids.next(), 'bob');
  put(first);
  for (let made = 0; made < OTHERS; made += PER_TRANSACTION) {
    put(Array.from({ length: PER_TRANSACTION }, (_, n) => valuesOf(ids.next(), `user${made + n}`)).flat());
  }
  put(first);
  expect(engine.db.number('SELECT count(*) FROM messages')).toBe(1 + OTHERS);
  engine.db.close();
});
