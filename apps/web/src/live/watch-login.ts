import type { Client } from '@chasqui/client';
import type { Api } from '../api.ts';

/** The reasons of a session that ended because its token is not, or no longer, valid. */
const REFUSED = ['logged_out', 'token_invalid', 'token_expired', 'user_disabled'];

/** Such a session does not tell whether the login has ended too: renewing the login does, and ends it here as well. */
export function watchLogin(client: Client, api: Api, signal: AbortSignal): void {
  const off = client.on('state', ({ state, reason }) => {
    // If the API does not answer now, its next call tells.
    if (state === 'closed' && REFUSED.includes(reason?.code ?? '')) api.renew().catch(() => undefined);
  });
  signal.addEventListener('abort', off);
}
