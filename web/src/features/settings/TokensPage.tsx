// Access for programs: tokens that act for oneself, and bots with tokens of their own.

import { useText } from '@/lib/text';
import { Section } from '@/ui/Section';
import { Bots } from './Bots';
import { Tokens } from './Tokens';

export function TokensPage() {
  const t = useText();
  return (
    <>
      <Section title={t('settings.yourTokens')} text={t('settings.yourTokensText')}>
        <Tokens path="/me/tokens" scopes={['read', 'write', 'manage', 'account', 'admin']} />
      </Section>
      <Section title={t('settings.bots')} text={t('settings.botsText')}>
        <Bots />
      </Section>
    </>
  );
}
