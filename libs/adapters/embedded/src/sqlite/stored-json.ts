import type { Database } from './database.ts';

/** What a row holds as text. One that cannot be read is noted as damaged by its name, and costs itself alone. */
export function parsed<T>(
  db: Database,
  text: string,
  name: () => string,
  parse: (text: string) => T,
  instead: () => T,
): T {
  try {
    return parse(text);
  } catch {
    db.damagedRows.note(name());
    return instead();
  }
}

/** The same of JSON. */
export function storedJson<T>(db: Database, text: string, name: () => string, instead: () => T): T {
  return parsed(db, text, name, (json) => JSON.parse(json) as T, instead);
}
