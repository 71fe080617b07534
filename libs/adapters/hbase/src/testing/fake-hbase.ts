import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { type HbaseOptions, readHbaseConfig } from '../index.ts';
import { ProtoReader } from '../wire/proto-reader.ts';
import { ProtoWriter } from '../wire/proto-writer.ts';
import { type Mutation, writeMutation } from '../wire/row-actions.ts';
import { FakeException, FakeRegionServer, type Fate } from './fake-region-server.ts';
import { FakeRows } from './fake-rows.ts';
import { FakeZookeeper } from './fake-zookeeper.ts';

const HBASE = 'org.apache.hadoop.hbase';

interface FakeRegion {
  table: string;
  startKey: Buffer;
  endKey: Buffer;
  name: string;
  server: string;
}

/**
 * A fake HBase that can fail in every way: ZooKeeper, and region servers that share their rows. The first server has
 * the meta table.
 */
export class FakeHbase implements AsyncDisposable {
  readonly zookeeper = new FakeZookeeper();
  readonly servers: FakeRegionServer[] = [];
  /** The outcome of a call to the server of this number. */
  fate: (method: string, server: number, request: Buffer) => Fate = () => 'answer';
  /** Maximum rows in one answer to a scan. */
  rowsPerAnswer = Number.POSITIVE_INFINITY;
  /** Servers before HBase 2.4 ignore the conditions of a batch. */
  knowsConditions = true;
  /** `Multi` requests that were executed, and the number of actions in each. */
  readonly batches: { server: number; actions: number }[] = [];
  zookeeperPort = 0;
  readonly #addresses: string[] = [];
  readonly #tables = new Map<string, FakeRows>();
  #regions: FakeRegion[] = [];
  #lastNumber = 1_000;

  static async start(servers = 2): Promise<FakeHbase> {
    const fake = new FakeHbase();
    fake.zookeeperPort = await fake.zookeeper.listen();
    for (let i = 0; i < servers; i++) await fake.addServer();
    fake.announceMeta(0);
    for (const table of ['t_messages', 't_message_locations']) fake.makeTable(table);
    return fake;
  }

  /** Options of an adapter that connects to the fake, with short deadlines. */
  options(given: Record<string, string> = {}): HbaseOptions {
    const env = {
      CHASQUI_HBASE_ZOOKEEPER: `127.0.0.1:${this.zookeeperPort}`,
      CHASQUI_HBASE_TABLE_PREFIX: 't_',
      CHASQUI_HBASE_DEADLINE_MS: '2000',
      CHASQUI_HBASE_CALL_TIMEOUT_MS: '300',
      CHASQUI_HBASE_CONNECT_TIMEOUT_MS: '300',
      ...given,
    };
    const config = readHbaseConfig(new ConfigReader(env));
    return { config, clock: systemClock, random: systemRandom, logger: silentLogger };
  }

  async addServer(): Promise<number> {
    const number = this.servers.length;
    const server = new FakeRegionServer({
      fate: (method, request) => this.fate(method, number, request),
      answer: (method, request) => this.#answer(number, method, request),
    });
    this.servers.push(server);
    this.#addresses[number] = await server.listen();
    return number;
  }

  /** Makes ZooKeeper name this server as the one of the meta table. */
  announceMeta(server: number): void {
    const [host = '', port] = (this.#addresses[server] ?? '').split(':');
    const out = new ProtoWriter();
    out.message(1, () => out.string(1, host).uint(2, Number(port)));
    const head = Buffer.from([0xff, 0, 0, 0, 3, ...Buffer.from('idsPBUF')]);
    this.zookeeper.nodes.set('/hbase/meta-region-server', Buffer.concat([head, out.finish()]));
  }

  /** Makes two regions, on two servers if there are two. */
  makeTable(table: string): void {
    this.#tables.set(table, new FakeRows());
    const middle = Buffer.of(0x80);
    this.#addRegion(table, Buffer.alloc(0), middle, 0);
    this.#addRegion(table, middle, Buffer.alloc(0), 1 % this.servers.length);
  }

  /** Writes without the adapter, as another version of it would. */
  write(table: string, mutation: Mutation): void {
    const out = new ProtoWriter();
    out.message(1, () => writeMutation(out, 1, mutation));
    const outer = new ProtoReader(out.finish());
    outer.next();
    const inner = outer.message();
    inner.next();
    this.#tables.get(table)?.mutate(inner.message());
  }

  dropTable(table: string): void {
    this.#tables.delete(table);
    this.#regions = this.#regions.filter((region) => region.table !== table);
  }

  /** Moves all regions of one server to another. */
  moveAll(from: number, to: number): void {
    for (const region of this.#regions) {
      if (region.server === this.#addresses[from]) region.server = this.#addresses[to] ?? '';
    }
  }

  /** Splits the region that holds the row, at that row. */
  split(table: string, row: Buffer): void {
    const region = this.#regions.find((one) => one.table === table && inRange(one, row));
    if (region === undefined) throw new Error('no such region');
    this.#regions = this.#regions.filter((one) => one !== region);
    const server = this.#addresses.indexOf(region.server);
    this.#addRegion(table, region.startKey, row, server);
    this.#addRegion(table, row, region.endKey, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers) await server[Symbol.asyncDispose]();
    await this.zookeeper[Symbol.asyncDispose]();
  }

  #addRegion(table: string, startKey: Buffer, endKey: Buffer, server: number): void {
    const name = `${table},${startKey.toString('latin1')},${this.#lastNumber++}.${'0'.repeat(32)}.`;
    this.#regions.push({ table, startKey, endKey, name, server: this.#addresses[server] ?? '' });
  }

  #answer(server: number, method: string, request: Buffer): Buffer {
    if (method === 'Multi') return this.#multi(server, request);
    if (method === 'Scan') return this.#scan(server, request);
    throw new FakeException(`${HBASE}.DoNotRetryIOException`);
  }

  #multi(server: number, request: Buffer): Buffer {
    const out = new ProtoWriter();
    let actions = 0;
    for (const regions = new ProtoReader(request); regions.next(); ) {
      const { region, wanted, condition } = this.#read(server, regions.message());
      actions += wanted.length;
      out.message(1, () => {
        if (region === null) return writeException(out, 2, `${HBASE}.NotServingRegionException`);
        const happens = condition === undefined || this.#rowsOf(region).holds(condition);
        if (happens) for (const action of wanted) this.#act(out, region, action);
        if (condition !== undefined && this.knowsConditions) out.bool(3, happens);
      });
    }
    this.batches.push({ server, actions });
    return out.finish();
  }

  /** Reads some actions on one region. */
  #read(server: number, reader: ProtoReader) {
    let region: FakeRegion | null = null;
    let condition: ProtoReader | undefined;
    const wanted: ProtoReader[] = [];
    while (reader.next()) {
      if (reader.field === 1) region = this.#served(server, readRegion(reader.message()));
      else if (reader.field === 3) wanted.push(reader.message());
      else if (reader.field === 4) condition = reader.message();
    }
    return { region, wanted, condition };
  }

  #act(out: ProtoWriter, region: FakeRegion, action: ProtoReader): void {
    const rows = this.#rowsOf(region);
    let index = 0;
    out.message(1, () => {
      while (action.next()) {
        if (action.field === 1) index = action.uint();
        else if (action.field === 2) rows.mutate(action.message());
        else if (action.field === 3) out.bytes(2, rows.get(readRowKey(action.message())));
      }
      out.uint(1, index);
    });
  }

  #scan(server: number, request: Buffer): Buffer {
    let name = '';
    let from: Buffer = Buffer.alloc(0);
    let to: Buffer = Buffer.alloc(0);
    let limit = 0;
    for (const reader = new ProtoReader(request); reader.next(); ) {
      if (reader.field === 1) name = readRegion(reader.message());
      else if (reader.field === 4) limit = reader.uint();
      if (reader.field !== 2) continue;
      for (const scan = reader.message(); scan.next(); ) {
        if (scan.field === 3) from = scan.bytes();
        else if (scan.field === 4) to = scan.bytes();
      }
    }
    if (name.startsWith('hbase:meta,')) return this.#lookUp(server, from);
    const region = this.#expectServed(server, name);
    const rows = this.#rowsOf(region);
    const end = to.length > 0 && (region.endKey.length === 0 || to.compare(region.endKey) < 0) ? to : region.endKey;
    const keys = rows.keys(from.compare(region.startKey) < 0 ? region.startKey : from, end);
    const given = keys.slice(0, Math.min(limit, this.rowsPerAnswer));
    const out = new ProtoWriter();
    for (const key of given) out.bytes(5, rows.get(key));
    return out.bool(8, given.length < keys.length).finish();
  }

  /** `from` is `<table>,<row>,99999999999999`. */
  #lookUp(server: number, from: Buffer): Buffer {
    if (!this.zookeeper.nodes.get('/hbase/meta-region-server')?.includes(this.#metaOf(server))) {
      throw new FakeException(`${HBASE}.NotServingRegionException`);
    }
    const comma = from.indexOf(',');
    const table = from.toString('latin1', 0, comma);
    const row = from.subarray(comma + 1, from.lastIndexOf(','));
    const region = this.#regions.find((one) => one.table === table && inRange(one, row));
    const out = new ProtoWriter();
    if (region === undefined) return out.finish();
    const key = Buffer.from(region.name, 'latin1');
    out.message(5, () => {
      for (const [qualifier, value] of [
        ['regioninfo', describe(region)],
        ['server', Buffer.from(region.server)],
        ['state', Buffer.from('OPEN')],
      ] as const) {
        out.message(1, () => out.bytes(1, key).string(2, 'info').string(3, qualifier).bytes(6, value));
      }
    });
    return out.finish();
  }

  /** The name of the server in ZooKeeper's node. */
  #metaOf(server: number): Buffer {
    const [host = '', port] = (this.#addresses[server] ?? '').split(':');
    return new ProtoWriter().string(1, host).uint(2, Number(port)).finish();
  }

  #served(server: number, name: string): FakeRegion | null {
    return this.#regions.find((one) => one.name === name && one.server === this.#addresses[server]) ?? null;
  }

  #expectServed(server: number, name: string): FakeRegion {
    const region = this.#served(server, name);
    if (region === null) throw new FakeException(`${HBASE}.NotServingRegionException`);
    return region;
  }

  #rowsOf({ table }: FakeRegion): FakeRows {
    return this.#tables.get(table) ?? new FakeRows();
  }
}

function inRange({ startKey, endKey }: FakeRegion, row: Buffer): boolean {
  return startKey.compare(row) <= 0 && (endKey.length === 0 || row.compare(endKey) < 0);
}

function describe({ startKey, endKey }: FakeRegion): Buffer {
  const info = new ProtoWriter().uint(1, 1).bytes(3, startKey).bytes(4, endKey).bool(5, false).finish();
  return Buffer.concat([Buffer.from('PBUF'), info]);
}

function readRegion(specifier: ProtoReader): string {
  while (specifier.next()) if (specifier.field === 2) return specifier.bytes().toString('latin1');
  return '';
}

function readRowKey(get: ProtoReader): Buffer {
  while (get.next()) if (get.field === 1) return Buffer.from(get.bytes());
  return Buffer.alloc(0);
}

function writeException(out: ProtoWriter, field: number, className: string): void {
  out.message(field, () => out.string(1, className).string(2, 'thrown by the stand-in'));
}
