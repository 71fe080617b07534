import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root });
const read = (page: string) => readFileSync(join(root, page), 'utf8');

describe('the documents are true about the tree', () => {
  test.each(pages)('every link to a file in %s leads somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
    const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(page), link)));
    expect(broken).toEqual([]);
  });

  test('every file that docs/ARCHITECTURE.md names exists, whole or by the end of its path', () => {
    const files = globSync(['{apps,libs,test}/**/*.ts', '.ci/*', '*.json'], {
      cwd: root,
      exclude: (path) => path.endsWith('node_modules'),
    });
    const named = [...read('docs/ARCHITECTURE.md').matchAll(/`([\w./-]+\.(?:ts|json))`/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  });

  test('each decision has a number of its own', () => {
    const numbers = globSync('docs/adr/[0-9]*.md', { cwd: root }).map((page) => Number(/(\d{4})-/.exec(page)?.[1]));
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  test('every script that README.md names is in package.json', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read('README.md').matchAll(/npm (?:run )?(start|test|[a-z]+(?::[a-z]+)?)\b/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((name) => !(name in scripts) && name !== 'install')).toEqual([]);
  });
});
