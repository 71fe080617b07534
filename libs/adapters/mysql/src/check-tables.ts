import type { Finding } from '@chasqui/kit';
import { checkCollations, checkRights, deniedError } from './engine/check-server.ts';
import type { Link } from './engine/link.ts';
import { MIGRATIONS, tablesOf } from './migrations/index.ts';
import { appliedSteps, stepsToDo } from './migrations/migrate.ts';
import type { MysqlAddress } from './mysql-url.ts';

type Checked = (what: string, check: (link: Link) => Promise<Finding>) => Promise<Finding>;

/** Whether the database is set up, and what the user may do in it. `tried`: the name of a table that is made and dropped. */
export async function tablesFindings(
  checked: Checked,
  { place, address, tried }: { place: string; address: MysqlAddress; tried: string },
): Promise<Finding[]> {
  const { database, user } = address;
  const tables = await checked(`${place}: tables`, async (link) => {
    const lacking = stepsToDo(await appliedSteps(link), MIGRATIONS);
    if (lacking.length > 0) {
      const what = `MySQL: the database ${database} is not set up: ${lacking.length} steps are missing`;
      return { ok: false, what, hint: 'run: npx chasqui setup' };
    }
    await checkCollations(link, tablesOf(MIGRATIONS));
    await checkRights(link, tablesOf(MIGRATIONS), address);
    return { ok: true, what: `MySQL: the database ${database} is set up, and the user may read and write its tables` };
  });
  const changes = await checked(`${place}: rights`, async (link) => {
    try {
      await tryChanges(link, tried);
    } catch (error) {
      const grant = `GRANT ALL PRIVILEGES ON ${database}.* TO ${user}`;
      const denied = deniedError(error, grant);
      // The apps need no more than they have: whoever sets up may be another user.
      if (denied === error || !tables.ok) throw denied;
      const hint = `For setup, name one who may: ${grant}. Business needs it too where it deletes old months.`;
      return { ok: true, what: `MySQL: the user ${user} may not make and change tables`, hint };
    }
    return { ok: true, what: `MySQL: the user ${user} may make and change tables, as setup does` };
  });
  return [tables, changes];
}

/** Drops first: who may not drop makes nothing. Statements that change tables commit one by one. */
async function tryChanges(link: Link, table: string): Promise<void> {
  await link.run([{ sql: `DROP TABLE IF EXISTS ${table}` }]);
  await link.run([{ sql: `CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY)` }]);
  try {
    await link.run([{ sql: `ALTER TABLE ${table} ADD COLUMN n INT, ADD INDEX (n)` }]);
  } finally {
    await link.run([{ sql: `DROP TABLE IF EXISTS ${table}` }]);
  }
}
