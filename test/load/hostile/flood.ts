import { setTimeout as pause } from 'node:timers/promises';
import { type RawData, WebSocket } from 'ws';

/** The load that an attack offered, and its outcome. */
export interface FloodCounts {
  /** Frames, requests or connections, depending on the attack. */
  offered: number;
  /** Answered with an error, or not accepted at all. */
  refused: number;
  /** Connections that the server closed. */
  closed: number;
}

export interface FloodTarget {
  /** WebSocket addresses of the nodes. */
  nodes: readonly string[];
  /** The address of the API. */
  api: string;
  /** An access token of each user that the attack may act as. */
  tokens: { readonly [userId: string]: string };
}

/** The attackers' address, as the proxy before the server would forward it. */
export const ATTACKER = '192.0.2.66';
const TICK_MS = 5;
const RETRY_MS = 250;
/**
 * Bytes that may wait in the client: an attack is limited by how fast the server reads, not by this process's queue.
 */
const MAX_WAITING = 4 * 1024 * 1024;

export interface Attacker {
  userId: string;
  deviceId: string;
  subprotocol?: string;
  /** Frames a second. */
  perSecond: number;
  /** The `n`-th frame; undefined: not now. `isAnswered`: as many answers as frames have passed on this connection. */
  frame(n: number, isAnswered: boolean): string | Uint8Array | undefined;
  /** Reads nothing after its log-in. */
  deaf?: boolean;
}

/** Sends an attacker's frames until the signal; logs in again after each close. */
export async function flood(
  { nodes, tokens }: FloodTarget,
  attacker: Attacker,
  counts: FloodCounts,
  signal: AbortSignal,
): Promise<void> {
  let n = 0;
  while (!signal.aborted) {
    const socket = new WebSocket(nodes[0] ?? '', attacker.subprotocol ?? [], {
      headers: { 'x-forwarded-for': ATTACKER },
    });
    const loggedIn = Promise.withResolvers<boolean>();
    let answers = 0;
    socket.on('message', (data: RawData) => {
      answers++;
      const text = data.toString('latin1');
      if (text.includes('login_ok')) loggedIn.resolve(true);
      else if (text.includes('"error"') || text.includes('\xa5error')) counts.refused++;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      loggedIn.resolve(false);
      if (!signal.aborted) counts.closed++;
    });
    socket.on('open', () => {
      const { userId, deviceId } = attacker;
      socket.send(JSON.stringify({ type: 'login', token: tokens[userId], deviceId }));
    });
    if (await loggedIn.promise) {
      if (attacker.deaf === true) socket.pause();
      n = await sendFrames(socket, attacker, { n, counts, signal, answers: () => answers });
    }
    socket.terminate();
    await pause(RETRY_MS);
  }
}

async function sendFrames(
  socket: WebSocket,
  { perSecond, frame }: Attacker,
  run: { n: number; counts: FloodCounts; signal: AbortSignal; answers: () => number },
): Promise<number> {
  const startedAt = performance.now();
  const first = run.n;
  let { n } = run;
  while (!run.signal.aborted && socket.readyState === WebSocket.OPEN) {
    const due = first + ((performance.now() - startedAt) * perSecond) / 1_000;
    while (n < due && socket.bufferedAmount < MAX_WAITING) {
      const data = frame(n, run.answers() > n - first);
      if (data === undefined) break;
      socket.send(data);
      run.counts.offered++;
      n++;
    }
    await pause(TICK_MS);
  }
  return n;
}
