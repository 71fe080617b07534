import { networkInterfaces } from 'node:os';
import { relative } from 'node:path';
import { dataOption, type Environment, hostInUrl, isWildcard, shellWord } from '@chasqui/kit';
import type { Command } from 'commander';
import type { SettingsOptions } from '../support/settings.ts';

export interface Announced {
  /** API and page, for programs of this machine. */
  url: string;
  /** The address that is listened on. */
  host: string;
  /** WebSocket addresses. */
  nodes: readonly string[];
}

/**
 * How another shell calls commands whose tokens the server trusts; undefined: its secret comes from the environment, which
 * other shells do not have. `given`: the environment without the file of settings.
 */
export function commandBeside(program: Command, given: Environment): string | undefined {
  if (Object.keys(given).some((name) => name.startsWith('CHASQUI_JW'))) return undefined;
  const { set, config } = program.opts<SettingsOptions>();
  const settings = [
    ...(set === undefined ? [] : [`--set ${set}`]),
    ...(config === undefined ? [] : [`--config ${shellWord(config)}`]),
  ];
  return ['npx chasqui', ...settings].join(' ');
}

/** The text for the user once everything runs: where to go next. */
export function announcement({ url, host, nodes }: Announced, dataDir: string, chasqui: string | undefined): string {
  const second = nodes.length > 1 ? `${url}/?node=2` : url;
  const server = url === 'http://127.0.0.1:4400' ? '' : ` --server ${url}`;
  const { port } = new URL(url);
  return [
    '',
    'Chasqui is running.',
    '',
    `  Page and API     ${url}`,
    ...networkAddresses(host).map((address) => `  From elsewhere   http://${hostInUrl(address)}:${port}`),
    `  API reference    ${url}/api/docs`,
    ...nodes.map((wsUrl, index) => `  Connect node ${index + 1}   ${wsUrl}`),
    `  Data             ${shown(dataDir)}`,
    '',
    `Next: open ${url}/?node=1 and, as another user, ${second} in a private window.`,
    ...(chasqui === undefined ? [] : [`Or:   ${chasqui} chat --as alice --to bob${server}${dataOption(dataDir)}`]),
    'Stop with Ctrl+C: accepted work is finished first.',
    '',
  ].join('\n');
}

/** The addresses under which other machines reach a server that listens on a wildcard: `0.0.0.0` has no IPv6. */
function networkAddresses(host: string): string[] {
  if (!isWildcard(host)) return [];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family, scopeid = 0 }) => !internal && scopeid === 0 && (host === '::' || family === 'IPv4'))
    .map(({ address }) => address);
}

/** A relative path where it is shorter. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
