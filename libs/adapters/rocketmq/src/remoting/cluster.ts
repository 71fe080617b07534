import { type Clock, ImError } from '@chasqui/domain';
import { RemotingConnection, type RemotingRequest } from './connection.ts';
import type { RemotingFrame } from './frame.ts';

/** Codes of answers that mean that something does not exist. */
export const NOT_THERE = { topic: 17, offset: 22, group: 26 } as const;

const CODE = { routeOfTopic: 105, clusterInfo: 106 } as const;
/** Id of the broker that takes writes. */
const MASTER = '0';

export interface ClusterOptions {
  /** Addresses of name servers, host:port. */
  nameServers: readonly string[];
  clock: Clock;
  /** Timeout of one answer, ms. */
  deadlineMs: number;
}

/** The location of a topic. */
export interface TopicPlace {
  /** Address of the master broker. */
  broker: string;
  queues: number;
}

/**
 * The name servers and brokers behind the proxies, used for setup, lag and browsing, not for publishing and consuming.
 * Known locations stay in use while the name servers are away.
 */
export class Cluster implements Disposable {
  readonly #options: ClusterOptions;
  readonly #connections = new Map<string, RemotingConnection>();
  readonly #places = new Map<string, TopicPlace>();

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Addresses of all master brokers, by name. Errors: `bus_unavailable`. */
  async masters(): Promise<string[]> {
    const answer = await this.#askNameServer({ code: CODE.clusterInfo });
    const { brokerAddrTable = {} } = parseFastjson(answer.body) as { brokerAddrTable?: Record<string, BrokerData> };
    const names = Object.keys(brokerAddrTable).sort();
    return names.flatMap((name) => brokerAddrTable[name]?.brokerAddrs?.[MASTER] ?? []);
  }

  /**
   * The topic's location; undefined if it does not exist. Errors: `bus_unavailable`; `config_invalid` if it is spread
   * over several brokers, as the loss of one would move every shard.
   */
  async place(topic: string): Promise<TopicPlace | undefined> {
    try {
      const place = await this.#askPlace(topic);
      if (place !== undefined) this.#places.set(topic, place);
      return place;
    } catch (error) {
      const known = this.#places.get(topic);
      if (known !== undefined && ImError.from(error).code === 'bus_unavailable') return known;
      throw error;
    }
  }

  /** Asks one broker. Any answer resolves, even a refusal. Errors: `bus_unavailable`. */
  ask(broker: string, request: RemotingRequest): Promise<RemotingFrame> {
    return this.#connection(broker).call(request);
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections.values()) connection[Symbol.dispose]();
    this.#connections.clear();
  }

  async #askPlace(topic: string): Promise<TopicPlace | undefined> {
    const fields = { topic, acceptStandardJsonOnly: 'true' };
    const answer = await this.#askNameServer({ code: CODE.routeOfTopic, fields });
    if (answer.code === NOT_THERE.topic) return undefined;
    const { queueDatas = [], brokerDatas = [] } = parseFastjson(acceptedBody(answer)) as RouteData;
    const [queues, another] = queueDatas.filter(({ writeQueueNums }) => writeQueueNums > 0);
    if (queues === undefined) return undefined;
    if (another !== undefined) {
      throw new ImError('config_invalid', `topic ${topic} is on several brokers; its order requires a single broker`);
    }
    const broker = brokerDatas.find(({ brokerName }) => brokerName === queues.brokerName)?.brokerAddrs?.[MASTER];
    if (broker === undefined) throw new ImError('bus_unavailable', `the broker of topic ${topic} has no master now`);
    return { broker, queues: queues.writeQueueNums };
  }

  async #askNameServer(request: RemotingRequest): Promise<RemotingFrame> {
    let failure: unknown;
    for (const address of this.#options.nameServers) {
      try {
        return await this.#connection(address).call(request);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #connection(address: string): RemotingConnection {
    let connection = this.#connections.get(address);
    if (connection === undefined) {
      connection = new RemotingConnection(address, this.#options.clock, this.#options.deadlineMs);
      this.#connections.set(address, connection);
    }
    return connection;
  }
}

interface BrokerData {
  brokerName?: string;
  brokerAddrs?: Record<string, string>;
}

interface RouteData {
  queueDatas?: { brokerName: string; writeQueueNums: number }[];
  brokerDatas?: BrokerData[];
}

/** The body of a successful answer. Errors: `internal` with the engine's own text. */
export function acceptedBody(answer: RemotingFrame): Buffer {
  if (answer.code === 0) return answer.body;
  throw new ImError('internal', `RocketMQ refuses (code ${answer.code}): ${answer.remark || 'it does not say why'}`);
}

/** Its JSON has numbers as keys, which standard JSON does not allow. */
function parseFastjson(body: Buffer): unknown {
  return JSON.parse(body.toString().replace(/([{,])(\d+):/g, '$1"$2":'));
}
