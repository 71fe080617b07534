import type { ChatMessage } from '@chasqui/client';
import { defined } from '@chasqui/domain';
import {
  type ChangeEvent,
  type KeyboardEvent,
  type SubmitEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useHeldVoice } from '../hooks/files/use-held-voice.ts';
import { useRecorder } from '../hooks/files/use-recorder.ts';
import { useConversationName } from '../hooks/use-conversation.ts';
import { useMentions } from '../hooks/use-mentions.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { errorText, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import type { ChosenFile } from '../model/files/chosen-files.ts';
import { isSendKey } from '../model/send-key.ts';
import { useStore } from '../store.ts';
import { EmojiButton } from './emoji-button.tsx';
import { AttachButton } from './files/attach-button.tsx';
import { FileDrop } from './files/file-drop.tsx';
import { FileTray } from './files/file-tray.tsx';
import { MentionList } from './groups/mention-list.tsx';
import { Icon } from './icon.tsx';
import { AnsweredBar } from './messages/answered-bar.tsx';
import { VoiceBar } from './voice/voice-bar.tsx';
import { VoiceButton } from './voice/voice-button.tsx';

/** A draft is sent to the user's other devices when they have stopped typing for this long. */
const DRAFT_MS = 2_000;

/** The input field. Each conversation keeps its draft until it is sent. */
export function Composer({ chat }: { chat: Chat }) {
  const { typing, files } = useMessenger();
  const [text, setText] = useState(chat.draft);
  const [error, setError] = useState('');
  const edited = useStore(chat.editing);
  const answered = useStore(chat.answered);
  const input = useRef<HTMLTextAreaElement>(null);
  const keeping = useRef<ReturnType<typeof setTimeout>>(undefined);
  const mentions = useMentions(chat, input, change);
  const { conversationId } = chat;
  const tray = files.trays.of(conversationId);
  const chosen = useStore(tray).files;
  const recorder = useRecorder();
  const hold = useHeldVoice(recorder, sendVoice);
  const name = useConversationName(conversationId);

  useEffect(() => {
    // With a hardware keyboard the field gets the focus; on a phone the on-screen keyboard would cover half of the
    // screen.
    if (window.matchMedia('(hover: hover)').matches) input.current?.focus();
    return () => {
      typing.rests(conversationId);
      clearTimeout(keeping.current);
      chat.keepDraft();
    };
  }, [typing, conversationId, chat]);

  // Until the user writes, the draft is what other devices and the server say, which may come after this is shown. The
  // text is there in the same turn as the sign that a message is edited, so that nobody sees one without the other.
  useStore(chat);
  const origin = edited ?? chat.draft;
  useLayoutEffect(() => {
    if (typeof origin === 'string') {
      setText(origin);
      return;
    }
    setText(origin.content.text ?? '');
    setError('');
    input.current?.focus();
  }, [origin]);

  useEffect(() => {
    if (answered !== null) input.current?.focus();
  }, [answered]);

  function change(next: string): void {
    setText(next);
    setError('');
    if (edited !== null) return;
    chat.draft = next;
    clearTimeout(keeping.current);
    keeping.current = setTimeout(() => chat.keepDraft(), DRAFT_MS);
  }

  function written({ target }: ChangeEvent<HTMLTextAreaElement>): void {
    change(target.value);
    if (target.value.trim() === '') typing.rests(conversationId);
    else typing.writes(conversationId);
  }

  function send(): void {
    const trimmed = text.trim();
    if (trimmed === '' && chosen.length === 0) return;
    if (edited !== null) {
      void save(edited, trimmed);
      return;
    }
    const refused =
      chosen.length > 0
        ? files.outgoing.add(
            chat,
            { text: trimmed, ...defined({ mentions: mentions.named(trimmed), replyTo: chat.replyTo }) },
            tray.take(),
          )
        : chat.send(trimmed, mentions.named(trimmed));
    if (refused !== null) {
      setError(refused.code === 'content_too_large' ? texts.tooLong : errorText(refused));
      return;
    }
    chat.answered.set(null);
    change('');
    // Whoever reloads the page now does not find again what they have sent.
    chat.keepDraft();
    typing.rests(conversationId);
  }

  function sendVoice(voice: ChosenFile): void {
    files.outgoing.add(chat, { text: '', ...defined({ replyTo: chat.replyTo }) }, [voice]);
    chat.answered.set(null);
  }

  async function save(message: ChatMessage, trimmed: string): Promise<void> {
    chat.editing.set(null);
    const refused = await chat.saveEdit(message, trimmed, mentions.named(trimmed));
    if (refused !== null) setError(errorText(refused));
  }

  function insert(emoji: string): void {
    const { current } = input;
    if (current === null) return;
    current.setRangeText(emoji, current.selectionStart, current.selectionEnd, 'end');
    change(current.value);
    current.focus();
  }

  function keyPressed(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (mentions.keyPressed(event)) return;
    if ((event.ctrlKey || event.altKey) && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      if (edited === null) chat.answerNext(event.key === 'ArrowUp' ? -1 : 1);
      return;
    }
    if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      chat.edit();
      return;
    }
    if (event.key === 'Escape') {
      chat.editing.set(null);
      chat.answered.set(null);
      return;
    }
    if (!isSendKey(event.nativeEvent)) return;
    event.preventDefault();
    send();
  }

  function submitted(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    send();
    input.current?.focus();
  }

  return (
    <form className="composer" onSubmit={submitted} data-recording={recorder.state.step !== 'idle'}>
      {error !== '' && (
        <p className="composer-error" role="alert">
          {error}
        </p>
      )}
      {edited !== null && (
        <p className="composer-edited" role="status" data-testid="editing">
          {texts.editing}{' '}
          <button type="button" className="link" onClick={() => chat.editing.set(null)}>
            {texts.cancel}
          </button>
        </p>
      )}
      {answered !== null && <AnsweredBar chat={chat} messageId={answered.messageId} />}
      <FileDrop tray={tray} />
      <FileTray tray={tray} />
      {recorder.error !== '' && (
        <p className="composer-error" role="alert" data-testid="recorder-error">
          {recorder.error}
        </p>
      )}
      {recorder.state.step !== 'idle' && (
        <VoiceBar recorder={recorder} state={recorder.state} away={hold.away} send={sendVoice} />
      )}
      <MentionList {...mentions} />
      <EmojiButton choose={insert} />
      <AttachButton tray={tray} />
      {/* The frame holds an invisible copy of the text and grows with it; the text area fills the frame. */}
      <div className="composer-frame" data-text={text}>
        <textarea
          ref={input}
          rows={1}
          value={text}
          placeholder={chosen.length > 0 ? texts.files.caption : texts.writeHere}
          aria-label={texts.writeTo(name)}
          enterKeyHint="send"
          onChange={written}
          onKeyDown={keyPressed}
          onSelect={mentions.follow}
          onBlur={mentions.hide}
          {...mentions.inputProps}
          data-testid="composer"
        />
      </div>
      {text.trim() === '' && chosen.length === 0 && edited === null ? (
        <VoiceButton start={() => void recorder.start()} hold={hold.handlers} />
      ) : (
        <button type="submit" className="send" aria-label={texts.send} data-testid="send">
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}
