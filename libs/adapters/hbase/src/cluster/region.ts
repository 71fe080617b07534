/** A range of a table's rows, and the server that serves it. */
export interface Region {
  table: string;
  /** The region's full name, by which calls address it. */
  name: Buffer;
  startKey: Buffer;
  /** Exclusive; empty: the region is its table's last. */
  endKey: Buffer;
  /** `host:port`. */
  server: string;
}

/** A range of rows. */
type Range = Pick<Region, 'startKey' | 'endKey'>;

export function holds(region: Range, row: Buffer): boolean {
  return region.startKey.compare(row) <= 0 && (region.endKey.length === 0 || row.compare(region.endKey) < 0);
}

function overlap(a: Region, b: Region): boolean {
  const startsBefore = (one: Region, other: Region) =>
    other.endKey.length === 0 || one.startKey.compare(other.endKey) < 0;
  return startsBefore(a, b) && startsBefore(b, a);
}

/** Caches looked-up regions until they prove wrong. At most as many as the tables have. */
export class RegionCache {
  /** The regions of each table, by start key; no two overlap. */
  readonly #regions = new Map<string, Region[]>();

  find(table: string, row: Buffer): Region | undefined {
    const regions = this.#regions.get(table) ?? [];
    let low = 0;
    let high = regions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((regions[middle] as Region).startKey.compare(row) <= 0) low = middle + 1;
      else high = middle;
    }
    const region = regions[low - 1];
    return region !== undefined && holds(region, row) ? region : undefined;
  }

  /** Replaces all regions that it overlaps, which were split or merged. */
  add(region: Region): void {
    const others = (this.#regions.get(region.table) ?? []).filter((other) => !overlap(other, region));
    this.#regions.set(
      region.table,
      [...others, region].sort((a, b) => a.startKey.compare(b.startKey)),
    );
  }

  forget(region: Region): void {
    this.#keep(region.table, (other) => other !== region);
  }

  forgetServer(server: string): void {
    for (const table of this.#regions.keys()) this.#keep(table, (region) => region.server !== server);
  }

  #keep(table: string, isKept: (region: Region) => boolean): void {
    this.#regions.set(table, (this.#regions.get(table) ?? []).filter(isKept));
  }
}
