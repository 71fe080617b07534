/** The push services of the browsers there are: what Web Push subscriptions may name unless it is configured. */
export const BROWSER_PUSH_SERVICES = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
] as const;

/** Where Web Push subscriptions may lead. */
export interface PushEndpointRule {
  /** `host`, or `host:port` where it is not 443; `*.` before a name stands for all below it. */
  hosts: readonly string[];
  /** For tests: endpoints without TLS too, at any port. */
  allowHttp: boolean;
}

/**
 * The address of a subscription, or undefined where it must not be called. It comes from a client: without this rule the
 * server could be sent to any address, also of its own network, and with credentials of the client's choice.
 */
export function pushEndpointOf(endpoint: unknown, { hosts, allowHttp }: PushEndpointRule): URL | undefined {
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  const isPlain = url.protocol === 'http:' && allowHttp;
  if (url.protocol !== 'https:' && !isPlain) return undefined;
  const isAllowed = hosts.some((entry) => {
    const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    const isHost = host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
    return isHost && (isPlain || url.port === (port === '443' ? '' : port));
  });
  return isAllowed ? url : undefined;
}
