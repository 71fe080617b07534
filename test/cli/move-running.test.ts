import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';
import { JWT_SECRET, startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';

test('C3, C15: a running server that is moved refuses changes with read_only, is read, finishes its work, and moves', {
  timeout: 180_000,
}, async () => {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-move-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const env = { HOME: root, NODE_COMPILE_CACHE: join(tmpdir(), 'chasqui-move-cache') };
  const move = () => runCommand(['move', '--from', 'old', '--to', 'new'], { cwd: root, env });
  const start = (folder: string) => startTestCluster({ kept: join(root, folder), nodes: 1 });
  const send = ({ running }: TestCluster, folder: string, text: string) =>
    runCommand(['send', '--as', 'ann', '--to', 'bob', text, '--server', running.url, '--data', folder], {
      cwd: root,
      env: { ...env, CHASQUI_JWT_SECRET: JWT_SECRET },
    });
  const call = async ({ running, token }: TestCluster, path: string, method = 'GET', body?: object) => {
    const headers = { authorization: `Bearer ${await token('bob')}`, 'content-type': 'application/json' };
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${running.url}${path}`, { method, headers, ...json });
    return { status: answer.status, text: await answer.text() };
  };

  const old = await start('old');
  expect((await send(old, 'old', 'before')).code).toBe(0);
  const drained = await move();
  expect([drained.code, drained.err]).toEqual([1, expect.stringContaining('Now stop all apps')]);
  using ann = await RawSocket.loggedIn(old.running.connect[0]?.wsUrl ?? '', await old.token('ann'), 'phone');
  ann.send({ type: 'chat', clientMessageId: 'meanwhile', to: 'bob', content: { text: 'meanwhile' } });
  expect(await ann.next('error')).toMatchObject({ code: 'read_only', retryAfterMs: expect.any(Number) });
  const refused = await call(old, '/api/blocks/eve', 'PUT');
  expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([503, 'read_only']);
  expect((await call(old, '/api/conversations/ann~bob/messages')).text).toContain('before');
  await old[Symbol.asyncDispose]();

  await using restarted = await start('old');
  await expect.poll(async () => (await call(restarted, '/api/blocks/eve', 'PUT')).status).toBe(503);
  await restarted[Symbol.asyncDispose]();
  const moved = await move();
  expect([moved.code, moved.err]).toEqual([0, expect.stringContaining('has everything of')]);
  await expect(start('old')).rejects.toMatchObject({ code: 'config_invalid' });
  await using next = await start('new');
  expect((await call(next, '/api/conversations/ann~bob/messages')).text).toContain('before');
  expect((await send(next, 'new', 'after')).code).toBe(0);
});

test('a running server takes changes again after --abort', { timeout: 120_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-move-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const chasqui = (...args: string[]) =>
    runCommand(['move', '--from', 'old', ...args], { cwd: root, env: { HOME: root } });
  await using cluster = await startTestCluster({ kept: join(root, 'old'), nodes: 1 });
  const block = async () => {
    const headers = { authorization: `Bearer ${await cluster.token('bob')}` };
    return (await fetch(`${cluster.running.url}/api/blocks/eve`, { method: 'PUT', headers })).status;
  };
  expect((await chasqui('--to', 'new')).code).toBe(1);
  await expect.poll(block).toBe(503);
  expect((await chasqui('--abort')).out).toContain('take changes again');
  await expect.poll(block, { timeout: 10_000 }).toBeLessThan(300);
});
