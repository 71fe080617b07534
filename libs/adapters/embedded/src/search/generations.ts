import { ImError } from '@chasqui/domain';
import type { Database } from '../sqlite/database.ts';
import { Generation } from './generation.ts';
import { Names } from './names.ts';

/** Of search.db. */
export const SEARCH_VERSION = 1;

/** Each generation has tables of its own; `live` is the one that is searched, the one after it may be being built. */
export const SEARCH_SCHEMA = `
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE live (generation INTEGER NOT NULL)`;

/** Made outside the schema's version. A row: the live index lacks something. */
const DUE = 'CREATE TABLE IF NOT EXISTS rebuild_due (since INTEGER NOT NULL)';
/** A rebuild that writes nothing for so long was given up, in ms: its process may have died. */
const GIVEN_UP_MS = 60_000;

/** The live index and the one that is being built, if any. */
export class Generations {
  readonly #db: Database;
  readonly #names: Names;
  #live: Generation;
  #building: { rebuild: number; generation: Generation; usedAt: number } | undefined;

  constructor(db: Database) {
    this.#db = db;
    db.exec(DUE);
    this.#names = new Names(db);
    const live = db.number('SELECT generation FROM live');
    this.#live = this.#generation(Math.max(1, live));
    if (live === 0) {
      db.exec('INSERT INTO live VALUES (1)');
      this.#live.create();
      // The message store may have had messages before.
      this.rebuildLater(Date.now());
    }
    // One that was being built when the process ended.
    this.#next().drop();
  }

  get live(): Generation {
    return this.#live;
  }

  /** Those that every write goes to. */
  all(): Generation[] {
    return this.#building === undefined ? [this.#live] : [this.#live, this.#building.generation];
  }

  /** Whether the live index lacks something, and nobody is building another. */
  isDue(now: number): boolean {
    const isBuilding = this.#building !== undefined && now - this.#building.usedAt < GIVEN_UP_MS;
    return !isBuilding && this.#db.get('SELECT since FROM rebuild_due LIMIT 1') !== undefined;
  }

  /** The live index lacks something: a rebuild is due until one commits. */
  rebuildLater(now: number): void {
    this.#db.run('INSERT INTO rebuild_due VALUES (?)', now);
  }

  /** The number tells this rebuild from those before it, also from those before a restart. */
  start(now: number): number {
    const rebuild = Math.max(now, (this.#building?.rebuild ?? 0) + 1);
    this.#building?.generation.drop();
    this.#building = { rebuild, generation: this.#next(), usedAt: now };
    this.#building.generation.create();
    return rebuild;
  }

  /** Errors: `search_unavailable` when it is not the one that is being built. */
  building(rebuild: number, now: number): Generation {
    if (this.#building?.rebuild === rebuild) {
      this.#building.usedAt = now;
      return this.#building.generation;
    }
    const message = 'this rebuild was replaced by a later one or ended by a restart: start again';
    throw new ImError('search_unavailable', message);
  }

  commit(rebuild: number, now: number): void {
    const next = this.building(rebuild, now);
    this.#live.drop();
    this.#db.run('UPDATE live SET generation = ?', next.number);
    this.#db.run('DELETE FROM rebuild_due');
    this.#live = next;
    this.#building = undefined;
  }

  drop(rebuild: number): void {
    if (this.#building?.rebuild !== rebuild) return;
    this.#building.generation.drop();
    this.#building = undefined;
  }

  #next(): Generation {
    return this.#generation(this.#live.number + 1);
  }

  #generation(number: number): Generation {
    return new Generation(this.#db, this.#names, number);
  }
}
