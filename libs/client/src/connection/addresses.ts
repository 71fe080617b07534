import { ImError, type Random } from '@chasqui/domain';
import type { ClientOptions } from '../options.ts';
import { fetchNodes, nodeList } from './node-list.ts';

/**
 * Gives the address for each connection attempt. Errors: `connection_closed`, with the reason, when no node is known.
 */
export function addressSource(options: ClientOptions, random: Random): () => string | Promise<string> {
  const nodes = nodeList(random);
  nodes.replace(options.urls ?? []);
  const { nodesUrl, fetchNodes: ask = fetchNodes } = options;

  function next(cause?: unknown): string {
    const url = nodes.next();
    if (url !== undefined) return url;
    const why = cause instanceof Error ? cause.message : 'the list is empty';
    throw new ImError('connection_closed', `no Connect node is known: ${why}`, {}, cause);
  }

  if (nodesUrl === undefined) return () => next();
  return () =>
    ask(nodesUrl)
      .then((urls) => nodes.replace(urls))
      .then(next, next);
}
