import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { S3Config } from '@chasqui/blobs/config';

/** An S3 server that others wrote, on a folder: versitygw, which must be on the path. */
export interface Gateway extends AsyncDisposable {
  config: S3Config;
  /** The folder of the bucket. */
  folder: string;
  /** A config of a bucket of its own. */
  bucket(name: string): Promise<S3Config>;
  /** kill -9, and a start on the same folder and port. */
  restart(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** `anyOrigin`: pages of all origins may use it; otherwise the rules of each bucket say which. */
export async function startGateway({ anyOrigin = true } = {}): Promise<Gateway> {
  const root = await mkdtemp(join(tmpdir(), 'chasqui-s3-'));
  const port = await freePort();
  const keys = { accessKeyId: 'AKIAGATEWAY', secretAccessKey: 'a secret of the gateway', region: 'eu-test-1' };
  const endpoint = `http://127.0.0.1:${port}`;
  const cors = anyOrigin ? ['--cors-allow-origin', '*'] : [];
  const args = ['--port', `127.0.0.1:${port}`, '--region', keys.region, ...cors, '--quiet'];

  async function launch() {
    const env = { ...process.env, ROOT_ACCESS_KEY_ID: keys.accessKeyId, ROOT_SECRET_ACCESS_KEY: keys.secretAccessKey };
    const child = spawn('versitygw', [...args, 'posix', join(root, 'buckets')], { env, stdio: 'ignore' });
    let failed: unknown;
    child.once('error', (error) => {
      failed = error;
    });
    for (let tries = 0; tries < 200; tries++) {
      if (failed !== undefined) throw new Error('versitygw is not on the path: see .ci/run', { cause: failed });
      const answer = await fetch(endpoint).catch(() => null);
      if (answer !== null) return child;
      await pause(50);
    }
    throw new Error('versitygw does not answer');
  }

  async function bucket(name: string): Promise<S3Config> {
    await mkdir(join(root, 'buckets', name), { recursive: true });
    const bounds = { deadlineMs: 5_000, linkS: 300 };
    return { endpoint, publicEndpoint: endpoint, bucket: name, prefix: 'chasqui/', ...keys, ...bounds };
  }

  const config = await bucket('pictures');
  let child = await launch();
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    config,
    folder: join(root, 'buckets', 'pictures'),
    bucket,
    async restart() {
      await kill();
      child = await launch();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}
