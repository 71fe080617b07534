import type { MentionOptions } from '../../hooks/use-mentions.ts';
import { texts } from '../../i18n/index.ts';
import { Avatar } from '../avatar.tsx';

/** The members whom the composer offers to mention. The input keeps the focus. */
export function MentionList({ listId, found, at, choose }: MentionOptions) {
  if (found.length === 0) return null;
  return (
    <div id={listId} className="mention-list" role="listbox" aria-label={texts.groups.mentionSuggestions} tabIndex={-1}>
      {found.map(({ userId, displayName }, index) => (
        <div
          key={userId}
          id={`${listId}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className="mention-option"
          onMouseDown={(event) => {
            event.preventDefault();
            choose(index);
          }}
          data-testid="mention-option"
        >
          <Avatar id={userId} name={displayName} />
          <span>{displayName}</span>
          {displayName === userId || userId === '' ? null : <span className="quiet small">{userId}</span>}
        </div>
      ))}
    </div>
  );
}
