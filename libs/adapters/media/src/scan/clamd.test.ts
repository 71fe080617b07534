import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createClamd } from './clamd.ts';

/** Takes what clamd(8) says of INSTREAM, and nothing else; `limit`: its StreamMaxLength. */
async function startClamd(limit = 1_000_000, answerTo?: (socket: Socket) => void) {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    let text = Buffer.alloc(0);
    socket.on('error', () => {});
    if (answerTo !== undefined) return answerTo(socket);
    let hasAnswered = false;
    const end = (answer: string) => {
      hasAnswered = true;
      socket.end(`${answer}\0`);
    };
    socket.on('data', (piece) => {
      if (hasAnswered) return;
      text = Buffer.concat([text, piece]);
      if (text.toString('latin1') === 'zPING\0') return void end('PONG');
      if (text.length < 10) return;
      if (text.toString('latin1', 0, 10) !== 'zINSTREAM\0') return void end('UNKNOWN COMMAND');
      const all: Buffer[] = [];
      for (let at = 10; at + 4 <= text.length; ) {
        const length = text.readUInt32BE(at);
        const file = Buffer.concat(all);
        if (file.length + length > limit) return void end('INSTREAM size limit exceeded. ERROR');
        if (length === 0) {
          received.push(file);
          return void end(file.includes('EICAR') ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK');
        }
        if (at + 4 + length > text.length) return;
        all.push(text.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, received, [Symbol.dispose]: () => void server.close() };
}
async function* piecesOf(bytes: Uint8Array, size = 70_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const timeoutMs = 2_000;
const away = { code: 'engine_unavailable', retry: 'backoff' };

test('clamd gets the whole file, and says whether it is infected, or too large for it', async () => {
  using clamd = await startClamd();
  await using scanner = createClamd({ ...clamd, timeoutMs });
  const bytes = Buffer.alloc(900_001, 'sea');
  expect(await scanner.scan(piecesOf(bytes), bytes.length)).toEqual({ result: 'clean' });
  expect(clamd.received[0]?.equals(bytes)).toBe(true);
  const infected = { result: 'infected', name: 'Eicar-Test-Signature' };
  expect(await scanner.scan(piecesOf(Buffer.from('EICAR')), 5)).toEqual(infected);
  const large = Buffer.alloc(30_000_000);
  expect(await scanner.scan(piecesOf(large), large.length)).toEqual({ result: 'too_large' });
});

test('clamd is there if it answers PING', async () => {
  using clamd = await startClamd();
  await using scanner = createClamd({ ...clamd, timeoutMs });
  await scanner.ping();
});

test.each<[what: string, answer: (socket: Socket) => void]>([
  ['hangs', () => {}],
  ['hangs up', (socket) => socket.destroy()],
  ['says what nobody knows', (socket) => void socket.end("stream: Can't allocate memory ERROR\0")],
  ['says nothing', (socket) => void socket.end()],
])('a clamd that %s is away', async (_, answer) => {
  using clamd = await startClamd(0, answer);
  await using scanner = createClamd({ ...clamd, timeoutMs: 300 });
  await expect(scanner.scan(piecesOf(Buffer.from('x')), 1)).rejects.toMatchObject(away);
  await expect(scanner.ping()).rejects.toMatchObject(away);
});

test('a clamd that is not there is away; a file that cannot be read is no fault of it', async () => {
  await using absent = createClamd({ socket: '/nowhere/clamd.ctl', timeoutMs });
  await expect(absent.scan(piecesOf(Buffer.from('x')), 1)).rejects.toMatchObject(away);
  await expect(absent.ping()).rejects.toMatchObject(away);
  using clamd = await startClamd();
  await using scanner = createClamd({ ...clamd, timeoutMs });
  async function* failing() {
    yield Buffer.from('x');
    throw new Error('the store is away');
  }
  await expect(scanner.scan(failing(), 9)).rejects.toThrow('the store is away');
});
