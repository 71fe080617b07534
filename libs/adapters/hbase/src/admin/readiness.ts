import { ImError } from '@chasqui/domain';
import type { TableRows } from '../cluster/table-rows.ts';
import type { HbaseConfig } from '../config.ts';
import { rankValue } from '../messages/stored-row.ts';
import type { TableNames } from '../messages/table-names.ts';
import { HbaseError } from '../wire/hbase-error.ts';

/** No message has this row. */
const NO_ROW = Buffer.of(0);

/** Checks that the tables exist and that we may read and write them. Errors: `HbaseError`. */
export async function checkTables(rows: TableRows, tables: TableNames): Promise<void> {
  for (const table of Object.values(tables) as string[]) {
    await rows.batch([{ table, action: { kind: 'get', row: NO_ROW } }]);
    // No rank is below the lowest: the condition fails, so this needs the right to write and writes nothing.
    const cells = [{ qualifier: '0', value: rankValue(0), timestamp: 0 }];
    const condition = { qualifier: '0', below: rankValue(0) };
    await rows.checkAndMutate([{ table, condition, mutation: { kind: 'put', row: NO_ROW, cells } }]);
  }
}

/** Why HBase cannot be used, and the remedy. */
export function unusable(error: unknown, { zookeeper, user, tablePrefix }: HbaseConfig): ImError {
  const { reason, message } = HbaseError.from(error);
  const servers = zookeeper.map(({ host, port }) => `${host}:${port}`).join(',');
  switch (reason) {
    case 'TableMissing':
    case 'TableNotFoundException':
    case 'NoSuchColumnFamilyException':
      return configInvalid(`HBase has no tables "${tablePrefix}…" for messages. Run: npx chasqui setup`, error);
    case 'AccessDeniedException':
      return configInvalid(`HBase does not let the user "${user}" read and write the tables "${tablePrefix}…"`, error);
    case 'TooOld':
      return configInvalid('HBase 2.4 or later is needed: earlier ones do not know conditions in a batch', error);
    case 'NamespaceNotFoundException':
      return configInvalid(`HBase has no namespace as in CHASQUI_HBASE_TABLE_PREFIX=${tablePrefix}: make it`, error);
    default:
      return new ImError('engine_unavailable', `HBase does not answer (ZooKeeper ${servers}): ${message}`, {}, error);
  }
}

function configInvalid(text: string, cause: unknown): ImError {
  return new ImError('config_invalid', text, {}, cause);
}
