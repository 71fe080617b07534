import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { goTo } from '../hooks/use-route.ts';
import { useSearch } from '../hooks/use-search.ts';
import { texts } from '../i18n/index.ts';
import { nameOf } from '../model/conversation-list.ts';
import { useStore } from '../store.ts';
import { Avatar } from './avatar.tsx';
import type { SearchQuery } from './search-field.tsx';
import { SearchHitRow } from './search-hit-row.tsx';

/** People and groups whose name contains the text, and messages that the server finds. */
export function SearchResults({ query: { text, conversationId } }: { query: SearchQuery }) {
  const { conversations, status: connection } = useMessenger();
  const isOnline = useStore(connection).state === 'online';
  const { rows } = useStore(conversations);
  const query = text.trim();
  const { hits, status, error = texts.errors.other, more } = useSearch(query, conversationId);
  const now = useNow(60_000);
  const wanted = query.toLowerCase();
  const people =
    conversationId === undefined ? rows.filter((row) => nameOf(row).toLowerCase().includes(wanted)).slice(0, 5) : [];
  const notes = {
    searching: texts.searching,
    ready: texts.nothingFound,
    failed: isOnline ? error : texts.searchOffline,
  };
  return (
    <div className="rows" data-scroller>
      {people.length > 0 && (
        <section aria-label={texts.conversations}>
          <h2 className="rows-title">{texts.conversations}</h2>
          <ul>
            {people.map((row) => (
              <li key={row.conversationId}>
                <button type="button" className="row" onClick={() => goTo({ conversationId: row.conversationId })}>
                  <Avatar
                    id={row.peer || row.conversationId}
                    name={nameOf(row)}
                    picture={row.group?.picture ?? ''}
                    isGroup={row.group !== undefined}
                  />
                  <span className="row-name">{nameOf(row)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={texts.messages} aria-busy={status === 'searching'}>
        <h2 className="rows-title">{texts.messages}</h2>
        {(hits.length === 0 || status === 'failed') && (
          <p className="rows-note quiet" role="status">
            {notes[status]}
          </p>
        )}
        <ul data-testid="search-hits">
          {hits.map((hit) => (
            <SearchHitRow key={hit.messageId} hit={hit} query={query} now={now} />
          ))}
        </ul>
        {more !== undefined && (
          <button type="button" className="link rows-note" onClick={more}>
            {texts.more}
          </button>
        )}
      </section>
    </div>
  );
}
