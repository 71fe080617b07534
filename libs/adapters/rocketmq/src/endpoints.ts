import { isIPv4 } from 'node:net';

/** The address of a proxy or a name server. */
export interface Endpoint {
  host: string;
  port: number;
}

/** `host:port`; several are separated by commas or semicolons. Errors: say what it must be. */
export function parseEndpoints(text: string): Endpoint[] {
  return text.split(/[,;]/).map((part) => {
    const [, host = '', port = ''] = /^\s*([^:\s]+):(\d{1,5})\s*$/.exec(part) ?? [];
    const endpoint = { host, port: Number(port) };
    if (host === '' || endpoint.port < 1 || endpoint.port > 65_535) {
      throw new Error('must be host:port, several separated by commas');
    }
    return endpoint;
  });
}

/** Addresses of proxies: gRPC takes one host name, or any number of IP addresses. */
export function parseProxyEndpoints(text: string): Endpoint[] {
  const endpoints = parseEndpoints(text);
  if (endpoints.length > 1 && !endpoints.every(({ host }) => isIPv4(host))) {
    throw new Error('must be one host:port, or several IPv4 addresses with ports, separated by commas');
  }
  return endpoints;
}

export const textOf = ({ host, port }: Endpoint): string => `${host}:${port}`;
