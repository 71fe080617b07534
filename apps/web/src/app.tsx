import { useState } from 'react';
import { Api } from './api.ts';
import { MessengerScreen } from './components/messenger-screen.tsx';
import { SignIn } from './components/sign-in.tsx';
import { MessengerContext, useOpenMessenger } from './hooks/use-messenger.ts';
import { KeptLogin } from './login.ts';
import { useStore } from './store.ts';

export function App() {
  const [kept] = useState(() => new KeptLogin());
  const [api] = useState(() => new Api(kept));
  const login = useStore(kept);
  if (login === null) return <SignIn api={api} />;
  return <SignedIn key={login.userId} userId={login.userId} api={api} kept={kept} />;
}

function SignedIn({ userId, api, kept }: { userId: string; api: Api; kept: KeptLogin }) {
  const messenger = useOpenMessenger(userId, api, kept);
  if (messenger === null) return null;
  return (
    <MessengerContext value={messenger}>
      <MessengerScreen signOut={() => kept.set(null)} />
    </MessengerContext>
  );
}
