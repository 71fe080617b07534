import type { Client, ClientState, StateEvent } from '@chasqui/client';
import { defined } from '@chasqui/domain';
import { Store } from '../store.ts';

export interface ConnectionStatus {
  state: ClientState;
  /** The reason why the client is offline or closed: an error code. */
  code?: string;
  /** Unix ms of the next attempt. */
  retryAt?: number;
}

/**
 * The client's state for display. Also tells the client to check its connection when the network changes or the page
 * becomes active.
 */
export function watchConnection(client: Client, signal: AbortSignal): Store<ConnectionStatus> {
  const status = new Store<ConnectionStatus>({ state: client.state });
  const off = client.on('state', (event) => status.set(statusOf(event)));
  signal.addEventListener('abort', off);
  const wake = () => client.wake();
  window.addEventListener('online', wake, { signal });
  window.addEventListener('offline', wake, { signal });
  document.addEventListener('visibilitychange', () => document.hidden || wake(), { signal });
  return status;
}

function statusOf({ state, reason, retryInMs }: StateEvent): ConnectionStatus {
  return {
    state,
    ...defined({ code: reason?.code }),
    ...(retryInMs === undefined ? {} : { retryAt: Date.now() + retryInMs }),
  };
}
