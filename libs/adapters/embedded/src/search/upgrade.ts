import { inboxOf, isGroupId, SEARCH_TOKEN_RULES } from '@chasqui/domain';
import type { Database, Told } from '../sqlite/database.ts';
import type { Step } from '../sqlite/open-database.ts';
import type { UpgradeWork } from '../sqlite/upgrade-work.ts';
import { Generation } from './generation.ts';
import type { DocumentRow } from './search-operations.ts';
import { REBUILD_DUE, SEARCH_SCHEMA } from './search-schema.ts';

/** Documents that are read at once. */
const PAGE = 1_000;
const PAGES_PER_COMMIT = 20;

/**
 * Versions below 4 kept their words in SQLite's full text. Their documents are indexed anew, so that searches find them
 * from the first moment on. A generation under construction is discarded.
 */
function convertFullText(db: Database, _told: Told, work: UpgradeWork): void {
  work.once('tables of segments', () => beginAnew(db));
  const number = db.number('SELECT generation FROM live');
  if (number > 0) copy(db, number, work);
  for (const table of tablesOf(db)) if (/^(names|(docs|words)_\d+)$/.test(table)) db.exec(`DROP TABLE ${table}`);
}

function tablesOf(db: Database): string[] {
  return db.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => String(name));
}

function beginAnew(db: Database): void {
  const number = db.number('SELECT generation FROM live');
  const hadRules = tablesOf(db).includes('generations')
    ? db.number('SELECT rules FROM generations WHERE number = ?', number) === SEARCH_TOKEN_RULES
    : false;
  db.exec(`${REBUILD_DUE}; DROP TABLE IF EXISTS generations; DROP TABLE live; ${SEARCH_SCHEMA}`);
  db.forgetStatements();
  if (number === 0) return;
  // An index of older rules may be of a time whose documents named their receiver alone.
  if (!hadRules) db.exec('INSERT INTO rebuild_due VALUES (0)');
  db.run('INSERT INTO live VALUES (?)', number);
  db.run('INSERT INTO generations (number, rules) VALUES (?, ?)', number, SEARCH_TOKEN_RULES);
  new Generation(db, number).create();
}

function copy(db: Database, number: number, work: UpgradeWork): void {
  const part = 'messages in search';
  const generation = new Generation(db, number);
  const users = db.all(`SELECT name FROM pragma_table_info('docs_${number}')`).some(([name]) => name === 'users')
    ? 'users'
    : '"to"';
  const sql = `SELECT slot, id, conversation, "from", ${users}, text, sent_at, status, version FROM docs_${number}
    WHERE slot > ? ORDER BY slot LIMIT ${Math.min(PAGE, work.rows)}`;
  const all = db.number(`SELECT count(*) FROM docs_${number}`);
  let last = work.from(part) ?? Number.MIN_SAFE_INTEGER;
  let done = db.number(`SELECT count(*) FROM docs_${number} WHERE slot <= ?`, last);
  for (let pages = 1; ; pages++) {
    const page = db.all(sql, last) as unknown as [slot: number, ...DocumentRow][];
    if (page.length === 0) return;
    generation.write(page.flatMap(([, ...row]) => withSender(row)));
    generation.save();
    last = page.at(-1)?.[0] ?? last;
    done += page.length;
    if (pages % PAGES_PER_COMMIT === 0) work.reached(part, last, `${done} of ${all}`);
  }
}

/** Senders find their own messages. */
function withSender([id, conversation, from, logs, ...rest]: DocumentRow): DocumentRow {
  const all = isGroupId(conversation) ? logs : [...new Set([inboxOf(from), ...logs.split(',')])].join(',');
  return [id, conversation, from, all, ...rest];
}

/** The steps from each version to the next one. What versions below 4 differ in, the last step takes as it is. */
export const SEARCH_STEPS: readonly Step[] = ['', '', convertFullText];
