import type { ChatMessage } from '@chasqui/client';
import { type SubmitEvent, useState } from 'react';
import { type ForwardTarget, useForwardTargets } from '../../hooks/use-forward-targets.ts';
import { useForwarding } from '../../hooks/use-forwarding.ts';
import { useModal } from '../../hooks/use-modal.ts';
import { goTo } from '../../hooks/use-route.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import { Avatar } from '../avatar.tsx';

/** Conversations that get a forward at a time. */
const MAX_GOALS = 20;
const words = texts.message;

/** Chooses to whom messages are forwarded, whether with their origin, and what is said about them. */
export function ForwardDialog({ chat, messages }: { chat: Chat; messages: readonly ChatMessage[] }) {
  const dialog = useModal();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<readonly ForwardTarget[]>([]);
  const [withOrigin, setWithOrigin] = useState(true);
  const [comment, setComment] = useState('');
  const goals = useForwardTargets(text);
  const { error, forward } = useForwarding();
  const isChosen = ({ conversationId }: ForwardTarget) => chosen.some((one) => one.conversationId === conversationId);
  const others = [
    ...chosen.filter((one) => !goals.some(({ conversationId }) => conversationId === one.conversationId)),
  ];

  function choose(goal: ForwardTarget): void {
    const rest = chosen.filter(({ conversationId }) => conversationId !== goal.conversationId);
    setChosen(rest.length === chosen.length ? [...chosen, goal].slice(0, MAX_GOALS) : rest);
  }

  function submitted(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (chosen.length === 0 || !forward(messages, { goals: chosen, withOrigin, comment: comment.trim() })) return;
    chat.selection.clear();
    dialog.current?.close();
    const [only, ...more] = chosen;
    if (only !== undefined && more.length === 0) goTo({ conversationId: only.conversationId });
  }

  return (
    <dialog
      ref={dialog}
      className="card forward-dialog"
      aria-labelledby="forward-title"
      onClose={() => chat.forwarded.set([])}
      data-testid="forward-dialog"
    >
      <form onSubmit={submitted}>
        <h2 id="forward-title">{words.forwardTitle(messages.length)}</h2>
        <label className="field">
          <span>{words.forwardTo}</span>
          <input
            type="search"
            value={text}
            placeholder={texts.search}
            onChange={({ target }) => setText(target.value)}
            // The form is sent by its button alone.
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            data-testid="forward-search"
          />
        </label>
        <ul className="people picked" data-testid="forward-goals">
          {[...others, ...goals].map((goal) => (
            <li key={goal.conversationId}>
              <label className="person forward-goal">
                <input
                  type="checkbox"
                  checked={isChosen(goal)}
                  disabled={!isChosen(goal) && chosen.length >= MAX_GOALS}
                  onChange={() => choose(goal)}
                  data-conversation={goal.conversationId}
                />
                <Avatar
                  id={goal.peer || goal.conversationId}
                  name={goal.name}
                  picture={goal.picture}
                  isGroup={goal.peer === ''}
                />
                <span className="person-name">{goal.name}</span>
              </label>
            </li>
          ))}
        </ul>
        {goals.length === 0 && <p className="quiet small">{texts.nothingFound}</p>}
        {chosen.length >= MAX_GOALS && <p className="quiet small">{words.mostTargets(MAX_GOALS)}</p>}
        <label className="check">
          <input
            type="checkbox"
            checked={withOrigin}
            onChange={() => setWithOrigin(!withOrigin)}
            data-testid="with-origin"
          />
          <span>{words.withOrigin}</span>
        </label>
        <label className="field">
          <span>{words.comment}</span>
          <input value={comment} onChange={({ target }) => setComment(target.value)} data-testid="forward-comment" />
        </label>
        <p className="form-note" role="alert">
          {error}
        </p>
        <div className="buttons">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button type="submit" className="button primary" disabled={chosen.length === 0} data-testid="forward-send">
            {words.forward}
          </button>
        </div>
      </form>
    </dialog>
  );
}
