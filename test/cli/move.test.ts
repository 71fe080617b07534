import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toRecord } from '@chasqui/contracts';
import { type MovedTotal, moveInstallation } from '@chasqui/core';
import { CONVERSATION_TOPIC, type Message } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';
import { contentOf, fill, openFolder, PARTS } from './moved-data.ts';

/** A folder with the data folder `old`, filled with so many messages. */
async function filled(count: number) {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-move-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  await using engines = await openFolder(join(root, 'old'));
  const messages = await fill(engines, count);
  const content = await contentOf(engines);
  const env = { HOME: root, NODE_COMPILE_CACHE: join(tmpdir(), 'chasqui-move-cache') };
  const chasqui = (...args: string[]) => runCommand(args, { cwd: root, env });
  return { root, messages, content, chasqui, move: () => chasqui('move', '--from', 'old', '--to', 'new') };
}

async function contentIn(folder: string) {
  await using engines = await openFolder(folder);
  return await contentOf(engines);
}

test('C3, C4, C8, C10: a move copies everything, compares it, and leaves a source on which nothing starts', {
  timeout: 120_000,
}, async () => {
  const { root, messages, content, chasqui, move } = await filled(200);
  const moved = await move();
  expect(moved.err).toContain('Every device syncs again');
  expect(moved.code).toBe(0);
  const lines = moved.out.trimEnd().split('\n');
  expect(lines.filter((line) => !line.endsWith('  equal'))).toEqual([]);
  expect(lines.at(-1)).toMatch(/^messages +200 {2}equal$/);
  expect(await contentIn(join(root, 'new'))).toEqual(content);
  await expect(contentIn(join(root, 'old'))).rejects.toMatchObject({ code: 'config_invalid' });
  expect((await move()).err).toContain('was moved already');

  await using engines = await openFolder(join(root, 'new'));
  const [, first] = messages as [Message, Message];
  const [resent] = await engines.conversations.record([
    { ...toRecord(first), messageId: `${first.messageId.slice(0, -1)}f` },
  ]);
  expect(resent).toMatchObject({ result: 'duplicate', messageId: first.messageId });
  const hits = await engines.search.search({ logs: [first.from], text: '你好', limit: 1 });
  expect(hits).toHaveLength(1);

  expect((await chasqui('move', '--from', 'old', '--abort')).out).toContain('may start again');
  expect(await contentIn(join(root, 'old'))).toEqual(content);
});

test('a move is refused to a place with data, from one with unhandled events, and to the same folder', {
  timeout: 120_000,
}, async () => {
  const { root, chasqui, move } = await filled(4);
  expect((await chasqui('move', '--from', 'old', '--to', 'old')).err).toContain(
    'both installations have the data folder',
  );
  const fresh = await openFolder(join(root, 'new'));
  await fresh.users.create({ userId: 'eve', passwordHash: 'x', displayName: 'Eve', createdAt: 1 });
  await fresh[Symbol.asyncDispose]();
  expect((await move()).err).toContain('is not empty: it has accounts');
  rmSync(join(root, 'new'), { recursive: true });
  const source = await openFolder(join(root, 'old'));
  await source.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[]' });
  await source[Symbol.asyncDispose]();
  expect((await move()).err).toContain(`bus messages of ${CONVERSATION_TOPIC} wait`);
  writeFileSync(join(root, 'other.env'), 'CHASQUI_DATA_DIR=new\n');
  const refused = await chasqui('move', '--from', 'nowhere', '--to', 'other.env');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('has no data of a server')]);
});

/** The same engines, whose calls fail from the `last` on. */
function failingAfter<E extends object>(engines: E, calls: { left: number }): E {
  return new Proxy(engines, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver) as unknown;
      if (typeof value === 'function')
        return (...args: unknown[]) => {
          if (calls.left-- <= 0) throw new Error('killed');
          return value.apply(target, args);
        };
      return typeof value === 'object' && value !== null ? failingAfter(value, calls) : value;
    },
  });
}

test('C3: a move that ends at each of its calls goes on where it was', { timeout: 300_000 }, async () => {
  const { root, content } = await filled(8);
  await using from = await openFolder(join(root, 'old'));
  await using to = await openFolder(join(root, 'new'));
  const names = { from: 'old', to: 'new' };
  let totals: MovedTotal[] | undefined;
  let [ends, steps] = [0, 1];
  while (totals === undefined) {
    const calls = { left: steps };
    const failing = { from: failingAfter<Engines>(from, calls), to: failingAfter<Engines>(to, calls) };
    totals = await moveInstallation({ ...failing, names, ...PARTS, tell: () => {} }).catch((error: unknown) => {
      expect(String(error)).toBe('Error: killed');
      ends++;
      return undefined;
    });
    steps += 3;
  }
  expect(ends).toBeGreaterThan(30);
  expect(totals.filter(({ isEqual }) => !isEqual)).toEqual([]);
  expect(await contentOf(to)).toEqual(content);
});

test('a copy that differs from its source is told, and the source is not given up', async () => {
  const { root } = await filled(8);
  await using from = await openFolder(join(root, 'old'));
  await using to = await openFolder(join(root, 'new'));
  const spoilt: Engines = {
    ...to,
    movable: {
      ...to.movable,
      put: (kind, rows) => to.movable.put(kind, kind === 'accounts' ? rows.slice(1) : rows),
    },
  };
  const options = { from, names: { from: 'old', to: 'new' }, ...PARTS, tell: () => {} };
  const unequal = (all: MovedTotal[]) => all.filter(({ isEqual }) => !isEqual).map(({ part }) => part);
  expect(unequal(await moveInstallation({ ...options, to: spoilt }))).toEqual(['accounts']);
  expect(await from.movable.note()).toContain(' from copying ');
  expect(unequal(await moveInstallation({ ...options, to }))).toEqual([]);
});
