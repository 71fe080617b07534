import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { ImError } from '@chasqui/domain';
import type { SslOptions } from 'mysql2';
import type { MysqlConfig, MysqlTls } from '../config.ts';
import type { LinkOptions } from './link.ts';

/** Timeout of a login, milliseconds. */
const MAX_CONNECT_MS = 3_000;

/**
 * Errors: `config_invalid` if a certificate file cannot be read, or if an encrypted connection names an IP address: the
 * driver verifies certificates for names only.
 */
export function linkOptions({ address, deadlineMs, tls }: MysqlConfig): LinkOptions {
  if (tls !== undefined && isIP(address.host) !== 0) {
    const text =
      "with CHASQUI_MYSQL_TLS=on, CHASQUI_MYSQL_URL must have the name that the server's certificate is for, not an IP address";
    throw new ImError('config_invalid', text);
  }
  const ssl = tls === undefined ? {} : { ssl: loadTls(tls) };
  return { address, deadlineMs, connectMs: Math.min(MAX_CONNECT_MS, deadlineMs), ...ssl };
}

/** Reads the files for the driver. Errors: `config_invalid` if one cannot be read. */
function loadTls({ ca, client }: MysqlTls): SslOptions {
  return {
    rejectUnauthorized: true,
    verifyIdentity: true,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: read(ca) }),
    ...(client === undefined ? {} : { cert: read(client.cert), key: read(client.key) }),
  };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ImError('config_invalid', `the TLS file ${path} for MySQL cannot be read`, {}, error);
  }
}
