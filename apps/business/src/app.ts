import { randomBytes } from 'node:crypto';
import { BUSINESS_GROUP, CONVERSATION_TOPIC, DEFAULT_LIMITS, type Limits } from '@chasqui/domain';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { type EnginesOf, openEngines } from '@chasqui/engines';
import { createGrpcPeerLink, createNearPeerLink, NearPeers } from '@chasqui/grpc';
import {
  createMetrics,
  createStatusServer,
  type Logger,
  loadSecrets,
  peerCredentials,
  type Secrets,
  systemClock,
  systemRandom,
} from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';
import { notReadyEngines } from '@chasqui/ports';
import { Business } from './business.ts';
import { createBusinessMetrics } from './business-metrics.ts';
import type { BusinessConfig } from './config.ts';
import { RestoreWatch } from './recovery/restore-watch.ts';

/** What the app uses of the engines. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

/** Acks and receipts may gather for a moment; messages themselves go the live way. */
const ACK_PACE_MS = 5;
const DAY_MS = 24 * 3600 * 1000;

export interface RunningBusiness extends AsyncDisposable {
  statusPort: number;
  /** Shards of the bus that have work here and do not move, in words. */
  stalled(): string[];
  /** That the store was found to have gone back in time, in words, for an hour. */
  setBack(): string[];
}

export interface StartBusinessOptions {
  config: BusinessConfig;
  engines: EnginesOf<(typeof ROLES)[number]>;
  secrets: Secrets;
  logger: Logger;
  limits?: Limits;
  /** Connect nodes of this process: they are reached without gRPC. */
  near?: NearPeers;
  /** True where this app is the whole process. */
  processMetrics?: boolean;
}

/** One Business consumer on the engines given. */
export async function startBusiness(options: StartBusinessOptions): Promise<RunningBusiness> {
  const {
    config,
    engines,
    secrets,
    logger,
    limits = DEFAULT_LIMITS,
    near = new NearPeers(),
    processMetrics = false,
  } = options;
  const nodeId = `business-${randomBytes(6).toString('hex')}`;
  const clock = systemClock;
  const metrics = createMetrics({ app: 'business', processMetrics });
  await using stack = new AsyncDisposableStack();
  const { tracing } = stack.use(
    await openTelemetry({ config: config.telemetry, app: 'business', nodeId, metrics, logger }),
  );
  const far = createGrpcPeerLink({
    clock,
    random: systemRandom,
    logger,
    ...peerCredentials(secrets),
    limits,
    nodeId,
    paceMs: ACK_PACE_MS,
  });
  const peers = stack.use(createNearPeerLink({ near, far }));
  const { bus, sessions, inboxes, messages, presence, nodes } = engines;
  let lag = 0;
  metrics.gauge('lag_messages', 'Bus messages that wait to be handled', () => {
    bus.lag(CONVERSATION_TOPIC, BUSINESS_GROUP).then(
      (shards) => {
        lag = shards.reduce((sum, { waiting }) => sum + waiting, 0);
      },
      () => {},
    );
    return lag;
  });
  const restores = stack.use(
    new RestoreWatch({ clock, logger, store: engines.storeProgress, witness: engines.progressWitness }),
  );
  // Before the first event is handled: what is appended afterwards has the new epoch.
  await restores.start();
  const stalled = () => business.stalled();
  const setBack = () => restores.degraded();
  metrics.gauge(
    'store_set_back',
    '1 for an hour after the database was found to have gone back in time',
    () => setBack().length,
  );
  metrics.gauge('stalled_shards', 'Shards of the bus that have work here and do not move', () => stalled().length);
  const status = stack.use(
    await createStatusServer({
      host: config.host,
      port: config.statusPort,
      metrics,
      degraded: () => [...stalled(), ...setBack()],
      notReady: () => notReadyEngines({ bus, sessions, inboxes, messages, presence }),
    }),
  );
  const business = stack.use(
    new Business({
      nodeId,
      clock,
      limits,
      logger,
      metrics: createBusinessMetrics(metrics),
      bus,
      sessions,
      inboxes,
      messages,
      unreadCache: engines.unreadCache,
      offlineCache: engines.offlineCache,
      presence,
      registry: nodes,
      peers,
      inboxRetentionMs: config.inboxRetentionDays * DAY_MS,
      tracing,
    }),
  );
  const owned = stack.move();
  return { statusPort: status.port, stalled, setBack, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A Business consumer as a process of its own, on the engines that its configuration names. */
export async function businessApp(config: BusinessConfig, logger: Logger): Promise<RunningBusiness> {
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
  const running = stack.use(await startBusiness({ config, engines, secrets, logger, processMetrics: true }));
  const owned = stack.move();
  return { ...running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
