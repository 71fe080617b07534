import { systemClock } from '@chasqui/kit';
import { parseEndpoints } from './endpoints.ts';
import { BusProxy } from './proxy/bus-proxy.ts';
import { Broker } from './remoting/broker.ts';
import { Cluster } from './remoting/cluster.ts';

/** Used only for this check. */
const TOPIC = 'chasqui-ready';
const DEADLINE_MS = 3_000;

/**
 * Whether a starting engine is ready: its proxy knows the route to a topic. An open port is not enough: a proxy that is
 * asked before its broker has registered caches that there is no route. Never throws.
 */
export async function isRocketmqReady({ proxy, nameServer }: { proxy: string; nameServer: string }): Promise<boolean> {
  using cluster = new Cluster({ nameServers: [nameServer], clock: systemClock, deadlineMs: DEADLINE_MS });
  using client = new BusProxy(parseEndpoints(proxy), systemClock, 'chasqui-ready');
  try {
    const [master] = await cluster.masters();
    if (master === undefined) return false;
    if ((await cluster.place(TOPIC)) === undefined) await new Broker(cluster, master).putTopic(TOPIC, 1, 'NORMAL');
    return (await client.queues(TOPIC, DEADLINE_MS)) > 0;
  } catch {
    return false;
  }
}
