import { RecentMap } from '@chasqui/kit/base';
import type { Database } from '../sqlite/database.ts';

/** Numbers users and conversations: short words for the index. */
export class Names {
  readonly #db: Database;
  readonly #cache = new RecentMap<string, number>(50_000);

  constructor(db: Database) {
    this.#db = db;
  }

  find(name: string): number | undefined {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const found = this.#db.get('SELECT id FROM names WHERE name = ?', name)?.[0] as number | undefined;
    if (found !== undefined) this.#cache.set(name, found);
    return found;
  }

  obtain(name: string): number {
    const found = this.find(name);
    if (found !== undefined) return found;
    const id = this.#db.insert('INSERT INTO names (name) VALUES (?)', name);
    this.#cache.set(name, id);
    return id;
  }

  clear(): void {
    this.#cache.clear();
  }
}
