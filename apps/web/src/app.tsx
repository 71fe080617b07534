import { useState } from 'react';
import { Api } from './api.ts';
import { MessengerScreen } from './components/messenger-screen.tsx';
import { SignIn } from './components/sign-in.tsx';
import { MessengerContext, useOpenMessenger } from './hooks/use-messenger.ts';
import { useStore } from './hooks/use-store.ts';
import { SessionStore } from './session.ts';

export function App() {
  const [sessions] = useState(() => new SessionStore());
  const [api] = useState(() => new Api(sessions));
  const session = useStore(sessions);
  if (session === null) return <SignIn api={api} />;
  return <SignedIn key={session.userId} userId={session.userId} api={api} signOut={() => sessions.set(null)} />;
}

function SignedIn({ userId, api, signOut }: { userId: string; api: Api; signOut: () => void }) {
  const messenger = useOpenMessenger(userId, api);
  if (messenger === null) return null;
  return (
    <MessengerContext value={messenger}>
      <MessengerScreen signOut={signOut} />
    </MessengerContext>
  );
}
