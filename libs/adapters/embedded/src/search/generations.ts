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

/** The live index and the one that is being built, if any. */
export class Generations {
  readonly #db: Database;
  readonly #names: Names;
  #live: Generation;
  #building: { rebuild: number; generation: Generation } | undefined;

  constructor(db: Database) {
    this.#db = db;
    this.#names = new Names(db);
    const live = db.number('SELECT generation FROM live');
    this.#live = this.#generation(Math.max(1, live));
    if (live === 0) {
      db.exec('INSERT INTO live VALUES (1)');
      this.#live.create();
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

  /** The number tells this rebuild from those before it, also from those before a restart. */
  start(now: number): number {
    const rebuild = Math.max(now, (this.#building?.rebuild ?? 0) + 1);
    this.#building?.generation.drop();
    this.#building = { rebuild, generation: this.#next() };
    this.#building.generation.create();
    return rebuild;
  }

  /** Errors: `search_unavailable` when it is not the one that is being built. */
  building(rebuild: number): Generation {
    if (this.#building?.rebuild === rebuild) return this.#building.generation;
    const message = 'this rebuild was replaced by a later one or ended by a restart: start again';
    throw new ImError('search_unavailable', message);
  }

  commit(rebuild: number): void {
    const next = this.building(rebuild);
    this.#live.drop();
    this.#db.run('UPDATE live SET generation = ?', next.number);
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
