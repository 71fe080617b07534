import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endMove, type MovedTotal, moveInstallation, waitingIn } from '@chasqui/core';
import { CONSUMER_GROUPS, CONVERSATION_TOPIC } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { fill, openFolder, PARTS } from './moved-data.ts';

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-move-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function move(
  from: Engines,
  to: Engines,
  name: string,
  tell: (phase: string) => void = () => {},
): Promise<MovedTotal[]> {
  return moveInstallation({ from, to, names: { from: 'old', to: name }, ...PARTS, tell });
}

/** A move to there, killed as it begins. */
async function beginMove(from: Engines, to: Engines, name: string): Promise<void> {
  const killed = () => {
    throw new Error('killed');
  };
  await expect(move(from, to, name, killed)).rejects.toThrow('killed');
}

test('a move has one destination: another is refused, also when it has ended', async () => {
  const root = newRoot();
  await using from = await openFolder(join(root, 'old'));
  await using first = await openFolder(join(root, 'first'));
  await using second = await openFolder(join(root, 'second'));
  await fill(from, 8);
  await beginMove(from, first, 'first');
  await expect(move(from, second, 'second')).rejects.toThrow('old is being moved, to first');
  expect(await second.movable.note()).toBeNull();
  await move(from, first, 'first');
  await expect(move(from, second, 'second')).rejects.toThrow('old was moved already, to first');
});

test('C1: an event that comes to the bus while rows are copied is not left behind: the apps may start again for it', async () => {
  const root = newRoot();
  await using to = await openFolder(join(root, 'new'));
  const from = await openFolder(join(root, 'old'));
  await fill(from, 8);
  let late: Promise<unknown> | undefined;
  const publish = () => {
    late ??= from.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[]' });
  };
  await expect(move(from, to, 'new', publish)).rejects.toThrow(`bus messages of ${CONVERSATION_TOPIC} wait on old`);
  await late;
  await from[Symbol.asyncDispose]();

  // The apps handle it, and it changes a row that was copied.
  await using again = await openFolder(join(root, 'old'));
  const consumers = CONSUMER_GROUPS.filter(({ topic }) => topic === CONVERSATION_TOPIC).map(({ topic, group }) =>
    again.bus.consume({ topic, group, maxBatch: 10, handle: async () => {} }),
  );
  await expect.poll(() => waitingIn(again)).toEqual([]);
  await Promise.all(consumers.map((consumer) => consumer[Symbol.asyncDispose]()));
  await again.users.create({ userId: 'late', passwordHash: 'x', displayName: 'Late', createdAt: 1 });
  const totals = await move(again, to, 'new');
  expect(totals.filter(({ isEqual }) => !isEqual)).toEqual([]);
  await endMove(to);
  expect(await to.users.get('late')).toMatchObject({ displayName: 'Late' });
});
