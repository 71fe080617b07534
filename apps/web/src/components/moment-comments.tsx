import { MOMENT_LIMITS, type MomentId } from '@chasqui/domain';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { CommentBody, MomentBody } from '../api-bodies.ts';
import { useAction } from '../hooks/use-action.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { texts } from '../i18n/index.ts';
import { newKey } from '../model/new-key.ts';
import { Icon } from './icon.tsx';
import { LoadFailed } from './load-failed.tsx';

/** The maximum of pages of comments shown; covers the maximum of comments on a moment. */
const MAX_PAGES = 10;

/** The comments on a moment, with a field for another one. They are reloaded when their number changes. */
export function MomentComments({ moment }: { moment: MomentBody }) {
  const { me, moments } = useMessenger();
  const { momentId, author, comments: count } = moment;
  const [comments, setComments] = useState<readonly CommentBody[] | null>([]);
  const [text, setText] = useState('');
  const { busy, error, run } = useAction();
  const key = useRef(newKey());
  const [tries, setTries] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new number of comments, or a retry, triggers a reload.
  useEffect(() => {
    let isLeft = false;
    readAll((after) => moments.comments(momentId, after)).then(
      (found) => isLeft || setComments(found),
      () => isLeft || setComments(null),
    );
    return () => {
      isLeft = true;
    };
  }, [moments, momentId, count, tries]);

  async function submitted(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const trimmed = text.trim();
    if (trimmed === '' || !(await run(() => moments.comment(momentId, trimmed, key.current)))) return;
    key.current = newKey();
    setText('');
  }

  return (
    <div className="moment-comments">
      {comments === null && <LoadFailed retry={() => setTries(tries + 1)} />}
      <ul>
        {comments?.map(({ commentId, author: by, text: said }) => (
          <li key={commentId} data-testid="comment">
            <span>
              <b>{by === me ? texts.you : by}</b> {said}
            </span>
            {(by === me || author === me) && (
              <button
                type="button"
                className="icon-button"
                aria-label={texts.moments.deleteComment}
                title={texts.moments.deleteComment}
                disabled={busy}
                onClick={() => void run(() => moments.removeComment(momentId, commentId))}
                data-testid="comment-delete"
              >
                <Icon name="trash" />
              </button>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => void submitted(event)}>
        <input
          value={text}
          maxLength={MOMENT_LIMITS.maxCommentLength}
          placeholder={texts.moments.writeComment}
          aria-label={texts.moments.writeComment}
          onChange={(event) => setText(event.target.value)}
          data-testid="comment-text"
        />
        <button
          type="submit"
          className="send"
          aria-label={texts.send}
          disabled={busy || text.trim() === ''}
          data-testid="comment-send"
        >
          <Icon name="send" />
        </button>
      </form>
      {error !== '' && (
        <p className="form-note" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type Read = (after?: MomentId) => Promise<{ comments: CommentBody[]; nextAfter?: MomentId }>;

async function readAll(read: Read): Promise<CommentBody[]> {
  const all: CommentBody[] = [];
  for (let i = 0, after: MomentId | undefined; i < MAX_PAGES; i++) {
    const page = await read(after);
    all.push(...page.comments);
    after = page.nextAfter;
    if (after === undefined) break;
  }
  return all;
}
