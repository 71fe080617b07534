import { ImError, type Random } from '@chasqui/domain';
import { fetchNodes, NodeList } from './node-list.ts';
import type { ClientOptions } from './options.ts';

/** Gives the address for each next attempt. Errors: `config_invalid` when no node is known. */
export function addressSource(options: ClientOptions, random: Random): () => string | Promise<string> {
  const nodes = new NodeList(options.urls ?? [], random);
  const { nodesUrl, fetchNodes: ask = fetchNodes } = options;

  function next(): string {
    const url = nodes.next();
    if (url === undefined)
      throw new ImError('config_invalid', 'no node is known: give urls or a nodesUrl that answers');
    return url;
  }

  if (nodesUrl === undefined) return next;
  return () =>
    ask(nodesUrl).then(
      (urls) => {
        nodes.replace(urls);
        return next();
      },
      () => next(),
    );
}
