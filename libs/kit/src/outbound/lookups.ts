import { type LookupAddress, lookup } from 'node:dns';
import { ImError } from '@chasqui/domain';

/**
 * Look-ups under way. The machine's resolver takes one of the four threads of libuv's pool for each, for up to half a minute
 * if the name server of the host does not answer; files and passwords need these threads too.
 */
const MAX_RUNNING = 2;
/** Hosts that wait for that. */
const MAX_WAITING = 1_000;

/** Of this process, as its threads. */
const underWay = new Map<string, Promise<LookupAddress[]>>();
const waiting: (() => void)[] = [];
let running = 0;

/** All addresses of a host. Errors: the machine's; `overloaded` beyond `MAX_WAITING`. */
export function addressesOf(host: string): Promise<LookupAddress[]> {
  const known = underWay.get(host);
  if (known !== undefined) return known;
  if (waiting.length >= MAX_WAITING) return Promise.reject(new ImError('overloaded', 'too many hosts are looked up'));
  const found = inTurn(host).finally(() => underWay.delete(host));
  underWay.set(host, found);
  return found;
}

async function inTurn(host: string): Promise<LookupAddress[]> {
  if (running >= MAX_RUNNING) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await new Promise((resolve, reject) => {
      lookup(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
    });
  } finally {
    // The place goes to the next one.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
