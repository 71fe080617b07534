import { createManualClock, type ManualClock } from '@chasqui/contracts';
import { HybridClock, ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryProgressWitness, createMemoryStoreProgress, KeptConversations } from '@chasqui/memory';
import type { ProgressWitness, StoreProgress } from '@chasqui/ports';
import { beforeEach, describe, expect, test } from 'vitest';
import { RestoreWatch } from './restore-watch.ts';

const away = () => Promise.reject(new ImError('presence_unavailable', 'away'));

let clock: ManualClock;
let ids: HybridClock;
let database: KeptConversations;
let remembered: Map<string, number>;
/** Texts that were logged at error level. */
let errors: string[];

beforeEach(() => {
  clock = createManualClock();
  ids = new HybridClock({ now: clock.now, tag: 1 });
  database = new KeptConversations(ids.next());
  remembered = new Map();
  errors = [];
});

/** One Business process on the current database and witness. */
function watchOf(change: { store?: StoreProgress | undefined; witness?: ProgressWitness | undefined } = {}) {
  const logger = { ...silentLogger, error: (_: object, text: string) => void errors.push(text) } as typeof silentLogger;
  return new RestoreWatch({
    clock,
    logger,
    store: createMemoryStoreProgress(database, ids),
    witness: createMemoryProgressWitness(remembered),
    ...change,
  });
}

/** A process that runs for `ms` and ends. */
async function run(ms: number, watch = watchOf()): Promise<RestoreWatch> {
  await watch.start();
  await clock.advance(ms);
  await watch[Symbol.asyncDispose]();
  return watch;
}

/** A backup of the database, as an operator would restore it. */
function backup() {
  const { epoch, progress } = database;
  return () => Object.assign(database, { epoch, progress });
}

describe('C10: a database that went back in time', () => {
  test('is noticed at the start, before anything else is done: every inbox has another epoch', async () => {
    await run(5_000);
    const restore = backup();
    const { epoch } = database;
    await run(5_000);
    restore();
    const watch = watchOf();
    await watch.start();
    expect(database.epoch).not.toBe(epoch);
    expect(errors).toEqual([expect.stringContaining('the database went back in time')]);
    expect(watch.degraded()).toEqual(errors);
    await clock.advance(3_599_000);
    expect(watch.degraded()).toHaveLength(1);
    await clock.advance(1_000);
    expect(watch.degraded()).toEqual([]);
    await watch[Symbol.asyncDispose]();
    expect(errors).toHaveLength(1);
  });

  test('is noticed within a second while processes run, by one of them', async () => {
    const watches = [watchOf(), watchOf(), watchOf()];
    await Promise.all(watches.map((watch) => watch.start()));
    const restore = backup();
    await clock.advance(5_000);
    restore();
    await clock.advance(1_000);
    expect(errors).toHaveLength(1);
    await clock.advance(60_000);
    expect(errors).toHaveLength(1);
    for (const watch of watches) await watch[Symbol.asyncDispose]();
  });

  test('is noticed each time that it goes back, to the same backup too, and to one of an earlier epoch', async () => {
    await run(5_000);
    const restore = backup();
    for (let times = 1; times <= 3; times++) {
      await run(5_000);
      restore();
      await run(0);
      expect(errors).toHaveLength(times);
    }
  });

  test('has no second epoch where the operator gave it one', async () => {
    await run(5_000);
    const restore = backup();
    await run(5_000);
    restore();
    database.epoch = 'by setup --new-epoch';
    await run(5_000);
    expect(errors).toHaveLength(0);
    expect(database.epoch).toBe('by setup --new-epoch');
  });
});

describe('C10: there is no false alarm', () => {
  test.each<[string, () => void]>([
    ['a witness that was emptied, or is another one', () => remembered.clear()],
    ['a witness that was put back from a backup', () => remembered.set(database.epoch, 1)],
    ['a new, empty database at the same witness', () => Object.assign(database, { epoch: 'new', progress: 0 })],
    ['nothing at all', () => {}],
  ])('%s', async (_, happens) => {
    await run(5_000);
    happens();
    const { epoch } = database;
    await run(5_000);
    expect(errors).toHaveLength(0);
    expect(database.epoch).toBe(epoch);
  });

  test('several processes, whose calls take each other over', async () => {
    let state = 7;
    const pause = () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return new Promise<void>((resolve) => clock.after(state % 700, resolve));
    };
    const slow = <T extends object>(port: T): T =>
      new Proxy(port, {
        get:
          (target, name) =>
          async (...args: unknown[]) => {
            await pause();
            const answer = await (target as Record<string | symbol, (...args: unknown[]) => unknown>)[name]?.(...args);
            await pause();
            return answer;
          },
      });
    const store = createMemoryStoreProgress(database, ids);
    const witness = createMemoryProgressWitness(remembered);
    const watches = Array.from({ length: 5 }, () => watchOf({ store: slow(store), witness: slow(witness) }));
    for (const watch of watches) void watch.start();
    const { epoch } = database;
    await clock.advance(120_000);
    expect(database.progress).toBeGreaterThan(100);
    expect(errors).toHaveLength(0);
    expect(database.epoch).toBe(epoch);
  });

  test('a commit that failed is never witnessed', async () => {
    const store = createMemoryStoreProgress(database, ids);
    await run(5_000, watchOf({ store: { ...store, advance: away } }));
    expect(remembered.size).toBe(0);
  });
});

describe('C11: an engine that is away', () => {
  test('is asked again, and what happened meanwhile is noticed then', async () => {
    await run(5_000);
    const restore = backup();
    await run(5_000);
    restore();
    const witness = createMemoryProgressWitness(remembered);
    const reach = { isThere: false };
    const watch = watchOf({
      witness: { ...witness, witnessed: (storeId) => (reach.isThere ? witness.witnessed(storeId) : away()) },
    });
    await watch.start();
    await clock.advance(30_000);
    expect(errors).toHaveLength(0);
    reach.isThere = true;
    await clock.advance(1_000);
    expect(errors).toHaveLength(1);
    await watch[Symbol.asyncDispose]();
  });

  test('engines without the ability: nothing is asked', async () => {
    const watch = await run(5_000, watchOf({ witness: undefined }));
    expect(database.progress).toBe(0);
    await run(5_000, watchOf({ store: undefined }));
    expect(remembered.size).toBe(0);
    expect(watch.degraded()).toEqual([]);
  });
});
