import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { dataOption } from './data-option.ts';

test.each([
  ['./.data', ''],
  [resolve('.data'), ''],
  ['/srv/chasqui', ' --data /srv/chasqui'],
  ['/srv/two words', " --data '/srv/two words'"],
  ["/srv/it's", " --data '/srv/it'\\''s'"],
])('a printed command names the data folder %s unless it is the default: %j', (dataDir, option) => {
  expect(dataOption(dataDir)).toBe(option);
});
