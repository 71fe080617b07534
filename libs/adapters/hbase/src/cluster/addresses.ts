import type { Clock, Random } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';
import { ProtoReader } from '../wire/proto-reader.ts';
import { SharedAttempt } from './attempts.ts';
import { type HostAndPort, readZnode } from './zookeeper.ts';

export interface AddressesOptions {
  clock: Clock;
  random: Random;
  zookeeper: readonly HostAndPort[];
  /** The ZooKeeper node under which HBase keeps its addresses. */
  znode: string;
  /** Timeout of one ZooKeeper server, ms. */
  timeoutMs: number;
}

/** The addresses of HBase's master and of the region server of the meta table, as ZooKeeper has them. */
export class Addresses {
  readonly #options: AddressesOptions;
  readonly #meta: SharedAttempt<HostAndPort>;
  readonly #master: SharedAttempt<HostAndPort>;

  constructor(options: AddressesOptions) {
    this.#options = options;
    this.#meta = new SharedAttempt(options.clock, () => this.#read('meta-region-server'));
    this.#master = new SharedAttempt(options.clock, () => this.#read('master'));
  }

  meta(): Promise<HostAndPort> {
    return this.#meta.get();
  }

  master(): Promise<HostAndPort> {
    return this.#master.get();
  }

  /** Invalidates the known addresses, which may be outdated: the next call reads them again. */
  forget(): void {
    this.#meta.reset();
    this.#master.reset();
  }

  /** Reads from the first ZooKeeper server that answers, in random order. */
  async #read(name: string): Promise<HostAndPort> {
    const { zookeeper, znode, clock, timeoutMs } = this.#options;
    const path = `${znode}/${name}`;
    let failure: unknown;
    for (const server of this.#shuffled(zookeeper)) {
      try {
        const data = await readZnode(server, path, clock, timeoutMs);
        if (data !== null) return serverAt(data);
        failure = new HbaseError('busy', 'NotThereYet', `ZooKeeper has no ${path}: is HBase starting?`);
        break;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.#options.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}

const MAGIC = 0xff;
const PROTOBUF = 'PBUF';

/**
 * The format of HBase's nodes: a magic byte, the writer (length and text), and a protobuf whose first field is the
 * server.
 */
function serverAt(data: Buffer): HostAndPort {
  const start = data[0] === MAGIC && data.length > 5 ? 5 + data.readUInt32BE(1) : 0;
  if (data.toString('latin1', start, start + 4) !== PROTOBUF)
    throw new HbaseError('busy', 'NotThereYet', 'ZooKeeper holds no address of an HBase server');
  for (const reader = new ProtoReader(data.subarray(start + 4)); reader.next(); ) {
    if (reader.field === 1) return serverName(reader.message());
  }
  throw new HbaseError('busy', 'NotThereYet', 'ZooKeeper holds an address without a server');
}

function serverName(reader: ProtoReader): HostAndPort {
  let host = '';
  let port = 0;
  while (reader.next()) {
    if (reader.field === 1) host = reader.string();
    else if (reader.field === 2) port = reader.uint();
  }
  return { host, port };
}
