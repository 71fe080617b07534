import { type ClientStore, createClient, type FullClient, memoryStore, webSocketTransport } from '@chasqui/client';
import { actions } from '@chasqui/client/actions';
import { groups } from '@chasqui/client/groups';
import { recalls } from '@chasqui/client/recalls';
import { states } from '@chasqui/client/states';
import type { TestCluster } from '../cluster/cluster.ts';

/** One user's device on a chosen node, with the messages that it was shown. */
export interface Device extends Disposable {
  client: FullClient;
  /** Texts of peers' messages, in the order in which the application received them. */
  shown: string[];
  /** Outlives the device's client: a restarted client resumes from it. */
  store: ClientStore;
}

export interface DeviceOptions {
  user: string;
  /** Counted from 1. */
  node: number;
  deviceId?: string;
  platform?: string;
  store?: ClientStore;
}

export async function openDevice(cluster: TestCluster, options: DeviceOptions): Promise<Device> {
  const { user, node, deviceId = `${user}-phone`, platform = 'test', store = memoryStore() } = options;
  const url = cluster.running.connect[node - 1]?.wsUrl ?? '';
  const client = createClient({
    groups: groups(),
    recalls: recalls(),
    actions: actions(),
    states: states(),
    nodesUrl: `${cluster.running.url}/api/nodes`,
    fetchNodes: async () => [url],
    token: await cluster.token(user),
    deviceId,
    platform,
    store,
    transport: webSocketTransport(),
  });
  const shown: string[] = [];
  client.on('message', ({ message }) => {
    if (!message.mine) shown.push(message.content.text ?? '');
  });
  await client.connect();
  return { client, shown, store, [Symbol.dispose]: () => client.close() };
}

/** Waits for a condition. Errors: names what did not occur within 10 s. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** `GET` on the cluster's API as a user. */
export async function get<T>(cluster: TestCluster, user: string, path: string): Promise<T> {
  const response = await fetch(`${cluster.running.url}${path}`, {
    headers: { authorization: `Bearer ${await cluster.token(user)}` },
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A change through the cluster's API as a user; returns the status of the answer. */
export async function change(
  cluster: TestCluster,
  user: string,
  method: string,
  path: string,
  body?: object,
): Promise<number> {
  const response = await fetch(`${cluster.running.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await cluster.token(user)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.status;
}
