// A separate process: the cost of sending an attack must not delay the measuring process.
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ATTACKS, type AttackName } from './attacks.ts';
import type { FloodCounts, FloodTarget } from './flood.ts';

/** The process's instructions. */
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
