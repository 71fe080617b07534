import { ImError } from '@chasqui/domain';
import type { MysqlConfig } from './config.ts';
import { checkCollations, checkRights, checkServer } from './engine/check-server.ts';
import type { Link } from './engine/link.ts';
import { appliedSteps, stepsToDo } from './migrations/applied.ts';
import { MIGRATIONS, tablesOf } from './migrations/index.ts';

/** Errors: `config_invalid` with the first fault of the server or database, and its remedy. */
export async function checkDatabase(link: Link, { address }: MysqlConfig): Promise<void> {
  await checkServer(link);
  const toDo = stepsToDo(await appliedSteps(link), MIGRATIONS);
  if (toDo.length > 0) {
    const names = toDo.map(({ version, name }) => `${version} (${name})`).join(', ');
    const text = `the MySQL database ${address.database} lacks the steps ${names}: run: npx chasqui setup`;
    throw new ImError('config_invalid', text);
  }
  const tables = tablesOf(MIGRATIONS);
  await checkCollations(link, tables);
  await checkRights(link, tables, address);
}
