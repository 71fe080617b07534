import { type AppOptions, type ConsumerStatus, onOwnEngines, openConsumerStatus, openRuntime } from '@chasqui/app';
import { type RecentMessages, watchBacklog } from '@chasqui/core';
import { DATASYNC_GROUP, SEARCH_TOPIC } from '@chasqui/domain';
import { assemble, type Logger } from '@chasqui/kit';
import type { DataSyncConfig } from './config.ts';
import { DataSync } from './datasync.ts';
import { IndexKeeper } from './index-keeper.ts';

/** The engine roles that the app uses. */
const ROLES = ['bus', 'messages', 'search'] as const;

export type RunningDataSync = ConsumerStatus & AsyncDisposable;

export interface StartDataSyncOptions extends AppOptions<DataSyncConfig, (typeof ROLES)[number]> {
  /** Filled by a Business of this process. */
  lately?: RecentMessages;
}

/** Starts one DataSync consumer on the given engines. */
export function startDataSync({ engines, lately, ...options }: StartDataSyncOptions): Promise<RunningDataSync> {
  const { config } = options;
  const { bus, messages, search } = engines;
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'datasync', options);
    watchBacklog(runtime, bus, { groups: [{ topic: SEARCH_TOPIC, group: DATASYNC_GROUP }] });
    const status = await openConsumerStatus(stack, runtime, {
      config,
      engines: { bus, messages, search },
      troubles: () => dataSync.troubles(),
    });
    const dataSync = stack.use(new DataSync({ runtime, engines, lately }));
    stack.use(new IndexKeeper({ messages, search, ...runtime }));
    return status;
  });
}

/** A DataSync consumer as a process of its own. */
export function dataSyncApp(config: DataSyncConfig, logger: Logger): Promise<RunningDataSync> {
  return onOwnEngines({ config, logger, roles: ROLES }, startDataSync);
}
