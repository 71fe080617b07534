/**
 * A device that was offline for long, as a separate process: syncs its whole inbox with the client library, and prints
 * its findings as one line of JSON. Usage: node --expose-gc reader.ts URL MESSAGES SENDERS, with the token in
 * CHASQUI_TOKEN.
 */
import { createClient, memoryStore } from '@chasqui/client';
import type { Reading } from './sync-backlog.ts';

const [url = '', messages = '0', senders = '1'] = process.argv.slice(2);
const wanted = Number(messages);
const PARTS = 10;
const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});

using client = createClient({
  urls: [url],
  token: process.env.CHASQUI_TOKEN ?? '',
  deviceId: 'back',
  platform: 'bench',
  store: memoryStore(),
});
/** For each sender: the number of the next message. */
const next = Array.from({ length: Number(senders) }, (_, sender) => sender);
const reading: Reading = { shown: 0, wrong: 0, firstMs: 0, caughtUpMs: 0, heapMb: [], residentMb: 0 };
const start = performance.now();
const resident = setInterval(() => {
  reading.residentMb = Math.max(reading.residentMb, process.memoryUsage.rss() / 2 ** 20);
}, 100);

client.on('message', ({ message: { from, content } }) => {
  const sender = Number(from.slice('sender-'.length));
  const number = Number.parseInt(content.text ?? '', 10);
  if (number !== next[sender]) reading.wrong++;
  next[sender] = number + next.length;
  if (reading.shown++ === 0) reading.firstMs = performance.now() - start;
  if (reading.shown % Math.ceil(wanted / PARTS) !== 0) return;
  collect();
  reading.heapMb.push(process.memoryUsage().heapUsed / 2 ** 20);
});
const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
client.on('synced', () => reading.shown >= wanted && resolve());
await client.connect();
await caughtUp;
reading.caughtUpMs = performance.now() - start;
clearInterval(resident);
process.stdout.write(`${JSON.stringify(reading)}\n`);
