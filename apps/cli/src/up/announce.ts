import { relative } from 'node:path';
import { dataOption } from '@chasqui/kit';

export interface Announced {
  /** API and page. */
  url: string;
  /** WebSocket addresses. */
  nodes: readonly string[];
}

/** The text for the user once everything runs: where to go next. */
export function announcement({ url, nodes }: Announced, dataDir: string): string {
  const lines = nodes.map((wsUrl, index) => `  Connect node ${index + 1}   ${wsUrl}`);
  const second = nodes.length > 1 ? `${url}/?node=2` : url;
  const server = url === 'http://127.0.0.1:4400' ? '' : ` --server ${url}`;
  return [
    '',
    'Chasqui is running.',
    '',
    `  Page and API     ${url}`,
    `  API reference    ${url}/api/docs`,
    ...lines,
    `  Data             ${shown(dataDir)}`,
    '',
    `Next: open ${url}/?node=1 and, as another user, ${second} in a private window.`,
    `Or:   npx chasqui chat --as alice --to bob${server}${dataOption(dataDir)}`,
    'Stop with Ctrl+C: accepted work is finished first.',
    '',
  ].join('\n');
}

/** A relative path where it is shorter. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
