import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { startTestCluster } from '../cluster/cluster.ts';
import { until } from '../journeys/devices.ts';

test('users are erased beside a running server, again from the list of another time, and not under a legal hold', {
  timeout: 120_000,
}, async () => {
  await using cluster = await startTestCluster({ nodes: 1 });
  const { erasures, users, auditLog } = cluster.running.engines;
  const command = async (...args: string[]) => chasqui('erasures', ...args);
  const chasqui = async (...args: string[]) => {
    let said = '';
    const keep = (text: string | Uint8Array) => {
      said += String(text);
      return true;
    };
    const spies = [process.stdout, process.stderr].map((to) => vi.spyOn(to, 'write').mockImplementation(keep));
    try {
      const all = [...args, '--data', cluster.dataDir];
      await (await createProgram({}, all)).parseAsync(all, { from: 'user' });
    } finally {
      for (const spy of spies) spy.mockRestore();
      process.exitCode = 0;
    }
    return said.trim();
  };
  const isDone = async (userId: string) => ((await erasures.get([userId]))[0]?.doneAt ?? 0) > 0;
  for (const userId of ['ann', 'ben']) {
    await users.create({ userId, passwordHash: 'a hash', displayName: userId, createdAt: 1 });
  }
  expect(await command('add', 'ann', '--messages', 'keep')).toBe('asked for: ann');
  await until(() => isDone('ann'), 'ann is erased');
  expect(await users.get('ann')).toBeNull();
  expect(await command('list')).toMatch(/^ann {2}messages kept {2}asked for .* by cli:.*done /);
  const line = JSON.parse(await command('list', '--json'));
  expect(line).toMatchObject({ userId: 'ann', erasesMessages: false, askedBy: expect.stringMatching(/^cli:/) });

  const file = join(cluster.dataDir, 'erasures.jsonl');
  await writeFile(file, `${JSON.stringify({ ...line, userId: 'ben', erasesMessages: true })}\n\n`);
  expect(await command('apply', file)).toBe('asked for: 1 users');
  await until(() => isDone('ben'), 'ben is erased');
  expect((await erasures.get(['ben']))[0]).toMatchObject({ erasesMessages: true });

  await writeFile(file, '{"userId":"cat"}\n{"userId":"system"}\n');
  expect(await command('apply', file)).toContain('line 2');
  expect(await command('apply', `${file}.away`)).toContain('cannot be read (invalid_request)');
  expect(await command('add', 'no id', '--messages', 'keep')).toContain('(invalid_request)');
  expect(await erasures.get(['cat'])).toEqual([null]);
  expect(await command('add', 'typo', '--messages', 'keep')).toContain('(not_found)');
  expect(await erasures.get(['typo'])).toEqual([null]);
  expect(await command('add', 'typo', '--messages', 'keep', '--unknown-too')).toBe('asked for: typo');

  const holdId = await chasqui('holds', 'place', 'user', 'dan', 'case 7');
  expect(await chasqui('holds', 'list')).toMatch(new RegExp(`^${holdId}  user  dan  case 7  placed .* by cli:`));
  expect(JSON.parse(await chasqui('holds', 'list', '--json'))).toMatchObject({ holdId, subject: 'dan' });
  expect(await command('add', 'dan', '--messages', 'keep')).toContain('(legal_hold)');
  expect(await chasqui('holds', 'place', 'user', 'no id', 'case 7')).toContain('(invalid_request)');
  expect(await chasqui('holds', 'release', holdId)).toBe(`released ${holdId}`);
  expect(await chasqui('holds', 'release', holdId)).toContain('(not_found)');
  const acts = (await auditLog.page({ target: 'ben', limit: 9 })).map(({ action, outcome }) => `${action} ${outcome}`);
  expect(acts).toContain('ask_erasure done');
});
