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
  /** The licence from the LICENSE file, by name and version, for packages whose metadata does not declare one. */
  licences: { readonly [nameAndVersion: string]: string };
  /** Packages whose install script was reviewed, and whether it is run. */
  installScripts: { readonly [name: string]: boolean };
}

/** The faults of a lockfile's packages, one line each. */
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
