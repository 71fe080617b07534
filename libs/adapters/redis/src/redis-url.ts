/** The address of Redis, from one URL. */
export interface RedisAddress {
  hosts: readonly { host: string; port: number }[];
  username?: string;
  password?: string;
  /** Database number; always 0 on a cluster. */
  db: number;
  tls: boolean;
}

const FORM = /^(rediss?):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/(\d{1,5})?)?$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/;
const RULE = 'must be redis:// or rediss://[user:password@]host:port[,host:port…][/database]';

/**
 * Several hosts (of a cluster, or sentinels) are separated by commas. Errors: say what the URL must be, without
 * repeating it.
 */
export function parseRedisUrl(text: string): RedisAddress {
  const [, scheme, login, hosts = '', db = '0'] = FORM.exec(text.trim()) ?? [];
  if (scheme === undefined) throw new Error(RULE);
  return {
    hosts: hosts.split(',').map(parseHost),
    ...(login === undefined ? {} : parseLogin(login)),
    db: Number(db),
    tls: scheme === 'rediss',
  };
}

function parseHost(text: string) {
  const [, host, port = '6379'] = HOST.exec(text.trim()) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) throw new Error(RULE);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function parseLogin(login: string): { username?: string; password?: string } {
  const [username = '', ...rest] = login.split(':');
  const password = rest.join(':');
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}
