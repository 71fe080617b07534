// A process of its own: what an attack costs its sender must not delay whoever measures.
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ATTACKS, type AttackName } from './attacks.ts';
import type { FloodCounts, FloodTarget } from './flood.ts';

/** What the process is told to do. */
export interface AttackOrder {
  name: AttackName;
  target: FloodTarget;
  seconds: number;
}

const SETTLE_MS = 500;

const [order] = (await once(process, 'message')) as [AttackOrder];
setPriority(10);
const counts: FloodCounts = { offered: 0, refused: 0, closed: 0 };
const ending = new AbortController();
const ended = ATTACKS[order.name](order.target, counts, ending.signal);
await pause(order.seconds * 1_000);
ending.abort();
await Promise.race([ended, pause(SETTLE_MS)]);
process.send?.(counts, () => process.exit());
