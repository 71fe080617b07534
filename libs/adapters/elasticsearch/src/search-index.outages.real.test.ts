import { setTimeout as wait } from 'node:timers/promises';
import type { SearchIndex } from '@chasqui/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freezeEngine, killEngine, startEngine, stopEngine, thawEngine } from '../../../../deploy/engines/control.ts';
import { RealInstallation, sampleDocuments } from './testing/real-cluster.ts';

/** A restart takes half a minute, and much longer on a busy machine. */
const PATIENT = { timeout: 300_000 };
const DEADLINE_MS = 2_000;

const installation = new RealInstallation({ deadlineMs: DEADLINE_MS });
const document = sampleDocuments();
let index: SearchIndex;

beforeAll(async () => {
  await installation.setup();
  index = await installation.open();
});
afterAll(() => installation[Symbol.asyncDispose]());

const find = async (text: string) => (await index.search({ logs: ['bob'], text, limit: 100 })).map((hit) => hit.text);

/** Writes until stopped; remembers what was acked. A failure must be the port's error, and come in time. */
function keepWriting(prefix: string) {
  const acked: string[] = [];
  let failures = 0;
  let on = true;
  const running = (async () => {
    for (let i = 0; on; i++) {
      const startedAt = performance.now();
      try {
        // All have the same length: if one were a prefix of another, a search would find both.
        const number = `number${String(i).padStart(6, '0')}`;
        expect(await index.index([document(`${prefix} ${number}`)])).toEqual([null]);
        acked.push(number);
      } catch (error) {
        expect(error).toMatchObject({ code: 'search_unavailable' });
        expect(performance.now() - startedAt).toBeLessThan(2 * DEADLINE_MS + 3_000);
        failures++;
      }
      await wait(20);
    }
  })();
  return {
    acked,
    failures: () => failures,
    async stop() {
      on = false;
      await running;
    },
  };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 120_000; !condition(); await wait(50)) {
    if (performance.now() > deadline) expect.fail(`not in time: ${what}`);
  }
}

async function expectAllFound(word: string, acked: readonly string[]): Promise<void> {
  await installation.refresh();
  // The first searches after a restart read from a cold disk and may outlast their deadline.
  for (const number of acked) await expect.poll(() => find(`${word} ${number}`)).toEqual([`${word} ${number}`]);
}

test('C13: what `index` has resolved is found within 2 s, without help, also in an index that nobody searched', async () => {
  await index.index([document('found unaided')]);
  await wait(2_000);
  expect(await find('unaided')).toEqual(['found unaided']);
});

test.for([
  ['killed', killEngine],
  ['stopped', stopEngine],
] as const)(
  'C3, C11: Elasticsearch is %s while documents are written: what was acked is found, and calls recover unaided',
  PATIENT,
  async ([word, end]) => {
    const writing = keepWriting(word);
    await until('some are written', () => writing.acked.length >= 20);
    await end('elasticsearch');
    const before = writing.acked.length;
    await until('a call fails', () => writing.failures() > 0);
    await startEngine('elasticsearch');
    await until('writes succeed again', () => writing.acked.length > before + 20);
    await writing.stop();
    await expectAllFound(word, writing.acked);
  },
);

test('C11: frozen for 10 s: calls fail in time and recover unaided', PATIENT, async () => {
  const writing = keepWriting('frozen');
  await until('some are written', () => writing.acked.length >= 5);
  freezeEngine('elasticsearch');
  const startedAt = performance.now();
  await expect(index.search({ logs: ['bob'], text: 'frozen', limit: 1 })).rejects.toMatchObject({
    code: 'search_unavailable',
  });
  expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + 2_000);
  await wait(10_000 - (performance.now() - startedAt));
  thawEngine('elasticsearch');
  const before = writing.acked.length;
  await until('writes succeed again', () => writing.acked.length > before + 5);
  await writing.stop();
  expect(writing.failures()).toBeGreaterThan(0);
  await expectAllFound('frozen', writing.acked);
});

test.for([
  ['made read-only by an operator (403)', 'index.blocks.write'],
  ['made read-only for want of disk (429)', 'index.blocks.read_only_allow_delete'],
] as const)('C11: an index %s is busy, not broken: nothing is refused for good', PATIENT, async ([why, setting]) => {
  const settings = (value: boolean | null) =>
    installation.call('PUT', `/${installation.names.first}/_settings`, { [setting]: value });
  await settings(true);
  const late = document(`late ${why}`);
  await expect(index.index([late])).rejects.toMatchObject({ code: 'search_unavailable', retry: 'backoff' });
  const waiting = index.index([late]);
  await settings(null);
  expect(await waiting).toEqual([null]);
});

test(
  'C11: an index without its shards fails in time, writes and searches alike, and recovers unaided',
  PATIENT,
  async () => {
    await using red = new RealInstallation({ deadlineMs: DEADLINE_MS, startWaitMs: 0 });
    const nowhere = { 'index.routing.allocation.require._name': 'nowhere' };
    await red.setup();
    const opened = await red.open();
    await red.deleteIndices();
    const aliases = { [red.names.live]: { is_write_index: true } };
    await red.call('PUT', `/${red.names.first}?wait_for_active_shards=0`, { settings: nowhere, aliases });
    await expect(opened.index([document('red')])).rejects.toMatchObject({ code: 'search_unavailable' });
    const query = { logs: ['bob'], text: 'red', limit: 1 };
    await expect(opened.search(query)).rejects.toMatchObject({ code: 'search_unavailable' });
    await expect(red.open()).rejects.toMatchObject({ code: 'search_unavailable' });
    await red.call('PUT', `/${red.names.first}/_settings`, { 'index.routing.allocation.require._name': null });
    await red.call('GET', `/_cluster/health/${red.names.first}?wait_for_status=green&timeout=30s`);
    expect(await opened.index([document('red')])).toEqual([null]);
  },
);
