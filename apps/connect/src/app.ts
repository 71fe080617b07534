import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from '@chasqui/domain';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { type EnginesOf, openEngines } from '@chasqui/engines';
import { createGateway } from '@chasqui/gateway';
import { createGrpcPeerLink, createGrpcPeerServer, createNearPeerLink, NearPeers } from '@chasqui/grpc';
import {
  admitsOrigin,
  answerStatus,
  createMetrics,
  type Logger,
  loadSecrets,
  peerCredentials,
  type Secrets,
  systemClock,
  systemRandom,
} from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';
import { CLOSE_CODES, SUBPROTOCOLS } from '@chasqui/protocol';
import { createTokenVerifier } from '@chasqui/tokens';
import type { ConnectConfig } from './config.ts';
import { createConnectMetrics } from './connect-metrics.ts';
import { ConnectNode } from './connect-node.ts';

export { NearPeers };

/** What the app uses of the engines. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

/** What messages to one node may wait for one another, in ms. */
const LIVE_PACE_MS = 2;

export interface RunningConnect extends AsyncDisposable {
  nodeId: string;
  wsUrl: string;
  port: number;
  peerPort: number;
}

export interface StartConnectOptions {
  config: ConnectConfig;
  engines: EnginesOf<(typeof ROLES)[number]>;
  secrets: Secrets;
  logger: Logger;
  limits?: Limits;
  /** Where the other apps of this process find the node, and where it finds the other nodes of this process. */
  near?: NearPeers;
  /** True where this app is the whole process. */
  processMetrics?: boolean;
}

/** One Connect node on the engines given: gateway, peer server and the node between them. */
export async function startConnect(options: StartConnectOptions): Promise<RunningConnect> {
  const { config, engines, secrets, logger, limits = DEFAULT_LIMITS, processMetrics = false } = options;
  const { near = new NearPeers() } = options;
  const nodeId = `connect-${randomBytes(6).toString('hex')}`;
  const clock = systemClock;
  const metrics = createMetrics({ app: 'connect', processMetrics });
  const address = { wsUrl: '', peerAddress: '' };
  await using stack = new AsyncDisposableStack();
  const { tracing } = stack.use(
    await openTelemetry({ config: config.telemetry, app: 'connect', nodeId, metrics, logger }),
  );
  const far = createGrpcPeerLink({
    clock,
    random: systemRandom,
    logger,
    ...peerCredentials(secrets),
    limits,
    nodeId,
    paceMs: LIVE_PACE_MS,
  });
  const peers = stack.use(createNearPeerLink({ near, far }));
  const node = new ConnectNode(
    {
      nodeId,
      address: () => address,
      clock,
      random: systemRandom,
      limits,
      logger,
      metrics: createConnectMetrics(metrics),
      bus: engines.bus,
      presence: engines.presence,
      registry: engines.nodes,
      dedup: engines.dedupHints,
      inboxes: engines.inboxes,
      messages: engines.messages,
      locator: engines.locator,
      offlineCache: engines.offlineCache,
      profiles: engines.profiles,
      contacts: engines.contacts,
      blocks: engines.blocks,
      revocations: engines.revocations,
      devices: engines.devices,
      kickPolicy: config.kickPolicy,
      blockedSenders: config.blockedSenders,
      peers,
      tracing,
      verifier: createTokenVerifier({
        ...verification(config, secrets),
        clock,
        clockToleranceS: 5,
      }),
    },
    (path) => answerStatus(path, { metrics, notReady: () => node.notReady(), degraded: () => node.degraded() }),
  );
  metrics.gauge('sessions', 'Logged-in sessions', () => node.gauges().sessions);
  metrics.gauge('unacked_pushes', 'Messages pushed and not acked yet', () => node.gauges().unacked);
  metrics.gauge(
    'clock_ahead_ms',
    'How far message ids run ahead of this machine’s clock',
    () => node.gauges().clockAheadMs,
  );
  metrics.gauge('publishes_waiting', 'Events accepted and not yet on the bus', () => node.gauges().waiting);
  const peerServer = stack.use(
    await createGrpcPeerServer({
      host: config.peerHost,
      port: config.peerPort,
      nodeId,
      ...peerCredentials(secrets),
      onDeliveries: (deliveries) => node.deliver(deliveries),
      logger,
    }),
  );
  stack.use(near.register(nodeId, (deliveries) => node.deliver(deliveries)));
  const gatewayFactory = createGateway({
    engine: config.gatewayEngine,
    logger,
    cacheDir: join(config.dataDir, 'cache'),
  });
  const gateway = stack.use(
    await gatewayFactory({
      host: config.host,
      port: config.port,
      path: '/ws',
      maxFrameBytes: limits.maxFrameBytes,
      largeFrameCode: CLOSE_CODES.frame_too_large,
      maxBacklogBytes: limits.maxSocketBacklogBytes,
      slowConsumerCode: CLOSE_CODES.slow_consumer,
      subprotocols: SUBPROTOCOLS,
      proxies: config.proxies,
      admits: (origin, host) => admitsOrigin(config.origins, origin, host),
      handlers: node.handlers,
    }),
  );
  address.wsUrl = config.publicUrl ?? `ws://${config.host}:${gateway.port}/ws`;
  address.peerAddress = config.peerAddress ?? `${inUrl(config.peerHost)}:${peerServer.port}`;
  // Drained before what it stands on is closed (C14).
  stack.defer(async () => {
    gateway.stopListening();
    await node[Symbol.asyncDispose]();
  });
  await node.start();
  const owned = stack.move();
  return {
    nodeId,
    wsUrl: address.wsUrl,
    port: gateway.port,
    peerPort: peerServer.port,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** IPv6 addresses stand in brackets before a port. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A Connect node as a process of its own, on the engines that its configuration names. */
export async function connectApp(config: ConnectConfig, logger: Logger): Promise<RunningConnect> {
  await using stack = new AsyncDisposableStack();
  const secrets = await loadSecrets(config);
  const parts = { clock: systemClock, random: systemRandom, logger };
  const engines = stack.use(
    await openEngines({
      config: config.engines,
      roles: ROLES,
      embedded: () => connectEmbeddedEngines({ path: config.engineSocket, ...parts }),
      ...parts,
    }),
  );
  const running = stack.use(await startConnect({ config, engines, secrets, logger, processMetrics: true }));
  const owned = stack.move();
  return { ...running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function verification(config: ConnectConfig, secrets: Secrets) {
  return {
    secret: secrets.jwtSecret,
    ...(config.jwksUrl === undefined ? {} : { jwks: { url: config.jwksUrl } }),
    ...(config.jwtIssuer === undefined ? {} : { issuer: config.jwtIssuer }),
    ...(config.jwtAudience === undefined ? {} : { audience: config.jwtAudience }),
  };
}
