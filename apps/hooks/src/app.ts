import { type AppOptions, type ConsumerStatus, onOwnEngines, openConsumerStatus, openRuntime } from '@chasqui/app';
import { watchBacklog } from '@chasqui/core';
import { HOOKS_GROUP, SERVER_EVENT_TOPIC } from '@chasqui/domain';
import { assemble, type Logger } from '@chasqui/kit';
import type { HooksConfig } from './config.ts';
import { Hooks } from './hooks.ts';
import { createHooksMetrics } from './hooks-metrics.ts';
import { HttpWebhookSender } from './http-webhook-sender.ts';
import { DEFAULT_HOOKS_SETTINGS } from './settings.ts';

/** The engine roles that the app uses. */
const ROLES = ['bus', 'store'] as const;

export type RunningHooks = ConsumerStatus & AsyncDisposable;

export type StartHooksOptions = AppOptions<HooksConfig, (typeof ROLES)[number]>;

/** Starts one Hooks process on the given engines. */
export function startHooks({ engines, ...options }: StartHooksOptions): Promise<RunningHooks> {
  const { config } = options;
  const { bus, serverEvents } = engines;
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'hooks', options);
    const { clock, metrics } = runtime;
    watchBacklog(runtime, bus, { groups: [{ topic: SERVER_EVENT_TOPIC, group: HOOKS_GROUP }] });
    const status = await openConsumerStatus(stack, runtime, {
      config,
      engines: { bus, serverEvents },
      troubles: () => hooks.troubles(),
      degraded: () => hooks.degraded(),
    });
    const { allowPrivate, settings } = config;
    const maxSockets = 2 * DEFAULT_HOOKS_SETTINGS.atOnce;
    const sender = stack.use(new HttpWebhookSender({ clock, allowPrivate, maxSockets }));
    const hooks = stack.use(
      new Hooks({ runtime: { ...runtime, metrics: createHooksMetrics(metrics) }, engines, sender, settings }),
    );
    metrics.gauge('hooks_blocked_keys', 'Keys whose delivery to a webhook endpoint failed', () => hooks.blockedKeys);
    return status;
  });
}

/** A Hooks process of its own. */
export function hooksApp(config: HooksConfig, logger: Logger): Promise<RunningHooks> {
  return onOwnEngines({ config, logger, roles: ROLES }, startHooks);
}
