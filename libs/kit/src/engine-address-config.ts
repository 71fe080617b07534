import type { ConfigReader } from './config-reader.ts';
import { isLoopback } from './url-host.ts';

export interface HostAndPort {
  host: string;
  port: number;
}

/** An IPv6 address is in brackets. */
const FORM = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+):(\d{1,5})$/;

/** Where the embedded engines' process is, if it is on another machine; undefined: on this one, at its socket. */
export function readEngineAddress(reader: ConfigReader): HostAndPort | undefined {
  return reader.parsed('CHASQUI_ENGINE_ADDRESS', '', (text) => parse(text, 1));
}

/** Where that process serves other machines, besides its socket; undefined: nowhere. Port 0: a free one. */
export function readEngineListen(reader: ConfigReader): HostAndPort | undefined {
  const isSecret = reader.optional('CHASQUI_PEER_SECRET') !== undefined;
  return reader.parsed('CHASQUI_ENGINE_LISTEN', '', (text) => {
    const address = parse(text, 0);
    if (address === undefined || isSecret || isLoopback(address.host)) return address;
    throw new Error('opens the engines to a network: set CHASQUI_PEER_SECRET as well');
  });
}

function parse(text: string, least: number): HostAndPort | undefined {
  if (text === '') return undefined;
  const [, host = '', digits = ''] = FORM.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port < least || port > 65_535) throw new Error('must be host:port');
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
