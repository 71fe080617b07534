import { BROWSER_PUSH_SERVICES, type PushEndpointRule } from '@chasqui/domain';
import type { ConfigReader } from './config-reader.ts';

/** The allowed endpoints of Web Push subscriptions: the API accepts no others, and Push calls no others. */
export function readPushEndpointRule(reader: ConfigReader): PushEndpointRule & { allowPrivate: boolean } {
  const isOn = (name: string) => reader.oneOf(name, ['on', 'off'], 'off') === 'on';
  const allowHttp = isOn('CHASQUI_PUSH_WEBPUSH_HTTP');
  return {
    hosts: reader.parsed('CHASQUI_PUSH_WEBPUSH_HOSTS', BROWSER_PUSH_SERVICES.join(','), parseHosts),
    allowHttp,
    allowPrivate: isOn('CHASQUI_PUSH_WEBPUSH_PRIVATE') || allowHttp,
  };
}

function parseHosts(text: string): string[] {
  const hosts = text.split(',').map((host) => host.trim());
  const wrong = hosts.findIndex((host) => !/^(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?$/.test(host));
  if (wrong === -1) return hosts;
  throw new Error(`must be hosts, with a port unless it is 443, separated by commas: entry ${wrong + 1} is not a host`);
}
