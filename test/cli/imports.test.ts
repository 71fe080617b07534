import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@chasqui/kit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { makeKey } from '../api/access/api-keys.ts';
import { createTestApi, type TestApi } from '../api/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-imports-'));
const OLD = Date.UTC(2012, 5, 1);

let api: TestApi;
let server: string;
let key: string;
beforeAll(async () => {
  api = await createTestApi();
  server = await api.app.listen({ host: '127.0.0.1', port: 0 });
  key = await makeKey(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command in this process. */
async function chasqui(command: string, ...words: string[]) {
  const said = { out: '', err: '' };
  const keep = (part: 'out' | 'err') => (text: string | Uint8Array) => {
    said[part] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('err')),
  ];
  const args = [
    command,
    ...words.map((word) => (word.endsWith('.jsonl') ? join(folder, word) : word)),
    '--server',
    server,
    '--key',
    key,
  ];
  try {
    await (await createProgram({}, args)).parseAsync(args, { from: 'user' });
    return { code: process.exitCode ?? 0, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = 0;
  }
}
const write = (name: string, lines: readonly object[]) =>
  writeFileSync(join(folder, name), lines.map((line) => JSON.stringify(line)).join('\n'));

/** Larger than a piece. */
const history = Array.from({ length: 100 }, (_, n) => ({
  ...{
    type: 'message',
    from: n % 2 === 0 ? 'ana' : 'ben',
    to: n % 2 === 0 ? 'ben' : 'ana',
    clientMessageId: `old-${n}`,
  },
  sentAt: OLD + n,
  content: { text: `words ${n} ${'and more '.repeat(3_300)}` },
}));

test('a file of several pieces is imported, and again without a change; what is exported imports as well', async () => {
  write('all.jsonl', [{ type: 'user', userId: 'ana', displayName: 'Ana' }, ...history]);
  const first = await chasqui('import', 'all.jsonl');
  expect(first).toEqual({ code: 0, out: '101 lines imported, 0 were there, 0 are wrong\n', err: '' });
  const again = await chasqui('import', 'all.jsonl', '--from', '62');
  expect(again.out).toBe('0 lines imported, 40 were there, 0 are wrong\n');
  const times = vi.spyOn(systemClock, 'monotonic');
  for (let at = 0; at < 9_000; at += 3_000) times.mockReturnValueOnce(at);
  const slow = await chasqui('import', 'all.jsonl');
  times.mockRestore();
  expect(slow.err).toMatch(/^\d+ lines read, 0 imported\n/);
  const stored = await api.deps.messages.page('ana~ben', { limit: 500 });
  expect(stored.map(({ clientMessageId }) => clientMessageId)).toEqual(
    history.map(({ clientMessageId }) => clientMessageId).reverse(),
  );
  const { code, out } = await chasqui('export', '--conversation', 'ana~ben');
  expect([code, out.trim().split('\n').length]).toEqual([0, 101]);
  writeFileSync(join(folder, 'exported.jsonl'), out);
  expect((await chasqui('import', 'exported.jsonl')).out).toBe('0 lines imported, 101 were there, 0 are wrong\n');
  expect(await chasqui('export', '--user', 'nobody')).toMatchObject({
    code: 1,
    err: expect.stringContaining('not_found'),
  });
});

test('wrong lines are printed with their numbers, and make the command fail', async () => {
  write('wrong.jsonl', [{ type: 'nothing' }, { type: 'user', userId: 'cat' }, { type: 'user' }]);
  const { code, out, err } = await chasqui('import', 'wrong.jsonl');
  expect([code, out]).toEqual([1, '1 lines imported, 0 were there, 2 are wrong\n']);
  expect(err).toMatch(/^line 1: type .* \(invalid_request\)\nline 3: userId .* \(invalid_request\)\n$/);
  const stopped = await chasqui('import', 'wrong.jsonl', '--stop-at-error', '--from', '2');
  expect([stopped.code, stopped.out]).toEqual([1, '0 lines imported, 1 were there, 1 are wrong\n']);
  writeFileSync(join(folder, 'broken.jsonl'), '{"type":');
  expect((await chasqui('import', 'broken.jsonl')).err).toBe(
    'line 1: the line is not one JSON text in UTF-8 (invalid_json)\n',
  );
  expect(await chasqui('import', 'nowhere.jsonl')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nowhere.jsonl'),
  });
});

test('where a server names no more wrong lines, the command goes on behind them', async () => {
  write('very-wrong.jsonl', [...Array(1_200).fill({ type: 'nothing' }), { type: 'user', userId: 'dan' }]);
  const { out, err } = await chasqui('import', 'very-wrong.jsonl');
  expect(out).toBe('1 lines imported, 0 were there, 1200 are wrong\n');
  expect(err.split('\n').at(-2)).toMatch(/^line 1200: /);
});
