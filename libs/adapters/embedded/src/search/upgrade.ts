import { inboxOf, isGroupId, SEARCH_TOKEN_RULES } from '@chasqui/domain';
import type { Database, Step, Told } from '../sqlite/database.ts';
import { Generation } from './generation.ts';
import type { DocumentRow } from './search-operations.ts';
import { REBUILD_DUE, SEARCH_SCHEMA } from './search-schema.ts';

/** Documents that are read at once. */
const PAGE = 1_000;

/**
 * Versions below 4 kept their words in SQLite's full text. Their documents are indexed anew, so that searches find them
 * from the first moment on. A generation under construction is discarded.
 */
function convertFullText(db: Database, told: Told): void {
  const number = db.number('SELECT generation FROM live');
  const tables = db.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => String(name));
  const hadRules = tables.includes('generations')
    ? db.number('SELECT rules FROM generations WHERE number = ?', number) === SEARCH_TOKEN_RULES
    : false;
  db.exec(`${REBUILD_DUE}; DROP TABLE IF EXISTS generations; DROP TABLE live; ${SEARCH_SCHEMA}`);
  if (number > 0) {
    // An index of older rules may be of a time whose documents named their receiver alone.
    if (!hadRules) db.exec('INSERT INTO rebuild_due VALUES (0)');
    db.run('INSERT INTO live VALUES (?)', number);
    db.run('INSERT INTO generations (number, rules) VALUES (?, ?)', number, SEARCH_TOKEN_RULES);
    copy(db, number, told);
  }
  for (const table of tables) if (/^(names|(docs|words)_\d+)$/.test(table)) db.exec(`DROP TABLE ${table}`);
}

function copy(db: Database, number: number, told: Told): void {
  const generation = new Generation(db, number);
  generation.create();
  const users = db.all(`SELECT name FROM pragma_table_info('docs_${number}')`).some(([name]) => name === 'users')
    ? 'users'
    : '"to"';
  const sql = `SELECT slot, id, conversation, "from", ${users}, text, sent_at, status, version FROM docs_${number}
    WHERE slot > ? ORDER BY slot LIMIT ${PAGE}`;
  const all = db.number(`SELECT count(*) FROM docs_${number}`);
  let done = 0;
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const page = db.all(sql, last) as unknown as [slot: number, ...DocumentRow][];
    if (page.length === 0) return;
    generation.write(page.flatMap(([, ...row]) => withSender(row)));
    generation.save();
    last = page.at(-1)?.[0] ?? last;
    done += page.length;
    told(`${done} of ${all} messages in search`);
  }
}

/** Senders find their own messages. */
function withSender([id, conversation, from, logs, ...rest]: DocumentRow): DocumentRow {
  const all = isGroupId(conversation) ? logs : [...new Set([inboxOf(from), ...logs.split(',')])].join(',');
  return [id, conversation, from, all, ...rest];
}

/** The steps from each version to the next one. What versions below 4 differ in, the last step takes as it is. */
export const SEARCH_STEPS: readonly Step[] = ['', '', convertFullText];
