import { type AppOptions, type ConsumerStatus, onOwnEngines, openConsumerStatus, openRuntime } from '@chasqui/app';
import { watchBacklog } from '@chasqui/core';
import { PUSH_GROUP, PUSH_TOPIC } from '@chasqui/domain';
import { assemble, type Logger } from '@chasqui/kit';
import type { PushConfig } from './config.ts';
import { openSenders } from './open-senders.ts';
import { Push } from './push.ts';

/** The engine roles that the app uses. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

export type RunningPush = ConsumerStatus & AsyncDisposable;

export type StartPushOptions = AppOptions<PushConfig, (typeof ROLES)[number]>;

/** Starts one Push consumer on the given engines. Errors: `config_invalid` for a provider key that cannot be used. */
export function startPush({ engines, ...options }: StartPushOptions): Promise<RunningPush> {
  const { config, logger } = options;
  const { bus, messages, pushOutcomes } = engines;
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'push', options);
    const senders = await openSenders(config.providers, runtime.clock);
    for (const sender of Object.values(senders)) stack.use(sender);
    watchBacklog(runtime, bus, { groups: [{ topic: PUSH_TOPIC, group: PUSH_GROUP }] });
    const status = await openConsumerStatus(stack, runtime, {
      config,
      engines: { bus, messages, pushOutcomes },
      troubles: () => push.troubles(),
    });
    const { order, settings } = config;
    const push = stack.use(new Push({ runtime, engines, senders, order, settings }));
    logger.info({ providers: Object.keys(senders) }, 'processing push tasks');
    return status;
  });
}

/** A Push consumer as a process of its own. */
export function pushApp(config: PushConfig, logger: Logger): Promise<RunningPush> {
  return onOwnEngines({ config, logger, roles: ROLES }, startPush);
}
