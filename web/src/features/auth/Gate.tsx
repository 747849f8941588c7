// The pages for those who are not signed in: signing in, making an account, and the welcome for the server's owner.

import { Link } from 'wouter';
import { cx } from '@/lib/cx';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { ServerInfo } from '@/protocol.gen';
import { Frame } from './Frame';
import { SignInForm } from './SignInForm';
import { SignUpForm } from './SignUpForm';
import styles from './Form.module.css';

export interface GateProps {
  page: 'sign-in' | 'sign-up';
  /** Null until it has answered. */
  server: ServerInfo | null;
  reason?: 'ended' | 'disabled' | undefined;
  /** The query of the address, which links between the two pages keep. */
  search: string;
}

export default function Gate({ page, server, reason, search }: GateProps) {
  if (server?.needs_owner) return <FirstRun server={server} />;
  return page === 'sign-up' ? <SignUp server={server} search={search} /> : <SignIn {...{ server, reason, search }} />;
}

function SignIn({ server, reason, search }: Omit<GateProps, 'page'>) {
  const t = useText();
  return (
    <Frame title={server ? t('auth.signInTo', { server: server.name }) : t('auth.signIn')}>
      {reason && (
        <p className={styles.note} role="status">
          {t(`auth.${reason}`)}
        </p>
      )}
      <SignInForm action={t('auth.signIn')} />
      {/* Its room is there from the start: the button must not move from under the pointer when the server answers. */}
      <p className={cx(styles.other, (!server || server.registration === 'closed') && styles.absent)}>
        {t('auth.newHere')} <Link href={paths.signUp + search}>{t('auth.signUp')}</Link>
      </p>
    </Frame>
  );
}

function SignUp({ server, search }: Pick<GateProps, 'server' | 'search'>) {
  const t = useText();
  const back = (
    <p className={styles.other}>
      {t('auth.haveAccount')} <Link href={paths.signIn + search}>{t('auth.signIn')}</Link>
    </p>
  );
  if (server?.registration === 'closed') {
    return (
      <Frame title={t('auth.closedTitle')} text={t('auth.closedText')}>
        {back}
      </Frame>
    );
  }
  if (server?.registration === 'invitation') {
    return (
      <Frame title={t('auth.invitedTitle')} text={t('auth.invitedText')}>
        {back}
      </Frame>
    );
  }
  return (
    <Frame title={server ? t('auth.signUpOn', { server: server.name }) : t('auth.signUp')}>
      <SignUpForm action={t('auth.signUp')} />
      {back}
    </Frame>
  );
}

/** Nobody is here yet: whoever opens the server's link, or comes first to an open server, owns it. */
function FirstRun({ server }: { server: ServerInfo }) {
  const t = useText();
  if (server.registration === 'open') {
    return (
      <Frame title={t('auth.ownerTitle')} text={t('auth.ownerText', { server: server.name })}>
        <SignUpForm action={t('auth.ownerMake')} />
      </Frame>
    );
  }
  return (
    <Frame title={t('auth.ownerLinkTitle')} text={t('auth.ownerLinkText')}>
      <code className={styles.sample} dir="ltr">
        {t('auth.ownerLinkSample', { base: location.origin })}
      </code>
      <p>{t('auth.ownerLinkElse')}</p>
    </Frame>
  );
}
