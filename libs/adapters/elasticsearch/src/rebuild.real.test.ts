import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '@chasqui/domain';
import type { SearchDocument, SearchQuery } from '@chasqui/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RealInstallation, sampleDocuments } from './testing/real-cluster.ts';

const PATIENT = { timeout: 120_000 };
const installation = new RealInstallation({ deadlineMs: 10_000 });
const document = sampleDocuments();
const { names } = installation;

beforeAll(() => installation.setup());
afterAll(() => installation[Symbol.asyncDispose]());

type Aliases = Record<string, { aliases: Record<string, unknown> }>;
const aliases = () => installation.call<Aliases>('GET', `/${names.pattern}/_alias`);
/** All indices, each with its aliases. */
const indices = async () => Object.values(await aliases()).map((one) => Object.keys(one.aliases).toSorted());

test('C3: while one process rebuilds, nothing that another one writes or removes is lost', PATIENT, async () => {
  const [writer, rebuilder] = [await installation.open(), await installation.open()];
  // The messages in the message store, which are always written there first.
  const stored = new Map<string, SearchDocument>();
  let on = true;
  const writing = (async () => {
    for (let i = 0; on; i++) {
      const one = document(`meanwhile number${i}`);
      stored.set(one.messageId, one);
      expect(await writer.index([one])).toEqual([null]);
      if (i % 5 === 4) {
        stored.delete(one.messageId);
        await writer.remove([one]);
      }
    }
  })();
  for (let round = 0; round < 3; round++) {
    await using rebuild = await rebuilder.rebuild();
    const found = [...stored.values()];
    expect(await rebuild.index(found)).toEqual(found.map(() => null));
    // Removes again what was removed between the read and the write, as the rebuilding app does.
    const gone = found.filter(({ messageId }) => !stored.has(messageId));
    await rebuilder.remove(gone);
    await rebuild.commit();
  }
  on = false;
  await writing;
  await installation.refresh();
  const found = new Set<string>();
  for (let after: SearchQuery['after']; ; ) {
    const query = { logs: ['bob'], text: 'meanwhile', limit: 100 };
    const hits = await writer.search({ ...query, ...defined({ after }) });
    for (const { messageId } of hits) found.add(messageId);
    after = hits.at(-1);
    if (after === undefined) break;
  }
  expect([...found].toSorted()).toEqual([...stored.keys()].toSorted());
  expect(await indices()).toEqual([[names.live]]);
});

test('a rebuild that was abandoned is cleaned up by the next, and cannot be committed any more', PATIENT, async () => {
  const index = await installation.open();
  const abandoned = await index.rebuild();
  await abandoned.index([document('abandoned words')]);
  await using rebuild = await index.rebuild();
  expect(await indices()).toHaveLength(2);
  await expect(abandoned.index([document('too late')])).rejects.toMatchObject({ code: 'search_unavailable' });
  await expect(abandoned.commit()).rejects.toMatchObject({ code: 'search_unavailable' });
  await abandoned[Symbol.asyncDispose]();
  await rebuild.index([document('kept words')]);
  await rebuild.commit();
  const hits = await index.search({ logs: ['ann'], text: 'words', limit: 10 });
  expect(hits.map(({ text }) => text)).toEqual(['kept words']);
  expect(await indices()).toEqual([[names.live]]);
});

test('of two rebuilds that begin at once, one is committed and nothing is left of the other', PATIENT, async () => {
  const [a, b] = [await installation.open(), await installation.open()];
  const begun = await Promise.allSettled([a.rebuild(), b.rebuild()]);
  const rebuilds = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const committed = await Promise.allSettled(rebuilds.map((rebuild) => rebuild.commit()));
  expect(committed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const rebuild of rebuilds) await rebuild[Symbol.asyncDispose]();
  expect(await indices()).toEqual([[names.live]]);
});

test(
  'C13: an index of an older version is due for a rebuild, which others go on with, until it is live',
  PATIENT,
  async () => {
    const [index, other] = [await installation.open(), await installation.open()];
    expect(await index.rebuildDue()).toBe(false);
    const [live = ''] = Object.keys(await aliases());
    await installation.call('PUT', `/${live}/_mapping`, { _meta: { version: 1 } });
    expect([await index.rebuildDue(), await other.rebuildDue()]).toEqual([true, true]);
    const [first, second] = [document('older words'), document('newer words')];
    const interrupted = await index.rebuild({ resume: true });
    expect(await other.rebuildDue()).toBe(false);
    await interrupted.index([first]);
    await interrupted.reached('1');
    expect(await other.rebuildDue()).toBe(false);
    await interrupted[Symbol.asyncDispose]();
    expect(await other.rebuildDue()).toBe(true);
    expect(await index.index([second])).toEqual([null]);
    await using rebuild = await other.rebuild({ resume: true });
    expect(rebuild.cursor).toBe('1');
    await rebuild.commit();
    const hits = await index.search({ logs: ['ann'], text: 'words', limit: 10 });
    expect(hits.map(({ text }) => text)).toEqual(['newer words', 'older words']);
    expect([await index.rebuildDue(), await indices()]).toEqual([false, [[names.live]]]);
  },
);

test(
  'setup finishes a commit whose process ended between its two steps; twice and by two at once does no harm',
  PATIENT,
  async () => {
    const index = await installation.open();
    const [live = ''] = Object.keys(await aliases());
    await installation.call('POST', '/_aliases', { actions: [{ add: { index: live, alias: names.next } }] });
    await wait(2_500);
    expect(await index.index([document('both names')])).toEqual([null]);
    await Promise.all([installation.setup(), installation.setup()]);
    expect(await indices()).toEqual([[names.live]]);
  },
);

test(
  'setup by two at once, from nothing, makes one index; before it, an app that starts says what to run',
  PATIENT,
  async () => {
    await using fresh = new RealInstallation({ startWaitMs: 2_000 });
    await expect(fresh.open()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('npx chasqui setup'),
    });
    await Promise.all([fresh.setup(), fresh.setup(), fresh.setup()]);
    const index = await fresh.open();
    expect(await index.index([document('fresh')])).toEqual([null]);
    // The alias is removed under a running app: nothing is refused for good, and no other index is written to.
    await fresh.call('POST', '/_aliases', {
      actions: [{ remove: { index: fresh.names.first, alias: fresh.names.live } }],
    });
    await wait(2_500);
    await expect(index.index([document('nowhere')])).rejects.toMatchObject({ code: 'search_unavailable' });
    await expect(index.search({ logs: ['bob'], text: 'fresh', limit: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('npx chasqui setup'),
    });
    await expect(fresh.setup()).rejects.toMatchObject({ code: 'config_invalid' });
  },
);
