import type { ConfigReader } from '@chasqui/kit';

/** The scanner of files: ClamAV's `clamd`, at a socket or a port, or an HTTP server. */
export type ScannerConfig = ({ socket: string } | { host: string; port: number } | { url: string }) & {
  /** Deadline of one file, ms. */
  timeoutMs: number;
};

const CLAMD_PORT = 3310;

/** Undefined: there is none. */
export function readScannerConfig(reader: ConfigReader): ScannerConfig | undefined {
  const timeoutMs = reader.integer('CHASQUI_SCAN_TIMEOUT_MS', 30_000, { min: 100, max: 55_000 });
  const where = reader.parsed('CHASQUI_SCAN_URL', '', scannerIn);
  return where === null ? undefined : { ...where, timeoutMs };
}

function scannerIn(text: string) {
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (isHttp && url.username === '' && url.hash === '') return { url: url.href };
  if (url?.protocol === 'clamd:' && url.hostname !== '' && url.pathname === '') {
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || CLAMD_PORT) };
  }
  if (url?.protocol === 'clamd:' && url.hostname === '' && url.pathname.length > 1) {
    return { socket: decodeURIComponent(url.pathname) };
  }
  throw new Error('must be clamd://host:port, clamd:///path/of/the/socket, or an http(s) address');
}
