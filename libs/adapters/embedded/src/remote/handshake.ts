import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Clock, ImError } from '@chasqui/domain';

/** Of a challenge, and of a proof. */
const SIZE = 32;
/** From the connection to its first frame, in ms. A stranger holds a connection no longer. */
export const HANDSHAKE_MS = 5_000;
/** The answer to a wrong proof. */
const REFUSAL = Buffer.alloc(SIZE);

interface Ends {
  secret: string;
  clock: Clock;
}

/**
 * The engine host's part of the handshake, before the first frame: each end proves that it has the secret by a digest of
 * both challenges, so the secret itself is never sent, and what a listener saw is of no use on another connection. Until
 * then nothing of the other end is interpreted, and no more than a proof is kept of it. Errors: `config_invalid` for a
 * stranger, `engine_unavailable` if the connection ends before.
 */
export function admit(socket: Socket, { secret, clock }: Ends): Promise<void> {
  return inTime(socket, clock, async () => {
    const own = randomBytes(SIZE);
    socket.write(own);
    const theirs = await read(socket, 2 * SIZE);
    const challenge = theirs.subarray(0, SIZE);
    if (!timingSafeEqual(theirs.subarray(SIZE), proof(secret, 'client', own, challenge))) {
      socket.write(REFUSAL);
      // `end` would wait for the stranger to end its side too, which it need not do.
      socket.destroySoon();
      throw new ImError('config_invalid', 'it has another CHASQUI_PEER_SECRET');
    }
    socket.write(proof(secret, 'host', own, challenge));
  });
}

/** The client's part. `place`: where the host is, for errors. */
export function introduce(socket: Socket, { secret, clock, place }: Ends & { place: string }): Promise<void> {
  return inTime(socket, clock, async () => {
    const theirs = await read(socket, SIZE);
    const own = randomBytes(SIZE);
    socket.write(Buffer.concat([own, proof(secret, 'client', theirs, own)]));
    const answer = await read(socket, SIZE);
    if (timingSafeEqual(answer, proof(secret, 'host', theirs, own))) return;
    const remedy = 'give both the same CHASQUI_PEER_SECRET';
    throw new ImError('config_invalid', `the engine host at ${place} has another secret: ${remedy}`);
  });
}

function proof(secret: string, end: 'client' | 'host', ofHost: Buffer, ofClient: Buffer): Buffer {
  return createHmac('sha256', secret).update(`chasqui engine ${end}`).update(ofHost).update(ofClient).digest();
}

async function inTime(socket: Socket, clock: Clock, work: () => Promise<void>): Promise<void> {
  const timer = clock.after(HANDSHAKE_MS, () => socket.destroy());
  try {
    await work();
  } finally {
    timer.cancel();
  }
}

/** Exactly so many bytes; what follows stays in the socket. Errors: `engine_unavailable` if the socket ends before. */
function read(socket: Socket, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const take = () => {
      const bytes: Buffer | null = socket.read(size);
      if (bytes === null) return;
      forget();
      if (bytes.length === size) resolve(bytes);
      else fail();
    };
    const fail = (error?: unknown) => {
      forget();
      reject(new ImError('engine_unavailable', 'the connection ended before it was known', {}, error));
    };
    const forget = () => {
      socket.off('readable', take).off('error', fail).off('close', fail);
    };
    socket.on('readable', take).once('error', fail).once('close', fail);
    take();
  });
}
