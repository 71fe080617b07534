import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

/** The data that the emoji picker reads, for each language of the page. */
const FILES = ['en', 'zh'].flatMap((locale) => [`${locale}/data.json`, `${locale}/messages.json`]);

/** Serves names of emoji with the page, at `emoji/<locale>/`: the page loads nothing from other hosts. */
export function emojiData(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  const read = (file: string) => readFileSync(resolve(`emojibase-data/${file}`));
  return {
    name: 'emoji-data',
    generateBundle() {
      for (const file of FILES) this.emitFile({ type: 'asset', fileName: `emoji/${file}`, source: read(file) });
    },
    configureServer({ middlewares }) {
      for (const file of FILES) middlewares.use(`/emoji/${file}`, (_, response) => response.end(read(file)));
    },
  };
}
