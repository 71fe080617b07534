import { join } from 'node:path';
import { formatMessageId, indexTokens, statusOfRank } from '@chasqui/domain';
import type { SearchHit } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { scratchFolder } from '../testing/scratch.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';
import { openSearchEngine } from './search-engine.ts';
import type { DocumentRow } from './search-operations.ts';

const WORDS = [...Array.from({ length: 60 }, (_, at) => `word${at}`), 'café', 'cafe', '北京大学', '京大', '👍'];
const USERS = Array.from({ length: 30 }, (_, at) => `u${at}`);
const BULK = 700;
/** More than makes one large segment of eight small ones. */
const BULKS = 70;

/** Numbers from 0 to 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Call = (op: string, args: unknown) => unknown;

class Engine {
  readonly #path = join(scratchFolder(), 'search.db');
  #engine: WorkerEngine = openSearchEngine({ path: this.#path });

  /** One transaction; `isKept`: it is committed. */
  transaction(run: (call: Call) => void, isKept = true): void {
    const { db, handlers, beforeCommit, afterRollback } = this.#engine;
    db.begin();
    run((op, args) => handlers[op]?.(args as never, 0));
    beforeCommit?.(0);
    if (isKept) db.commit();
    else {
      db.rollback();
      afterRollback?.();
    }
  }

  search(args: object): SearchHit[] {
    return this.#engine.handlers['search.search']?.(args as never, 0) as SearchHit[];
  }

  reopen(): void {
    this.#engine.db.close();
    this.#engine = openSearchEngine({ path: this.#path });
  }

  count(table: string): number {
    return this.#engine.db.number(`SELECT count(*) FROM ${table}`);
  }

  [Symbol.dispose](): void {
    this.#engine.db.close();
  }
}

test.each([1, 2])(
  'C3, C13: whatever is written, changed, removed, undone and reopened, a search finds what a plain map has (seed %i)',
  { timeout: 60_000 },
  (seed) => {
    using engine = new Engine();
    const random = seededRandom(seed);
    const below = (end: number) => Math.floor(random() * end);
    const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
    const text = () => Array.from({ length: 1 + below(5) }, () => pick(WORDS)).join(' ');
    const model = new Map<string, DocumentRow>();
    const ids: string[] = [];
    const newDocument = (bulk: number): DocumentRow => {
      const [from, to] = [pick(USERS), pick(USERS)];
      const millis = 1_700_000_000_000 + 20 * bulk + below(30);
      const id = formatMessageId({ millis, counter: below(4), tag: below(2 ** 32) });
      ids.push(id);
      return [id, `${from}~${to}`, from, `${from},${to}`, text(), millis, 1, 1];
    };
    const changed = ([id, conversation, from, logs, old, sentAt, , version]: DocumentRow): DocumentRow => {
      const next = random() < 0.5 ? old : random() < 0.3 ? '' : text();
      return [id, conversation, from, logs, next, sentAt, 2, version + (random() < 0.8 ? 1 : -1)];
    };
    const check = () => {
      const [user, query] = [pick(USERS), random() < 0.2 ? 'wor' : pick(WORDS)];
      const mine = [...model.values()].filter((row) => row[3].startsWith(`${user},`) || row[3].endsWith(`,${user}`));
      const isExact = (row: DocumentRow) => indexTokens(query).every((token) => indexTokens(row[4]).includes(token));
      const exact = mine.filter(isExact).map(([id]) => id);
      const limit = 1 + below(101);
      const hits = engine.search({ logs: [user], text: query, limit });
      const found = hits.filter((hit) => hit.exact).map(({ messageId }) => messageId);
      expect(found).toEqual(exact.sort().reverse().slice(0, limit));
      for (const { messageId, status, text: shown } of hits) {
        const row = model.get(messageId) as DocumentRow;
        expect([shown, status]).toEqual([row[4], statusOfRank(row[6])]);
      }
    };
    for (let bulk = 0; bulk < BULKS; bulk++) {
      const rows = Array.from({ length: BULK }, () => {
        const known = random() < 0.1 ? model.get(pick(ids)) : undefined;
        return known === undefined ? newDocument(bulk) : changed(known);
      });
      const removed = Array.from({ length: 5 }, () => pick(ids));
      const isKept = random() < 0.9;
      engine.transaction((call) => {
        call('search.index', rows.flat());
        call('search.remove', removed);
      }, isKept);
      if (isKept) {
        for (const row of rows)
          if (row[7] > (model.get(row[0])?.[7] ?? Number.NEGATIVE_INFINITY)) model.set(row[0], row);
        for (const id of removed) model.delete(id);
      }
      if (random() < 0.1) engine.reopen();
      for (let checks = 0; checks < 2; checks++) check();
    }
    expect(engine.count('segments_1')).toBeLessThan(8);
    expect(engine.count('blocks_1')).toBeGreaterThan(0);
  },
);

test('C13: an index with too many documents that are gone is due for a rebuild, and the rebuilt one is not', () => {
  using engine = new Engine();
  const ids = Array.from({ length: 15_000 }, (_, at) =>
    formatMessageId({ millis: 1_700_000_000_000 + at, counter: 0, tag: 1 }),
  );
  const isDue = () => {
    let due: unknown;
    engine.transaction((call) => {
      due = call('search.rebuildDue', null);
    });
    return due;
  };
  const rebuild = (documents: readonly string[]) =>
    engine.transaction((call) => {
      const rows = documents.flatMap((id) => [id, 'ann~bob', 'ann', 'ann,bob', 'hello', 1, 1, 1]);
      const number = call('search.rebuild', null);
      call('search.fill', { rebuild: number, rows });
      call('search.commit', number);
    });
  rebuild(ids);
  engine.transaction((call) => call('search.remove', ids.slice(0, 9_999)));
  expect(isDue()).toBe(false);
  engine.reopen();
  engine.transaction((call) => call('search.remove', ids.slice(9_999, 10_000)));
  expect(isDue()).toBe(true);
  expect(engine.search({ logs: ['ann'], text: 'hello', limit: 101 })).toHaveLength(101);
  rebuild(ids.slice(10_000));
  expect(isDue()).toBe(false);
});
