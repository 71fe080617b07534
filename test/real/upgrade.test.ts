import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mysql } from '../../deploy/engines/mysql.ts';
import { runSql, Scratch } from '../../libs/adapters/mysql/src/testing/scratch.ts';
import { bringsOver, FIXTURE_NAMES } from '../upgrade/bring-over.ts';

const { CHASQUI_MYSQL_URL: address = '' } = mysql.settings;
const scratch = new Scratch(address);

bringsOver(
  FIXTURE_NAMES.filter((name) => name.endsWith('-mysql')),
  async ({ data }) => {
    const config = await scratch.database();
    const { database } = config.address;
    await runSql(config, await readFile(join(data, 'store.sql'), 'utf8'), database);
    const url = new URL(address);
    url.pathname = database;
    return { CHASQUI_STORE: 'mysql', CHASQUI_MYSQL_URL: url.href };
  },
);
