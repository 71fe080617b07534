import type { Clock } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';
import { holds } from './region.ts';
import type { LookedUp } from './region-table.ts';

/** How long a closed region is not looked up again, ms: all calls that need the region share the answer. */
const HELD_MS = 100;

/** Regions that a recent lookup found without a server: being moved or split. */
export class ClosedRegions {
  readonly #clock: Clock;
  /** Ordered by expiry. */
  #closed: { region: LookedUp; until: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Errors: `HbaseError` (moved) if the row is in one of them. */
  expectNot(table: string, row: Buffer): void {
    const now = this.#clock.monotonic();
    if (this.#closed.length === 0) return;
    this.#closed = this.#closed.filter(({ until }) => until > now);
    const found = this.#closed.find(({ region }) => region.table === table && holds(region, row));
    if (found !== undefined) throw notOpen(found.region);
  }

  /** Errors: `HbaseError` (moved), always. */
  add(region: LookedUp): never {
    this.#closed.push({ region, until: this.#clock.monotonic() + HELD_MS });
    throw notOpen(region);
  }
}

function notOpen({ table, closed }: LookedUp): HbaseError {
  return new HbaseError('moved', 'RegionNotOpen', `a region of ${table} is ${closed ?? 'away'}`);
}
