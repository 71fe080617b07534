import { type AppOptions, type ConsumerStatus, onOwnEngines, openConsumerStatus, openRuntime } from '@chasqui/app';
import { type NearPeers, openPeers } from '@chasqui/app/peers';
import { type RecentMessages, watchBacklog } from '@chasqui/core';
import { BUSINESS_GROUP, CONVERSATION_TOPIC, defined } from '@chasqui/domain';
import { assemble, type Logger, loadSecrets, type Secrets } from '@chasqui/kit';
import { Business } from './business.ts';
import { createBusinessMetrics } from './business-metrics.ts';
import type { BusinessConfig } from './config.ts';
import { RestoreWatch } from './recovery/restore-watch.ts';

/** The engine roles that the app uses. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

/** How long acks and receipts may wait to be sent together, in ms; messages themselves go the live way. */
const ACK_PACE_MS = 5;
const DAY_MS = 24 * 3600 * 1000;

export type RunningBusiness = ConsumerStatus & AsyncDisposable;

export interface StartBusinessOptions extends AppOptions<BusinessConfig, (typeof ROLES)[number]> {
  secrets: Secrets;
  /** Connect nodes of this process: they are reached without gRPC. */
  near?: NearPeers;
  /** For a DataSync of this process. */
  lately?: RecentMessages;
}

/** Starts one Business consumer on the given engines. */
export function startBusiness(options: StartBusinessOptions): Promise<RunningBusiness> {
  const { config, engines, secrets, near, lately } = options;
  const { bus, conversations, logs, messages, presence } = engines;
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'business', options);
    const { metrics } = runtime;
    const peers = openPeers(stack, runtime, { secrets, near, paceMs: ACK_PACE_MS });
    watchBacklog(runtime, bus, { groups: [{ topic: CONVERSATION_TOPIC, group: BUSINESS_GROUP }] });
    const { storeProgress: store, progressWitness: witness } = engines;
    const restores = stack.use(new RestoreWatch({ ...runtime, store, witness }));
    // Before the first event is handled, so that later appends have the new epoch.
    await restores.start();
    const setBack = () => restores.degraded();
    metrics.gauge(
      'store_set_back',
      '1 for an hour after the database was found to have gone back in time',
      () => setBack().length,
    );
    const status = await openConsumerStatus(stack, runtime, {
      config,
      engines: { bus, conversations, logs, messages, presence },
      troubles: () => business.troubles(),
      degraded: setBack,
    });
    const retention = defined({
      c2c: config.directRetentionDays * DAY_MS || undefined,
      group: config.groupRetentionDays * DAY_MS || undefined,
    });
    const business = stack.use(
      new Business({
        runtime: { ...runtime, metrics: createBusinessMetrics(metrics) },
        engines,
        peers,
        inboxRetentionMs: config.inboxRetentionDays * DAY_MS,
        retention,
        keptVersions: config.keptVersions,
        lately,
      }),
    );
    if (Object.keys(retention).length > 0) {
      metrics.gauge(
        'retention_swept_timestamp_seconds',
        'Unix time of the end of the last sweep for old messages, of the process that leads it; 0: none',
        () => business.sweptAt() / 1_000,
      );
    }
    return status;
  });
}

/** A Business consumer as a process of its own. */
export async function businessApp(config: BusinessConfig, logger: Logger): Promise<RunningBusiness> {
  const secrets = await loadSecrets(config);
  return onOwnEngines({ config, logger, roles: ROLES }, (own) => startBusiness({ ...own, secrets }));
}
