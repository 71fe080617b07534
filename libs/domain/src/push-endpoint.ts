import { outboundUrlOf } from './outbound-url.ts';

/** The push services of the existing browsers: the allowed Web Push endpoints unless configured otherwise. */
export const BROWSER_PUSH_SERVICES = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
] as const;

/** The allowed endpoints of Web Push subscriptions. */
export interface PushEndpointRule {
  /** `host`, or `host:port` if the port is not 443; a leading `*.` stands for all subdomains. */
  hosts: readonly string[];
  /** For tests: also allows endpoints without TLS, on any port. */
  allowHttp: boolean;
}

/**
 * The endpoint of a subscription, or undefined if it must not be called. It comes from a client: without this rule a
 * client could make the server call any address, including its own network, with credentials of the client's choice.
 */
export function pushEndpointOf(endpoint: unknown, { hosts, allowHttp }: PushEndpointRule): URL | undefined {
  const url = outboundUrlOf(endpoint, allowHttp);
  if (url === undefined) return undefined;
  const isPlain = url.protocol === 'http:';
  const isAllowed = hosts.some((entry) => {
    const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    const isHost = host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
    return isHost && (isPlain || url.port === (port === '443' ? '' : port));
  });
  return isAllowed ? url : undefined;
}
