import type { Database } from './database.ts';

/** What a row holds as JSON. One that cannot be read is noted as damaged by its name, and costs itself alone. */
export function storedJson<T>(db: Database, text: string, name: () => string, instead: () => T): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    db.damagedRows.note(name());
    return instead();
  }
}
