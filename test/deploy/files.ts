import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const DEPLOY = join(import.meta.dirname, '../../deploy');

export const textOf = (path: string) => readFileSync(join(DEPLOY, path), 'utf8');

export const yamlOf = <T>(path: string): T => parse(textOf(path), { merge: true }) as T;

/** Each document of a file. */
export const yamlsOf = <T>(path: string): T[] =>
  parseAllDocuments(textOf(path)).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as T;
  });
