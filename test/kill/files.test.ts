import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { attachments } from '@chasqui/client/attachments';
import type { AttachedFile } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { createTokenIssuer } from '@chasqui/tokens';
import { afterEach, expect, test } from 'vitest';
import { startS3Server } from '../../libs/adapters/blobs/src/testing/s3-server.ts';
import { JWT_SECRET } from '../cluster/cluster.ts';
import { sendOnce } from './send-once.ts';

const running: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) await kill(child);
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 3600, refreshTtlS: 7200 });
const token = async () => (await issuer.issue('ann')).accessToken;

async function start(dataDir: string, store: { [name: string]: string }) {
  const env = { ...process.env, CHASQUI_DATA_DIR: dataDir, CHASQUI_JWT_SECRET: JWT_SECRET, ...store };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'files-process.ts')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? 'null');
  const { url, wsUrl } = (await next()) as { url: string; wsUrl: string };
  const ask = (command: string) => {
    child.stdin.write(`${command}\n`);
    return next();
  };
  const filesOf = (ask: typeof fetch = fetch) => attachments({ nodesUrl: `${url}/api/nodes`, token, fetch: ask });
  return { child, wsUrl, ask, filesOf };
}

/** Which request, and how long after it was sent; null: instead of it. */
type Moment = readonly [request: RegExp, afterMs: number | null];

const RESERVE = /^POST .*attachments$/;
const BYTES = /^(?:PATCH .*upload|PUT )/;
const COMPLETE = /^POST .*complete$/;
/** Of a file in several pieces; each with its own process. */
const MOMENTS: readonly Moment[] = [
  ...[0, 4, 15].map((ms) => [RESERVE, ms] as const),
  ...[null, 0, 10, 30].map((ms) => [BYTES, ms] as const),
  ...[null, 0, 5, 20, 40, 80].map((ms) => [COMPLETE, ms] as const),
];

/** Uploads a file until the process is killed at that moment. Returns the upload's id, if it was told. */
async function cutUpload({ child, filesOf }: Awaited<ReturnType<typeof start>>, bytes: Buffer, moment: Moment) {
  const [request, afterMs] = moment;
  let seen = 0;
  const asking: typeof fetch = async (url, init) => {
    const isIt = request.test(`${init?.method} ${url}`) && (request !== BYTES || ++seen === 2);
    if (isIt && afterMs === null) child.kill('SIGKILL');
    if (isIt && afterMs !== null) setTimeout(() => child.kill('SIGKILL'), afterMs);
    return fetch(url, init);
  };
  const upload = filesOf(asking).upload(new Blob([Uint8Array.from(bytes)]));
  upload.done.catch(() => {});
  await once(child, 'exit');
  const { id } = upload;
  upload.pause();
  return id;
}

test.each(['folder', 's3'])(
  'C3: kill -9 in each phase of an upload, of its send and of its collection leaves nothing broken, and nothing for ever: %s',
  { timeout: 400_000 },
  async (kind) => {
    await using server = await startS3Server();
    const { endpoint, region, bucket, prefix, accessKeyId, secretAccessKey } = server.config;
    const store: { [name: string]: string } =
      kind === 'folder'
        ? {}
        : {
            ...{ CHASQUI_BLOBS: 's3', CHASQUI_S3_ENDPOINT: endpoint, CHASQUI_S3_REGION: region },
            ...{ CHASQUI_S3_BUCKET: bucket, CHASQUI_S3_PREFIX: prefix, CHASQUI_S3_ACCESS_KEY_ID: accessKeyId },
            CHASQUI_S3_SECRET_ACCESS_KEY: secretAccessKey,
          };
    const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-files-'));
    folders.push(dataDir);
    const bytes = randomBytes(18_000_000);
    const cut: string[] = [];
    for (const moment of MOMENTS) {
      const id = await cutUpload(await start(dataDir, store), bytes, moment);
      if (id !== undefined) cut.push(id);
    }
    expect(cut.length).toBeGreaterThanOrEqual(MOMENTS.length - 3);

    // Every upload goes on, and becomes whole.
    let at = await start(dataDir, store);
    const files: AttachedFile[] = [];
    for (const id of cut) files.push(await at.filesOf().upload(new Blob([Uint8Array.from(bytes)]), { id }).done);
    expect(await at.ask('audit')).toEqual([]);

    // A send that is cut, and repeated, refers to its file.
    const sent = files.splice(0, 3);
    const messages: string[] = [];
    for (const [n, file] of sent.entries()) {
      const chat = { clientMessageId: `c${n}`, to: 'bob', content: { attachments: [file] } };
      const cutting = sendOnce(at.wsUrl, await token(), chat).catch(() => null);
      setTimeout(() => at.child.kill('SIGKILL'), 40 + 30 * n);
      await Promise.all([cutting, once(at.child, 'exit')]);
      at = await start(dataDir, store);
      messages.push(await sendOnce(at.wsUrl, await token(), chat));
    }

    // Collection, cut again and again, leaves what messages carry.
    for (const afterMs of [0, 5, 10, 15, 25, 40]) {
      at.ask('sweep').catch(() => {});
      setTimeout(() => at.child.kill('SIGKILL'), afterMs);
      await once(at.child, 'exit');
      at = await start(dataDir, store);
    }
    expect(await at.ask('sweep')).toBe('swept');
    expect(await at.ask('audit')).toEqual([]);
    for (const [n, file] of sent.entries()) {
      const message = { conversationId: 'ann~bob', messageId: messages[n] ?? '' };
      const read = await at.filesOf().read(message, file.id);
      expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
    }
    const left = await Array.fromAsync(files, ({ id }) =>
      at
        .filesOf()
        .upload(new Blob(['x']), { id })
        .done.catch((error) => error.code),
    );
    expect(left).toEqual(files.map(() => 'not_found'));
    if (kind === 's3') expect([server.bucket.objects.size, server.bucket.uploads.size]).toEqual([sent.length, 0]);
  },
);
