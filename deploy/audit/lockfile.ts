import { isPermitted } from './licences.ts';

export interface LockEntry {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  deprecated?: string;
  hasInstallScript?: boolean;
  link?: boolean;
}

export interface Rules {
  /** Of packages that do not say it in the machine's way: what their LICENSE file says, by name and version. */
  licences: { readonly [nameAndVersion: string]: string };
  /** Packages whose install script was looked at, and whether it runs. */
  installScripts: { readonly [name: string]: boolean };
}

/** What is wrong with the packages of a lockfile, one line each. */
export function faultsOf(packages: { readonly [path: string]: LockEntry }, rules: Rules): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const [, name] = /.*node_modules\/(.+)$/.exec(path) ?? [];
    return name === undefined || entry.link ? [] : faultsOfOne(name, entry, rules);
  });
}

function faultsOfOne(name: string, entry: LockEntry, { licences, installScripts }: Rules): string[] {
  const { version, resolved, integrity, deprecated, hasInstallScript } = entry;
  const what = `${name}@${version}`;
  const licence = entry.license ?? licences[what];
  const faults = [
    resolved !== undefined && !/^https:\/\/[^/]+\/.+\.tgz$/.test(resolved) && 'does not come from a registry',
    integrity === undefined && 'has no digest that its content is held to',
    integrity !== undefined && !integrity.startsWith('sha512-') && 'has a digest that is too weak',
    deprecated !== undefined && `is deprecated: ${deprecated}`,
    hasInstallScript &&
      !Object.hasOwn(installScripts, name) &&
      'runs a script when it is installed, and nobody looked at it',
    licence === undefined && 'does not say its licence',
    licence !== undefined && !isPermitted(licence) && `has a licence that is not on the list: ${licence}`,
  ];
  return faults.filter((fault) => typeof fault === 'string').map((fault) => `${what} ${fault}`);
}
