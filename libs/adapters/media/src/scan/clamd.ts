import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { ImError } from '@chasqui/domain';
import type { FileScanner, ScanVerdict } from '@chasqui/ports';

export type ClamdOptions = ({ socket: string } | { host: string; port: number }) & { timeoutMs: number };

/** Bytes of one chunk; clamd takes any length. */
const MAX_CHUNK = 1024 * 1024;
/** Of an answer: it is one line. */
const MAX_ANSWER = 4_096;

/**
 * ClamAV's `clamd` by its command INSTREAM (clamd(8)): the file in chunks, each with its length before it, and an empty
 * one at the end. One connection for each file.
 */
export function createClamd(options: ClamdOptions): FileScanner {
  /** One connection, with an end. */
  async function asked<T>(work: (socket: Socket) => Promise<T>): Promise<T> {
    const socket = 'socket' in options ? connect(options.socket) : connect(options.port, options.host);
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer in ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
    try {
      return await work(socket);
    } finally {
      clearTimeout(timer);
      socket.destroy();
    }
  }

  return {
    scan: (pieces) =>
      asked(async (socket) => {
        let isAnswered = false;
        const answered = answerOf(socket);
        // It is awaited below; until then an error is none of the process.
        answered.then(
          () => {
            isAnswered = true;
          },
          () => {},
        );
        await send(socket, pieces, () => isAnswered);
        return verdictOf(await answered);
      }),
    ping: () =>
      asked(async (socket) => {
        socket.write('zPING\0');
        const answer = await answerOf(socket);
        if (answer !== 'PONG\0') throw new ImError('engine_unavailable', 'clamd does not answer PING');
      }),
    async [Symbol.asyncDispose]() {},
  };
}

/** Sends the file, or as much of it as clamd takes: it may answer before the end. */
async function send(socket: Socket, pieces: AsyncIterable<Uint8Array>, hasAnswered: () => boolean): Promise<void> {
  socket.write('zINSTREAM\0');
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; from += MAX_CHUNK) {
      const chunk = piece.subarray(from, from + MAX_CHUNK);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(chunk.length);
      socket.write(length);
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
      // An answer before the end is read first: what is written after clamd hung up would make it be lost.
      await setImmediate();
      if (!socket.writable || hasAnswered()) return;
    }
  }
  socket.write(Buffer.alloc(4));
}

async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  try {
    for await (const piece of socket) {
      text += (piece as Buffer).toString();
      if (text.includes('\0') || text.length > MAX_ANSWER) return text;
    }
  } catch (error) {
    // It answers and hangs up while the rest of a file that is too large is on its way.
    if (text === '') throw new ImError('engine_unavailable', 'clamd does not answer', {}, error);
  }
  return text;
}

function verdictOf(text: string): ScanVerdict {
  const answer = text.replaceAll('\0', '').trim();
  if (answer === 'stream: OK') return { result: 'clean' };
  if (/size limit exceeded/i.test(answer)) return { result: 'too_large' };
  const name = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (name !== undefined) return { result: 'infected', name };
  throw new ImError('engine_unavailable', `clamd answers: ${answer.slice(0, 200) || 'nothing'}`);
}
