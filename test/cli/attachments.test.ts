import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachments, pictures } from '@chasqui/client/attachments';
import { squareKey } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';
import { type S3Server, startS3Server } from '../../libs/adapters/blobs/src/testing/s3-server.ts';
import { PNG } from '../api/pictures.ts';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';

const LONG_AGO = new Date('2026-01-02T03:04:05Z');
const [GONE, YOUNG] = ['a'.repeat(32), 'b'.repeat(32)];

interface Store {
  env: { [name: string]: string };
  /** Puts a blob there that no row knows. */
  put(key: string, at: Date): void;
  remove(key: string): void;
}

function folderOf({ dataDir }: TestCluster): Store {
  const pathOf = (key: string) => join(dataDir, 'blobs', key.slice(-2), key);
  return {
    env: {},
    put(key, at) {
      mkdirSync(join(pathOf(key), '..'), { recursive: true });
      writeFileSync(pathOf(key), 'x');
      utimesSync(pathOf(key), at, at);
    },
    remove: (key) => rmSync(pathOf(key)),
  };
}

function bucketOf({ bucket, config }: S3Server): Store {
  const { endpoint, region, prefix, accessKeyId, secretAccessKey } = config;
  return {
    env: {
      ...{ CHASQUI_BLOBS: 's3', CHASQUI_S3_ENDPOINT: endpoint, CHASQUI_S3_REGION: region, CHASQUI_S3_PREFIX: prefix },
      ...{ CHASQUI_S3_BUCKET: config.bucket, CHASQUI_S3_ACCESS_KEY_ID: accessKeyId },
      CHASQUI_S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
    // An upload, so that uploads are found too.
    put: (key, at) => void bucket.uploads.set(key, { key: prefix + key, at, parts: new Map() }),
    remove: (key) => void bucket.objects.delete(prefix + key),
  };
}

test.each(['folder', 's3'] as const)(
  'C16: an audit of a %s finds blobs without a row, rows without their blob, and nothing else',
  async (kind) => {
    await using server = await startS3Server();
    const bucket = bucketOf(server);
    await using cluster = await startTestCluster({ nodes: 1, env: kind === 's3' ? bucket.env : {} });
    const store = kind === 's3' ? bucket : folderOf(cluster);
    const audit = async (...args: string[]) => {
      const where = ['--data', cluster.dataDir, '--json', ...args];
      const { code, out, err } = await runCommand(['attachments', 'audit', ...where], {
        cwd: cluster.dataDir,
        env: store.env,
      });
      return { code, err, found: out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])) };
    };
    const { url } = cluster.running;
    const place = { nodesUrl: `${url}/api/nodes`, token: () => cluster.token('ann') };
    const files = attachments(place);
    const [kept, lost] = [
      await files.upload(new Blob([randomBytes(99)])).done,
      await files.upload(new Blob([randomBytes(7)])).done,
    ];
    const picture = await fetch(`${url}/api/moments/pictures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await cluster.token('ann')}`, 'content-type': 'image/png' },
      body: Uint8Array.from(PNG),
    });
    expect(picture.status).toBe(201);
    await pictures({ ...place, files }).setAvatar(new Blob([Uint8Array.from(PNG)]));
    const { engines } = cluster.running;
    const avatar = (await engines.attachments.page('', 9)).find(({ publicId }) => publicId !== undefined);
    const square = squareKey(avatar?.id ?? '', 128);
    const clean = { code: 0, found: [], err: 'every file has its blob, and every blob its row\n' };
    expect(await audit('--grace-hours', '0')).toEqual(clean);
    store.put(GONE, LONG_AGO);
    store.put(YOUNG, new Date());
    for (const key of [lost.id, square]) store.remove(key);
    const missing = { kind: 'missing', key: lost.id, owner: 'ann', name: 'file', bytes: 0, expected: 7 };
    const half = { ...missing, key: square, name: 'file', expected: 1 };
    const lacking = avatar?.id !== undefined && avatar.id < lost.id ? [half, missing] : [missing, half];
    const orphan = { kind: 'orphan', key: GONE, at: LONG_AGO.getTime() };
    const both = { code: 1, found: [...lacking, orphan] };
    expect(await audit()).toMatchObject(both);
    expect(await audit()).toMatchObject(both);
    expect(await audit('--repair')).toMatchObject({ code: 1, found: [...lacking, { ...orphan, deleted: true }] });
    expect(await audit()).toMatchObject({ code: 1, found: lacking });
    const [youngest] = (await audit('--grace-hours', '0')).found.slice(2);
    expect(youngest).toMatchObject({ kind: 'orphan', key: YOUNG });
    const call = { headers: { authorization: `Bearer ${await cluster.token('ann')}` } };
    expect(await (await fetch(`${url}/api/attachments/${kept.id}`, call)).json()).toMatchObject({ state: 'ready' });
    const entries = await engines.auditLog.page({ limit: 9 });
    expect(entries.map(({ action, outcome, detail }) => [action, outcome, detail])).toEqual([
      ['remove_orphans', 'done', '2 blobs are missing, 1 blobs without a row deleted'],
      ['remove_orphans', 'begun', ''],
    ]);
  },
  120_000,
);
