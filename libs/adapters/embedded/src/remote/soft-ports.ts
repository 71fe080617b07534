import type { Engines } from '@chasqui/ports';

/** The engines in the host's memory, and their methods. */
export const SOFT_PORTS = {
  presence: ['register', 'unregister', 'lookup', 'onNode', 'ping'],
  groupNodes: ['subscribe', 'unsubscribe', 'nodesOf', 'ping'],
  nodes: ['renew', 'remove', 'live', 'claimDead', 'settle'],
  unreadCache: ['set', 'get', 'fill', 'drop'],
  dedupHints: ['claim'],
  rateLimits: ['take'],
} as const satisfies { [P in keyof Engines]?: readonly (keyof Engines[P])[] };

export type SoftPort = keyof typeof SOFT_PORTS;
export type SoftEngines = Pick<Engines, SoftPort>;

type Method = (...args: unknown[]) => Promise<unknown>;

/** The ports of remote engines: `call` gets `port.method` and the arguments. */
export function createSoftPorts(call: (op: string, args: unknown[]) => Promise<unknown>): SoftEngines {
  const ports = Object.entries(SOFT_PORTS).map(([port, methods]) => {
    const proxies = methods.map((method): [string, Method] => [method, (...args) => call(`${port}.${method}`, args)]);
    return [port, { ...Object.fromEntries(proxies), async [Symbol.asyncDispose]() {} }];
  });
  // The table names every method of every port: `satisfies` above and the contract suites ensure it.
  return Object.fromEntries(ports) as SoftEngines;
}

/** The methods of local engines, by the names that `createSoftPorts` uses. */
export function softMethods(engines: SoftEngines): Map<string, Method> {
  const methods = new Map<string, Method>();
  for (const [port, names] of Object.entries(SOFT_PORTS) as [SoftPort, readonly string[]][]) {
    const engine = engines[port] as unknown as { [method: string]: Method };
    for (const name of names) methods.set(`${port}.${name}`, (...args) => (engine[name] as Method)(...args));
  }
  return methods;
}
