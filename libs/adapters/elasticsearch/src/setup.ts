import { ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { untilReady } from './await-cluster.ts';
import { kindOf } from './faults.ts';
import { DEFINITION_VERSION, indexTemplate } from './index-definition.ts';
import { endNext, type Indices, MASTER_MS, notSetUp, readIndices } from './indices.ts';
import { Link, type LinkParts } from './link.ts';
import { type Names, namesOf } from './names.ts';

/**
 * Makes the template, the first index and its alias, unless they exist. Safe to repeat, to run concurrently, and during
 * a rebuild. Errors: `config_invalid` with the remedy, `search_unavailable` if the cluster is away.
 */
export async function setupElasticsearch({ logger, ...parts }: LinkParts & { logger: Logger }): Promise<void> {
  await using link = await Link.open(parts);
  const names = namesOf(parts.config.prefix);
  await untilReady(link, parts.config, logger, async () => {});
  await putTemplate(link, names, parts.config);
  if ((await readIndices(link, names)).live.length === 0) await createFirst(link, names);
  const indices = await readIndices(link, names);
  await finishCommit(link, names, indices);
  await reportOldDefinition(link, names, logger);
}

async function putTemplate(link: Link, names: Names, config: LinkParts['config']): Promise<void> {
  const body = indexTemplate(names, config);
  try {
    await link.request({ method: 'PUT', path: `/_index_template/${names.template}`, body }, link.patience(6));
  } catch (error) {
    if (kindOf(error) === 'away') throw error;
    const text = `the index template ${names.template} is refused: ${(error as Error).message}`;
    throw new ImError(
      'config_invalid',
      `${text}; the user needs the cluster privilege "manage_index_templates"`,
      {},
      error,
    );
  }
}

/** If two processes run setup at once, one makes the index, and the other finds it made. */
async function createFirst(link: Link, names: Names): Promise<void> {
  const body = { aliases: { [names.live]: { is_write_index: true } } };
  try {
    await link.attempt({ method: 'PUT', path: `/${names.first}`, body }, MASTER_MS);
  } catch (error) {
    if ((await readIndices(link, names)).live.length > 0) return;
    if (kindOf(error) !== 'refused') throw error;
    const text = `Elasticsearch has the index ${names.first}, but the alias ${names.live} has been taken from it: give it back, or delete the index`;
    throw new ImError('config_invalid', text, {}, error);
  }
}

/** A rebuild that ended between the two steps of its commit left both aliases on one index. */
async function finishCommit(link: Link, names: Names, { live, next }: Indices): Promise<void> {
  if (live.length === 0) throw notSetUp(names);
  for (const index of next.filter((one) => live.includes(one))) await endNext(link, names, index);
}

async function reportOldDefinition(link: Link, names: Names, logger: Logger): Promise<void> {
  type Answer = Record<string, { mappings: { _meta?: { version?: number } } }>;
  const answer = await link.request<Answer>({ method: 'GET', path: `/${names.live}/_mapping` });
  for (const [index, { mappings }] of Object.entries(answer)) {
    const version = mappings._meta?.version ?? 0;
    if (version === DEFINITION_VERSION) continue;
    logger.warn(
      { index, version, wanted: DEFINITION_VERSION },
      'the index has another version: DataSync rebuilds it when it runs; searches continue meanwhile',
    );
  }
}
