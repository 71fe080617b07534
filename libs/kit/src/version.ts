import kit from '../package.json' with { type: 'json' };

/** The version of Chasqui: all of its packages have the same. */
export const VERSION = kit.version;
