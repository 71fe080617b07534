import { describe } from 'vitest';
import type { SearchHarness } from './search-index-fixture.ts';
import { modelTests } from './search-index-model.ts';
import { rankTests, scriptTests } from './search-index-ranks.ts';
import { readerTests } from './search-index-readers.ts';
import { rebuildTests } from './search-index-rebuild.ts';
import { textTests } from './search-index-text.ts';
import { writeTests } from './search-index-writes.ts';

/** Everything that `SearchIndex` promises. */
export function searchIndexContract(name: string, harness: SearchHarness): void {
  describe(`SearchIndex: ${name}`, { timeout: 60_000 }, () => {
    describe('text', () => textTests(harness));
    describe('readers', () => readerTests(harness));
    describe('scripts', () => scriptTests(harness));
    describe('model', () => modelTests(harness));
    describe('ranks', () => rankTests(harness));
    describe('writes', () => writeTests(harness));
    describe('rebuild', () => rebuildTests(harness));
  });
}
