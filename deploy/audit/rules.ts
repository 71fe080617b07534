import type { Rules } from './lockfile.ts';

/** Reviewed by hand, for exactly these versions. */
export const RULES: Pick<Rules, 'licences'> & {
  /** Packages with a flaw that cannot be reached in Chasqui, and why. */
  acceptedFlaws: { readonly [name: string]: string };
} = {
  licences: {
    'node-zookeeper-client@0.2.3': 'MIT',
    'async@0.2.10': 'MIT',
    'underscore@1.4.4': 'MIT',
  },
  acceptedFlaws: {
    underscore: 'the flaw is in `template`, which the ZooKeeper client, its only user, never calls',
    async: 'the flaw is in `mapValues`, which neither the HBase nor the ZooKeeper client calls',
  },
};
