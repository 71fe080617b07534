import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ATTACKER, type FloodCounts, type FloodTarget } from './flood.ts';

/** In flight at a time. */
const AT_ONCE = 200;

/** Calls an operation `perSecond` times a second until the signal, and skips calls beyond the limit in flight. */
async function atRate(perSecond: number, signal: AbortSignal, one: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  const running = new Set<Promise<void>>();
  for (let n = 0; !signal.aborted; ) {
    const due = ((performance.now() - startedAt) * perSecond) / 1_000;
    for (; n < due; n++) {
      if (running.size >= AT_ONCE) continue;
      const done = one().finally(() => running.delete(done));
      running.add(done);
    }
    await pause(5);
  }
  await Promise.all(running);
}

/** Connections from one address whose first frame is 60 KB and no log-in, repeatedly. */
export function strangers({ nodes }: FloodTarget, counts: FloodCounts, signal: AbortSignal): Promise<void> {
  const junk = JSON.stringify({ type: 'chat', content: { text: 'x'.repeat(60_000) } });
  return atRate(1_000, signal, () => {
    counts.offered++;
    return new Promise((resolve) => {
      const socket = new WebSocket(nodes[0] ?? '', [], { headers: { 'x-forwarded-for': ATTACKER } });
      const end = () => {
        socket.terminate();
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      socket.on('open', () => socket.send(junk));
      socket.on('error', () => {});
      socket.on('close', () => {
        signal.removeEventListener('abort', end);
        counts.refused++;
        counts.closed++;
        resolve();
      });
    });
  });
}

/** Log-ins with a wrong password, always of new users, from one address. */
export function passwordGuesses({ api }: FloodTarget, counts: FloodCounts, signal: AbortSignal): Promise<void> {
  return atRate(100, signal, async () => {
    const n = counts.offered++;
    const answer = await fetch(`${api}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': ATTACKER },
      body: JSON.stringify({ userId: `nobody${n}`, password: 'a guess of some length', deviceId: 'd' }),
      signal,
    }).catch(() => null);
    if (answer === null) return;
    await answer.body?.cancel();
    if (answer.status === 429 || answer.status === 503) counts.refused++;
  });
}
