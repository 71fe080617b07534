import { type AppOptions, onOwnEngines, openRuntime } from '@chasqui/app';
import { NearPeers, openPeers } from '@chasqui/app/peers';
import { defined } from '@chasqui/domain';
import { createGateway } from '@chasqui/gateway';
import { createGrpcPeerServer } from '@chasqui/grpc';
import {
  admitsOrigin,
  answerStatus,
  assemble,
  type Logger,
  loadSecrets,
  type Metrics,
  peerCredentials,
  type Secrets,
} from '@chasqui/kit';
import { CLOSE_CODES, SUBPROTOCOLS } from '@chasqui/protocol';
import { createTokenVerifier } from '@chasqui/tokens';
import type { ConnectConfig } from './config.ts';
import { createConnectMetrics } from './connect-metrics.ts';
import { ConnectNode } from './connect-node.ts';

export { NearPeers };

/** The engine roles that the app uses. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

/** How long messages to one node may wait to be sent together, in ms. */
const LIVE_PACE_MS = 2;

export interface RunningConnect extends AsyncDisposable {
  nodeId: string;
  wsUrl: string;
  port: number;
  peerPort: number;
}

export interface StartConnectOptions extends AppOptions<ConnectConfig, (typeof ROLES)[number]> {
  secrets: Secrets;
  /** Nodes of this process: the other apps find this node here, and it finds the other nodes. */
  near?: NearPeers;
}

/** Starts one Connect node on the given engines: gateway, peer server, and the node between them. */
export function startConnect(options: StartConnectOptions): Promise<RunningConnect> {
  const { config, engines, secrets, logger, near = new NearPeers() } = options;
  const address = { wsUrl: '', peerAddress: '' };
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'connect', options);
    const { nodeId, clock, limits, metrics } = runtime;
    const node = new ConnectNode(
      {
        runtime: { ...runtime, metrics: createConnectMetrics(metrics) },
        engines,
        peers: openPeers(stack, runtime, { secrets, near, paceMs: LIVE_PACE_MS }),
        verifier: createTokenVerifier({ ...verification(config, secrets), clock, clockToleranceS: 5 }),
        policies: { kickPolicy: config.kickPolicy, blockedSenders: config.blockedSenders },
        address: () => address,
      },
      (path) => answerStatus(path, { metrics, notReady: () => node.notReady(), degraded: () => node.degraded() }),
    );
    addGauges(metrics, node);
    const peerServer = stack.use(
      await createGrpcPeerServer({
        host: config.peerHost,
        port: config.peerPort,
        nodeId,
        logger,
        ...peerCredentials(secrets),
        onDeliveries: (deliveries) => node.deliver(deliveries),
        onMessages: (messages) => node.send(messages),
      }),
    );
    stack.use(
      near.register(
        nodeId,
        (deliveries) => node.deliver(deliveries),
        (messages) => node.send(messages),
      ),
    );
    const gatewayFactory = createGateway({ engine: config.gatewayEngine, logger });
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
    // Drained before its engines and servers are closed (C14).
    stack.defer(async () => {
      gateway.stopListening();
      await node[Symbol.asyncDispose]();
    });
    await node.start();
    return { nodeId, wsUrl: address.wsUrl, port: gateway.port, peerPort: peerServer.port };
  });
}

function addGauges(metrics: Metrics, node: ConnectNode): void {
  metrics.gauge('sessions', 'Logged-in sessions', () => node.gauges().sessions);
  metrics.gauge('unacked_pushes', 'Messages pushed and not acked yet', () => node.gauges().unacked);
  metrics.gauge(
    'clock_ahead_ms',
    'How far message ids run ahead of this machine’s clock',
    () => node.gauges().clockAheadMs,
  );
  metrics.gauge('group_sends_waiting', 'Sends of groups’ frames that wait for sockets', () => node.gauges().groupSends);
  metrics.gauge('publishes_waiting', 'Events accepted and not yet on the bus', () => node.gauges().waiting);
}

/** IPv6 addresses need brackets before a port. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A Connect node as a process of its own. */
export async function connectApp(config: ConnectConfig, logger: Logger): Promise<RunningConnect> {
  const secrets = await loadSecrets(config);
  return onOwnEngines({ config, logger, roles: ROLES }, (own) => startConnect({ ...own, secrets }));
}

function verification(config: ConnectConfig, secrets: Secrets) {
  return {
    secret: secrets.jwtSecret,
    ...(config.jwksUrl === undefined ? {} : { jwks: { url: config.jwksUrl } }),
    ...defined({ issuer: config.jwtIssuer, audience: config.jwtAudience }),
  };
}
