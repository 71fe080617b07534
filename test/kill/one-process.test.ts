import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@chasqui/kit';
import type { ClientFrame, ServerFrame } from '@chasqui/protocol';
import { createTokenIssuer } from '@chasqui/tokens';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { JWT_SECRET } from '../cluster/cluster.ts';

const running: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) await end(child);
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const env = {
    ...process.env,
    CHASQUI_DATA_DIR: dataDir,
    CHASQUI_JWT_SECRET: JWT_SECRET,
    CHASQUI_LOG_LEVEL: 'silent',
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'one-process.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const [url] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return { child, url };
}

/** A device that sends only the test's frames: it acks nothing automatically. */
async function mute(url: string, userId: string) {
  const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 3600, refreshTtlS: 7200 });
  const { accessToken: token } = await issuer.issue(userId);
  const socket = new WebSocket(url).on('error', () => {});
  const frames: ServerFrame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
  const wait = async (matches: (frame: ServerFrame) => boolean): Promise<ServerFrame> => {
    for (;;) {
      const found = frames.find(matches);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  send({ type: 'login', token, deviceId: `${userId}-phone` });
  await wait(({ type }) => type === 'login_ok');
  return { socket, send, wait, frames };
}

test('C9: pushed, not acked, kill -9 of all that there is: after the restart the sender hears unread', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-kill-'));
  folders.push(dataDir);
  const before = await start(dataDir);
  const [ann, bob] = [await mute(before.url, 'ann'), await mute(before.url, 'bob')];
  ann.send({ type: 'chat', clientMessageId: 'c1', to: 'bob', content: { text: 'in vain' } });
  await bob.wait(({ type }) => type === 'stored');
  await ann.wait(({ type }) => type === 'server_ack');
  await end(before.child);
  const after = await start(dataDir);
  const again = await mute(after.url, 'ann');
  const sync = () => again.send({ type: 'sync_offline_messages', position: 0 });
  const told = (frame: ServerFrame) => {
    const updates = frame.type === 'offline_messages' ? frame.updates : [frame];
    return updates.some((update) => update.type === 'receipt' && update.state === 'unread' && update.by === 'bob');
  };
  sync();
  await again.wait(told);
  expect(again.frames.some(told)).toBe(true);
}, 60_000);
