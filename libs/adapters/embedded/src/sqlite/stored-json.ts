import type { Database } from './database.ts';

/** Parses the text of a row. An unreadable row is noted as damaged by its name, and affects no other row. */
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

/** As `parsed`, for JSON. */
export function storedJson<T>(db: Database, text: string, name: () => string, instead: () => T): T {
  return parsed(db, text, name, (json) => JSON.parse(json) as T, instead);
}
