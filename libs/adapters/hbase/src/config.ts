import type { ConfigReader } from '@chasqui/kit';

export interface HbaseConfig {
  /** The ZooKeeper servers that hold HBase's addresses. */
  zookeeper: readonly { host: string; port: number }[];
  /** The ZooKeeper node under which HBase keeps its addresses. */
  znode: string;
  /**
   * Prefix of our tables' names, so that several installations can share an HBase; `space:` at its start names a
   * namespace.
   */
  tablePrefix: string;
  /** Our user name, for an HBase without Kerberos. */
  user: string;
  /** Number of regions that setup splits a new table into. HBase splits them further as they grow. */
  regions: number;
  /** Compression of new tables; the servers need its library. */
  compression: Compression;
  /** Deadline of one operation, including all attempts, ms. */
  deadlineMs: number;
  /** Timeout of one call, ms. */
  callTimeoutMs: number;
  /** Timeout of a connection to a server, ms. */
  connectTimeoutMs: number;
  /** Maximum calls in flight. HBase's own limit is 300 per server by default. */
  maxInFlight: number;
  /** Maximum calls that wait to be sent; further calls fail at once. */
  maxWaiting: number;
}

export const COMPRESSIONS = ['none', 'gz', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export function readHbaseConfig(reader: ConfigReader): HbaseConfig {
  return {
    zookeeper: reader.parsed('CHASQUI_HBASE_ZOOKEEPER', '127.0.0.1:2181', parseServers),
    znode: reader.parsed('CHASQUI_HBASE_ZNODE', '/hbase', parseZnode),
    tablePrefix: reader.parsed('CHASQUI_HBASE_TABLE_PREFIX', 'chasqui_', parseTablePrefix),
    user: reader.text('CHASQUI_HBASE_USER', 'chasqui'),
    regions: reader.integer('CHASQUI_HBASE_REGIONS', 16, { min: 1, max: 256 }),
    compression: reader.oneOf('CHASQUI_HBASE_COMPRESSION', COMPRESSIONS, 'none'),
    deadlineMs: reader.integer('CHASQUI_HBASE_DEADLINE_MS', 5_000, { min: 100, max: 60_000 }),
    callTimeoutMs: reader.integer('CHASQUI_HBASE_CALL_TIMEOUT_MS', 4_000, { min: 50, max: 60_000 }),
    connectTimeoutMs: reader.integer('CHASQUI_HBASE_CONNECT_TIMEOUT_MS', 2_000, { min: 50, max: 60_000 }),
    maxInFlight: reader.integer('CHASQUI_HBASE_MAX_IN_FLIGHT', 256, { min: 1, max: 10_000 }),
    maxWaiting: reader.integer('CHASQUI_HBASE_MAX_WAITING', 20_000, { min: 0, max: 1_000_000 }),
  };
}

/** Format: `host:port,host:port`; the port is optional. */
function parseServers(text: string): { host: string; port: number }[] {
  return text.split(',').map((server) => {
    const [, host, port = '2181'] = /^\s*([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(?::(\d{1,5}))?\s*$/.exec(server) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new Error('must be a list of ZooKeeper servers, host:port separated by commas');
    }
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  });
}

function parseZnode(text: string): string {
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(text)) throw new Error('must be a path like /hbase');
  return text;
}

function parseTablePrefix(text: string): string {
  if (!/^([A-Za-z0-9_]+:)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(text)) {
    throw new Error('must be up to 64 of A–Z a–z 0–9 _ . -, optionally after a namespace and a colon');
  }
  return text;
}
