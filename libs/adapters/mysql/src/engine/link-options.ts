import type { MysqlConfig } from '../config.ts';
import type { LinkOptions } from './link.ts';
import { loadTls } from './tls-files.ts';

/** A login takes no longer than this, milliseconds. */
const MAX_CONNECT_MS = 3_000;

/** Errors: `config_invalid` when a certificate file cannot be read. */
export function linkOptions({ address, deadlineMs, tls }: MysqlConfig): LinkOptions {
  const ssl = tls === undefined ? {} : { ssl: loadTls(tls) };
  return { address, deadlineMs, connectMs: Math.min(MAX_CONNECT_MS, deadlineMs), ...ssl };
}
