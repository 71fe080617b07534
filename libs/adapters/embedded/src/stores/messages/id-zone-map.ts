import type { Database } from '../../sqlite/database.ts';
import type { Seq } from './message-row.ts';

/** Row ids per zone. */
const SIZE = 1_024;

/** Adds nothing where all messages of the zone were removed. */
const ADD_MISSING = `INSERT INTO zones SELECT ?, min(id), max(id) FROM messages WHERE seq >= ? AND seq < ?
  HAVING count(*) > 0`;

/**
 * A zone map: the smallest and largest id of each run of messages. Messages arrive roughly in the order of their ids,
 * so an id lies in few zones. This finds a message by its id at the cost of one row per thousand.
 */
export class IdZoneMap {
  readonly #db: Database;
  /** The zone that is being filled. */
  #zone = 0;
  #min = '';
  #max = '';

  constructor(db: Database) {
    this.#db = db;
  }

  /** `next` is the next row id. */
  reload(next: Seq): void {
    this.#zone = Math.floor(next / SIZE);
    const row = this.#db.get('SELECT min(id), max(id) FROM messages WHERE seq >= ?', this.#zone * SIZE);
    this.#min = (row?.[0] as string | null) ?? '';
    this.#max = (row?.[1] as string | null) ?? '';
    this.#addMissing();
  }

  /**
   * A zone is recorded by the first message after it; if the process restarts between the two, that happens after the
   * restart.
   */
  #addMissing(): void {
    if (this.#db.number('SELECT count(*) FROM zones WHERE zone < ?', this.#zone) === this.#zone) return;
    const known = new Set(this.#db.all('SELECT zone FROM zones').map(([zone]) => zone));
    for (let zone = 0; zone < this.#zone; zone++) {
      if (!known.has(zone)) this.#db.run(ADD_MISSING, zone, zone * SIZE, (zone + 1) * SIZE);
    }
  }

  add(seq: Seq, id: string): void {
    const zone = Math.floor(seq / SIZE);
    if (zone !== this.#zone) {
      if (this.#max !== '')
        this.#db.run('INSERT OR REPLACE INTO zones VALUES (?, ?, ?)', this.#zone, this.#min, this.#max);
      this.#zone = zone;
      this.#min = '';
      this.#max = '';
    }
    if (this.#min === '' || id < this.#min) this.#min = id;
    if (id > this.#max) this.#max = id;
  }

  newest(): string {
    const full = this.#db.get('SELECT max(max_id) FROM zones')?.[0] as string | null | undefined;
    return full != null && full > this.#max ? full : this.#max;
  }

  /** Ranges of row ids that may hold the id. */
  candidates(id: string): [first: Seq, last: Seq][] {
    const full = this.#db.all('SELECT zone FROM zones WHERE max_id >= ?1 AND min_id <= ?1', id);
    return [this.#zone, ...full.map(([zone]) => zone as number)].map((zone) => [zone * SIZE, (zone + 1) * SIZE - 1]);
  }
}
