import { readFileSync } from 'node:fs';
import { ImError } from '@chasqui/domain';
import type { SslOptions } from 'mysql2';
import type { MysqlTls } from '../config.ts';

/** Reads the files for the driver. Errors: `config_invalid` if one cannot be read. */
export function loadTls({ ca, client }: MysqlTls): SslOptions {
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
