import { isIPv4 } from 'node:net';

/** Where a proxy or a name server listens. */
export interface Endpoint {
  host: string;
  port: number;
}

/** `host:port`, several separated by commas or semicolons; undefined when it is something else. */
export function parseEndpoints(text: string): Endpoint[] | undefined {
  const endpoints = text.split(/[,;]/).map((part) => {
    const [, host = '', port = ''] = /^\s*([^:\s]+):(\d{1,5})\s*$/.exec(part) ?? [];
    return { host, port: Number(port) };
  });
  return endpoints.every(({ host, port }) => host !== '' && port > 0 && port < 65_536) ? endpoints : undefined;
}

/** Whether gRPC can be told of all of them: one host by its name, or any number by their IPv4 addresses. */
export function areReachable(endpoints: readonly Endpoint[]): boolean {
  return endpoints.length === 1 || endpoints.every(({ host }) => isIPv4(host));
}

export const textOf = ({ host, port }: Endpoint): string => `${host}:${port}`;
