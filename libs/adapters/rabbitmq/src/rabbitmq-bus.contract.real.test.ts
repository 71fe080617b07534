import { messageBusContract, Relay } from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import { afterAll, afterEach } from 'vitest';
import type { RabbitmqConfig } from './config.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

/** A process on the bus, as the broker sees it: behind connections that can be cut. */
interface BusProcess {
  relay: Relay;
  engines: Awaited<ReturnType<typeof open>>;
}

let config: RabbitmqConfig;
let processes: BusProcess[] = [];
const spent: RabbitmqConfig[] = [];

async function startProcess(): Promise<BusProcess> {
  const [broker] = config.address.endpoints;
  if (broker === undefined) throw new Error('no endpoint');
  const relay = await Relay.to(broker);
  const engines = await open({ ...config, address: { ...config.address, endpoints: [relay.endpoint] } });
  const started = { relay, engines };
  processes.push(started);
  return started;
}

afterEach(async () => {
  const ended = processes;
  processes = [];
  for (const { relay } of ended) relay.cut();
  await Promise.all(ended.map(({ engines }) => engines[Symbol.asyncDispose]()));
  await Promise.all(ended.map(({ relay }) => relay[Symbol.asyncDispose]()));
});
afterAll(async () => {
  for (const config of spent) await tearDown(config);
});

async function create(): Promise<MessageBus> {
  config = ownConfig();
  await setUp(config);
  spent.push(config);
  return (await startProcess()).engines.bus;
}

messageBusContract('rabbitmq', {
  clock: systemClock,
  advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  propertyRuns: 3,
  create,
  async reopen() {
    processes.at(-1)?.relay.cut();
    return (await startProcess()).engines.bus;
  },
  async connect() {
    const { relay, engines } = await startProcess();
    return { bus: engines.bus, kill: async () => relay.cut() };
  },
});
