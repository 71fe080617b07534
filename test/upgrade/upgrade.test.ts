import { bringsOver, FIXTURE_NAMES } from './bring-over.ts';

bringsOver(
  FIXTURE_NAMES.filter((name) => !name.endsWith('-mysql')),
  async () => ({}),
);
