import { defined } from '@chasqui/domain';
import type { ConfigReader } from '@chasqui/kit';
import { type MysqlAddress, parseMysqlUrl } from './mysql-url.ts';

export interface MysqlConfig {
  address: MysqlAddress;
  /** Maximum connections of one process. */
  pool: number;
  /** Deadline of a call, milliseconds. Transient errors are retried within it. */
  deadlineMs: number;
  /** How long a starting app waits for a server that does not answer, milliseconds. */
  startWaitMs: number;
  /** Absent: the connection is not encrypted. For a server on the same machine or a private network. */
  tls?: MysqlTls;
}

/** The server's certificate must be valid for the host in the URL, which must be a name. */
export interface MysqlTls {
  /** PEM file of the authority that signed the server's certificate. Absent: the machine's own list. */
  ca?: string;
  /** PEM files of the client certificate, which the server may request. */
  client?: { cert: string; key: string };
}

const DEFAULT_URL = 'mysql://chasqui:chasqui@127.0.0.1:3306/chasqui';

/** Of conversations, users and all other rows. */
export function readMysqlConfig(reader: ConfigReader): MysqlConfig {
  return { address: reader.parsed('CHASQUI_MYSQL_URL', DEFAULT_URL, parseMysqlUrl), ...readCommon(reader) };
}

/** Of messages: in the same database, unless they have one of their own. */
export function readMysqlMessagesConfig(reader: ConfigReader): MysqlConfig {
  const own = reader.optional('CHASQUI_MYSQL_MESSAGES_URL') !== undefined;
  const name = own ? 'CHASQUI_MYSQL_MESSAGES_URL' : 'CHASQUI_MYSQL_URL';
  return { address: reader.parsed(name, DEFAULT_URL, parseMysqlUrl), ...readCommon(reader) };
}

function readCommon(reader: ConfigReader): Omit<MysqlConfig, 'address'> {
  const tls = readTls(reader);
  return {
    pool: reader.integer('CHASQUI_MYSQL_POOL', 8, { min: 1, max: 200 }),
    deadlineMs: reader.integer('CHASQUI_MYSQL_DEADLINE_MS', 5_000, { min: 500, max: 60_000 }),
    startWaitMs: reader.integer('CHASQUI_MYSQL_START_WAIT_MS', 30_000, { min: 0, max: 600_000 }),
    ...defined({ tls }),
  };
}

function readTls(reader: ConfigReader): MysqlTls | undefined {
  if (reader.oneOf('CHASQUI_MYSQL_TLS', ['off', 'on'], 'off') === 'off') return undefined;
  const ca = reader.optional('CHASQUI_MYSQL_TLS_CA');
  const names = ['CHASQUI_MYSQL_TLS_CERT', 'CHASQUI_MYSQL_TLS_KEY'] as const;
  const own = names.some((name) => reader.optional(name) !== undefined);
  return {
    ...defined({ ca }),
    ...(own ? { client: { cert: reader.text(names[0]), key: reader.text(names[1]) } } : {}),
  };
}
