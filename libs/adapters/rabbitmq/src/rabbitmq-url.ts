/** One broker. */
export interface Endpoint {
  host: string;
  port: number;
}

/** The addresses of a RabbitMQ cluster, from one URL. */
export interface RabbitmqAddress {
  endpoints: readonly Endpoint[];
  user?: string;
  password?: string;
  vhost: string;
  tls: boolean;
}

const FORM = /^(amqps?):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/]*))?$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/;
const RULE = 'must be amqp:// or amqps://[user:password@]host:port[,host:port…][/virtual-host]';
const PORT = '5672';
const TLS_PORT = '5671';

/**
 * Several brokers of one cluster are separated by commas. Errors: say what the URL must be, without repeating it, as it
 * may contain a password.
 */
export function parseRabbitmqUrl(text: string): RabbitmqAddress {
  const [, scheme, login, hosts = '', vhost = ''] = FORM.exec(text.trim()) ?? [];
  if (scheme === undefined) throw new Error(RULE);
  const tls = scheme === 'amqps';
  return {
    endpoints: hosts.split(',').map((host) => parseHost(host, tls)),
    ...(login === undefined ? {} : parseLogin(login)),
    vhost: vhost === '' ? '/' : decoded(vhost),
    tls,
  };
}

export const textOf = ({ host, port }: Endpoint): string => `${host}:${port}`;

function parseHost(text: string, tls: boolean): Endpoint {
  const [, host, port = tls ? TLS_PORT : PORT] = HOST.exec(text.trim()) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) throw new Error(RULE);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function parseLogin(login: string): { user?: string; password?: string } {
  const [user = '', ...rest] = login.split(':');
  const password = rest.join(':');
  return {
    ...(user === '' ? {} : { user: decoded(user) }),
    ...(password === '' ? {} : { password: decoded(password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(RULE);
  }
}
