import { useState } from 'react';
import type { MomentBody } from '../api-bodies.ts';
import { useAction } from '../hooks/use-action.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { locale, texts } from '../i18n/index.ts';
import { dayName, timeName } from '../model/time-names.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { MomentComments } from './moment-comments.tsx';
import { MomentPicture } from './moment-picture.tsx';

/** One moment with its actions. */
export function MomentItem({ moment }: { moment: MomentBody }) {
  const { me, moments } = useMessenger();
  const { momentId, author, text, pictures, chosen, at, likes, liked, comments } = moment;
  const { busy, error, run } = useAction();
  const [open, setOpen] = useState(false);
  const now = useNow(60_000);
  return (
    <article className="moment" data-testid="moment" data-author={author}>
      <header>
        <Avatar id={author} />
        <div>
          <h3>{author === me ? texts.you : author}</h3>
          <p className="quiet small">
            {dayName(at, now, locale)}, {timeName(at, locale)}
            {chosen === undefined ? null : (
              <span data-testid="moment-chosen"> · {texts.moments.audience(chosen.length)}</span>
            )}
          </p>
        </div>
        {author === me && (
          <button
            type="button"
            className="icon-button"
            aria-label={texts.moments.deleteMoment}
            title={texts.moments.deleteMoment}
            disabled={busy}
            onClick={() => void run(() => moments.remove(momentId))}
            data-testid="moment-delete"
          >
            <Icon name="trash" />
          </button>
        )}
      </header>
      {text !== '' && (
        <p className="moment-text" data-testid="moment-body">
          {text}
        </p>
      )}
      {pictures.length > 0 && (
        <ul className="moment-pictures" data-count={Math.min(pictures.length, 3)}>
          {pictures.map((picture, i) => (
            <li key={picture.pictureId}>
              <MomentPicture momentId={momentId} picture={picture} alt={texts.moments.picture(author, i + 1)} />
            </li>
          ))}
        </ul>
      )}
      <div className="moment-actions">
        <button
          type="button"
          className="link moment-like"
          aria-pressed={liked}
          aria-label={`${liked ? texts.moments.unlike : texts.moments.like} (${likes})`}
          disabled={busy}
          onClick={() => void run(() => moments.like(moment))}
          data-testid="moment-like"
          data-likes={likes}
        >
          <Icon name="heart" /> {likes}
        </button>
        <button
          type="button"
          className="link"
          aria-expanded={open}
          aria-label={texts.moments.comments(comments)}
          onClick={() => setOpen(!open)}
          data-testid="moment-comments"
          data-comments={comments}
        >
          <Icon name="comment" /> {comments}
        </button>
      </div>
      {error !== '' && (
        <p className="form-note" role="alert">
          {error}
        </p>
      )}
      {open && <MomentComments moment={moment} />}
    </article>
  );
}
