import { SEARCH_TOKEN_RULES } from '@chasqui/domain';
import type { ElasticsearchConfig } from './config.ts';
import type { Names } from './names.ts';

/** Counts changes of the definition below. */
const STRUCTURE = 0;
/** Version of the definition below and of the search tokens. An index of another version must be rebuilt. */
export const DEFINITION_VERSION = STRUCTURE + SEARCH_TOKEN_RULES;

/**
 * The only template of our indices. It needs no text analysis by Elasticsearch: a text's words arrive as the domain's
 * search tokens, separated by spaces, so that a search finds the same in every engine.
 */
export function indexTemplate(names: Names, { shards, replicas }: Pick<ElasticsearchConfig, 'shards' | 'replicas'>) {
  return {
    index_patterns: [names.pattern],
    priority: 500,
    // A write to a deleted index must fail, whatever the cluster's setting is.
    allow_auto_create: false,
    template: {
      settings: {
        number_of_shards: shards,
        auto_expand_replicas: `0-${replicas}`,
        // An explicit value also applies to indices that were not searched for a while (C13).
        refresh_interval: '1s',
        // The newest hits are read first, and the others not at all.
        'sort.field': ['messageId'],
        'sort.order': ['desc'],
      },
      mappings: {
        _meta: { version: DEFINITION_VERSION },
        dynamic: false,
        _routing: { required: true },
        // Derived from the other fields.
        _source: { excludes: ['words', 'users'] },
        properties: {
          messageId: { type: 'keyword' },
          conversationId: { type: 'keyword', doc_values: false },
          users: { type: 'keyword', doc_values: false },
          words: { type: 'text', analyzer: 'whitespace', index_options: 'docs', norms: false },
        },
      },
    },
  };
}
