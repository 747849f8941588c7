// An invitation link. It shows where it leads before anything is asked, and ends in the conversation.

import { useEffect, useState } from 'react';
import { errorText, isRefused } from '@/lib/error';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { relative } from '@/lib/time';
import type { Conversation, InvitationPreview, Page, ServerInfo } from '@/protocol.gen';
import { actions, api } from '@/sync';
import { Button, Loading, complain } from '@/ui';
import { Frame } from './Frame';
import { SignInForm } from './SignInForm';
import { SignUpForm } from './SignUpForm';
import styles from './Form.module.css';

export interface JoinProps {
  code: string;
  server: ServerInfo | null;
  signedIn: boolean;
}

type Preview =
  { state: 'loading' } | { state: 'valid'; invitation: InvitationPreview } | { state: 'refused'; problem: unknown };

function usePreview(code: string): Preview {
  const [preview, setPreview] = useState<Preview>({ state: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    void api
      .get<InvitationPreview>(`/invitations/${encodeURIComponent(code)}`, undefined, stop.signal)
      .then((invitation) => setPreview({ state: 'valid', invitation }))
      .catch((problem: unknown) => {
        if (!stop.signal.aborted) setPreview({ state: 'refused', problem });
      });
    return () => stop.abort();
  }, [code]);
  return preview;
}

export default function Join({ code, server, signedIn }: JoinProps) {
  const t = useText();
  const preview = usePreview(code);
  // Once somebody has begun to sign in here, this page stays until it has led them on.
  const [wasSignedIn] = useState(signedIn);

  if (server?.needs_owner) {
    return (
      <Frame title={t('auth.ownerTitle')} text={t('auth.ownerText', { server: server.name })}>
        <SignUpForm
          action={t('auth.ownerMake')}
          invitation={code}
          then={async () => go(paths.home, { replace: true })}
        />
      </Frame>
    );
  }
  if (preview.state === 'loading' || !server) return <Loading />;
  if (preview.state === 'refused') {
    const gone = isRefused(preview.problem) && preview.problem.code === 'invitation_invalid';
    return (
      <Frame
        title={gone ? t('auth.invalidTitle') : t('common.brokenTitle')}
        text={gone ? t('auth.invalidText') : errorText(preview.problem)}
      >
        <Onward signedIn={wasSignedIn} />
      </Frame>
    );
  }
  return <Invited {...{ code, server, invitation: preview.invitation, signedIn: wasSignedIn }} />;
}

function Onward({ signedIn }: { signedIn: boolean }) {
  const t = useText();
  return (
    <Button wide onClick={() => go(signedIn ? paths.home : paths.signIn)}>
      {signedIn ? t('auth.toApp') : t('auth.signIn')}
    </Button>
  );
}

interface InvitedProps {
  code: string;
  server: ServerInfo;
  invitation: InvitationPreview;
  signedIn: boolean;
}

function Invited({ code, server, invitation, signedIn }: InvitedProps) {
  const t = useText();
  const name = invitation.conversation_name;
  const intoConversation = invitation.member_count !== null && invitation.member_count !== undefined;
  const title = name ? t('auth.invitedTo', { name }) : t('auth.invitedToServer', { server: invitation.server_name });
  const facts = (
    <span className={styles.facts}>
      {name && <span>{t('auth.invitedOn', { server: invitation.server_name })}</span>}
      {intoConversation && <span>{t('auth.members', { count: invitation.member_count ?? 0 })}</span>}
      {invitation.expires_at && <span>{t('auth.expires', { when: relative(invitation.expires_at) })}</span>}
    </span>
  );
  if (!signedIn) {
    return (
      <Frame title={title} text={facts}>
        <NewPerson {...{ code, server, intoConversation }} />
      </Frame>
    );
  }
  return (
    <Frame title={title} text={intoConversation ? facts : t('auth.alreadyHere')}>
      {intoConversation ? <JoinButton code={code} /> : <Onward signedIn />}
    </Frame>
  );
}

function JoinButton({ code }: { code: string }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    try {
      await enter(code);
    } catch (problem) {
      setBusy(false);
      complain(problem);
    }
  };
  return (
    <Button kind="primary" wide busy={busy} onClick={() => void join()}>
      {t('auth.join')}
    </Button>
  );
}

/** Joins, and goes there. */
async function enter(code: string): Promise<void> {
  const joined = await actions.joinByInvitation(code);
  go(joined ? paths.conversation(joined.id) : paths.home, { replace: true });
}

/** After registering, the server has let the new account in already; what it is in is where the invitation leads. */
async function enterAsNew(): Promise<void> {
  const page = await api.get<Page<Conversation>>('/conversations', { limit: 1 });
  const joined = page.items[0];
  go(joined ? paths.conversation(joined.id) : paths.home, { replace: true });
}

interface NewPersonProps {
  code: string;
  server: ServerInfo;
  intoConversation: boolean;
}

function NewPerson({ code, server, intoConversation }: NewPersonProps) {
  const t = useText();
  const closed = server.registration === 'closed' || (server.registration === 'invitation' && intoConversation);
  const [registering, setRegistering] = useState(!closed);
  return (
    <>
      {closed && (
        <p className={styles.note}>
          {server.registration === 'closed' ? t('error.registration_closed') : t('auth.conversationOnly')}
        </p>
      )}
      {registering ? (
        <SignUpForm
          action={intoConversation ? t('auth.joinAndSignUp') : t('auth.signUp')}
          invitation={code}
          then={enterAsNew}
        />
      ) : (
        <SignInForm
          action={intoConversation ? t('auth.joinAndSignIn') : t('auth.signIn')}
          then={async () => (intoConversation ? enter(code) : go(paths.home, { replace: true }))}
        />
      )}
      {!closed && (
        <p className={styles.other}>
          {registering ? t('auth.haveAccount') : t('auth.newHere')}
          <button type="button" className={styles.link} onClick={() => setRegistering(!registering)}>
            {registering ? t('auth.signIn') : t('auth.signUp')}
          </button>
        </p>
      )}
    </>
  );
}
