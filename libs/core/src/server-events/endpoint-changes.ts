import type { WebhookEndpoint, WebhookProgress } from '@chasqui/domain';
import type { WebhookStore } from '@chasqui/ports';

/** Undefined: there is no such endpoint. */
export async function findEndpoint(
  webhooks: Pick<WebhookStore, 'list'>,
  endpointId: string,
): Promise<WebhookEndpoint | undefined> {
  return (await webhooks.list()).find(({ endpoint }) => endpoint.endpointId === endpointId)?.endpoint;
}

/** Stores what `make` makes of the endpoint; called again if somebody else was faster. Undefined: there is none. */
export async function changeEndpoint(
  webhooks: Pick<WebhookStore, 'list' | 'put'>,
  endpointId: string,
  make: (endpoint: WebhookEndpoint) => WebhookEndpoint,
): Promise<WebhookEndpoint | undefined> {
  for (;;) {
    const found = await findEndpoint(webhooks, endpointId);
    const changed = found && make(found);
    if (changed === undefined || (await webhooks.put(changed))) return changed;
  }
}

/** How an endpoint is served. */
export interface EndpointState extends Pick<WebhookProgress, 'servedAt' | 'failingSince' | 'error' | 'lost'> {
  /** Events of the log that it has not come to. */
  waiting: number;
  blockedKeys: number;
}

/** `head`: of the log of server events. `progress`: null if the endpoint was removed meanwhile. */
export function endpointState(progress: WebhookProgress | null, head: number): EndpointState {
  const { cursor = head, blocked = [], servedAt = null, failingSince = null, error = '', lost = 0 } = progress ?? {};
  return {
    waiting: Math.max(0, head - cursor),
    blockedKeys: blocked.length,
    ...{ servedAt, failingSince, error, lost },
  };
}
