import { ImError, SEARCH_TOKEN_RULES } from '@chasqui/domain';
import type { Database } from '../sqlite/database.ts';
import { Generation } from './generation.ts';
import { REBUILD_DUE } from './search-schema.ts';

/** A rebuild that writes nothing for this long counts as abandoned, in ms: its process may have died. */
const GIVEN_UP_MS = 60_000;

interface Building {
  rebuild: number;
  generation: Generation;
  usedAt: number;
}

/** The live index and the one under construction, if any. */
export class Generations {
  readonly #db: Database;
  #live: Generation;
  #building: Building | undefined;

  constructor(db: Database) {
    this.#db = db;
    db.exec(REBUILD_DUE);
    const live = db.number('SELECT generation FROM live');
    this.#live = this.#generation(Math.max(1, live));
    if (live === 0) {
      db.exec('INSERT INTO live VALUES (1)');
      this.#make(this.#live);
      // The message store may hold older messages.
      this.rebuildLater(Date.now());
    }
    const next = this.#next();
    // A rebuild that was interrupted by the end of the process.
    if (this.#isResumable(next)) this.#building = { rebuild: 0, generation: next, usedAt: Number.NEGATIVE_INFINITY };
    else this.#drop(next);
  }

  get live(): Generation {
    return this.#live;
  }

  /** The generations that every write goes to. */
  all(): Generation[] {
    return this.#building === undefined ? [this.#live] : [this.#live, this.#building.generation];
  }

  /** At the end of a transaction; see `WordIndex.save`. */
  save(): void {
    for (const generation of this.all()) generation.save();
  }

  /** Whether the live index is incomplete, cluttered or of outdated token rules, and no rebuild runs. */
  isDue(now: number): boolean {
    const isBuilding = this.#building !== undefined && now - this.#building.usedAt < GIVEN_UP_MS;
    if (isBuilding) return false;
    const isLacking = this.#db.get('SELECT since FROM rebuild_due LIMIT 1') !== undefined;
    return isLacking || !this.#isOfTheseRules(this.#live) || this.#live.isCluttered();
  }

  /** Writes were lost: a rebuild is due until one that starts later commits. */
  rebuildLater(now: number): void {
    this.#db.run('INSERT INTO rebuild_due VALUES (?)', now);
    this.#forgetBuilding();
  }

  /** Returns a number that identifies this rebuild among all others, also across restarts. */
  start(now: number): number {
    if (this.#building !== undefined) this.#drop(this.#building.generation);
    const generation = this.#next();
    this.#make(generation);
    return this.#take(generation, now);
  }

  /** Resumes a rebuild that was started as resumable, or starts one. */
  resume(now: number): { rebuild: number; cursor: string | null } {
    const generation = this.#building?.generation;
    if (generation !== undefined && this.#isResumable(generation)) {
      const row = this.#db.get('SELECT cursor FROM generations WHERE number = ?', generation.number);
      return { rebuild: this.#take(generation, now), cursor: row?.[0] as string | null };
    }
    const rebuild = this.start(now);
    this.#db.run('UPDATE generations SET resumable = 1 WHERE number = ?', this.building(rebuild, now).number);
    return { rebuild, cursor: null };
  }

  reached(rebuild: number, cursor: string, now: number): void {
    this.#db.run('UPDATE generations SET cursor = ? WHERE number = ?', cursor, this.building(rebuild, now).number);
  }

  /** Errors: `search_unavailable` when that rebuild is no longer under construction. */
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
    this.#drop(this.#live);
    this.#db.run('UPDATE live SET generation = ?', next.number);
    this.#db.run('UPDATE generations SET resumable = 0, cursor = NULL');
    this.#db.run('DELETE FROM rebuild_due');
    this.#live = next;
    this.#building = undefined;
  }

  /** Abandons a rebuild. A resumable one is kept. */
  drop(rebuild: number): void {
    if (this.#building?.rebuild !== rebuild) return;
    if (this.#isResumable(this.#building.generation)) this.#building.usedAt = Number.NEGATIVE_INFINITY;
    else this.#forgetBuilding();
  }

  #forgetBuilding(): void {
    if (this.#building !== undefined) this.#drop(this.#building.generation);
    this.#building = undefined;
  }

  #take(generation: Generation, now: number): number {
    const rebuild = Math.max(now, (this.#building?.rebuild ?? 0) + 1);
    this.#building = { rebuild, generation, usedAt: now };
    return rebuild;
  }

  #isOfTheseRules({ number }: Generation): boolean {
    return this.#db.number('SELECT rules FROM generations WHERE number = ?', number) === SEARCH_TOKEN_RULES;
  }

  #isResumable(generation: Generation): boolean {
    const isKept = this.#db.number('SELECT resumable FROM generations WHERE number = ?', generation.number) === 1;
    return isKept && this.#isOfTheseRules(generation);
  }

  #make(generation: Generation): void {
    generation.create();
    this.#db.run('INSERT INTO generations (number, rules) VALUES (?, ?)', generation.number, SEARCH_TOKEN_RULES);
  }

  #drop(generation: Generation): void {
    generation.drop();
    this.#db.run('DELETE FROM generations WHERE number = ?', generation.number);
  }

  #next(): Generation {
    return this.#generation(this.#live.number + 1);
  }

  #generation(number: number): Generation {
    return new Generation(this.#db, number);
  }
}
