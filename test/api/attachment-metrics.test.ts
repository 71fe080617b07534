import { ImError } from '@chasqui/domain';
import type { FileScanner, ScanVerdict } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { attach, complete, fileUrl, patch, reserve, sha256 } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { JPEG, PNG } from './pictures.ts';

const away = new ImError('engine_unavailable', 'nobody is there');
function scannerOf(verdict: ScanVerdict | Error): FileScanner & { verdict: ScanVerdict | Error } {
  return {
    verdict,
    async scan() {
      if (this.verdict instanceof Error) throw this.verdict;
      return this.verdict;
    },
    async ping() {
      if (this.verdict instanceof Error) throw this.verdict;
    },
    async [Symbol.asyncDispose]() {},
  };
}
/** The values of a metric, by the value of its label. */
async function values(api: TestApi, name: string): Promise<{ [label: string]: number }> {
  const { payload } = await api.call('GET', '/metrics');
  const lines = payload.matchAll(new RegExp(`^chasqui_${name}\\{(.*)\\} (\\S+)$`, 'gm'));
  const labelOf = (labels = '') => /(?:outcome|way|result)="(\w+)"/.exec(labels)?.[1] ?? 'all';
  return Object.fromEntries([...lines].map(([, labels, value]) => [labelOf(labels), Number(value)]));
}

test('uploads, their checks and downloads are counted, files and bytes', async () => {
  await using api = await createTestApi();
  const file = await attach(api, 'ana', PNG);
  const { id } = await reserve(api, 'ana', PNG, { sha256: sha256(JPEG) });
  await patch(api, 'ana', id, PNG);
  await complete(api, 'ana', id);
  const url = fileUrl(await api.store('ana', 'bob', 'see', { attachments: [file] }), file.id);
  await api.call('GET', url, { as: 'bob' });
  await api.call('GET', url, { as: 'bob', headers: { range: 'bytes=0-9' } });
  expect(await values(api, 'attachments_total')).toEqual({ announced: 2, ready: 1, checksum_wrong: 1 });
  const moved = { received: 2 * PNG.length, checked: 2 * PNG.length, sent: PNG.length + 10 };
  expect(await values(api, 'attachment_bytes_total')).toEqual(moved);
  expect(await values(api, 'attachment_check_seconds_count')).toEqual({ done: 2 });
  expect(await values(api, 'attachment_checks')).toEqual({ all: 0 });
});

test('a check that hangs is seen by its age', async () => {
  let end = () => {};
  const hanging = new Promise<void>((resolve) => {
    end = resolve;
  });
  const scanner = scannerOf({ result: 'clean' });
  scanner.scan = async () => {
    await hanging;
    return { result: 'clean' };
  };
  await using api = await createTestApi({ scanner });
  const { id } = await reserve(api, 'ana', PNG);
  await patch(api, 'ana', id, PNG);
  const checking = complete(api, 'ana', id);
  await expect.poll(() => values(api, 'attachment_checks')).toEqual({ all: 1 });
  await api.clock.advance(301_000);
  const { all = 0 } = await values(api, 'attachment_check_oldest_seconds');
  expect(all).toBeGreaterThan(300);
  end();
  await checking;
  expect(await values(api, 'attachment_check_oldest_seconds')).toEqual({ all: 0 });
});

test.each([
  ['failed', away, false, 503],
  ['failed_open', away, true, 200],
  ['too_large', { result: 'too_large' } as const, false, 200],
  ['too_large_open', { result: 'too_large' } as const, true, 200],
  ['clean', { result: 'clean' } as const, false, 200],
])('C11: what passes or waits without a scan is told apart: %s', async (result, verdict, isScanOptional, status) => {
  await using api = await createTestApi({ scanner: scannerOf(verdict) }, { isScanOptional });
  const { id } = await reserve(api, 'ana', PNG);
  await patch(api, 'ana', id, PNG);
  expect((await complete(api, 'ana', id)).statusCode).toBe(status);
  expect(await values(api, 'scans_total')).toEqual({ [result]: 1 });
});

test('a scanner that is away is told as degraded, and by a metric; without one there is none', async () => {
  const scanner = scannerOf(away);
  await using api = await createTestApi({ scanner });
  const ready = async () => (await api.call('GET', '/readyz')).json();
  expect(await ready()).toMatchObject({
    status: 'degraded',
    degraded: [expect.stringContaining('files of messages wait')],
  });
  expect(await values(api, 'scanner_up')).toEqual({ all: 0 });
  scanner.verdict = { result: 'clean' };
  expect((await ready()).status).toBe('ready');
  expect(await values(api, 'scanner_up')).toEqual({ all: 1 });
  await using open = await createTestApi({ scanner: scannerOf(away) }, { isScanOptional: true });
  const { degraded } = (await open.call('GET', '/readyz')).json();
  expect(degraded).toEqual(['the scanner does not answer: files of messages pass without a scan']);
  await using none = await createTestApi();
  expect(await values(none, 'scanner_up')).toEqual({});
});
