import { newDeviceId } from './model/device-name.ts';
import { pageStorage } from './page-storage.ts';

const query = new URLSearchParams(location.search);

/**
 * `?person=2`: another person in the same browser, with a session and a device of their own, so that two people can
 * chat in two windows.
 */
const person = /^[a-z0-9]{1,16}$/.exec(query.get('person') ?? '')?.[0] ?? '1';

/** The name under which this person's `key` is kept by the browser. */
export function storageKey(key: string): string {
  return `chasqui.${person}.${key}`;
}

/** This person's device: chosen once and kept. */
export function deviceId(): string {
  const key = storageKey('device');
  const known = pageStorage.get(key);
  if (known !== null) return known;
  const random = crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36).padStart(13, '0') ?? '';
  const chosen = newDeviceId(navigator.userAgent, random);
  pageStorage.set(key, chosen);
  return chosen;
}

/** `?node=1`: the first of the nodes in the order of their addresses. 0: any. */
export const pinnedNode = Number(/^[1-9][0-9]{0,3}$/.exec(query.get('node') ?? '')?.[0] ?? 0);

/** The address of this page at another node; 0: at any. */
export function addressOfNode(node: number): string {
  return address((search) => (node === 0 ? search.delete('node') : search.set('node', String(node))));
}

/** The page of a second person, who starts at another node than the first. */
export function addressOfSecondPerson(nodes: number): string {
  return address((search) => {
    search.set('person', person === '1' ? '2' : '1');
    if (nodes > 1) search.set('node', pinnedNode === 2 ? '1' : '2');
  });
}

function address(change: (search: URLSearchParams) => void): string {
  const search = new URLSearchParams(location.search);
  change(search);
  const text = search.toString();
  return text === '' ? location.pathname : `${location.pathname}?${text}`;
}
