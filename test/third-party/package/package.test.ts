import { afterAll, beforeAll } from 'vitest';
import { EXAMPLE_PACKAGES, openShop, type Shop, testExamples } from './examples.ts';
import { type Outside, openOutside } from './outside.ts';
import { RUNTIMES, testRuntimes } from './runtimes.ts';
import { TEMPLATE_PACKAGES, testTemplates } from './templates.ts';

let outside: Outside;
let shop: Promise<Shop>;

beforeAll(async () => {
  outside = await openOutside([...RUNTIMES, ...TEMPLATE_PACKAGES, ...EXAMPLE_PACKAGES]);
  // It starts while the first tests run.
  shop = openShop(outside.folder);
  shop.catch(() => {});
}, 360_000);
afterAll(async () => {
  await (await shop?.catch(() => undefined))?.[Symbol.asyncDispose]();
  await outside?.[Symbol.asyncDispose]();
});

testRuntimes(() => outside);
testTemplates(() => outside);
testExamples(
  () => outside,
  () => shop,
);
