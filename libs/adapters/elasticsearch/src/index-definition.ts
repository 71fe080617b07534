import { SEARCH_TOKEN_RULES } from '@chasqui/domain';
import type { ElasticsearchConfig } from './config.ts';
import type { Names } from './names.ts';

/** Changes of the definition below. */
const STRUCTURE = 0;
/** Of the definition below and of the tokens. An index of another version must be built anew. */
export const DEFINITION_VERSION = STRUCTURE + SEARCH_TOKEN_RULES;

/**
 * Every index of ours is made by this template and by nothing else. It needs no analysis of Elasticsearch's own: the words
 * of a text arrive as the domain's search tokens with spaces between, so that a search finds the same in every engine.
 */
export function indexTemplate(names: Names, { shards, replicas }: Pick<ElasticsearchConfig, 'shards' | 'replicas'>) {
  return {
    index_patterns: [names.pattern],
    priority: 500,
    // A write to an index that was deleted must fail, whatever the cluster's own setting is.
    allow_auto_create: false,
    template: {
      settings: {
        number_of_shards: shards,
        auto_expand_replicas: `0-${replicas}`,
        // Said expressly, it holds for an index that nobody has searched for a while too (C13).
        refresh_interval: '1s',
        // The newest hits are read first, and the rest not at all.
        'sort.field': ['messageId'],
        'sort.order': ['desc'],
      },
      mappings: {
        _meta: { version: DEFINITION_VERSION },
        dynamic: false,
        _routing: { required: true },
        // Derived from the rest.
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
