import { expect, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { startTestCluster } from '../cluster/cluster.ts';

test('keys are made, listed, rotated and revoked beside a running server', { timeout: 120_000 }, async () => {
  await using cluster = await startTestCluster({ nodes: 1 });
  /** What a command prints, on standard output and on standard error. */
  const keys = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const keep = (part: 'out' | 'err') => (text: string | Uint8Array) => {
      said[part] += String(text);
      return true;
    };
    const spies = [
      vi.spyOn(process.stdout, 'write').mockImplementation(keep('out')),
      vi.spyOn(process.stderr, 'write').mockImplementation(keep('err')),
    ];
    try {
      await (await createProgram({})).parseAsync(['keys', ...args, '--data', cluster.dataDir], { from: 'user' });
    } finally {
      for (const spy of spies) spy.mockRestore();
      process.exitCode = 0;
    }
    return { out: said.out.trim(), err: said.err.trim() };
  };
  const status = async (key: string) =>
    (await fetch(`${cluster.running.url}/api/server/key`, { headers: { authorization: `Bearer ${key}` } })).status;

  const { out: key, err } = await keys('create', 'shop', '--rate', '7', '--days', '1', '--scopes', 'users:read');
  expect(key).toMatch(/^ck_[0-9a-f]{16}_[\w-]{43}$/);
  expect(err).toContain('only time');
  expect(await status(key)).toBe(200);
  const keyId = key.split('_')[1] ?? '';
  const listed = JSON.parse((await keys('list', '--json')).out);
  expect(listed).toMatchObject({ keyId, name: 'shop', scopes: ['users:read'], perSecond: 7, revokedAt: 0 });
  expect(listed.expiresAt - listed.createdAt).toBe(24 * 3600 * 1000);
  expect(listed.lastUsedAt).toBeGreaterThan(0);
  expect(JSON.stringify(listed)).not.toMatch(/hash/i);
  expect((await keys('list')).out).toContain(`${keyId}  shop  users:read  7/s`);

  const { out: second } = await keys('rotate', keyId, '--keep', '1');
  expect([await status(key), await status(second)]).toEqual([200, 200]);
  const { out: third } = await keys('rotate', keyId, '--keep', '0');
  expect([await status(key), await status(second), await status(third)]).toEqual([401, 401, 200]);
  expect((await keys('revoke', keyId)).out).toBe(`revoked ${keyId}`);
  expect(await status(third)).toBe(401);
  expect((await keys('revoke', '0'.repeat(16))).err).toContain('(not_found)');
  const audit = await cluster.running.engines.auditLog.page({ limit: 20 });
  const done = audit.filter(({ outcome }) => outcome !== 'begun').map(({ action, detail }) => `${action} ${detail}`);
  expect(done.sort()).toEqual(
    [
      `create_key ${keyId}`,
      'revoke_key not_found',
      `revoke_key ${keyId}`,
      `rotate_key ${keyId}`,
      `rotate_key ${keyId}`,
    ].sort(),
  );
});
