import { join } from 'node:path';
import { formatMessageId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { isDamage } from '../sqlite/file-faults.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { openSearchEngine } from './search-engine.ts';

const PATH = join(scratchFolder(), 'search.db');

/** Enough for two segments, and some documents whose words are in memory. */
const BULKS = 11;

function write(): void {
  const { db, handlers, beforeCommit } = openSearchEngine({ path: PATH });
  for (let bulk = 0; bulk < BULKS; bulk++) {
    const rows = Array.from({ length: 1_000 }, (_, at) => {
      const millis = 1_700_000_000_000 + 1_000 * bulk + at;
      const id = formatMessageId({ millis, counter: 0, tag: 1 });
      return [id, 'ann~bob', 'ann', 'ann,bob', `hello number${at}`, 1, 1, 1];
    });
    db.begin();
    handlers['search.index']?.(rows.flat() as never, 0);
    beforeCommit?.(0);
    db.commit();
  }
  db.close();
}

test.each([
  ['a block of words', 'UPDATE blocks_1 SET bytes = zeroblob(length(bytes)) WHERE number % 1048576 < 524288'],
  ['a block of slots', 'UPDATE blocks_1 SET bytes = zeroblob(length(bytes)) WHERE number % 1048576 >= 524288'],
  ['a missing block', 'DELETE FROM blocks_1'],
  ['the first words of the blocks', 'UPDATE segments_1 SET firsts = zeroblob(length(firsts))'],
  ['the slots in memory', 'UPDATE recent_1 SET slots = zeroblob(length(slots))'],
])('damage in %s is noticed and handled as damage of the file', (_, spoil) => {
  write();
  const { db, handlers } = openSearchEngine({ path: PATH });
  const search = (text: string) =>
    handlers['search.search']?.({ logs: ['ann'], text, limit: 101 } as never, 0) as unknown[];
  expect(search('number999')).toHaveLength(BULKS);
  db.exec(spoil);
  db.close();
  let found: unknown;
  const again = openSearchEngine({ path: PATH });
  try {
    again.handlers['search.search']?.({ logs: ['ann'], text: 'number999', limit: 101 } as never, 0);
  } catch (error) {
    found = error;
  }
  again.db.close();
  again.giveUpDamaged?.();
  expect(isDamage(found)).toBe(true);
});
