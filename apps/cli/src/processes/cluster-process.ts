/** One process of a cluster. */
export interface ClusterProcess {
  /** For example `connect-2`; also the name of its log. */
  name: string;
  /** The folder under apps/. */
  app: string;
  /** The URL of its readiness; null: it has no status port. */
  readyUrl: string | null;
  env: Readonly<Record<string, string>>;
}

export interface ClusterShape {
  connect: number;
  business: number;
  /** Whether a role is played by the embedded engines, which then are a process of their own. */
  embedded: boolean;
  /** The port of each process: of the i-th (from 1) for a use. */
  portOf(use: PortUse, i: number): number;
}

export type PortUse = 'api' | 'connect' | 'peer' | 'business' | 'datasync' | 'push' | 'hooks';

/**
 * Consecutive ports from that of the API and the page on: as `up` has them, with further Business consumers from P+210
 * on.
 */
export function portsFrom(port: number): ClusterShape['portOf'] {
  const first = {
    api: port,
    connect: port + 1,
    peer: port + 101,
    business: port + 211,
    datasync: port + 202,
    push: port + 203,
    hooks: port + 204,
  };
  return (use, i) => first[use] + i - 1;
}

/** In the order of their start. The engines' process starts first and ends last. */
export function processesOf({ connect, business, embedded, portOf }: ClusterShape): ClusterProcess[] {
  const counted = (count: number, make: (i: number) => ClusterProcess) =>
    Array.from({ length: count }, (_, n) => make(n + 1));
  const ready = (port: number) => `http://127.0.0.1:${port}/readyz`;
  const consumer = (app: 'business' | 'datasync' | 'push' | 'hooks', i: number, name: string): ClusterProcess => {
    const port = portOf(app, i);
    return { name, app, readyUrl: ready(port), env: { [`CHASQUI_${app.toUpperCase()}_STATUS_PORT`]: `${port}` } };
  };
  return [
    ...(embedded ? [{ name: 'engine', app: 'engine', readyUrl: null, env: {} }] : []),
    ...counted(business, (i) => consumer('business', i, `business-${i}`)),
    consumer('datasync', 1, 'datasync'),
    consumer('push', 1, 'push'),
    consumer('hooks', 1, 'hooks'),
    ...counted(connect, (i) => {
      const [port, peer] = [portOf('connect', i), portOf('peer', i)];
      const env = { CHASQUI_CONNECT_PORT: `${port}`, CHASQUI_CONNECT_PEER_PORT: `${peer}` };
      return { name: `connect-${i}`, app: 'connect', readyUrl: ready(port), env };
    }),
    { name: 'api', app: 'api', readyUrl: ready(portOf('api', 1)), env: { CHASQUI_PORT: `${portOf('api', 1)}` } },
  ];
}
