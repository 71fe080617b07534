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
  return <SignedIn key={login.userId} userId={login.userId} api={api} signOut={() => kept.set(null)} />;
}

function SignedIn({ userId, api, signOut }: { userId: string; api: Api; signOut: () => void }) {
  const messenger = useOpenMessenger(userId, api);
  if (messenger === null) return null;
  const leave = () => {
    messenger.erase();
    signOut();
  };
  return (
    <MessengerContext value={messenger}>
      <MessengerScreen signOut={leave} />
    </MessengerContext>
  );
}
