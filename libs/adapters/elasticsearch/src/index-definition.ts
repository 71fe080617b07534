import type { ElasticsearchConfig } from './config.ts';
import type { Names } from './names.ts';

/** Of the definition below. An index of another version must be built anew. */
export const DEFINITION_VERSION = 1;

/**
 * Every index of ours is made by this template and by nothing else. Works on every Elasticsearch 8 as it comes.
 * The words of a text arrive folded (see folded-text.ts); the analyzer makes pairs of neighbouring Chinese, Japanese and
 * Korean characters, and indexes each single one too. A query is made of pairs, or of a character that stands alone.
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
        analysis: {
          filter: { chat_pairs_and_singles: { type: 'cjk_bigram', output_unigrams: true } },
          analyzer: {
            chat: {
              type: 'custom',
              tokenizer: 'standard',
              filter: ['cjk_width', 'lowercase', 'chat_pairs_and_singles'],
            },
            chat_query: { type: 'custom', tokenizer: 'standard', filter: ['cjk_width', 'lowercase', 'cjk_bigram'] },
          },
        },
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
          words: {
            type: 'text',
            analyzer: 'chat',
            search_analyzer: 'chat_query',
            index_options: 'docs',
            norms: false,
          },
        },
      },
    },
  };
}
