import type { Engines } from '@chasqui/ports';

/** The engines in the host's memory, and their methods. */
export const SOFT_PORTS = {
  presence: ['register', 'unregister', 'lookup', 'onNode', 'ping'],
  groupNodes: ['subscribe', 'unsubscribe', 'nodesOf', 'ping'],
  nodes: ['renew', 'remove', 'live', 'claimDead', 'settle'],
  unreadCache: ['set', 'get', 'fill', 'drop'],
  dedupHints: ['claim', 'find'],
  rateLimits: ['take'],
} as const satisfies { [P in keyof Engines]?: readonly (keyof Engines[P])[] };

export type SoftPort = keyof typeof SOFT_PORTS;
export type SoftEngines = Pick<Engines, SoftPort>;

/** The methods of a port that the table leaves out. */
type Missing = {
  [P in SoftPort]: Exclude<keyof Engines[P], (typeof SOFT_PORTS)[P][number] | typeof Symbol.asyncDispose>;
}[SoftPort];
/** Does not compile when a port has a method that the table leaves out: other processes could not call it. */
type Complete<Left extends never> = SoftEngines & Record<Left, never>;

type Method = (...args: unknown[]) => Promise<unknown>;

/** The ports of remote engines: `call` gets `port.method` and the arguments. */
export function createSoftPorts(call: (op: string, args: unknown[]) => Promise<unknown>): SoftEngines {
  const ports = Object.entries(SOFT_PORTS).map(([port, methods]) => {
    const proxies = methods.map((method): [string, Method] => [method, (...args) => call(`${port}.${method}`, args)]);
    return [port, { ...Object.fromEntries(proxies), async [Symbol.asyncDispose]() {} }];
  });
  // The table names every method of every port: its types ensure it.
  return Object.fromEntries(ports) as Complete<Missing>;
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
